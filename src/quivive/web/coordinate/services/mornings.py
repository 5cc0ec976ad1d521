"""Tells once a day what happened, or that nothing did: silence must not look like a dead room."""

from datetime import date, datetime, timedelta

from quivive.coordinate.escalation import morning_due
from quivive.web.coordinate.models import Contact, Delivery
from quivive.web.coordinate.roster import who_may_answer
from quivive.web.people.queries import organisation

FIRST_DAY = timedelta(hours=12)
"""A room so young has no night behind it to tell of."""


def plan_mornings(*, now: datetime) -> int:
    """Create the notes that are due, one a day and way; return how many are new.

    Who reads it chose the hour, so quiet hours do not count.
    """
    ways = (
        Contact.objects.filter(enabled=True, person__is_active=True)
        .exclude(morning_at=None)
        .select_related("person")
    )
    due = [(way, day) for way in ways if (day := _day(way, now)) is not None]
    if not due or now - organisation().set_up_at < FIRST_DAY:
        return 0
    planned = set(
        Delivery.objects.filter(day__in={day for _, day in due}).values_list("contact_id", "day")
    )
    wanted = [(way, day) for way, day in due if (way.pk, day) not in planned]
    if not wanted:
        return 0
    may_read = set(who_may_answer(now=now))
    rows = [
        Delivery(day=day, contact=way, after_min=0, created_at=now, held_until=now)
        for way, day in wanted
        if way.person_id in may_read
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _day(way: Contact, now: datetime) -> date | None:
    assert way.morning_at is not None
    return morning_due(now, at=way.morning_at, zone=way.person.time_zone)
