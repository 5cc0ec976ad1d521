"""Plans who is told of an alert, and keeps what became of each notice."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from django.db.models import QuerySet

from quivive.coordinate.escalation import deliver_at, retry_at
from quivive.vocabulary.messages import say
from quivive.web.coordinate.models import Contact, Delivery, DeliveryState, EscalationStep
from quivive.web.coordinate.roster import everyone, who_may_answer
from quivive.web.detect.models import Alert, AlertState
from quivive.web.waiting.models import FREE
from quivive.web.waiting.services import note_change
from quivive.wire.notices import Undelivered

GIVEN_UP = say(
    "Tried for an hour, then given up; the next steps were taken meanwhile. "
    "Look at this way on the page “How you are told”, then press Test."
)


def plan_deliveries(*, alert: Alert, now: datetime) -> int:
    """Create the notices of every step that is due; return how many are new.

    Doing it twice changes nothing: one row for each ring, step and way to reach a person.
    Quiet hours set the earliest moment of sending; they never decide whether to tell.
    """
    waited = now - alert.ringing_since
    planned = set(
        Delivery.objects.filter(alert=alert, ring=alert.rings).values_list("after_min", flat=True)
    )
    rows = [
        Delivery(
            alert=alert,
            contact=contact,
            ring=alert.rings,
            after_min=step.after_min,
            created_at=now,
            held_until=_not_before(contact, alert, now),
        )
        for step in EscalationStep.objects.prefetch_related("people")
        if waited >= timedelta(minutes=step.after_min) and step.after_min not in planned
        for contact in ways_to(told_by(step, now))
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        note_change("alert", str(alert.pk), now=now)
    return len(rows)


def told_by(step: EscalationStep, now: datetime) -> list[int]:
    """Return whom a step tells: its people who may still answer, or everyone when none may."""
    may_answer = set(who_may_answer(now=now))
    named = [person.pk for person in step.people.all() if person.pk in may_answer]
    return named or everyone(now=now)


def ways_to(people: Iterable[int]) -> Iterable[Contact]:
    """Return the ways these people want to be reached by."""
    return Contact.objects.select_related("person").filter(
        person_id__in=list(people), person__is_active=True, enabled=True
    )


def _not_before(contact: Contact, alert: Alert, now: datetime) -> datetime:
    return deliver_at(now, severity=alert.signal.severity, quiet=contact.quiet)


def cancel_answered(*, now: datetime) -> int:
    """Take back what still waits for alerts somebody answered; return how many notices."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING).exclude(alert=None)
    answered = waiting.exclude(alert__state=AlertState.RINGING)
    alerts = set(answered.values_list("alert_id", flat=True))
    count = answered.update(state=DeliveryState.CANCELLED)
    for alert_id in alerts:
        note_change("alert", str(alert_id), now=now)
    return count


def mark_sent(*, delivery: Delivery, now: datetime) -> None:
    """Note that a notice left."""
    _waiting(delivery).update(
        state=DeliveryState.SENT, sent_at=now, attempts=delivery.attempts + 1, trouble=None
    )
    _note(delivery, now)


def mark_trouble(*, delivery: Delivery, trouble: Undelivered, now: datetime) -> None:
    """Note why a notice did not leave: for good, or until the next try."""
    attempts = delivery.attempts + 1
    again = None if trouble.permanent else retry_at(attempts, now, delivery.pk)
    given_up = again is None and not trouble.permanent
    _waiting(delivery).update(
        state=DeliveryState.WAITING if again else DeliveryState.FAILED,
        permanent=trouble.permanent,
        attempts=attempts,
        held_until=again or FREE,
        trouble={
            "what": msgspec.to_builtins(trouble.what),
            "remedy": msgspec.to_builtins(GIVEN_UP if given_up else trouble.remedy),
        },
    )
    _note(delivery, now)


def _note(delivery: Delivery, now: datetime) -> None:
    if delivery.alert_id is not None:
        note_change("alert", str(delivery.alert_id), now=now)


def _waiting(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING)
