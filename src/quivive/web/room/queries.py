"""All that the room's own pages read: a few statements each, over counts and not over posts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, sqrt
from typing import Any

from django.db.models import Avg, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.shortcuts import get_object_or_404
from django.urls import reverse

from quivive.vocabulary.crises import CrisisState
from quivive.web.assess.models import Assessment, Override
from quivive.web.coordinate.models import Crisis
from quivive.web.detect.models import Alert, AlertState, Signal
from quivive.web.detect.queries import ALL_TOPICS, ringing, signals
from quivive.web.listen.checkpoints import is_blind, looked_until
from quivive.web.listen.models import (
    HalfHour,
    Import,
    ImportState,
    Match,
    Minute,
    Source,
    Topic,
)
from quivive.web.people.models import AuditLine
from quivive.web.room.rollups import Bucket

SPANS = {
    "24h": (timedelta(hours=24), 1800),
    "7d": (timedelta(days=7), 3 * 3600),
    "30d": (timedelta(days=30), 12 * 3600),
}
"""Name of a span → its length and the seconds of one slice of its drawing, whole half hours."""

OPEN_ALERTS = (AlertState.RINGING, AlertState.SNOOZED, AlertState.ACKNOWLEDGED)
OVER = (CrisisState.CLOSED.value, CrisisState.DISMISSED.value)
SIDES_NEEDED = 5
"""Posts that take a side, below which a share of negative ones says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a topic counted, slice by slice, oldest first; all sequences have the same length.

    Attributes:
        starts: beginning of each slice.
        voices: people heard, added over minutes.
        expected, upper: voices that are usual in a slice, and the roof that quiet ones respect.
    """

    starts: tuple[datetime, ...]
    voices: tuple[int, ...]
    expected: tuple[float, ...]
    upper: tuple[float, ...]
    negatives: tuple[int, ...]
    positives: tuple[int, ...]
    originals: tuple[int, ...]
    reposts: tuple[int, ...]
    own: tuple[int, ...]

    @property
    def negative_share(self) -> float | None:
        """Share of negative posts among those that take a side; None when too few."""
        sides = sum(self.negatives) + sum(self.positives)
        return sum(self.negatives) / sides if sides >= SIDES_NEEDED else None


def courses(topics: Sequence[int], *, span: str, now: datetime) -> dict[int, Course]:
    """Return the course of each topic (by primary key) over the span that ends now."""
    length, width_s = SPANS[span]
    last = int(now.timestamp()) // width_s
    first = last - int(length.total_seconds()) // width_s + 1
    rows = (
        HalfHour.objects.filter(
            topic__in=topics, start__gte=datetime.fromtimestamp(first * width_s, UTC)
        )
        .annotate(slice=Bucket("start", width_s))
        .values("topic", "slice")
        .annotate(
            **{f"sum_{name}": Sum(name) for name in _SUMMED},
            an_hour=Sum(F("expected") * F("minutes")) / Sum("minutes"),
            roof=Sum(F("upper") * F("minutes")) / Sum("minutes"),
        )
    )
    by_place = {(row["topic"], row["slice"]): row for row in rows}
    slices = range(first, last + 1)
    return {
        topic: _course([by_place.get((topic, at)) for at in slices], slices, width_s)
        for topic in topics
    }


_SUMMED = ("voices", "negatives", "positives", "originals", "reposts", "own")


def _course(rows: Sequence[Any], slices: Iterable[int], width_s: int) -> Course:
    summed: dict[str, tuple[int, ...]] = {
        name: tuple(row[f"sum_{name}"] if row else 0 for row in rows) for name in _SUMMED
    }
    usual = _usual(rows, width_s / 3600)
    return Course(
        starts=tuple(datetime.fromtimestamp(at * width_s, UTC) for at in slices),
        expected=tuple(expected for expected, _ in usual),
        upper=tuple(upper for _, upper in usual),
        **summed,
    )


def _usual(rows: Sequence[Any], hours: float) -> list[tuple[float, float]]:
    """Give each slice of ``hours`` its usual count and roof, from rates an hour.

    Hours vary apart from each other, so the roof rises with the square root of their number. A
    slice in which nothing was counted has no row: what was usual before still is, or what comes
    to be usual after it, where nothing is known before.
    """
    rows = [next(filter(None, rows), None), *rows]
    usual: list[tuple[float, float]] = []
    expected, spread = 0.0, 0.0
    for row in rows:
        if row:
            expected, spread = row["an_hour"], max(0.0, row["roof"] - row["an_hour"])
        usual.append((expected * hours, expected * hours + spread * sqrt(hours)))
    return usual[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class RingingAlert:
    """What the banner on every page says of an alert nobody has acknowledged."""

    id: int
    topic: str
    reason: dict[str, Any]
    severity: int
    rang_at: datetime
    address: str


def ringing_alerts(seen: Q = ALL_TOPICS) -> list[RingingAlert]:
    """Return the alerts that ring, the gravest first; three, for a banner is not a list.

    ``seen``: topics one may see.

    Of those that say the same of a topic, such as people who wait, the newest stands for all:
    three of them hid the burst they came with.
    """
    first = {(row.signal.topic_id, row.signal.kind): row for row in reversed(ringing(seen))}
    shown = sorted(first.values(), key=lambda row: (row.signal.severity, row.rang_at), reverse=True)
    return [
        RingingAlert(
            id=row.pk,
            topic=row.signal.topic.name,
            reason=row.signal.reason,
            severity=row.signal.severity,
            rang_at=row.rang_at,
            address=alert_address(row.pk),
        )
        for row in shown[:3]
    ]


def alert_address(alert_id: int) -> str:
    """Return the address of an alert's page."""
    return reverse("detect:alert", args=[alert_id])


