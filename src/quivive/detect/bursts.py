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
from datetime import datetime
from functools import cache
from math import log10

import msgspec
import numpy as np
from numpy.typing import NDArray

from quivive.detect import baseline as usual
from quivive.detect import tails as straying
from quivive.detect.baseline import HOUR_S, Floats
from quivive.detect.burst_state import BurstState
from quivive.detect.law import hour_column, law, noise_columns, pace
from quivive.detect.listening import come_to, listen, put_in
from quivive.detect.surprises import surprise, tail
from quivive.detect.tails import NOTHING
from quivive.detect.windows import Ring, lengths

PRICES = ((300, 0.67), (900, 0.57), (10_800, 0.47), (86_400, 0.37))
"""Bans that windows up to a length pay, in seconds: all share what people accept. Short ones have
most neighbours that ring for the same; a day's pays least, for slow storms show nowhere else."""
CALM_S = 6 * HOUR_S
"""After so long without anything unusual, the next unusual moment rings anew."""


class BurstSettings(msgspec.Struct, frozen=True):
    """How easily a series rings.

    Attributes:
        false_alarms_per_week: how many people accept.
        minimum: fewest posts of a window that can ring.
    """

    false_alarms_per_week: float = 0.1
    minimum: int = 4


FASTER = 2.0
"""Bans: a pace that one window in a hundred reaches by chance is not yet a faster one."""
TEACHES = 4
"""Fewest posts of a window that count as a peak, whatever may ring."""


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
    start = come_to(state, at)
    heard = np.flatnonzero(counts)
    put_in(state, heard, counts[heard], start)
    readings = _read(state, counts, start, settings)
    listen(state, state.step_s)
    return state, readings


def is_new(state: BurstState) -> NDArray[np.bool_]:
    """Tell which series were listened to for so short that what is usual is a guess, shape (N,)."""
    return state.baseline.age_h < usual.GREEN_HOURS


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
    column = hour_column(windows)
    order = (column, *(place for place in range(len(windows)) if place != column))
    rings = [windows[place] for place in order]
    long = lengths(rings)
    prices = np.array([_price(ring) for ring in rings])
    return _Looks(order, long, straying.starts(long), _known_from(long), prices)


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
        long = np.broadcast_to(looks.lengths, heard.shape)[enough]
        bans = surprise(heard[enough], due[enough], variance[enough], long)
        strays = variance / due - 1
        strays += usual.noise_doubt(state.baseline, noise_columns(state, looks.order), rows)
        starts = np.broadcast_to(looks.starts, heard.shape)[enough]
        heights[enough] = straying.height(bans, strays[enough], starts)
    seen = straying.score(state.tails, rows, columns, heights, looks.starts) - looks.prices
    teaches, place = np.nonzero(spoke[:, None] & (heard >= TEACHES) & (heights > 0))
    straying.remember(state.tails, asked[teaches], columns[place], heights[teaches, place])
    rings_at = (heard >= fewest[:, None]) & (heights > 0)
    young = np.flatnonzero(is_new(state)[asked] & rings_at.any(axis=1))
    if len(young):
        rings_at[young] &= _outpaces(state, looks.order, start, asked[young], heard[young])
    return np.where(rings_at, np.maximum(seen, NOTHING), NOTHING), due, heard


def _outpaces(
    state: BurstState,
    order: Sequence[int],
    start: int,
    asked: NDArray[np.int64],
    heard: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Tell in which windows more was heard than the pace before them explains, shape (K, W).

    Of a series this young a guess says what is usual: a topic that is merely busy breaks it, too.
    """
    due, variance = pace(state, order, start + state.step_s, asked)
    known = (heard > due) & np.isfinite(due)
    faster = np.zeros(heard.shape, np.bool_)
    faster[known] = tail(heard[known], due[known], variance[known]) >= FASTER
    return faster


def _known_from(long: NDArray[np.int64]) -> Floats:
    """Return the hours of listening from which windows of some lengths may tell something.

    A day's takes a whole day before it that was not the green hours: until each hour of the day was
    heard, what is due in all of them errs the same way.

    >>> _known_from(np.array([3600, 86_400]))
    array([ 1., 54.])
    """
    day = usual.GREEN_HOURS + 2 * long / HOUR_S
    return np.where(long > straying.LONG_S, day, usual.KNOWN_H)


def _price(ring: Ring) -> float:
    return next((price for most, price in PRICES if ring.window_s <= most), PRICES[-1][1])


def _mark_told(state: BurstState, above: NDArray[np.bool_], start: int) -> None:
    """Start long windows afresh where we rang: their posts are told, only more would be news."""
    if not above.any():
        return
    state.last_above[above] = start
    for ring, held in zip(state.windows, state.rings, strict=True):
        if ring.window_s > max(HOUR_S, state.step_s):
            held[above] = 0
