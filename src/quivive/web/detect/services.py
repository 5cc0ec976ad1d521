"""All that changes signals and alerts: what the flow found, and what people do with it."""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from quivive.vocabulary import signals as vocabulary
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import Message, say
from quivive.web.detect.models import BURSTS, Alert, AlertMove, AlertState, Signal
from quivive.web.listen.models import Match, Topic
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.waiting.services import note_change

PAST_AFTER = timedelta(hours=6)
"""A signal that should have rung longer ago than this wakes nobody: it was found in old posts."""

SAID = ("rumour", "backlash", "critics-hashtag", "source-jump", "spreading", "negative-share")
"""Kinds that reading what posts say finds, beside the flow: a rerun of the flow knows none."""

OPEN_STATES = (AlertState.RINGING, AlertState.SNOOZED)


def keep_signals(signals: Sequence[vocabulary.Signal], *, now: datetime) -> list[Alert]:
    """Store what the flow found, once, and return the alerts that are new.

    Runs inside the engine's transaction: posts, checkpoint, signals and alerts are kept together
    or not at all. A signal of a topic that was deleted meanwhile has nowhere to go and is dropped.
    """
    topics = {
        topic.slug: topic
        for topic in Topic.objects.filter(slug__in={signal.topic for signal in signals})
    }
    alerts = []
    for signal in signals:
        if signal.topic not in topics:
            continue
        row, new = Signal.objects.get_or_create(
            key=signal.key, defaults=_columns(signal, topics[signal.topic], now)
        )
        if new:
            note_change("lookout", signal.topic, now=now)
        if signal.rang_at is None:
            continue
        state = _first_state(signal.rang_at, now)
        called_at = max(signal.rang_at, now)  # posts brought late ring when they are brought
        alert, new = Alert.objects.get_or_create(
            signal=row,
            defaults={
                "rang_at": signal.rang_at if state is AlertState.PAST else called_at,
                "ringing_since": _ringing_since(row, called_at),
                "state": state,
            },
        )
        if new:
            alerts.append(alert)
            note_change("alert", str(alert.pk), now=now)
    return alerts


OUR_WORDS = frozenset({"text", "plural", "axis", "code", "type", "missing", "trend", "growth"})
"""Parts of what is stored that hold our own words and codes, whatever somebody calls themselves."""

SHORT = 3
"""Letters below which a name is looked for as a whole word: others hold it by chance."""


def rename_evidence(addresses: Mapping[str, str], names: Mapping[str, str]) -> None:
    """Have signals point to the tombstones of posts whose author was erased.

    Args:
        addresses: old address of a post → new one.
        names: what the author was called → what stands there from now on.
    """
    topics = Match.objects.filter(post__uid__in=list(addresses.values())).values("topic")
    for row in Signal.objects.filter(topic__in=topics):
        new = [addresses.get(uid, uid) for uid in row.evidence]
        reason = replaced(row.reason, {**addresses, **names})
        if (new, reason) != (row.evidence, row.reason):
            old = [uid for uid in row.evidence if uid in addresses and uid in row.key]
            row.key = row.key.replace(old[0], addresses[old[0]]) if old else row.key
            row.evidence, row.reason = new, reason
            row.save(update_fields=["key", "evidence", "reason"])


def replaced(value: Any, words: Mapping[str, str]) -> Any:
    """Replace whole words anywhere in a JSON value, but in the program's own sentences.

    >>> replaced({"a": ["@ana says", 3]}, {"@ana": "somebody"})
    {'a': ['somebody says', 3]}
    >>> replaced({"text": "{who} is in", "values": {"who": "in, inside"}}, {"in": "[…]"})
    {'text': '{who} is in', 'values': {'who': '[…], inside'}}
    """
    if isinstance(value, dict):
        return {
            name: part if name in OUR_WORDS else replaced(part, words)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [replaced(part, words) for part in value]
    if isinstance(value, str):
        for old, new in words.items():
            value = _without(old, new, value)
    return value


def _without(old: str, new: str, text: str) -> str:
    if old not in text or len(old) >= SHORT or not old.isascii():
        return text.replace(old, new)
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _found: new, text)


def forget_past_signals(
    topics: Collection[str], *, found: Collection[str], since: datetime | None
) -> int:
    """Drop what a rerun over stored posts no longer finds; return how many signals.

    Called when posts came in behind the clock. What woke somebody, or what somebody worked on,
    stays whatever the rerun says: it happened.

    Args:
        since: where the posts begin that were read again; what was found before stays.
    """
    kept = Signal.objects.filter(found_at__gte=since) if since else Signal.objects.all()
    gone = (
        kept.filter(topic__slug__in=topics, threat=None)
        .filter(Q(alert=None) | Q(alert__state=AlertState.PAST, alert__moves=None))
        .exclude(key__in=found)
        .exclude(kind__in=SAID)
    )
    count = gone.count()
    Signal.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).delete()
    return count


