"""All that pages read of signals and alerts."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any, TypeAlias

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from quivive.detect.planned import PlannedPeak, planned_between
from quivive.detect.telling import CALM_S
from quivive.listen.health import Health
from quivive.vocabulary.messages import Message, say, say_many
from quivive.web.detect.models import BURSTS, Alert, AlertMove, AlertState, Signal
from quivive.web.detect.novelty_queries import MOST_TEXTS, Novelty, caught, novelty
from quivive.web.listen.counts import HALF_HOUR
from quivive.web.listen.models import Account, HalfHour, Match, Minute, Post, Source, Topic
from quivive.web.listen.source_queries import is_unattended, source_healths
from quivive.wire.plugins import sources

NotThere = Alert.DoesNotExist

ALL_TOPICS = Q()
EXAMPLES = 5
SILENT_AFTER = timedelta(hours=6)
SIMILAR = 5
MOST_RINGS = 20
BEFORE_ONSET = timedelta(hours=2)
DAY_MIN = 24 * 60
WIDTHS_MIN = (
    *((12, 5), (48, 15), (24 * 14, 60), (24 * 90, 360), (24 * 730, DAY_MIN)),
    (24 * 365 * 200, 7 * DAY_MIN),
)
"""Up to so many hours on a chart, so many minutes a slice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopAuthor:
    """One of those who wrote most in the window."""

    account: Account
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long each step took, in seconds; None where it has not happened.

    Attributes:
        seen_s: from the first post's publication to our reading it; None for a file that does not
            tell when its posts were seen.
        rung_s: from our reading it to the alert.  acknowledged_s: from the alert to an answer.
    """

    seen_s: float | None
    rung_s: float | None
    acknowledged_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What people wrote, slice by slice, from before an onset to now.

    Attributes:
        starts: beginning of each slice.
        voices, negatives, own: counts in the slice.
        expected, upper: voices that are usual in a slice, and the roof that quiet ones respect.
        onset, alarms: moments to mark.
    """

    starts: list[datetime]
    voices: list[int]
    negatives: list[int]
    own: list[int]
    expected: list[float]
    upper: list[float]
    onset: datetime
    alarms: list[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPage:
    """All that the page of an alert shows.

    Attributes:
        reason: the cause in one sentence.
        first_post: the earliest post of the evidence still stored.
        authors: distinct voices that wrote most, own accounts left out.
        deliveries: who was told, how and when (rows of ``coordinate``).
        similar: alerts of this topic and kind before this burst, newest first.
        room: the crisis this alert belongs to, or the running one of its topic that it may join.
        inside: it belongs to that crisis.
        planned: peaks people foresaw for these days.
        worse: a later alert of the same burst that rings in its place.
    """

    alert: Alert
    signal: Signal
    topic: Topic
    reason: Message
    first_post: Post | None
    examples: list[Post]
    authors: list[TopAuthor]
    new: Novelty
    blind_spots: list[Message]
    latency: Latency
    moves: list[AlertMove]
    deliveries: QuerySet[Any]
    similar: list[Alert]
    series: Series
    room: Any
    inside: bool
    planned: list[PlannedPeak]
    worse: Alert | None

    @property
    def onset_is_sure(self) -> bool:
        """Tell whether there is no minute of doubt about when it began."""
        return self.signal.onset_high - self.signal.onset_low < timedelta(minutes=1)


def alert_page(alert_id: int, *, now: datetime) -> AlertPage:
    """Return what a person needs to decide. Raises Alert.DoesNotExist."""
    alert = _alerts().get(pk=alert_id)
    signal = alert.signal
    evidence = evidence_posts(signal)
    room, inside = _room(alert)
    return AlertPage(
        alert=alert,
        signal=signal,
        topic=signal.topic,
        reason=reason_of(signal),
        first_post=evidence[0] if evidence else None,
        examples=evidence[:EXAMPLES],
        authors=_top_authors(signal),
        new=novelty(signal.topic, *_window(signal)),
        blind_spots=blind_spots(signal.topic, now=now),
        latency=_latency(alert, evidence),
        moves=list(alert.moves.select_related("by")),
        deliveries=alert.deliveries.select_related("contact__person").order_by("created_at", "pk"),
        similar=_similar(alert),
        series=series_of(signal.topic, onset=signal.onset, alarms=[alert.rang_at], now=now),
        room=room,
        inside=inside,
        planned=planned_between(
            signal.topic.planned,
            timezone.localdate(signal.onset),
            timezone.localdate(signal.found_at),
        ),
        worse=_worse(alert),
    )


def _worse(alert: Alert) -> Alert | None:
    rung = next((one for one in ringing() if _burst(one) == _burst(alert)), None)
    return rung if rung != alert else None


def _room(alert: Alert) -> tuple[Any, bool]:
    """Return the crisis opened from the alert, else its topic's latest, and whether it is in it."""
    threats = alert.signal.topic.threats.exclude(crisis=None).select_related("crisis")
    own = threats.filter(signal=alert.signal).first()
    if own is not None:
        return own.crisis, True
    inside = alert.state == AlertState.CRISIS
    if not inside:
        threats = threats.filter(crisis__closed_at=None)
    latest = threats.order_by("-crisis__opened_at").first()
    return (latest.crisis, inside) if latest is not None else (None, False)


def series_of(topic: Topic, *, onset: datetime, alarms: list[datetime], now: datetime) -> Series:
    """Return the course of a topic from two hours before an onset to now."""
    since = onset - BEFORE_ONSET
    hours = (now - since).total_seconds() / 3600
    width_min = next((width for most, width in WIDTHS_MIN if hours <= most), WIDTHS_MIN[-1][1])
    width = timedelta(minutes=width_min)
    since = _floor(since, width_min)
    count = max(1, int((now - since) / width) + 1)
    course = Series(
        starts=[since + index * width for index in range(count)],
        voices=[0] * count,
        negatives=[0] * count,
        own=[0] * count,
        expected=[-1.0] * count,
        upper=[-1.0] * count,
        onset=onset,
        alarms=alarms,
    )
    counts = _half_hours(topic, since, now) if width >= HALF_HOUR else _minutes(topic, since, now)
    for start, voices, negatives, own, expected, upper in counts:
        at = int((start - since) / width)
        course.voices[at] += voices
        course.negatives[at] += negatives
        course.own[at] += own
        course.expected[at], course.upper[at] = _usual(expected, upper, width_min / 60)
    _carry(course.expected)
    _carry(course.upper)
    return course


_COUNTED = ("voices", "negatives", "own", "expected", "upper")
_Counted: TypeAlias = Iterator[tuple[datetime, int, int, int, float, float]]


def _minutes(topic: Topic, since: datetime, now: datetime) -> _Counted:
    rows = Minute.objects.filter(topic=topic, minute__gte=since, minute__lte=now)
    return rows.order_by("minute").values_list("minute", *_COUNTED).iterator()


def _half_hours(topic: Topic, since: datetime, now: datetime) -> _Counted:
    """Read what the engine added up: a long crisis has thirty times as many minutes."""
    rows = HalfHour.objects.filter(topic=topic, start__gte=since, start__lte=now)
    return rows.order_by("start").values_list("start", *_COUNTED).iterator()


def _usual(expected: float, upper: float, hours: float) -> tuple[float, float]:
    """Bring rates an hour to a slice: hours vary apart, so the roof goes with the square root."""
    return expected * hours, expected * hours + max(0.0, upper - expected) * sqrt(hours)


def _carry(values: list[float]) -> None:
    """Fill slices without a row with what held before (quiet minutes have none), or came first."""
    last = next((value for value in values if value >= 0), 0.0)
    for index, value in enumerate(values):
        last = values[index] = value if value >= 0 else last


def _floor(at: datetime, width_min: int) -> datetime:
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    width = timedelta(minutes=width_min)
    return midnight + width * int((at - midnight) / width)


def alert(alert_id: int) -> Alert:
    """Return one alert with its signal and topic. Raises Alert.DoesNotExist."""
    return _alerts().get(pk=alert_id)


def ringing(topics: Q = ALL_TOPICS) -> list[Alert]:
    """Return what rings, the gravest first; of one burst only the latest alert, the worst.

    Args:
        topics: those to look at.
    """
    rows = _alerts().filter(state=AlertState.RINGING).order_by("rang_at", "pk")
    if topics != ALL_TOPICS:
        rows = rows.filter(signal__topic__in=Topic.objects.filter(topics))
    latest = {_burst(alert): alert for alert in rows}
    return sorted(latest.values(), key=lambda one: (one.signal.severity, one.rang_at), reverse=True)


def _burst(alert: Alert) -> tuple[int, ...]:
    """Name the burst an alert is of: its topic's, or none but its own."""
    topic = alert.signal.topic_id
    return (topic,) if alert.signal.kind in BURSTS else (topic, alert.pk)


def alerts(*, topic_id: int | None = None, state: str = "") -> QuerySet[Alert]:
    """Return alerts, newest first."""
    found = _alerts()
    if topic_id is not None:
        found = found.filter(signal__topic_id=topic_id)
    return found.filter(state=state) if state else found


def signals(*, topic: str = "", kind: str = "", state: str = "") -> QuerySet[Signal]:
    """Return signals, newest first, narrowed by topic, kind and what became of their alert."""
    found = Signal.objects.select_related("topic", "alert").order_by("-found_at", "-pk")
    if topic:
        found = found.filter(topic__slug=topic)
    if kind:
        found = found.filter(kind=kind)
    if state == "note":
        return found.filter(alert=None)
    return found.filter(alert__state=state) if state else found


def precision(*, since: datetime) -> dict[str, tuple[int, int]]:
    """Return, for each kind of signal, how many alerts were answered and how many were false."""
    answered: Counter[str] = Counter()
    false: Counter[str] = Counter()
    judged = (AlertState.ACKNOWLEDGED, AlertState.CRISIS, AlertState.FALSE_ALARM)
    rows = Alert.objects.filter(rang_at__gte=since, state__in=judged)
    for kind, state in rows.values_list("signal__kind", "state"):
        answered[kind] += 1
        false[kind] += state == AlertState.FALSE_ALARM
    return {kind: (count, false[kind]) for kind, count in answered.items()}


def reason_of(signal: Signal) -> Message:
    """Return the cause in one sentence."""
    return msgspec.convert(signal.reason, Message)


def evidence_posts(signal: Signal, *, limit: int = 50) -> list[Post]:
    """Return the posts behind a signal that are in view, earliest first.

    A deleted one comes without words.
    """
    rows = Post.objects.select_related("author").filter(
        Exists(Match.objects.filter(post=OuterRef("pk"), topic=signal.topic_id).in_view()),
        uid__in=signal.evidence[:limit],
    )
    return [_without_words(post) for post in rows.order_by("published", "pk")]


def _without_words(post: Post) -> Post:
    if post.deleted_at is not None:
        post.content = ""
    return post


def blind_spots(topic: Topic, *, now: datetime) -> list[Message]:
    """Return what the room cannot see, so that silence is never taken for calm."""
    rows = list(Source.objects.order_by("name"))
    healths = source_healths(rows, now=now)
    found = [_source_spot(source, healths[source.pk], now) for source in rows]
    spots = [spot for spot in found if spot is not None]
    if not any(source is None for source in found):
        spots.append(
            say("No live source is healthy: “{topic}” lives on imported files.", topic=topic.name)
            if found
            else say("“{topic}” is fed by imported files only.", topic=topic.name)
        )
    spots.extend(_of_plug_ins({source.kind for source in rows if source.stopped_at is None}))
    spots.append(say("Private groups and messages, stories and closed networks are never seen."))
    return spots


def _of_plug_ins(kinds: Collection[str]) -> list[Message]:
    """What the networks listened to never show, each sentence once."""
    known = [plug_in for kind, plug_in in sources().items() if kind in kinds]
    return list({spot.text: spot for one in known for spot in one.blind_spots}.values())


def _source_spot(source: Source, fares: Health, now: datetime) -> Message | None:
    if source.stopped_at is not None:
        return say("Source “{source}” is stopped.", source=source.name)
    if source.trouble:
        return say("Source “{source}” has trouble.", source=source.name)
    if is_unattended(source, now=now):
        return say("Source “{source}” is not asked: no collector runs.", source=source.name)
    if source.last_post_at is None:
        return say("Source “{source}” has given no post yet.", source=source.name)
    silent = now - source.last_post_at
    if fares.silent or (fares.usual_per_hour is None and silent > SILENT_AFTER):
        hours = max(1, int(silent.total_seconds() // 3600))
        return say_many(
            "Source “{source}” has been silent for {count} hour.",
            "Source “{source}” has been silent for {count} hours.",
            hours,
            source=source.name,
        )
    return None


def _alerts() -> QuerySet[Alert]:
    return Alert.objects.select_related("signal__topic", "acknowledged_by", "signal__threat")


def _window(signal: Signal) -> tuple[datetime, datetime]:
    begun = signal.found_at - timedelta(seconds=signal.window_s)
    return min(begun, signal.onset), signal.found_at


def _top_authors(signal: Signal) -> list[TopAuthor]:
    """The five who wrote most; among equals those with the largest audience come first."""
    since, until = _window(signal)
    counts = Counter(
        caught(signal.topic, since, until).values_list("post__author_id", flat=True)[:MOST_TEXTS]
    )
    accounts = Account.objects.in_bulk(list(counts))
    ranked = sorted(
        accounts.values(), key=lambda one: (-counts[one.pk], -(one.followers or 0), one.pk)
    )
    return [TopAuthor(account=one, posts=counts[one.pk]) for one in ranked[:EXAMPLES]]


def _latency(alert: Alert, evidence: Iterable[Post]) -> Latency:
    first = next(iter(evidence), None)
    return Latency(
        seen_s=_seconds(first.published, first.heard_at) if first and _was_seen(first) else None,
        rung_s=_seconds(first.heard_at, alert.rang_at) if first else None,
        acknowledged_s=_seconds(alert.ringing_since, alert.acknowledged_at),
    )


def _was_seen(post: Post) -> bool:
    return post.document.get("post", {}).get("seen_at") is not None


def _seconds(begun: datetime, ended: datetime | None) -> float | None:
    return None if ended is None else (ended - begun).total_seconds()


def _similar(alert: Alert) -> list[Alert]:
    signal = alert.signal
    before = (
        _alerts()
        .filter(signal__topic=signal.topic, signal__kind=signal.kind, rang_at__lt=alert.rang_at)
        .order_by("-rang_at")
    )
    if signal.kind in BURSTS:
        before = before.filter(rang_at__lt=_first_ring(alert, before))
    return list(before[:SIMILAR])


def _first_ring(alert: Alert, before: QuerySet[Alert]) -> datetime:
    """Return when a burst rang first: what rang since it began, or too soon after for a calm."""
    begun, rung = alert.signal.onset, alert.rang_at
    for earlier in before.values_list("rang_at", flat=True)[:MOST_RINGS]:
        if earlier < min(begun, rung - timedelta(seconds=CALM_S)):
            break
        rung = earlier
    return rung
