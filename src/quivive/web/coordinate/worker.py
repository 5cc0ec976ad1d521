"""What runs by itself: escalation, deliveries, and the lines a crisis's log writes alone."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from quivive.vocabulary.signals import SignalKind
from quivive.web.coordinate.alerting_queries import day_until
from quivive.web.coordinate.composing import (
    Facts,
    Silence,
    alert_notice,
    morning_notice,
    outage_notice,
)
from quivive.web.coordinate.models import Delivery, DeliveryState
from quivive.web.coordinate.outbox import mail_server, unseal
from quivive.web.coordinate.services.automatic import join_worse, write_alone
from quivive.web.coordinate.services.contacts import first_steps, reach_everybody
from quivive.web.coordinate.services.deliveries import (
    cancel_answered,
    mark_sent,
    mark_trouble,
    plan_deliveries,
)
from quivive.web.coordinate.services.outages import OVER
from quivive.web.detect.models import Alert, AlertState
from quivive.web.detect.queries import blind_spots, evidence_posts, reason_of, ringing
from quivive.web.detect.services import begin_by_the_clock, wake_snoozed
from quivive.web.waiting.services import hold_next
from quivive.wire.house import local_targets_allowed
from quivive.wire.notices import AT_ONCE, Parcel, Undelivered, send_all, unforeseen
from quivive.wire.secrets import Unreadable

log = logging.getLogger("quivive.notices")


def escalate_due(*, now: datetime) -> int:
    """Wake snoozed alerts, plan notices that are due, take back those of answered alerts.

    Logs of crises are brought up to date with it: both follow what the flow found.

    Returns how many notices were planned.
    """
    write_alone(now=now)
    join_worse(now=now)
    wake_snoozed(now=now)
    begin_by_the_clock(now=now)
    cancel_answered(now=now)
    told = ringing()
    if not told:
        return 0
    first_steps(now=now)
    reach_everybody(now=now)
    planned = 0
    for alert in told:
        with transaction.atomic():
            planned += plan_deliveries(alert=alert, now=now)
    return planned


def deliver_due(
    *, now: datetime, limit: int = AT_ONCE, clock: Callable[[], datetime] = timezone.now
) -> int:
    """Send what waits, at least once; return how many notices left.

    A row is held for two minutes while its notice is on its way, and a turn holds no more rows
    than leave side by side: the slowest server answers or times out inside that time. A process
    killed in between leaves the row held; when the lease ends it is sent again, with the same key.
    """
    rows: dict[int, Delivery] = {}
    parcels: list[tuple[int, Parcel]] = []
    for row in _hold(now, limit):
        try:
            parcels.append((row.pk, _parcel(row, now)))
            rows[row.pk] = row
        except Unreadable as lost:
            trouble = Undelivered(lost.what, lost.remedy, permanent=True)
            mark_trouble(delivery=row, trouble=trouble, now=now)
        except DatabaseError:
            raise
        except Exception as fault:
            log.exception("A notice could not be written; the others leave.")
            mark_trouble(delivery=row, trouble=unforeseen(fault), now=now)
    sent = 0
    for pk, outcome in send_all(parcels, mail_server(), local_allowed=local_targets_allowed()):
        if outcome is None:
            mark_sent(delivery=rows[pk], now=clock())
            sent += 1
        else:
            mark_trouble(delivery=rows[pk], trouble=outcome, now=clock())
    return sent


def _hold(now: datetime, limit: int) -> Iterator[Delivery]:
    wanted = Q(alert__state=AlertState.RINGING) | Q(alert=None)
    waiting = Delivery.objects.filter(wanted, state=DeliveryState.WAITING).select_related(
        "contact__person", "alert__signal__topic", "outage__source"
    )
    for _ in range(limit):
        row = hold_next(waiting, now=now)
        if row is None:
            return
        yield row


def _parcel(row: Delivery, now: datetime) -> Parcel:
    person = row.contact.person
    reader = {"language": person.language, "time_zone": person.time_zone}
    if row.alert is not None:
        facts = _facts(row.alert, step_min=row.after_min, now=now)
        notice = alert_notice(facts, **reader, key=f"alert-{row.alert_id}-notice-{row.pk}")
    elif row.day is not None:
        key = f"morning-{row.day}-notice-{row.pk}"
        notice = morning_notice(day_until(now), **reader, key=key)
    else:
        key = f"outage-{row.outage_id}-notice-{row.pk}"
        notice = outage_notice(_silence(row, now), **reader, key=key)
    return Parcel(channel=row.contact.channel, address=unseal(row.contact.address), notice=notice)


def _silence(row: Delivery, now: datetime) -> Silence:
    outage = row.outage
    assert outage is not None
    trouble = (outage.source and outage.source.trouble) or {}
    return Silence(
        source=outage.source.name if outage.source else "",
        reason=outage.reason,
        began_at=outage.began_at,
        over=row.ring == OVER,
        lasted=(outage.ended_at or now) - outage.began_at,
        what=trouble.get("what"),
        remedy=trouble.get("remedy"),
    )


def _facts(alert: Alert, *, step_min: int, now: datetime) -> Facts:
    signal = alert.signal
    first = next(iter(evidence_posts(signal)), None)
    return Facts(
        alert_id=alert.pk,
        topic=signal.topic.name,
        severity=signal.severity,
        reason=reason_of(signal),
        compares=signal.kind not in (SignalKind.UNANSWERED, SignalKind.PRESS_ENQUIRY),
        observed=signal.observed,
        expected=signal.expected,
        window_min=signal.window_s // 60,
        rang_at=alert.rang_at,
        onset=signal.onset,
        step_min=step_min,
        first_author=str(first.author) if first else "",
        first_words=first.content if first else "",
        first_published=first.published if first else None,
        blind_spots=blind_spots(signal.topic, now=now),
    )
