"""From counts to signals: what people are told, once, with its beginning and its evidence."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeAlias

import msgspec
import numpy as np

from quivive.detect import alignment, bursts, law, listening, quiet
from quivive.detect.burst_state import CLUSTER_PRIOR, BurstState, Planned, empty
from quivive.detect.bursts import BurstSettings
from quivive.detect.counting import (
    MINUTE_S,
    Counter,
    MinuteCounts,
    Tally,
    count,
    forget,
    is_own,
    moment,
)
from quivive.detect.planned_hours import foresee
from quivive.detect.single_posts import signals_of_post
from quivive.detect.telling import Episode, Reading, tell, vigilant
from quivive.vocabulary.matches import Match
from quivive.vocabulary.signals import Signal
from quivive.vocabulary.topics import AlertRule, RuleKind, Topic

HOUR_S = 3600
DAY_S = 24 * HOUR_S
OUT_OF_ORDER_S = 2 * HOUR_S
"""Posts may come in so much out of order: nothing that is older by this is in a window."""
YOUNG_H = 3.0
"""Hours in which a topic that begins has its band drawn, heard or not."""
BAND_HOURS = 48
"""After a long silence, hours for which the usual band is still drawn."""
RELAY_CLUSTERS = 40.0
"""Variance over mean of reposting authors before a topic shows its own: they come in storms."""
VIGILANT_TIMES = 3.0
"""In the two weeks after a burst another is far more likely, so we ring more easily. Not after a
flare-up: chance would feed itself, and what is promised would not hold."""
FEWEST_VOICES = 3
GUESS_PER_HOUR = 0.5
"""Voices thought of before a topic is known: an ordinary one learns in peace, a storm rings."""
VERSION = 3
SILENT = BurstSettings(false_alarms_per_week=1e-300)


@dataclass(slots=True)
class DetectState:
    """Counts, baselines and open episodes of every topic.

    ``align``, ``take`` and ``tick`` consume the state they are given and return the next one.

    Attributes:
        clock: Unix second of the start of the first minute not closed yet.
        bursts: voices and relays of each topic, in this order; its clock may lag over silence.
        counters, episodes: by topic id, in the order of the topics.
        open: minutes not closed yet (Unix seconds), each with the tallies of the few topics heard.
        pending: signals of single posts that the next tick hands over.
        places: where each topic stands in the order.
        topics, settings: those it was last asked about, if any, and how easily each rings; kept
            because the same are asked about every minute.
    """

    clock: int
    bursts: BurstState
    counters: dict[str, Counter]
    episodes: dict[str, Episode]
    open: dict[int, dict[str, Tally]] = field(default_factory=dict)
    pending: list[Signal] = field(default_factory=list)
    places: dict[str, int] = field(init=False, compare=False, repr=False)
    topics: Sequence[Topic] | None = field(init=False, compare=False, repr=False, default=None)
    settings: list[BurstSettings] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Number the topics, which each minute asks for."""
        self.places = {topic: place for place, topic in enumerate(self.counters)}

    def to_bytes(self) -> bytes:
        """Pack the state for a checkpoint."""
        rest = (self.counters, self.episodes, self.open, self.pending)
        return msgspec.msgpack.encode((VERSION, self.clock, self.bursts.to_bytes(), *rest))

    @staticmethod
    def from_bytes(packed: bytes) -> "DetectState":
        """Unpack a checkpoint.

        Raises:
            ValueError: when another version of the program wrote it.
        """
        version, *_ = msgspec.msgpack.decode(packed, type=list[msgspec.Raw])
        if msgspec.msgpack.decode(version) != VERSION:
            message = f"Detection state of another version; this program reads version {VERSION}."
            raise ValueError(message)
        _, clock, packed_bursts, *rest = msgspec.msgpack.decode(packed, type=_Packed)
        return DetectState(clock, BurstState.from_bytes(packed_bursts), *rest)


_Packed: TypeAlias = tuple[
    int,
    int,
    bytes,
    dict[str, Counter],
    dict[str, Episode],
    dict[int, dict[str, Tally]],
    list[Signal],
]


