"""Tells people, by the same escalation as any alert, who waits longer than was promised.

One alert a topic holds all who wait: another late answer joins its list, and one person saying
"I am on it" settles it for all. It rings anew when it gets graver, and for what is late an hour
after somebody took it on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from quivive.coordinate.escalation import CRITICAL
from quivive.respond.asking import Urgency
from quivive.respond.inbox import LIVE
from quivive.vocabulary.messages import say, say_many
from quivive.vocabulary.signals import Signal, SignalKind, signal_since
from quivive.web.detect.models import Alert, AlertState
from quivive.web.detect.services import (
    OPEN_STATES,
    acknowledge,
    keep_signals,
    latest_of,
    ringing_of,
    widen,
)
from quivive.web.listen.models import Match
from quivive.web.people.models import Person
from quivive.web.respond.models import Case, CaseLine, InboxSettings
from quivive.web.waiting.services import note_change

AT_A_TURN = 2_000
COOL_DOWN = timedelta(hours=1)
"""Once somebody is on it, what else gets late joins the list for so long and rings nobody."""

SEVERITIES = {Urgency.DANGER: 9, Urgency.ALONE: 8, Urgency.NEED: 7, Urgency.QUESTION: 4}
"""How loud a late answer rings; from 8 on, quiet hours do not count."""

MOST_LISTED = 200


@transaction.atomic
def ring_late(*, now: datetime) -> int:
    """Ring for those whom nobody answered in time; return how many cases are new to it."""
    settings = InboxSettings.objects.filter(pk=1).first()
    if settings is None or not settings.escalates:
        return 0
    late = list(_late(now))
    by_topic: dict[str, list[Case]] = {}
    first = Match.objects.filter(post__in=[case.post_id for case in late]).order_by("-pk")
    topics = dict(first.values_list("post_id", "topic__slug"))
    for case in late:
        by_topic.setdefault(topics[case.post_id], []).append(case)
    for topic, cases in by_topic.items():
        _ring(topic, cases, now)
    Case.objects.filter(pk__in=[case.pk for case in late]).update(rung_at=now)
    line = msgspec.to_builtins(say("Late: people were told."))
    CaseLine.objects.bulk_create(
        CaseLine(case=case, at=now, kind="late", author=None, message=line) for case in late
    )
    for case in late[:20]:
        note_change("inbox", str(case.pk), now=now)
    return len(late)


def settle_alerts(cases: Sequence[int], *, person: Person, now: datetime) -> None:
    """Acknowledge the alerts of late answers once none of their posts waits any more."""
    uids = set(Case.objects.filter(pk__in=cases).values_list("post__uid", flat=True))
    for alert in ringing_of(SignalKind.UNANSWERED):
        listed = alert.signal.evidence
        if not uids.isdisjoint(listed) and not _waiting(listed).exists():
            acknowledge(alert_id=alert.pk, person=person, now=now)


def _late(now: datetime) -> QuerySet[Case]:
    live = Case.objects.filter(
        Exists(Match.objects.filter(post=OuterRef("post"))),
        status__in=[status.value for status in LIVE],
        main=None,
        replied_at=None,
        rung_at=None,
        first_due_at__lte=now,
        post__hiding=None,
    ).exclude(snoozed_until__gt=now)
    return live.select_related("post__author").order_by("-urgency", "asked_at")[:AT_A_TURN]


def _waiting(uids: Iterable[str]) -> QuerySet[Case]:
    return Case.objects.filter(
        post__uid__in=list(uids),
        status__in=[status.value for status in LIVE],
        replied_at=None,
    )


def _ring(topic: str, cases: Sequence[Case], now: datetime) -> None:
    """Put late answers into the alert that stands for their topic, or ring a new one."""
    alert = latest_of(SignalKind.UNANSWERED, topic)
    signal = _signal(topic, cases, now)
    if alert is None or not _takes(alert, signal.severity, now):
        keep_signals([signal], now=now)
        return
    known = alert.signal.evidence
    before = list(_waiting(known).select_related("post__author"))
    listed = sorted([*before, *cases], key=lambda case: (-case.urgency, case.asked_at))
    whole = _signal(topic, listed, now)
    evidence = list(dict.fromkeys([*whole.evidence, *known]))[:MOST_LISTED]
    snoozed = alert.state == AlertState.SNOOZED and signal.severity >= CRITICAL
    widen(
        alert_id=alert.pk,
        signal=msgspec.structs.replace(whole, evidence=tuple(evidence)),
        again=signal.severity > alert.signal.severity or snoozed,
        now=now,
    )


def _takes(alert: Alert, severity: int, now: datetime) -> bool:
    """Tell whether more late answers join an alert: while it is open, and a while after."""
    if alert.state in OPEN_STATES:
        return True
    answered = alert.state == AlertState.ACKNOWLEDGED and alert.acknowledged_at
    if not answered or now - answered >= COOL_DOWN:
        return False
    return severity < CRITICAL and severity <= alert.signal.severity


def _signal(topic: str, cases: Sequence[Case], now: datetime) -> Signal:
    """Say who waits; ``cases`` come gravest first."""
    gravest = Urgency(max(case.urgency for case in cases))
    return signal_since(
        SignalKind.UNANSWERED,
        topic=topic,
        since=min(case.asked_at for case in cases),
        now=now,
        observed=len(cases),
        severity=SEVERITIES.get(gravest, 3),
        evidence=tuple(case.post.uid for case in cases[:MOST_LISTED]),
        reason=say_many(
            "{count} person has waited for an answer longer than we promise; first {name}.",
            "{count} people have waited for an answer longer than we promise; first {name}.",
            len(cases),
            name=str(cases[0].post.author),
        ),
    )