def crisis_address(crisis_id: int) -> str:
    """Return the address of a crisis room."""
    return reverse("coordinate:crisis", args=[crisis_id])


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCrisis:
    """A crisis people work on, with the level that counts now."""

    id: int
    topic: int
    title: str
    state: str
    level: int | None
    onset: datetime
    opened_at: datetime
    exercise: bool
    address: str


def open_crises() -> list[OpenCrisis]:
    """Return what is not over, the gravest first. A person's override goes before the score."""
    score = Assessment.objects.filter(threat=OuterRef("threat")).values("level")[:1]
    said = Override.objects.filter(threat=OuterRef("threat"), ended_at=None).values("level")[:1]
    rows = (
        Crisis.objects.exclude(state__in=OVER)
        .select_related("threat")
        .annotate(scored=Subquery(score), said=Subquery(said))
    )
    crises = [
        OpenCrisis(
            id=row.pk,
            topic=row.threat.topic_id,
            title=row.title,
            state=row.state,
            level=row.said if row.said is not None else row.scored,
            onset=row.threat.onset,
            opened_at=row.opened_at,
            exercise=row.exercise,
            address=crisis_address(row.pk),
        )
        for row in rows
    ]
    return sorted(crises, key=lambda crisis: -(crisis.level or 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """One topic on the lookout.

    Attributes:
        voices_now: people heard in the last hour; expected_now: as many as usual at this hour.
    """

    topic: Topic
    course: Course
    voices_now: int
    expected_now: float
    last_post_at: datetime | None
    alert: Alert | None
    alert_address: str
    crisis: OpenCrisis | None

    @property
    def above(self) -> bool:
        """More than usual now."""
        return (
            self.voices_now > ceil(self.expected_now)
            and self.course.voices[-1] > (self.course.upper[-1])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    """The home page.

    Attributes:
        watched: how many topics are; the rows may be those of the first alone.
        looked_until: up to when the engine has listened; None before its first turn.
        blind: the engine is late, so that calm would be a guess.
        watched_at, watched_by: when a person last said to have looked, and who.
    """

    rows: list[TopicRow]
    watched: int
    crises: list[OpenCrisis]
    sources: list[Source]
    imports: list[Import]
    looked_until: datetime | None
    blind: bool
    watched_at: datetime | None
    watched_by: str

    @property
    def untold(self) -> int:
        """How many topics have no row."""
        return self.watched - len(self.rows)

    @property
    def quiet(self) -> bool:
        """Nothing rings and nobody works on a crisis."""
        return not self.crises and not any(row.alert for row in self.rows)

    @property
    def troubled(self) -> list[Source]:
        """Sources that do not answer."""
        return [source for source in self.sources if source.trouble]


MOST_ROWS = 50
"""Topics on the lookout until somebody asks for all: more are drawn slowly, and read by nobody."""


def lookout(*, span: str, now: datetime, most: int | None = MOST_ROWS) -> Lookout:
    """Return the home page: ten statements, whatever is stored.

    ``most``: topics that have a row; None for all.
    """
    crises = open_crises()
    looked = looked_until()
    watch = AuditLine.objects.filter(action=WATCHED).select_related("person").last()
    watched = list(Topic.objects.filter(archived_at=None).values_list("pk", flat=True))
    return Lookout(
        rows=_topic_rows(watched, crises, span=span, now=now, most=most),
        watched=len(watched),
        crises=crises,
        sources=list(Source.objects.filter(stopped_at=None).order_by("name")),
        imports=list(Import.objects.filter(state__in=[ImportState.QUEUED, ImportState.RUNNING])),
        looked_until=looked,
        blind=is_blind(looked, now=now),
        watched_at=watch.at if watch else None,
        watched_by=str(watch.person) if watch else "",
    )


WATCHED = "room.watched"
"""Audit action of a person who says to have looked around (R-13)."""


def _topic_rows(
    watched: Sequence[int],
    crises: Sequence[OpenCrisis],
    *,
    span: str,
    now: datetime,
    most: int | None,
) -> list[TopicRow]:
    """Return topics under watch: those in crisis or ringing first, then by what is heard."""
    hour, alerts = _last_hour(watched, now), _open_alerts(watched, now)
    by_topic = {crisis.topic: crisis for crisis in reversed(crises)}

    def order(key: int) -> tuple[bool, bool, int]:
        return key not in by_topic, key not in alerts, -hour.get(key, (0, 0.0))[0]

    shown = sorted(watched, key=order)[:most]
    drawn = courses(shown, span=span, now=now)
    last_post = Match.objects.filter(topic=OuterRef("pk")).order_by("-heard_at", "-pk")
    topics = Topic.objects.annotate(last_post_at=Subquery(last_post.values("heard_at")[:1]))
    by_key = topics.in_bulk(shown)
    return [
        TopicRow(
            topic=by_key[key],
            course=drawn[key],
            voices_now=hour.get(key, (0, 0.0))[0],
            expected_now=hour.get(key, (0, 0.0))[1],
            last_post_at=by_key[key].last_post_at,
            alert=alerts.get(key),
            alert_address=alert_address(alerts[key].pk) if key in alerts else "",
            crisis=by_topic.get(key),
        )
        for key in shown
        if key in by_key
    ]


def _last_hour(topics: Sequence[int], now: datetime) -> dict[int, tuple[int, float]]:
    rows = Minute.objects.filter(
        topic__in=topics, minute__gt=now - timedelta(hours=1), minute__lte=now
    ).values("topic")
    return {
        row["topic"]: (row["voices_sum"], row["expected_an_hour"])
        for row in rows.annotate(voices_sum=Sum("voices"), expected_an_hour=Avg("expected"))
    }


def _open_alerts(topics: Sequence[int], now: datetime) -> dict[int, Alert]:
    """Return the newest open alert of each topic; one acknowledged yesterday is over."""
    rows = (
        Alert.objects.filter(signal__topic__in=topics, state__in=OPEN_ALERTS)
        .exclude(state=AlertState.ACKNOWLEDGED, rang_at__lt=now - timedelta(hours=24))
        .select_related("signal")
        .order_by("rang_at")
    )
    return {row.signal.topic_id: row for row in rows}


SIGNAL_STATES = ("note", *(state.value for state in AlertState))
"""What a signal may have become: a note that rang nobody, or a state of its alert."""


def topic_names() -> list[tuple[str, str]]:
    """Return short and full names of all topics, archived ones too."""
    return list(Topic.objects.values_list("slug", "name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A moment drawn across a chart. ``kind``: onset, alarm or own."""

    at: datetime
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSheet:
    """One topic's page; ``signals`` are its ten newest."""

    topic: Topic
    course: Course
    marks: list[Mark]
    signals: list[Signal]
    voices_now: int
    expected_now: float
    last_post_at: datetime | None
    networks: list[str]
    hidden: bool


def topic_sheet(slug: str, *, span: str, now: datetime) -> TopicSheet:
    """Return a topic's page. Raises Http404."""
    topic = get_object_or_404(Topic, slug=slug)
    course = courses([topic.pk], span=span, now=now)[topic.pk]
    recent = Match.objects.filter(topic=topic).order_by("-heard_at", "-pk")
    newest = list(recent.values_list("post__network", "heard_at")[:500])
    voices, expected = _last_hour([topic.pk], now).get(topic.pk, (0, 0.0))
    return TopicSheet(
        topic=topic,
        course=course,
        marks=marks(topic.pk, since=course.starts[0]),
        signals=list(signals(topic=slug)[:10]),
        voices_now=voices,
        expected_now=expected,
        last_post_at=newest[0][1] if newest else None,
        networks=sorted({network for network, _at in newest}),
        hidden=Match.objects.filter(topic=topic).count_out_of_view() > 0,
    )


def marks(topic: int, *, since: datetime) -> list[Mark]:
    """Return what a topic's chart marks: onsets and alarms of what rang, and our own words."""
    rang = Signal.objects.filter(topic=topic, rang_at__gte=since).order_by("rang_at")[:100]
    own = Minute.objects.filter(topic=topic, minute__gte=since, own__gt=0).order_by("minute")[:100]
    found = [Mark(at=row.minute, kind="own") for row in own]
    for signal in rang:
        found.append(Mark(at=signal.onset, kind="onset"))
        found.append(Mark(at=signal.rang_at or signal.found_at, kind="alarm"))
    return found


def topic_posts(
    topic: Topic, *, leaning: str = "", network: str = "", reposts: str = "", kept: str = ""
) -> QuerySet[Match]:
    """Return what a topic caught, with posts and authors.

    Args:
        reposts: ``hidden`` leaves those out.
        kept: ``hidden`` gives what the topic keeps from view, instead of the rest.
    """
    caught = Match.objects.filter(topic=topic).select_related("post__author")
    found = caught.out_of_view() if kept == "hidden" else caught.in_view()
    if leaning:
        found = found.filter(post__leaning=leaning)
    if network:
        found = found.filter(post__network=network)
    return found.filter(relayed=False, post__repost_of="") if reposts == "hidden" else found