def start(topics: Sequence[Topic], now: datetime) -> DetectState:
    """Return the state of topics nothing was heard on yet."""
    clock = int(now.timestamp()) // MINUTE_S * MINUTE_S
    series, clusters, guesses = _series(topics)
    start = moment(clock)
    state = empty(series, step_s=MINUTE_S, start=start, clusters=clusters, guesses=guesses)
    return DetectState(
        clock=clock,
        bursts=state,
        counters={topic.id: Counter() for topic in topics},
        episodes={topic.id: Episode() for topic in topics},
    )


def align(state: DetectState, topics: Sequence[Topic]) -> DetectState:
    """Add, drop and reorder topics; those that stay keep all they learned."""
    if [*state.counters] == [topic.id for topic in topics]:
        return state
    state.bursts = alignment.align(state.bursts, *_series(topics))
    state.topics = None
    state.counters = {topic.id: state.counters.get(topic.id, Counter()) for topic in topics}
    state.episodes = {topic.id: state.episodes.get(topic.id, Episode()) for topic in topics}
    state.places = {topic.id: place for place, topic in enumerate(topics)}
    return state


def graft(state: DetectState, anew: DetectState) -> DetectState:
    """Replace the topics that were detected anew, up to the same minute; consumes both.

    Raises:
        ValueError: as ``alignment.graft``.
    """
    state.bursts = alignment.graft(state.bursts, anew.bursts)
    state.counters |= anew.counters
    state.episodes |= anew.episodes
    for tallies in state.open.values():
        for topic in anew.counters.keys() & tallies.keys():
            del tallies[topic]
    for minute, tallies in anew.open.items():
        state.open.setdefault(minute, {}).update(tallies)
    kept = [signal for signal in state.pending if signal.topic not in anew.counters]
    state.pending = kept + anew.pending
    return state


def begun_before(state: DetectState, first: datetime) -> datetime | None:
    """Return when to begin what is grafted, at most a day before what was heard first.

    None when that is before the state itself began: then every topic has to begin again.
    """
    days = (first - moment(state.bursts.origin)) // timedelta(days=1)
    return moment(state.bursts.origin) + timedelta(days=days) if days >= 0 else None


def begun_after(state: DetectState, first: datetime, *, until: datetime) -> datetime | None:
    """Return when to begin what is grafted where nothing before ``first`` is whole.

    At most a day after it, so that no part of a day is taken for silence; before it where that day
    is not over by ``until``. None as for :func:`begun_before`.
    """
    before = begun_before(state, first)
    if before is None or before == first:
        return before
    after = before + timedelta(days=1)
    return after if after <= until else before


