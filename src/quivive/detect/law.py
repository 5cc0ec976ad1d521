"""What is due in each window now, and how far counts may fall from it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quivive.detect import baseline as usual
from quivive.detect.baseline import HOUR_S, Band, Floats, Plan
from quivive.detect.burst_state import BurstState
from quivive.detect.planned_hours import boost_in, stated_in
from quivive.detect.wall_clock import hour_of_week, hours_of_week
from quivive.detect.windows import Ring, overlaps, span_start

NORMAL_99 = 2.33
SHORT_S = 900
"""A window under a quarter of an hour takes the noise of the next longer one."""
FEW = 50
"""So many times more series than are asked make it cheaper to read what is usual of these alone."""


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
    a, b = usual.noise(state.baseline, noise_columns(state, places), rows)
    return due, a * due + b * due**2 + unsure + due**2 * doubt


def pace(
    state: BurstState, places: Sequence[int], end: int, asked: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return mean and variance of the counts in some windows, told by what came before them alone.

    A gamma law of the pace from a vague prior, for series younger than the longest window; 2-D.
    Where nothing was listened to before a window, its mean is infinite.
    """
    held = [state.rings[place][asked].sum(axis=1) for place in range(len(state.windows))]
    everything = np.max(held, axis=0)[:, None]
    seconds = np.array([state.windows[place].window_s for place in places])
    posts = usual.VAGUE_SHAPE + everything - np.stack([held[place] for place in places], axis=1)
    before_s = np.maximum(end - state.since[asked][:, None] - seconds, 0)
    due = np.divide(posts * seconds, before_s, out=np.full(posts.shape, np.inf), where=before_s > 0)
    a, b = usual.noise(state.baseline, noise_columns(state, places), asked[:, None])
    return due, a * due + b * due**2 + due**2 / posts


def noise_columns(state: BurstState, places: Sequence[int]) -> NDArray[np.int64]:
    """Return the places of the windows whose noise some windows take."""
    return np.array([noise_column(state, place) for place in places])


def noise_column(state: BurstState, place: int) -> int:
    """Return the place of the window whose noise a window takes."""
    short = state.windows[place].window_s < SHORT_S and place + 1 < len(state.windows)
    return place + 1 if short else place


def hour_column(windows: Sequence[Ring]) -> int:
    """Return the place of the window closest to an hour."""
    far = [abs(ring.window_s - HOUR_S) for ring in windows]
    return far.index(min(far))


def expected_step(state: BurstState) -> Floats:
    """Return the posts due in the interval that starts at the clock, shape (N,)."""
    due = usual.rate(state.baseline, hour_of_week(state.clock, state.zone)) * boost_in(
        state, state.clock
    )
    return due * (state.step_s / HOUR_S)


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
    a, b = usual.noise(state.baseline, hour_column(state.windows))
    return Band(hour, mean, mean + NORMAL_99 * np.sqrt(a * mean + b * mean**2) + 0.5)


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
