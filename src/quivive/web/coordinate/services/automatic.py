"""Lines a crisis's log writes by itself, each once: later signals, flare-ups, changes of level."""

from datetime import datetime, timedelta
from itertools import pairwise

import msgspec
from django.urls import reverse

from quivive.vocabulary.assessments import Level
from quivive.vocabulary.crises import CrisisState
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.places import Scope
from quivive.vocabulary.signals import SignalKind
from quivive.web.coordinate.models import Crisis, LogLine
from quivive.web.coordinate.services.log import write
from quivive.web.detect.models import BURSTS, Alert, AlertState, Signal
from quivive.web.detect.services import follow_crisis
from quivive.web.waiting.services import note_change

AT_WORK = timedelta(hours=1)
"""How long after a person's last line of the log somebody still counts as at work there."""

OVER = (CrisisState.CLOSED.value, CrisisState.DISMISSED.value)

LEVEL_LINES = {
    Level.WATCH: say("The assessment goes to level Watch."),
    Level.SIGNAL: say("The assessment goes to level Signal."),
    Level.INCIDENT: say("The assessment goes to level Incident."),
    Level.CRISIS: say("The assessment goes to level Crisis."),
    Level.MAJOR_CRISIS: say("The assessment goes to level Major crisis."),
}

SCOPE_LINES = {
    Scope.TOWN: say("It is talked about across the town now."),
    Scope.DEPARTMENT: say("It is talked about across the department now."),
    Scope.NATIONAL: say("It is talked about beyond the department now."),
    Scope.ABROAD: say("It is talked about abroad now."),
}


def write_alone(*, now: datetime) -> int:
    """Bring every log up to date; return how many lines are new.

    A signal belongs to the latest crisis of its topic. When that one is over, only a flare-up
    is written, so that the page can suggest to reopen it.
    """
    latest: dict[int, Crisis] = {}
    for crisis in Crisis.objects.select_related("threat").order_by("opened_at", "pk"):
        latest[crisis.threat.topic_id] = crisis
    running = Crisis.objects.select_related("threat").exclude(state__in=OVER)
    lines = sum(_signals(crisis, now) for crisis in latest.values())
    return lines + sum(_levels(crisis, now) for crisis in running)


def join_worse(*, now: datetime) -> int:
    """Put a burst that got worse into the crisis opened from it; return how many rings ended.

    The people at work there see it come into their log, so nobody else has to be called. It rings
    all the same when nobody wrote for an hour, for they may be asleep; and so does a flare-up.
    """
    rings = Alert.objects.filter(state=AlertState.RINGING, signal__kind=SignalKind.BURST)
    worse = [alert for alert in rings.select_related("signal") if _is_worked_on(alert, now)]
    for alert in worse:
        follow_crisis(alert_id=alert.pk, now=now)
    return len(worse)


def _is_worked_on(alert: Alert, now: datetime) -> bool:
    topic = alert.signal.topic_id
    before = Alert.objects.filter(signal__topic=topic, signal__kind__in=BURSTS)
    at_work = LogLine.objects.filter(
        crisis__threat__topic=topic,
        crisis__closed_at=None,
        crisis__vigilance_since=None,
        author__isnull=False,
        at__gt=now - AT_WORK,
    )
    opened = before.filter(state=AlertState.CRISIS, rang_at__lt=alert.rang_at)
    return opened.exists() and at_work.exists()


def _signals(crisis: Crisis, now: datetime) -> int:
    found = Signal.objects.filter(
        topic_id=crisis.threat.topic_id, stored_at__gt=crisis.opened_at
    ).exclude(threat=crisis.threat)
    if crisis.state in OVER:
        found = found.filter(kind=SignalKind.FLARE_UP)
    prefix = f"crisis/{crisis.pk}/signal/"
    known = set(
        LogLine.objects.filter(crisis=crisis, key__startswith=prefix).values_list("key", flat=True)
    )
    new = 0
    for signal in found.select_related("alert").order_by("found_at", "pk"):
        key = f"{prefix}{signal.pk}"
        if key in known:
            continue
        flared = signal.kind == SignalKind.FLARE_UP
        alert = getattr(signal, "alert", None)
        line = write(
            crisis,
            kind="flare-up" if flared else "signal",
            message=msgspec.convert(signal.reason, Message),
            at=max(signal.found_at, crisis.opened_at),
            link=reverse("detect:alert", args=[alert.pk]) if alert else "",
            key=key,
        )
        new += line is not None
    if new:
        note_change("crisis", str(crisis.pk), now=now)
    return new


def _levels(crisis: Crisis, now: datetime) -> int:
    rows = list(
        crisis.threat.assessments.order_by("-at", "-pk").values_list(
            "pk", "at", "level", "sheet__scope"
        )[:20]
    )
    new = 0
    for (pk, at, level, scope), (_, _, before, nearer) in pairwise(rows):
        if at < crisis.opened_at:
            continue
        lines: list[tuple[str, Message]] = []
        if None not in (scope, nearer) and scope > nearer:
            lines.append((f"scope/{scope}", SCOPE_LINES[Scope(scope)]))
        if level != before:
            lines.append((f"assessment/{pk}", LEVEL_LINES[Level(level)]))
        for name, message in lines:
            key = f"crisis/{crisis.pk}/{name}"
            line = write(crisis, kind="level", message=message, at=at, key=key)
            new += line is not None
    if new:
        note_change("crisis", str(crisis.pk), now=now)
    return new