def _ringing_since(signal: Signal, now: datetime) -> datetime:
    """Take over the clock of what rings already: who was about to be told is told in time."""
    first = _rings_of(signal).aggregate(first=Min("ringing_since"))["first"]
    return first or now


def _rings_of(signal: Signal) -> QuerySet[Alert]:
    """Return what rings of the same burst; a topic has no two at once."""
    ringing = Alert.objects.filter(state=AlertState.RINGING).exclude(signal=signal)
    if signal.kind not in BURSTS:
        return ringing.none()
    return ringing.filter(signal__topic=signal.topic_id, signal__kind__in=BURSTS)


def _first_state(rang_at: datetime, now: datetime) -> AlertState:
    return AlertState.PAST if now - rang_at > PAST_AFTER else AlertState.RINGING


def _columns(signal: vocabulary.Signal, topic: Topic, now: datetime) -> dict[str, object]:
    return {
        "topic": topic,
        "kind": signal.kind.value,
        "found_at": signal.found_at,
        "rang_at": signal.rang_at,
        "onset": signal.onset,
        "onset_low": signal.onset_low,
        "onset_high": signal.onset_high,
        "window_s": signal.window_s,
        "observed": signal.observed,
        "expected": signal.expected,
        "severity": signal.severity,
        "certainty": signal.certainty.value,
        "negative_share": signal.negative_share,
        "evidence": list(signal.evidence),
        "reason": msgspec.to_builtins(signal.reason),
        "stored_at": now,
    }


def ringing_of(kind: vocabulary.SignalKind) -> list[Alert]:
    """Return the alerts of one kind that still tell people."""
    open_ones = Alert.objects.filter(state__in=OPEN_STATES, signal__kind=kind.value)
    return list(open_ones.select_related("signal"))


def latest_of(kind: vocabulary.SignalKind, topic: str) -> Alert | None:
    """Return the newest alert of one kind on a topic, by the topic's short name."""
    rows = Alert.objects.filter(signal__kind=kind.value, signal__topic__slug=topic)
    return rows.select_related("signal").order_by("-rang_at", "-pk").first()


@transaction.atomic
def widen(*, alert_id: int, signal: vocabulary.Signal, again: bool, now: datetime) -> None:
    """Put more of the same into an alert that stands: its list grows, nobody is told twice.

    Args:
        alert_id: the alert.
        signal: what it says from now on; it keeps its beginning and when it was found.
        again: tell people once more from the first step on, for it got graver.
        now: the present moment.
    """
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert_id)
    Signal.objects.filter(pk=alert.signal_id).update(
        observed=signal.observed,
        severity=signal.severity,
        evidence=list(signal.evidence),
        reason=msgspec.to_builtins(signal.reason),
    )
    if again:
        Alert.objects.filter(pk=alert_id, state__in=OPEN_STATES).update(
            state=AlertState.RINGING, snoozed_until=None, ringing_since=now, rings=F("rings") + 1
        )
    note_change("alert", str(alert_id), now=now)


@transaction.atomic
def acknowledge(*, alert_id: int, person: Person, comment: str = "", now: datetime) -> Alert:
    """Say "I am on it": the escalation stops. Only the first to say so is recorded."""
    return _decide(
        alert_id,
        to=AlertState.ACKNOWLEDGED,
        allowed=OPEN_STATES,
        person=person,
        words=comment.strip(),
        now=now,
        comment=comment.strip(),
        acknowledged_by=person,
        acknowledged_at=now,
    )


@transaction.atomic
def snooze(*, alert_id: int, person: Person, until: datetime, now: datetime) -> Alert:
    """Ring again at ``until``, unless somebody acknowledges before."""
    if until <= now:
        raise NotAllowed(
            say("This moment has already passed."), say("Choose a moment in the future.")
        )
    return _decide(
        alert_id,
        to=AlertState.SNOOZED,
        allowed=OPEN_STATES,
        person=person,
        words="",
        now=now,
        snoozed_until=until,
    )


