"""What pages read of the rules: how their alarms were judged, and what they would have rung."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.core.cache import cache

from quivive.detect.backtest import STEP_S, Rung, backtest
from quivive.detect.bursts import BurstSettings
from quivive.detect.planned import hours_of
from quivive.vocabulary.chance import special
from quivive.web.detect.models import Alert, AlertState
from quivive.web.listen.models import Minute, Topic
from quivive.web.people.queries import room_zone

NotThere = Topic.DoesNotExist

PAST_SPAN = timedelta(weeks=8)
MOST_INTERVALS = 4_000
"""Intervals with posts that are read, latest first: about three seconds of work."""
KEPT_S = 3_600
SHOWN = 5
JUDGED_SPAN = timedelta(days=90)
WEEK = timedelta(weeks=1)
JUDGED = (AlertState.ACKNOWLEDGED, AlertState.CRISIS, AlertState.FALSE_ALARM)
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One stop of the slider: what people accept, and what it would have rung, latest first."""

    accepted: float
    rung: list[Rung]

    @property
    def latest(self) -> list[tuple[datetime, Rung]]:
        """The few that a page shows, with their moments."""
        return [(datetime.fromtimestamp(one.at, UTC), one) for one in self.rung[:SHOWN]]

    @property
    def more(self) -> int:
        """How many a page leaves out."""
        return max(0, len(self.rung) - SHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A topic's past under each stop; ``weeks`` is how long it is."""

    since: datetime
    until: datetime
    weeks: float
    stops: list[Stop]

    def at(self, accepted: float) -> Stop:
        """Return the stop closest to what people accept."""
        return min(self.stops, key=lambda stop: abs(stop.accepted - accepted))


def past_of(slug: str, accepted: tuple[float, ...], *, minimum: int, now: datetime) -> Past | None:
    """Return what each setting would have rung, or None where nothing was heard yet.

    Raises:
        Topic.DoesNotExist: there is no such topic.
    """
    topic = Topic.objects.get(slug=slug)
    counted = sha256(topic.matched_query.encode()).hexdigest()[:16]
    zone = ZoneInfo(room_zone())
    planned = hours_of(topic.planned, zone)
    foreseen = sha256(f"{planned} {zone}".encode()).hexdigest()[:16]
    key = f"backtest/{topic.pk}/{minimum}/{now:%Y%m%d%H}/{topic.rebuild}/{counted}/{foreseen}"
    kept: Past | None = cache.get(key)
    if kept is not None:
        return kept
    minutes = _minutes(topic, now)
    if not minutes:
        return None
    rung = backtest(minutes, [BurstSettings(one, minimum) for one in accepted], planned, zone)
    since = datetime.fromtimestamp(minutes[0][0], UTC)
    past = Past(
        since=since,
        until=now,
        weeks=max((now - since) / timedelta(weeks=1), 0.1),
        stops=[
            Stop(accepted=one, rung=found[::-1]) for one, found in zip(accepted, rung, strict=True)
        ],
    )
    cache.set(key, past, KEPT_S)
    return past


def _minutes(topic: Topic, now: datetime) -> list[tuple[int, int]]:
    """Return the latest minutes with voices, oldest first, no more intervals than are read."""
    rows = Minute.objects.filter(topic=topic, voices__gt=0, minute__gte=now - PAST_SPAN)
    found: list[tuple[int, int]] = []
    slots: set[int] = set()
    for minute, voices in rows.order_by("-minute").values_list("minute", "voices").iterator():
        second = int(minute.timestamp())
        slots.add(second // STEP_S)
        if len(slots) > MOST_INTERVALS:
            break
        found.append((second, voices))
    return found[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One rule, on one topic or on all.

    Attributes:
        rang: alarms that woke somebody.  judged: those people answered.  false: false alarms.
        promised: false alarms that the topics accept in this time; None for rules without it.
    """

    name: str
    slug: str = ""
    rang: int
    judged: int
    false: int
    promised: float | None = None

    @property
    def precision(self) -> float:
        """Share of answered alarms that were worth it."""
        return (self.judged - self.false) / self.judged if self.judged else 0.0

    @property
    def low(self) -> float:
        """Lower bound of the 80 % interval of ``precision`` (Jeffreys)."""
        return self._bound(LOW)

    @property
    def high(self) -> float:
        """Upper bound of the 80 % interval of ``precision`` (Jeffreys)."""
        return self._bound(HIGH)

    def _bound(self, share: float) -> float:
        worth = self.judged - self.false
        return float(special().betaincinv(worth + 0.5, self.false + 0.5, share))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """Rules over all topics, and the burst rule topic by topic."""

    since: datetime
    kinds: list[Rating]
    topics: list[Rating]


def ratings(*, now: datetime) -> Ratings:
    """Return how the alarms of the last three months were judged."""
    since = now - JUDGED_SPAN
    rows = list(
        Alert.objects.filter(rang_at__gte=since)
        .exclude(state=AlertState.PAST)
        .values_list("signal__kind", "signal__topic_id", "state")
    )
    by_kind = sorted({kind for kind, _, _ in rows})
    bursts = [row for row in rows if row[0] in ("burst", "flare-up")]
    return Ratings(
        since=since,
        kinds=[
            _rating(kind, "", [row for row in rows if row[0] == kind], None) for kind in by_kind
        ],
        topics=[
            _rating(
                topic.name,
                topic.slug,
                [row for row in bursts if row[1] == topic.pk],
                topic.false_alarms_per_week * ((now - max(since, topic.created_at)) / WEEK),
            )
            for topic in Topic.objects.filter(archived_at=None, burst_rings=True)
        ],
    )


def _rating(
    name: str, slug: str, rows: list[tuple[str, int, str]], promised: float | None
) -> Rating:
    states = Counter(state for _, _, state in rows)
    return Rating(
        name=name,
        slug=slug,
        rang=len(rows),
        judged=sum(states[state] for state in JUDGED),
        false=states[AlertState.FALSE_ALARM],
        promised=promised,
    )