def take(state: DetectState, matches: Sequence[Match], topics: Sequence[Topic]) -> DetectState:
    """Add caught posts to the minutes that are still open.

    A post heard before the clock is too late to count: its minute was already judged.
    """
    for match in matches:
        at = match.post.heard_at.timestamp()
        if at < state.clock:
            continue
        tallies = state.open.setdefault(int(at) // MINUTE_S * MINUTE_S, {})
        for topic in (topics[state.places[name]] for name in match.topics if name in state.places):
            counter = state.counters[topic.id]
            own = is_own(match.post, topic)
            tally = tallies.setdefault(topic.id, Tally())
            count(counter, tally, match.post, match.sentiment, own=own)
            if not own and match.post.repost_of is None:
                state.pending.extend(signals_of_post(match.post, topic, counter, at))
    return state


def tick(
    state: DetectState, *, now: datetime, topics: Sequence[Topic], zone: tzinfo = UTC
) -> tuple[DetectState, tuple[Signal, ...], tuple[MinuteCounts, ...]]:
    """Close every full minute before ``now`` and say what changed.

    Args:
        zone: of the clock people live by.

    Returns:
        The state, the signals in the order they were found, and the closed minutes.
    """
    until = int(now.timestamp()) // MINUTE_S * MINUTE_S
    signals, state.pending = state.pending, []
    minutes: list[MinuteCounts] = []
    listening.live_in(state.bursts, zone)
    _ask_about(state, topics)
    for minute in _minutes_to_close(state, until):
        found, closed = _close(state, minute, topics)
        signals.extend(found)
        minutes.extend(closed)
    state.clock = max(state.clock, until)
    return state, tuple(sorted(signals, key=lambda signal: signal.found_at)), tuple(minutes)


def _ask_about(state: DetectState, topics: Sequence[Topic]) -> None:
    """Read what is asked about topics, unless it is the very same as before."""
    if state.topics is not topics:
        state.topics, state.settings = topics, [_setting(topic.rules) for topic in topics]
        foresee(state.bursts, _planned(topics))


def _minutes_to_close(state: DetectState, until: int) -> list[int]:
    """Return the minutes with posts, and the first minute of recent hours for the band."""
    first = max(state.clock, until - BAND_HOURS * HOUR_S)
    hours = range(-(-first // HOUR_S) * HOUR_S, until, HOUR_S)
    return sorted({minute for minute in state.open if minute < until} | set(hours))


def _close(
    state: DetectState, minute: int, topics: Sequence[Topic]
) -> tuple[list[Signal], list[MinuteCounts]]:
    """Judge one minute of every topic."""
    heard = state.open.pop(minute, {})
    spoken_of = sorted(heard.keys() & state.places.keys(), key=state.places.__getitem__)
    tallies = {state.places[topic]: heard[topic] for topic in spoken_of}
    signals = _judged(state, minute, topics, tallies)
    if minute % HOUR_S == 0:
        signals.extend(_quiet(state, minute, topics))
        for counter in state.counters.values():
            if counter.recent:  # kept longest: without it there is nothing to forget
                forget(counter, minute)
    at, none = moment(minute), Tally()
    shown = list(_shown(state, minute, topics, tallies))
    usual, upper = law.upper_per_hour(state.bursts, np.array(shown, np.int64))
    rows = [
        _row(topics[place].id, at, tallies.get(place, none), expected, most)
        for place, expected, most in zip(shown, usual.tolist(), upper.tolist(), strict=True)
    ]
    return signals, rows


def _judged(
    state: DetectState, minute: int, topics: Sequence[Topic], tallies: Mapping[int, Tally]
) -> list[Signal]:
    """Take in one minute of the topics heard, by place, and say what rises over the usual."""
    settings: dict[int, BurstSettings] = {}
    for place in tallies:
        setting = _may_ring(state, minute, place, topics[place])
        if setting is not None:
            settings[place] = settings[len(topics) + place] = setting
    heard = np.array([*tallies, *(len(topics) + place for place in tallies)], np.int64)
    voices = [tally.voices for tally in tallies.values()]
    counts = np.array([*voices, *(tally.relays for tally in tallies.values())], np.int64)
    if not settings:
        listening.take_in(state.bursts, heard, counts, at=moment(minute))
        return []
    of_all = np.zeros(2 * len(topics), np.int64)
    of_all[heard] = counts
    state.bursts, readings = bursts.observe(
        state.bursts, of_all, at=moment(minute), settings=settings
    )
    return _told(state, minute, topics, readings)


def _may_ring(state: DetectState, minute: int, place: int, topic: Topic) -> BurstSettings | None:
    """Return how easily a topic rings; None when no window of it holds enough to ring or teach."""
    setting = _eased_at(minute, state.settings[place], state.episodes[topic.id])
    recent, fewest = state.counters[topic.id].recent, min(setting.minimum, bursts.TEACHES)
    if len(recent) < fewest:
        return None
    since = minute - bursts.looks_back_s(state.bursts, place, minute) - OUT_OF_ORDER_S
    return setting if recent[-fewest].at >= since else None


def _told(
    state: DetectState, minute: int, topics: Sequence[Topic], readings: bursts.Readings
) -> list[Signal]:
    """Say what rises over the usual in a minute."""
    above = np.flatnonzero(readings.above)
    if not len(above):
        return []
    usual, _ = law.upper_per_hour(state.bursts, above)
    new = bursts.is_new(state.bursts)
    signals: list[Signal] = []
    for place, usual_per_hour in zip(above.tolist(), usual.tolist(), strict=True):
        topic = topics[place % len(topics)]
        reading = Reading(
            at=minute + MINUTE_S,
            observed=int(readings.observed[place]),
            expected=float(readings.expected[place]),
            window_s=int(readings.window_s[place]),
            told_until=int(readings.told_until[place]),
            score=float(readings.score[place]),
            usual_per_s=usual_per_hour / HOUR_S,
            relays=place >= len(topics),
            new=bool(new[place]),
        )
        signals.extend(tell(topic.id, reading, state.episodes[topic.id], state.counters[topic.id]))
    return signals


def _shown(
    state: DetectState, minute: int, topics: Sequence[Topic], heard: Collection[int]
) -> Iterable[int]:
    """Return the places of the topics to draw a band for: once a day all, else those that live.

    A topic nobody speaks of keeps its band for days, and most of many topics are such.
    """
    if minute % HOUR_S:
        return heard
    if minute % DAY_S == 0:
        return range(len(topics))
    young = (state.bursts.baseline.age_h[: len(topics)] < YOUNG_H).tolist()
    return [
        place
        for place, counter in enumerate(state.counters.values())
        if counter.recent or young[place] or place in heard
    ]


def _quiet(state: DetectState, minute: int, topics: Sequence[Topic]) -> list[Signal]:
    """Say what ended and what fell silent, once an hour."""
    episodes = list(state.episodes.values())
    found = [
        signal
        for topic, episode in zip(topics, episodes, strict=True)
        if episode.rang and not episode.end_told
        for signal in quiet.ended(topic.id, episode, state.counters[topic.id], minute)
    ]
    accepted = np.array([setting.false_alarms_per_week for setting in state.settings])
    return found + quiet.drops(state.bursts, [topic.id for topic in topics], episodes, accepted)


def _row(topic: str, minute: datetime, tally: Tally, expected: float, upper: float) -> MinuteCounts:
    return MinuteCounts(
        topic=topic,
        minute=minute,
        voices=tally.voices,
        originals=tally.originals,
        reposts=tally.reposts,
        relays=tally.relays,
        negatives=tally.negatives,
        positives=tally.positives,
        own=tally.own,
        expected=expected,
        upper=upper,
    )


def _series(topics: Sequence[Topic]) -> tuple[list[str], list[float], list[float]]:
    """Name the voices and the relays of each topic; how they cluster and what to think at first."""
    n = len(topics)
    names = [f"{t.id}/voices" for t in topics] + [f"{t.id}/relays" for t in topics]
    clusters = [CLUSTER_PRIOR] * n + [RELAY_CLUSTERS] * n
    return names, clusters, [GUESS_PER_HOUR] * n + [0.0] * n


def _planned(topics: Sequence[Topic]) -> Planned:
    """Say when the voices and the relays of the few topics with planned peaks have them."""
    n = len(topics)
    some = [(place, topic.planned) for place, topic in enumerate(topics) if topic.planned]
    return {place + relays: hours for place, hours in some for relays in (0, n)}


def _eased_at(minute: int, setting: BurstSettings, episode: Episode) -> BurstSettings:
    """Return how easily a topic's voices, and its relays, ring at a minute."""
    if setting is SILENT or not vigilant(episode, minute):
        return setting
    return eased(setting)


def eased(setting: BurstSettings) -> BurstSettings:
    """Return how easily a topic rings in the two weeks after an alarm."""
    accepted = VIGILANT_TIMES * setting.false_alarms_per_week
    return BurstSettings(accepted, max(FEWEST_VOICES, setting.minimum - 1))


def _setting(rules: Iterable[AlertRule]) -> BurstSettings:
    for rule in rules:
        if rule.kind is RuleKind.BURST:
            return BurstSettings(rule.false_alarms_per_week, rule.minimum)
    return SILENT
