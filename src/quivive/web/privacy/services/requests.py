"""What people ask of their data, and the month there is to answer (LR-07; GDPR, article 12)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.privacy.deadlines import months_after
from quivive.web.privacy.models import RightsRequest

MONTHS, PROLONGED_MONTHS = 1, 3
"""The term, and the longest one: two months more where a request is complex."""


@transaction.atomic
def note_request(*, right: str, who: str, received_on: date, person: Person, now: datetime) -> None:
    """Note what somebody asked: the term runs from the day it came in.

    Raises:
        NotAllowed: that day is still to come.
    """
    if received_on > localdate(now):
        raise NotAllowed(
            say("This day is still to come."), say("Give the day the request came in.")
        )
    row = RightsRequest.objects.create(
        right=right,
        who=who.strip(),
        received_on=received_on,
        due_on=months_after(received_on, MONTHS),
        by=person,
    )
    _audit("request.note", row, person, now, right=right, due=row.due_on.isoformat())


@transaction.atomic
def prolong_request(*, request_id: int, because: str, person: Person, now: datetime) -> None:
    """Take two months more, once, while the first is not over; the person has to be told why.

    Raises:
        NotAllowed: it is answered, was prolonged already, or its term is over.
    """
    row = _open(request_id)
    if row.prolonged_because or row.due_on < localdate(now):
        raise NotAllowed(
            say("This term cannot be prolonged: it was once, or it is over."),
            say("Answer as soon as you can."),
        )
    row.due_on = months_after(row.received_on, PROLONGED_MONTHS)
    row.prolonged_because = because.strip()
    row.save()
    _audit("request.prolong", row, person, now, due=row.due_on.isoformat())


@transaction.atomic
def answer_request(*, request_id: int, answer: str, person: Person, now: datetime) -> None:
    """Note that a request was answered, and how.

    Raises:
        NotAllowed: it was answered before.
    """
    row = _open(request_id)
    row.answered_on, row.answer = localdate(now), answer.strip()
    row.save()
    _audit("request.answer", row, person, now)


def _open(request_id: int) -> RightsRequest:
    rows = RightsRequest.objects.select_for_update()
    row = rows.filter(pk=request_id, answered_on=None).first()
    if row is None:
        raise NotAllowed(
            say("This request was answered already."), say("Look at the list of requests.")
        )
    return row


def _audit(action: str, row: RightsRequest, person: Person, now: datetime, **detail: str) -> None:
    """The log names the request by its number: it is kept longer than who asked."""
    audit(person=person, action=action, subject=f"request {row.pk}", detail=detail, now=now)


def forget_who_asked(*, answered_before: date) -> int:
    """Empty the names of who asked and was answered; return how many."""
    rows = RightsRequest.objects.filter(answered_on__lt=answered_before).exclude(who="")
    return rows.update(who="")