@transaction.atomic
def mark_false_alarm(*, alert_id: int, person: Person, reason: str, now: datetime) -> Alert:
    """Say that nothing is going on, and why: the reason is what makes the rules better."""
    if not reason.strip():
        raise NotAllowed(
            say("A false alarm needs a reason."),
            say("Write in a few words why it is not worth attention."),
        )
    alert = _decide(
        alert_id,
        to=AlertState.FALSE_ALARM,
        allowed=(*OPEN_STATES, AlertState.ACKNOWLEDGED, AlertState.PAST),
        person=person,
        words=reason.strip(),
        now=now,
        comment=reason.strip(),
    )
    _note_first_answer(alert, person, now)
    return alert


@transaction.atomic
def turn_into_crisis(*, alert_id: int, person: Person, now: datetime) -> Alert:
    """Note that a crisis was opened from the alert; opening counts as acknowledging it."""
    alert = _move(
        alert_id,
        to=AlertState.CRISIS,
        allowed=tuple(AlertState),
        person=person,
        words="",
        now=now,
    )
    _note_first_answer(alert, person, now)
    return alert


@transaction.atomic
def follow_crisis(*, alert_id: int, now: datetime) -> None:
    """Put what rings into the crisis its burst is worked on in; no person pressed anything."""
    ringing = Alert.objects.filter(pk=alert_id, state=AlertState.RINGING)
    if ringing.update(state=AlertState.CRISIS):
        note_change("alert", str(alert_id), now=now)


def wake_snoozed(*, now: datetime) -> int:
    """Ring again what was snoozed until now; return how many alerts."""
    woken = 0
    for alert in Alert.objects.filter(state=AlertState.SNOOZED, snoozed_until__lte=now):
        with transaction.atomic():
            mine = Alert.objects.filter(
                pk=alert.pk, state=AlertState.SNOOZED, snoozed_until=alert.snoozed_until
            ).update(
                state=AlertState.RINGING,
                snoozed_until=None,
                ringing_since=now,
                rings=F("rings") + 1,
            )
            if mine:
                note_change("alert", str(alert.pk), now=now)
                woken += 1
    return woken


def begin_by_the_clock(*, now: datetime) -> int:
    """Have what rings since a moment still to come ring since now; return how many alerts.

    It began while this computer's clock was ahead; after it was put back nobody more was told.
    """
    ahead = Alert.objects.filter(state=AlertState.RINGING, ringing_since__gt=now)
    return ahead.update(ringing_since=now)


def _decide(alert_id: int, **decision: Any) -> Alert:
    """Move an alert, and what rings of the same burst with it: one decision, not one a ring."""
    alert = _move(alert_id, **decision)
    for other in _rings_of(alert.signal):
        with suppress(NotAllowed):  # somebody else was a moment quicker
            _move(other.pk, **decision)
    return alert


def _move(
    alert_id: int,
    *,
    to: AlertState,
    allowed: Sequence[AlertState],
    person: Person,
    words: str,
    now: datetime,
    **columns: object,
) -> Alert:
    """Change the state in one conditional update, so that of two people pressing one wins."""
    moved = Alert.objects.filter(pk=alert_id, state__in=allowed).update(state=to, **columns)
    alert = Alert.objects.select_related("signal__topic", "acknowledged_by").get(pk=alert_id)
    if not moved:
        raise NotAllowed(
            _what_happened(alert), say("Open the alert again to see what was decided.")
        )
    AlertMove.objects.create(alert=alert, at=now, by=person, state=to, words=words)
    audit(
        person=person,
        action=f"alert-{to.value}",
        subject=f"alert/{alert_id}",
        detail={"words": words}
        | {name: at.isoformat() for name, at in columns.items() if isinstance(at, datetime)},
        now=now,
    )
    note_change("alert", str(alert_id), now=now)
    return alert


def _note_first_answer(alert: Alert, person: Person, now: datetime) -> None:
    first = Alert.objects.filter(pk=alert.pk, acknowledged_at=None)
    if first.update(acknowledged_by=person, acknowledged_at=now):
        alert.acknowledged_by, alert.acknowledged_at = person, now


def _what_happened(alert: Alert) -> Message:
    last = alert.moves.select_related("by").last()
    if last is None:
        return say("This alert was found in past posts and rings nobody.")
    values = {"name": str(last.by), "time": _clock(last.at)}
    match alert.state:
        case AlertState.ACKNOWLEDGED:
            return say("{name} already acknowledged this alert at {time}.", **values)
        case AlertState.FALSE_ALARM:
            return say("{name} marked this alert as a false alarm at {time}.", **values)
        case AlertState.CRISIS:
            return say("{name} opened a crisis from this alert at {time}.", **values)
        case _:
            return say("{name} changed this alert at {time}.", **values)


def _clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "TIME_FORMAT")
