"""Bursts in many series at once, strictly online: is what came in lately more than usual?

Each interval, each series is looked at through several windows. A window's count is held against
the posterior predictive law of ``baseline`` (negative binomial: noise of the series, plus our own
doubt on its rates), its tail probability is paid for the number of independent looks a week, and
``tails`` corrects it by what the series did before:
``score = -log10(false alarms a week one has to accept to ring on this)``. See
``docs/pathway/detect.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from math import log10

import msgspec
import numpy as np
from numpy.typing import NDArray

from quivive.detect import baseline as usual
from quivive.detect import tails as straying
from quivive.detect.baseline import HOUR_S, Band, Floats, Plan
from quivive.detect.burst_state import BurstState
from quivive.detect.planned_hours import boost_in, stated_in
from quivive.detect.surprises import surprise
from quivive.detect.tails import NOTHING
from quivive.detect.wall_clock import hour_of_week, hours_of_week, turn
from quivive.detect.windows import Ring, add, overlaps, skip, span_start

SHORT_S = 900
"""A window under a quarter of an hour takes the noise of the next longer one."""
WEEK_S = 604_800
PRICES = ((300, 0.67), (900, 0.57), (10_800, 0.47), (86_400, 0.37))
"""Bans that windows up to a length pay, in seconds: all share what people accept. Short ones have
most neighbours that ring for the same; a day's pays least, for slow storms show nowhere else."""
WEEKS_LEARNT = 26
"""Weeks of silence that are learnt one by one; the same silence for longer teaches nothing more."""
KNOWN_H = 1.0
"""Hours from which a rate is known."""
CALM_S = 6 * HOUR_S
"""After so long without anything unusual, the next unusual moment rings anew."""
NORMAL_99 = 2.33


class BurstSettings(msgspec.Struct, frozen=True):
    """How easily a series rings.

    Attributes:
        false_alarms_per_week: how many people accept.
        minimum: fewest posts of a window that can ring.
    """

    false_alarms_per_week: float = 0.1
    minimum: int = 4


TEACHES = 4
"""Fewest posts of a window that count as a peak, whatever may ring."""
FEW = 50
"""So many times more series than are asked make it cheaper to read what is usual of these alone."""


@dataclass(slots=True, frozen=True)
class Readings:
    """What one interval showed, arrays of shape (N,).

    Attributes:
        expected, observed: posts due and heard in the most unusual window.
        window_s: length of that window.
        told_until: Unix second at which what was told before ends, where that lies in the window:
            what was heard is counted from there. Else 0.
        score: ``-log10`` of the weekly false alarms that ringing here would cost; ``NOTHING`` (-2)
            where no window shows anything.
        above: the score passes the setting, now.
        alarm: the first ``above`` after ``CALM_S`` without any.
    """

    expected: Floats
    observed: NDArray[np.int64]
    window_s: NDArray[np.int64]
    told_until: NDArray[np.int64]
    score: Floats
    above: NDArray[np.bool_]
    alarm: NDArray[np.bool_]


def observe(
    state: BurstState,
    counts: NDArray[np.int64],
    *,
    at: datetime,
    settings: BurstSettings | Mapping[int, BurstSettings],
) -> tuple[BurstState, Readings]:
    """Take in the counts of the interval that starts at ``at`` and read all windows.

    Intervals between the state's clock and ``at`` were empty; they cost a few operations an hour.

    Args:
        counts: posts of the interval, shape (N,).
        settings: one for all series, or those of the few to read, by place; all others are only
            learned from.

    Raises:
        ValueError: when ``at`` is before the state's clock or between two intervals.
    """
    start = _come_to(state, at)
    heard = np.flatnonzero(counts)
    _put_in(state, heard, counts[heard], start)
    readings = _read(state, counts, start, settings)
    _listen(state, state.step_s)
    return state, readings


