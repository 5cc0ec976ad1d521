"""Hours in which people foresee more than usual: which series have some now, and how much more."""

import numpy as np
from numpy.typing import NDArray

from quivive.detect import baseline as usual
from quivive.detect.baseline import HOUR_S, Floats
from quivive.detect.burst_state import BurstState, Planned


def foresee(state: BurstState, planned: Planned) -> None:
    """Say in which hours more is due than usual, in place of what was said before."""
    if planned != state.planned:
        state.planned = planned
        state.plan = state.band = state.due = None


def foreseen(state: BurstState, seconds: int) -> NDArray[np.bool_]:
    """Tell which series had a planned hour in the last seconds, shape (N,)."""
    found = np.zeros(len(state.series), np.bool_)
    for place, spans in state.planned.items():
        found[place] = any(s.begin < state.clock and s.end > state.clock - seconds for s in spans)
    return found


def stated_in(state: BurstState, moment: int) -> Floats:
    """Return how many times the usual people foresee in the hour of ``moment``; 0: no peak."""
    times, hour = np.zeros(len(state.series)), moment // HOUR_S * HOUR_S
    for place, spans in state.planned.items():
        for span in spans:
            if span.begin < hour + HOUR_S and hour < span.end:
                times[place] = max(times[place], span.times)
    return times


def boost_in(state: BurstState, moment: int) -> Floats:
    """Return how many times the usual is due in the hour of ``moment``, shape (N,)."""
    return usual.boost(state.baseline, stated_in(state, moment))
