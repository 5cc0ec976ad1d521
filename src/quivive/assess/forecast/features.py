"""What the first reposts of a post tell about those to come, as numbers a forest can split on.

The point-process part is SEISMIC (Zhao et al., KDD 2015): how infectious the post was over all
its life and lately, and how many reposts the followers reached so far still owe.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FRACTIONS = (0.875, 0.75, 0.5, 0.25, 0.125, 0.0625, 0.03125)
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
RECENT_S = (600.0, 1800.0, 3600.0)
SLICES = 12
TIMES = 2 + len(FRACTIONS) + len(SHARES) + 2 * len(RECENT_S) + 2
"""Features that need no follower counts; they come first."""
ALL = TIMES + 8

_QUIET_S = 300.0
"""A reader reacts at a constant rate for five minutes, then ever more slowly."""
_LEVEL = 6.27e-4
_DECAY = 0.242
_WINDOW_S = (300.0, 7200.0)
_FOREVER = 1e12
_TINY = 1e-8


def reacted(age_s: Floats) -> Floats:
    """Share of a post's readers who react within ``age_s`` seconds (SEISMIC's memory kernel).

    >>> reacted(np.array([0.0, 300.0, 1e12])).round(2)
    array([0.  , 0.19, 0.96])
    """
    age = np.maximum(age_s, 0.0)
    late = np.maximum(age, _QUIET_S) / _QUIET_S
    tail = _LEVEL * _QUIET_S / _DECAY * (1 - late**-_DECAY)
    return np.asarray(_LEVEL * np.minimum(age, _QUIET_S) + tail)


def describe(times_s: Floats, followers: Floats | None, at_s: float) -> Floats:
    """Describe a cascade by what was seen until ``at_s``.

    Args:
        times_s: seconds of each repost since the post, sorted, none after ``at_s``.
        followers: of the post's author, then of each reposter, one longer than ``times_s``;
            None when nobody knows them.
        at_s: age of the post, above 0.

    Returns:
        shape ``(ALL,)``; only ``(TIMES,)`` without followers.
    """
    timed = _timing(times_s, at_s)
    if followers is None:
        return timed
    return np.concatenate([timed, _reaching(times_s, followers, at_s)])


def _timing(times: Floats, at: float) -> Floats:
    seen = len(times)

    def until(moments: Floats) -> Floats:
        return np.searchsorted(times, moments, side="right").astype(float)

    def pace(first: Floats, last: Floats) -> Floats:
        posts = until(last) - until(first)
        return np.asarray(np.log((posts + 0.5) / np.maximum(last - first, 1e-3)))

    early = np.log((until(np.array(FRACTIONS) * at) + 0.5) / (seen + 1))
    marks = np.quantile(times, SHARES) if seen else np.full(len(SHARES), at)
    window = np.minimum(np.array(RECENT_S), at / 2)
    end, half = np.full(len(window), at), window
    lately = pace(end - half, end)
    slices = np.diff(until(np.linspace(0, at, SLICES + 1)))
    halves = until(np.array([0.25, 0.5, 1.0]) * at)
    return np.concatenate(
        [
            [np.log(at), np.log(seen + 1)],
            early,
            np.log((marks + 1) / at),
            lately - np.log((seen + 0.5) / at),
            lately - pace(end - 2 * half, end - half),
            [np.log((slices[-1] + 0.5) / (slices.max() + 0.5))],
            [np.log((halves[2] - halves[1] + 0.5) / (halves[1] - halves[0] + 0.5))],
        ]
    )


def _reaching(times: Floats, followers: Floats, at: float) -> Floats:
    seen = len(times)
    ages = at - np.concatenate([[0.0], times])
    window = min(max(at / 2, _WINDOW_S[0]), _WINDOW_S[1])
    done = reacted(ages)
    everything = _infectiousness(float(seen), float(followers @ done))
    recent = np.searchsorted(times, at - window, side="right")
    newly = float(followers @ (done - reacted(ages - window)))
    lately = _infectiousness(seen - recent + 0.5, newly)
    owed = lately * float(followers @ (reacted(np.array([_FOREVER])) - done))
    passed_on = followers[1:]
    return np.array(
        [
            np.log(followers[0] + 1),
            np.log(passed_on.sum() + 1),
            np.log(passed_on + 1).mean() if seen else 0.0,
            np.log(passed_on.max() + 1) if seen else 0.0,
            np.log((seen + 1) / (followers.sum() + 1)),
            np.log(everything + _TINY),
            np.log(lately + _TINY),
            np.log(owed + 1) - np.log(seen + 1),
        ]
    )


def _infectiousness(reposts: float, readings: float) -> float:
    """Reposts brought about by one follower who reads."""
    return reposts / max(readings, 1e-9)
