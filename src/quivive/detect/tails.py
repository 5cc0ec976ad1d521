"""How far a series strays without reason: its own past peaks correct the law of its counts.

The negative binomial law of ``bursts`` is right in its middle and too light far out: busy streams
drift, echo and leap. Each window length of each series therefore remembers its peaks: runs of a
surprise ``s`` (in bans) over ``start``. With ``y = trust * ln(1 + (s - start) / trust)``::

    false alarms a week = often * exp(-y / reach) * 10 ** (NEW / (1 + weeks) ** 2)
    often = (PRIOR_WEEKS * 10 ** -start + peaks) / (PRIOR_WEEKS + weeks)
    reach = (PRIOR_PEAKS * prior + sum of sure * y at the peaks) / (PRIOR_PEAKS + sum of sure)
    prior = PRIOR_REACH + NEW_REACH / (1 + weeks) ** 2

Peaks over a threshold with a generalised Pareto law (Davison and Smith 1990) of fixed shape, scale
and frequency learned online and shrunk to what series of the simulation show on the scale of the
negative binomial law. A peak that may be news is cut, and told as such: of a cut peak only the
height is added up, for what was cut would have gone on (the likelihood of censored heights).
How high a peak was says little while nobody knows what was due: ``sure`` is the share of the
variance that is noise rather than such doubt.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
ALL = slice(None)

FROM, LONG_FROM = -0.5, 0.0
"""Bans from which a run is a peak: the law itself makes three of them a week, or one in windows of
more than ``LONG_S``, for half of all days would be a peak else, and such a peak is no tail."""
LONG_S = 10_800
PRIOR_WEEKS = 1.0
PRIOR_PEAKS = 5.0
PRIOR_REACH, NEW_REACH = 0.72 / np.log(10), 0.28 / np.log(10)
"""By the law itself a ban further is ten times rarer, and a new series is held to that. But the law
takes its own doubts for noise: once they are gone, peaks of simulated series reach less far."""
LEAST_STRAYING = 0.02
"""So that the law of counts is never trusted without end."""
APART_H = 6
"""Hours under the start that end a run."""
KEEPS_H = 2.0 ** (-1 / (8 * 168))
"""Half-life of eight weeks."""
NEW, LONG_NEW = 0.3, 0.7
"""Price, in bans, of a series whose own peaks have not taught anything yet; in windows of more than
``LONG_S`` more, for a second day that is busier than the first is no news."""
RANG = 1.3
"""A peak that is due once in twenty weeks is cut there: it is likely to be news, and news must not
teach that news is usual."""
HOURS_A_WEEK = 168
NOTHING = -2.0
"""The score where nothing is unusual."""


@dataclass(slots=True)
class Tails:
    """What the peaks taught: one row a series (N), one column a window length (W).

    Attributes:
        peaks, reached: number of closed runs that were not cut, and sum of the heights of all runs,
            each as sure as it was, faded, shape (N, W).
        sure: how sure the heights of the closed runs that were not cut were, added up, faded,
            shape (N, W).
        weeks: listened to, faded, shape (N,).
        highest: height of the run that is open, 0 without one, shape (N, W).
        in_hour: the same within the open hour, shape (N, W).
        calm_h: hours since the run was last over the start, shape (N, W).
    """

    peaks: Floats
    reached: Floats
    sure: Floats
    weeks: Floats
    highest: Floats
    in_hour: Floats
    calm_h: Floats


def fresh(n: int, windows: int) -> Tails:
    """Return the tails of ``n`` series that have shown no peak yet."""
    peaks, reached, sure, *run = (np.zeros((n, windows), order="F") for _ in range(6))
    return Tails(peaks, reached, sure, np.zeros(n), *run)


def starts(windows_s: Places) -> Floats:
    """Return the bans from which a run is a peak, for each window length."""
    return np.where(windows_s > LONG_S, LONG_FROM, FROM)


def height(bans: Floats, strays: Floats, start: Floats) -> Floats:
    """Return how far over its start a surprise is, on a scale where tails are exponential.

    The law is trusted far out where counts vary as chance has it; where they vary more, what
    strays is the world, and its leaps follow a power law.

    Args:
        bans: the surprise.
        strays: variance over mean of the count, less one; 0 is chance alone.
        start: of its window length.

    >>> height(np.array([-1.0, 2.5, 2.5]), np.array([1.0, 0.02, 1000.0]), np.array(-0.5)).round(2)
    array([0.  , 2.92, 1.39])
    """
    beyond = np.maximum(bans - start, 0.0)
    trust = 1.0 + 1.0 / np.maximum(strays, LEAST_STRAYING)
    return np.asarray(trust * np.log1p(beyond / trust))


def score(
    tails: Tails, rows: Places, window: Places | int, heights: Floats, start: Floats
) -> Floats:
    """Return ``-log10`` of the weekly false alarms that ringing at these heights would cost.

    Args:
        rows, window: which series and which window lengths the heights are of, by place;
            together of the shape of ``heights``, or broadcast to it, as is ``start``.
    """
    often, reach = _often(tails, rows, window, start), _reach(tails, rows, window)
    doubted = np.where(start > FROM, LONG_NEW, NEW) / (1.0 + tails.weeks[rows]) ** 2
    told = heights / (reach * np.log(10)) - np.log10(often) - doubted
    return np.where(heights > 0, np.maximum(told, NOTHING), NOTHING)


def remember(tails: Tails, rows: Places, window: Places | int, heights: Floats) -> None:
    """Note the heights of one interval, in place; arguments as those of ``score``."""
    tails.in_hour[rows, window] = np.maximum(tails.in_hour[rows, window], heights)


def learn_hour(
    tails: Tails, grown: NDArray[np.bool_], sure: Floats, start: Floats, *, hours: float
) -> None:
    """Close one hour, in place: runs that ended teach, runs that go on grow.

    Args:
        grown: series old enough for their peaks to mean something, shape (N,).
        sure: share of the variance of the hour's count that is noise and no doubt, shape (N,).
        start: of each window length, shape (W,).
        hours: how long it was listened to, up to 1.
    """
    for window in range(tails.peaks.shape[1]):
        often = _often(tails, ALL, window, start[window])
        reach = _reach(tails, ALL, window)
        rings_at = np.log(10) * reach * (RANG + np.log10(often))
        ended = (tails.calm_h[:, window] >= APART_H) & (tails.highest[:, window] > 0)
        cut_at = np.maximum(rings_at, reach)
        most = np.minimum(tails.highest[:, window], cut_at)
        whole = ended & (tails.highest[:, window] <= cut_at)
        keeps = KEEPS_H**hours
        tails.peaks[:, window] = keeps * tails.peaks[:, window] + whole
        tails.reached[:, window] = keeps * tails.reached[:, window] + sure * ended * most
        tails.sure[:, window] = keeps * tails.sure[:, window] + sure * whole
        tails.highest[ended, window] = 0.0
    over = tails.in_hour > 0
    open_now = np.maximum(tails.highest, tails.in_hour)
    tails.highest[:] = np.where(grown[:, None], open_now, 0.0)  # a level nobody knows is no leap
    tails.calm_h[:] = np.where(over, 0.0, tails.calm_h + hours)
    tails.weeks[:] = KEEPS_H**hours * tails.weeks + grown * hours / HOURS_A_WEEK
    tails.in_hour[:] = 0.0


def _often(tails: Tails, rows: Places | slice, window: Places | int, start: Floats) -> Floats:
    law = PRIOR_WEEKS * 10.0**-start
    return np.asarray((law + tails.peaks[rows, window]) / (PRIOR_WEEKS + tails.weeks[rows]))


def _reach(tails: Tails, rows: Places | slice, window: Places | int) -> Floats:
    prior = PRIOR_REACH + NEW_REACH / (1.0 + tails.weeks[rows]) ** 2
    learned = PRIOR_PEAKS * prior + tails.reached[rows, window]
    return np.asarray(learned / (PRIOR_PEAKS + tails.sure[rows, window]))
