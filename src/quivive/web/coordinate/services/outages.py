"""Tells people once that a source brings nothing, or the room hears nothing; and when it is over.

Silence must never be taken for calm: a room that hears nothing because its source died would be
the last to know of a crisis.
"""

from datetime import datetime, timedelta

from django.db import transaction

from quivive.coordinate.escalation import deliver_at
from quivive.web.coordinate.models import Delivery, EscalationStep, Outage
from quivive.web.coordinate.services.contacts import first_steps, reach_everybody
from quivive.web.coordinate.services.deliveries import told_by, ways_to
from quivive.web.listen.checkpoints import is_blind, looked_until
from quivive.web.listen.models import Source
from quivive.web.listen.queries import watched_topics
from quivive.web.listen.source_queries import is_unattended, source_healths
from quivive.web.waiting.services import note_change

HOUR = timedelta(hours=1)
PATIENCE = timedelta(minutes=15)
"""How long a trouble may last untold: most networks stumble and get up again."""

SEVERITY = 3
"""As an alert so grave: it waits until quiet hours end."""

BEGAN, OVER = 1, 2


@transaction.atomic
def watch_outages(*, now: datetime) -> int:
    """Note what brings nothing and tell who is told first; return how many notices."""
    broken = _broken(now)
    if is_deaf(now=now):
        broken[None] = Outage.Reason.DEAF
    planned = 0
    for outage in Outage.objects.filter(ended_at=None).select_related("source"):
        reason = broken.pop(outage.source_id, None)
        if reason is None:
            Outage.objects.filter(pk=outage.pk).update(ended_at=now)
            stopped = outage.source is not None and outage.source.stopped_at is not None
            if outage.told_at and not stopped:  # who stops it knows
                planned += _plan(outage, OVER, now)
        elif outage.told_at is None and now - outage.began_at >= PATIENCE:
            Outage.objects.filter(pk=outage.pk).update(told_at=now, reason=reason)
            planned += _plan(outage, BEGAN, now)
    for source, reason in broken.items():
        Outage.objects.create(source_id=source, reason=reason, began_at=now)
    return planned


def is_deaf(*, now: datetime) -> bool:
    """Tell whether something is watched and nobody listens."""
    return bool(watched_topics()) and is_blind(looked_until(), now=now)


def _broken(now: datetime) -> dict[int | None, Outage.Reason]:
    """Return why sources that should be heard are not, by their number."""
    asked = list(Source.objects.filter(stopped_at=None))
    found: dict[int | None, Outage.Reason] = {
        source.pk: Outage.Reason.TROUBLE if source.trouble else Outage.Reason.UNATTENDED
        for source in asked
        if source.trouble or is_unattended(source, now=now)
    }
    well = [
        source
        for source in asked
        if source.pk not in found and source.last_post_at and now - source.last_post_at > HOUR
    ]
    healths = source_healths(well, now=now)
    return found | {source.pk: Outage.Reason.SILENT for source in well if healths[source.pk].silent}


def _plan(outage: Outage, ring: int, now: datetime) -> int:
    """Plan a notice to whom the first step of the escalation tells."""
    first_steps(now=now)
    reach_everybody(now=now)
    step = EscalationStep.objects.first()
    people = told_by(step, now) if step else ()
    rows = [
        Delivery(
            outage=outage,
            contact=contact,
            ring=ring,
            after_min=0,
            created_at=now,
            held_until=deliver_at(now, severity=SEVERITY, quiet=contact.quiet),
        )
        for contact in ways_to(people)
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    note_change("lookout", now=now)
    return len(rows)