def take_in(
    state: BurstState, heard: NDArray[np.int64], counts: NDArray[np.int64], *, at: datetime
) -> None:
    """Take in an interval as ``observe`` does, in place, of which nothing is worth reading.

    Args:
        heard: the places of the few series heard, each once, shape (K,).
        counts: their posts, shape (K,).
    """
    start = _come_to(state, at)
    _put_in(state, heard, counts, start)
    _listen(state, state.step_s)


def _come_to(state: BurstState, at: datetime) -> int:
    """Advance to an interval and return when it starts."""
    start = int(at.timestamp())
    if start < state.clock or (start - state.clock) % state.step_s:
        message = f"An interval at {at} does not follow {state.clock} in steps of {state.step_s} s."
        raise ValueError(message)
    let_pass(state, start)
    return start


def is_new(state: BurstState) -> NDArray[np.bool_]:
    """Tell which series were listened to for so short that what is usual is a guess, shape (N,)."""
    return state.baseline.age_h < usual.GREEN_HOURS


def upper_per_hour(
    state: BurstState, places: NDArray[np.int64] | slice = usual.ALL
) -> tuple[Floats, Floats]:
    """Return what is usual in an hour now: the mean, and what about 99 of 100 hours stay under.

    Both in posts per hour, of all series or of those at some places; computed once an hour.
    """
    hour = state.clock // HOUR_S
    if state.band is None or state.band.hour != hour:
        state.band = _band(state, hour)
    return state.band.usual[places], state.band.upper[places]


def _band(state: BurstState, hour: int) -> Band:
    mean = usual.rate(state.baseline, hour_of_week(state.clock, state.zone))
    mean = mean * boost_in(state, state.clock)
    a, b = usual.noise(state.baseline, _hour_column(state.windows))
    return Band(hour, mean, mean + NORMAL_99 * np.sqrt(a * mean + b * mean**2) + 0.5)


def _limits(
    settings: BurstSettings | Mapping[int, BurstSettings], n: int
) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64]]:
    """Return the places of K series to read, the score that rings and the minimum, (K,) each."""
    each = dict.fromkeys(range(n), settings) if isinstance(settings, BurstSettings) else settings
    asked = sorted(each)
    return (
        np.array(asked, np.int64),
        np.array([-log10(each[place].false_alarms_per_week) for place in asked], np.float64),
        np.array([each[place].minimum for place in asked], np.int64),
    )


