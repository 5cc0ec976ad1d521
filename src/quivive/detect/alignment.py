"""Series come, go and are learned anew, while all others keep what they learned."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from quivive.detect.burst_state import BurstState, arrays_of, empty
from quivive.detect.listening import let_pass, live_in

DAY_S = 86_400
"""Every window's slots come round in a day."""


def align(
    state: BurstState,
    series: Sequence[str],
    clusters: Sequence[float] | None = None,
    guesses: Sequence[float] | None = None,
) -> BurstState:
    """Add, drop and reorder series; those that stay keep all they learned."""
    if tuple(series) == state.series:
        return state
    start = datetime.fromtimestamp(state.origin, UTC)
    windows_s = tuple(ring.window_s for ring in state.windows)
    new = empty(
        series,
        step_s=state.step_s,
        start=start,
        windows_s=windows_s,
        clusters=clusters,
        guesses=guesses,
    )
    new.clock, new.hour_s, new.part_s, new.zone = (
        state.clock,
        state.hour_s,
        state.part_s,
        state.zone,
    )
    new.since[:] = state.clock
    where = {name: place for place, name in enumerate(state.series)}
    places = np.array([where.get(name, -1) for name in series], np.int64)
    known = places >= 0
    for old_array, new_array in zip(arrays_of(state), arrays_of(new), strict=True):
        new_array[known] = old_array[places[known]]
    return new


def graft(state: BurstState, anew: BurstState) -> BurstState:
    """Replace the series that were learned anew; all others keep all they learned.

    Args:
        state: consumed.
        anew: consumed; some series of ``state``, of the same intervals and windows.

    Raises:
        ValueError: when the two were not started whole days apart, so that their windows differ.
    """
    if (state.origin - anew.origin) % DAY_S:
        message = f"Series begun at {anew.origin} do not fit those begun at {state.origin}."
        raise ValueError(message)
    until = max(state.clock, anew.clock)
    let_pass(state, until)
    let_pass(anew, until)
    live_in(anew, state.zone)
    where = {name: place for place, name in enumerate(state.series)}
    places = np.array([where[name] for name in anew.series], np.int64)
    for old_array, new_array in zip(arrays_of(state), arrays_of(anew), strict=True):
        old_array[places] = new_array
    state.plan = state.band = state.due = None
    return state
