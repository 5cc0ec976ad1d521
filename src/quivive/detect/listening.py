"""Time passes: counts go into the windows, and every hour that closes teaches what is usual."""

from datetime import datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from quivive.detect import baseline as usual
from quivive.detect import tails as straying
from quivive.detect.baseline import HOUR_S, Due, Floats
from quivive.detect.burst_state import BurstState
from quivive.detect.law import SHORT_S, hour_column, noise_column
from quivive.detect.planned_hours import boost_in, stated_in
from quivive.detect.surprises import WEEK_S
from quivive.detect.wall_clock import hour_of_week, turn
from quivive.detect.windows import add, lengths, skip

WEEKS_LEARNT = 26
"""Weeks of silence that are learnt one by one; the same silence for longer teaches nothing more."""


def take_in(
    state: BurstState, heard: NDArray[np.int64], counts: NDArray[np.int64], *, at: datetime
) -> None:
    """Take in an interval as ``observe`` does, in place, of which nothing is worth reading.

    Args:
        heard: the places of the few series heard, each once, shape (K,).
        counts: their posts, shape (K,).
    """
    start = come_to(state, at)
    put_in(state, heard, counts, start)
    listen(state, state.step_s)


def come_to(state: BurstState, at: datetime) -> int:
    """Advance to an interval and return when it starts.

    Raises:
        ValueError: when ``at`` is before the state's clock or between two intervals.
    """
    start = int(at.timestamp())
    if start < state.clock or (start - state.clock) % state.step_s:
        message = f"An interval at {at} does not follow {state.clock} in steps of {state.step_s} s."
        raise ValueError(message)
    let_pass(state, start)
    return start


def let_pass(state: BurstState, until: int) -> None:
    """Advance over empty intervals, hour by hour; whole weeks of a very long silence at once.

    One post with a wrong date, years before the others, must not cost minutes.
    """
    if until == state.clock:
        return
    shortest = min(HOUR_S, state.windows[noise_column(state, 0)].window_s)
    last = state.clock - state.step_s - state.origin
    state.clock += max(0, (until - state.clock) // WEEK_S - WEEKS_LEARNT) * WEEK_S
    while state.clock < until:
        boundary = (state.clock // shortest + 1) * shortest
        steps = -(-(min(boundary, until) - state.clock) // state.step_s)
        listen(state, steps * state.step_s)
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
        _close_hour(state, begun - 1, begun)
    usual.fade_lately(state.baseline, until // HOUR_S - begun // HOUR_S)
    state.part_counts[:], state.part_s[:] = 0, [0] * len(state.part_s)
    state.long_counts[:], state.long_due[:] = 0, 0.0


def put_in(
    state: BurstState, heard: NDArray[np.int64], counts: NDArray[np.int64], start: int
) -> None:
    """Add one interval's counts to everything that is still open."""
    since = start - state.origin
    for place, (ring, held) in enumerate(zip(state.windows, state.rings, strict=True)):
        add(ring, held, heard, counts, since=since, last=max(since - state.step_s, 0))
        state.part_counts[:, place][heard] += counts
    state.hour_counts[heard] += counts


def listen(state: BurstState, seconds: int) -> None:
    """Move the clock by whole intervals and learn from whatever closes."""
    before, after = state.clock, state.clock + seconds
    state.clock = after
    state.hour_s += seconds
    for place, ring in enumerate(state.windows):
        state.part_s[place] += seconds
        if SHORT_S <= ring.window_s < HOUR_S and before // ring.window_s != after // ring.window_s:
            _close_part(state, place, before)
    if before // HOUR_S != after // HOUR_S:
        _close_hour(state, before, after)
        for place, ring in enumerate(state.windows):
            if ring.window_s > HOUR_S and before // ring.window_s != after // ring.window_s:
                _close_long(state, place)


def live_in(state: BurstState, zone: tzinfo) -> None:
    """Read hours on the clock of a zone from now on; what was learned stays where the sun was."""
    if zone != state.zone:
        turn(state.baseline, state.clock, state.zone, zone)
        state.zone = zone
        state.plan = state.band = state.due = None


def _close_part(state: BurstState, place: int, moment: int) -> None:
    hours = state.part_s[place] / HOUR_S
    calm = _calm(state, state.part_s[place])
    told = _due(state, moment)
    heard, due = state.part_counts[:, place].astype(np.float64), told.per_hour * hours
    usual.learn_noise(state.baseline, heard, due, calm, told.unsure, window=place, hours=hours)
    state.part_counts[:, place] = 0
    state.part_s[place] = 0
    if place == hour_column(state.windows):
        state.band = None


def _close_hour(state: BurstState, moment: int, ended: int) -> None:
    """Learn from the hour that holds ``moment``, heard until ``ended`` (Unix seconds)."""
    lasted, in_week = state.hour_s / HOUR_S, hour_of_week(moment, state.zone)
    # series that joined within the hour were listened to for less of it
    hours = np.clip(ended - state.since, 0, state.hour_s) / HOUR_S
    told = _due(state, moment)
    heard, due = state.hour_counts.astype(np.float64), told.per_hour * hours
    column, calm = hour_column(state.windows), _calm(state, state.hour_s)
    sure = _sure(state, due, told.unsure)
    if state.windows[column].window_s == HOUR_S:
        usual.learn_noise(
            state.baseline, heard, due, calm, told.unsure, window=column, hours=lasted
        )
    usual.learn_hour(
        state.baseline,
        heard,
        calm,
        stated_in(state, moment),
        hour_of_week=in_week,
        hours=hours,
        window=column,
    )
    grown = state.baseline.age_h >= usual.GREEN_HOURS
    start = straying.starts(lengths(state.windows))
    straying.learn_hour(state.tails, grown, sure, start, hours=lasted)
    state.long_counts += state.hour_counts[:, None]
    state.long_due += due[:, None]
    state.hour_counts[:] = 0
    state.hour_s = 0
    state.plan = state.band = state.due = None


def _close_long(state: BurstState, place: int) -> None:
    heard, due = state.long_counts[:, place].astype(np.float64), state.long_due[:, place]
    hours = state.windows[place].window_s / HOUR_S
    calm = _calm(state, state.windows[place].window_s)
    unsure = _due(state, state.clock - 1).unsure
    usual.learn_noise(state.baseline, heard, due, calm, unsure, window=place, hours=hours)
    state.long_counts[:, place] = 0
    state.long_due[:, place] = 0.0


def _due(state: BurstState, moment: int) -> Due:
    """Return what is due in the hour of a moment; only its close teaches anything of that."""
    hour = moment // HOUR_S
    if state.due is None or state.due.hour != hour:
        in_week = hour_of_week(moment, state.zone)
        per_hour = usual.rate(state.baseline, in_week) * boost_in(state, moment)
        unsure = usual.level_doubt(state.baseline) + usual.doubt(state.baseline, in_week)
        state.due = Due(hour, per_hour, unsure)
    return state.due


def _sure(state: BurstState, due: Floats, unsure: Floats) -> Floats:
    """Return the share of an hour's variance that is noise, not doubt on what was due; (N,)."""
    near, wide = usual.noise(state.baseline, hour_column(state.windows))
    noise = near + wide * due  # variance over mean
    return np.asarray(noise / (noise + unsure * due))


def _calm(state: BurstState, seconds: int) -> NDArray[np.bool_]:
    """Tell which series had nothing unusual in the last seconds, shape (N,)."""
    return state.last_above < state.clock - seconds