def let_pass(state: BurstState, until: int) -> None:
    """Advance over empty intervals, hour by hour; whole weeks of a very long silence at once.

    One post with a wrong date, years before the others, must not cost minutes.
    """
    if until == state.clock:
        return
    shortest = min(HOUR_S, state.windows[_noise_column(state, 0)].window_s)
    last = state.clock - state.step_s - state.origin
    state.clock += max(0, (until - state.clock) // WEEK_S - WEEKS_LEARNT) * WEEK_S
    while state.clock < until:
        boundary = (state.clock // shortest + 1) * shortest
        steps = -(-(min(boundary, until) - state.clock) // state.step_s)
        _listen(state, steps * state.step_s)
    for ring, held in zip(state.windows, state.rings, strict=True):
        skip(ring, held, since=state.clock - state.step_s - state.origin, last=max(last, 0))


def miss(state: BurstState, until: int) -> None:
    """Advance over whole intervals that nobody listened to: nothing is learned from them."""
    begun, state.clock = state.clock, until
    for ring, held in zip(state.windows, state.rings, strict=True):
        last = max(begun - state.step_s - state.origin, 0)
        skip(ring, held, since=until - state.step_s - state.origin, last=last)
    if begun // HOUR_S == until // HOUR_S:
        return
    if state.hour_s:
        _close_hour(state, begun - 1)
    state.part_counts[:], state.part_s[:] = 0, [0] * len(state.part_s)
    state.long_counts[:], state.long_due[:] = 0, 0.0


def _put_in(
    state: BurstState, heard: NDArray[np.int64], counts: NDArray[np.int64], start: int
) -> None:
    """Add one interval's counts to everything that is still open."""
    since = start - state.origin
    for place, (ring, held) in enumerate(zip(state.windows, state.rings, strict=True)):
        add(ring, held, heard, counts, since=since, last=max(since - state.step_s, 0))
        state.part_counts[:, place][heard] += counts
    state.hour_counts[heard] += counts


def _listen(state: BurstState, seconds: int) -> None:
    """Move the clock by whole intervals and learn from whatever closes."""
    before, after = state.clock, state.clock + seconds
    state.clock = after
    state.hour_s += seconds
    for place, ring in enumerate(state.windows):
        state.part_s[place] += seconds
        if SHORT_S <= ring.window_s < HOUR_S and before // ring.window_s != after // ring.window_s:
            _close_part(state, place, before)
    if before // HOUR_S != after // HOUR_S:
        _close_hour(state, before)
        for place, ring in enumerate(state.windows):
            if ring.window_s > HOUR_S and before // ring.window_s != after // ring.window_s:
                _close_long(state, place)


def _close_part(state: BurstState, place: int, moment: int) -> None:
    hours = state.part_s[place] / HOUR_S
    calm = _calm(state, state.part_s[place])
    due = (
        usual.rate(state.baseline, hour_of_week(moment, state.zone))
        * boost_in(state, moment)
        * hours
    )
    heard = state.part_counts[:, place].astype(np.float64)
    usual.learn_noise(state.baseline, heard, due, calm, window=place, hours=hours)
    state.part_counts[:, place] = 0
    state.part_s[place] = 0
    if place == _hour_column(state.windows):
        state.band = None


def _close_hour(state: BurstState, moment: int) -> None:
    hours, in_week = state.hour_s / HOUR_S, hour_of_week(moment, state.zone)
    stated = stated_in(state, moment)
    due = usual.rate(state.baseline, in_week) * usual.boost(state.baseline, stated) * hours
    heard = state.hour_counts.astype(np.float64)
    column, calm = _hour_column(state.windows), _calm(state, state.hour_s)
    if state.windows[column].window_s == HOUR_S:
        usual.learn_noise(state.baseline, heard, due, calm, window=column, hours=hours)
    usual.learn_hour(
        state.baseline,
        heard,
        calm,
        stated,
        hour_of_week=in_week,
        hours=hours,
        window=column,
    )
    grown = state.baseline.age_h >= usual.GREEN_HOURS
    start = straying.starts(_lengths(state.windows))
    straying.learn_hour(state.tails, grown, start, hours=hours)
    state.long_counts += state.hour_counts[:, None]
    state.long_due += due[:, None]
    state.hour_counts[:] = 0
    state.hour_s = 0
    state.plan = state.band = None


def _close_long(state: BurstState, place: int) -> None:
    heard, due = state.long_counts[:, place].astype(np.float64), state.long_due[:, place]
    hours = state.windows[place].window_s / HOUR_S
    calm = _calm(state, state.windows[place].window_s)
    usual.learn_noise(state.baseline, heard, due, calm, window=place, hours=hours)
    state.long_counts[:, place] = 0
    state.long_due[:, place] = 0.0


def _calm(state: BurstState, seconds: int) -> NDArray[np.bool_]:
    """Tell which series had nothing unusual in the last seconds, shape (N,)."""
    return state.last_above < state.clock - seconds


def _read(
    state: BurstState,
    counts: NDArray[np.int64],
    start: int,
    settings: BurstSettings | Mapping[int, BurstSettings],
) -> Readings:
    n = len(state.series)
    score, expected = np.full(n, NOTHING), np.zeros(n)
    observed, window_s = np.zeros(n, np.int64), np.zeros(n, np.int64)
    above, alarm = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    asked, threshold, minimum = _limits(settings, n)
    if len(asked):  # of many topics few are heard in a minute
        spoke = counts[asked] > 0
        seen, due, heard = _look(state, start, asked, minimum, spoke)
        best = (np.arange(len(asked)), seen.argmax(axis=1))  # of equals, the first in the order
        most = seen[best]
        score[asked], expected[asked], observed[asked] = most, due[best], heard[best]
        window_s[asked] = _looks(state.windows).lengths[best[1]]
        above[asked] = (most >= threshold) & (most > NOTHING) & spoke
        alarm = above & (start - state.last_above > max(CALM_S, state.step_s))
    afresh = (window_s > max(HOUR_S, state.step_s)) & (start - state.last_above < window_s)
    told_until = np.where(afresh, state.last_above + state.step_s, 0)
    _mark_told(state, above, start)
    return Readings(expected, observed, window_s, told_until, score, above, alarm)


@dataclass(slots=True, frozen=True)
class _Looks:
    """How windows are looked through, the one that tells most first; arrays of shape (W,).

    Attributes:
        order: their places.
        lengths: in seconds.  starts: as ``straying`` has them.
        known_from: hours of listening from which each may tell something.
        prices: bans that each pays.
    """

    order: tuple[int, ...]
    lengths: NDArray[np.int64]
    starts: Floats
    known_from: Floats
    prices: Floats


@cache
def _looks(windows: tuple[Ring, ...]) -> _Looks:
    column = _hour_column(windows)
    order = (column, *(place for place in range(len(windows)) if place != column))
    rings = [windows[place] for place in order]
    lengths = _lengths(rings)
    prices = np.array([_price(ring) for ring in rings])
    return _Looks(order, lengths, straying.starts(lengths), _known_from(lengths), prices)


def looks_back_s(state: BurstState, place: int, start: int) -> int:
    """Return the length of the longest window that may tell something of a series; 0 for none.

    Args:
        start: of the interval to read, in Unix seconds; listening goes on until then.
    """
    looks = _looks(state.windows)
    age_h = state.baseline.age_h[place] + (state.hour_s + start - state.clock) / HOUR_S
    return int(looks.lengths[looks.known_from <= age_h].max(initial=0))


def _look(
    state: BurstState,
    start: int,
    asked: NDArray[np.int64],
    fewest: NDArray[np.int64],
    spoke: NDArray[np.bool_],
) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return score, posts due and posts heard in each window, shape (K, W), as ``_looks`` has them.

    Args:
        asked, fewest: the places of K series, and the posts of a window that can ring.
        spoke: heard in this interval; silence is not always read, so it must not teach.
    """
    looks = _looks(state.windows)
    rows, columns = asked[:, None], np.array(looks.order)
    heard = np.stack([state.rings[place][asked].sum(axis=1) for place in looks.order], axis=1)
    due, variance = law(state, looks.order, start, asked)
    heights = np.zeros(heard.shape)
    enough = (heard >= np.minimum(fewest, TEACHES)[:, None]) & (heard > due)
    enough &= state.baseline.age_h[rows] >= looks.known_from
    if enough.any():
        lengths = np.broadcast_to(looks.lengths, heard.shape)[enough]
        bans = surprise(heard[enough], due[enough], variance[enough], lengths)
        strays = variance / due - 1
        strays += usual.noise_doubt(state.baseline, _noise_columns(state, looks.order), rows)
        starts = np.broadcast_to(looks.starts, heard.shape)[enough]
        heights[enough] = straying.height(bans, strays[enough], starts)
    seen = straying.score(state.tails, rows, columns, heights, looks.starts) - looks.prices
    teaches, place = np.nonzero(spoke[:, None] & (heard >= TEACHES) & (heights > 0))
    straying.remember(state.tails, asked[teaches], columns[place], heights[teaches, place])
    rings_at = (heard >= fewest[:, None]) & (heights > 0)
    return np.where(rings_at, np.maximum(seen, NOTHING), NOTHING), due, heard


def _known_from(lengths: NDArray[np.int64]) -> Floats:
    """Return the hours of listening from which windows of some lengths may tell something.

    A day's takes a whole day before it that was not the green hours: until each hour of the day was
    heard, what is due in all of them errs the same way.

    >>> _known_from(np.array([3600, 86_400]))
    array([ 1., 54.])
    """
    day = usual.GREEN_HOURS + 2 * lengths / HOUR_S
    return np.where(lengths > straying.LONG_S, day, KNOWN_H)


def expected_step(state: BurstState) -> Floats:
    """Return the posts due in the interval that starts at the clock, shape (N,)."""
    due = usual.rate(state.baseline, hour_of_week(state.clock, state.zone)) * boost_in(
        state, state.clock
    )
    return due * (state.step_s / HOUR_S)


def _lengths(rings: Sequence[Ring]) -> NDArray[np.int64]:
    return np.array([ring.window_s for ring in rings])


def _price(ring: Ring) -> float:
    return next((price for most, price in PRICES if ring.window_s <= most), PRICES[-1][1])


def law(
    state: BurstState, places: Sequence[int], start: int, asked: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return mean and variance of the counts in some windows that end now, of those asked; 2-D."""
    end = start + state.step_s
    begins = [state.origin + span_start(state.windows[p], start - state.origin) for p in places]
    rates, doubts = _rates(state, end - 1, asked)
    share = overlaps(np.array(begins), end, rates.shape[1])
    # added up hour after hour, so that no series depends on which others are asked
    due = (rates[:, :, None] * share).sum(axis=1)
    unsure = (doubts[:, :, None] * share**2).sum(axis=1)
    rows = asked[:, None]
    doubt = usual.level_doubt(state.baseline, rows)
    a, b = usual.noise(state.baseline, _noise_columns(state, places), rows)
    return due, a * due + b * due**2 + unsure + due**2 * doubt


def _mark_told(state: BurstState, above: NDArray[np.bool_], start: int) -> None:
    """Start long windows afresh where we rang: their posts are told, only more would be news."""
    if not above.any():
        return
    state.last_above[above] = start
    for ring, held in zip(state.windows, state.rings, strict=True):
        if ring.window_s > max(HOUR_S, state.step_s):
            held[above] = 0


def _rates(state: BurstState, moment: int, asked: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the rates of the hour of ``moment`` and the hours before, and their doubts, 2-D.

    Those of all series are computed once an hour, unless so few are asked that it would not pay.
    """
    hour = moment // HOUR_S
    if state.plan is not None and state.plan.hour == hour:
        return state.plan.rates[asked], state.plan.doubts[asked]
    if FEW * len(asked) < len(state.series):
        return _planned_rates(state, moment, asked)
    state.plan = Plan(hour, *_planned_rates(state, moment, usual.ALL))
    return state.plan.rates[asked], state.plan.doubts[asked]


def _planned_rates(
    state: BurstState, moment: int, rows: NDArray[np.int64] | slice
) -> tuple[Floats, Floats]:
    back = range(-(-max(r.slot_s * r.slots for r in state.windows) // HOUR_S) + 2)
    hours = hours_of_week((moment - column * HOUR_S for column in back), state.zone)
    rates, doubts = usual.rates_and_doubts(state.baseline, hours, rows)
    if state.planned:
        for column in back:
            stated = stated_in(state, moment - column * HOUR_S)
            rates[:, column] *= usual.boost(state.baseline, stated)[rows]
            doubts[:, column] += usual.boost_doubt(state.baseline, stated)[rows]
    return rates, rates**2 * doubts


def live_in(state: BurstState, zone: tzinfo) -> None:
    """Read hours on the clock of a zone from now on; what was learned stays where the sun was."""
    if zone != state.zone:
        turn(state.baseline, state.clock, state.zone, zone)
        state.zone, state.plan, state.band = zone, None, None


def _noise_column(state: BurstState, place: int) -> int:
    """Return the place of the window whose noise a window takes."""
    short = state.windows[place].window_s < SHORT_S and place + 1 < len(state.windows)
    return place + 1 if short else place


def _noise_columns(state: BurstState, places: Sequence[int]) -> NDArray[np.int64]:
    return np.array([_noise_column(state, place) for place in places])


def _hour_column(windows: Sequence[Ring]) -> int:
    """Return the place of the window closest to an hour."""
    far = [abs(ring.window_s - HOUR_S) for ring in windows]
    return far.index(min(far))
