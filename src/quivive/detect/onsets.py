"""When did it begin? The post from which a steady usual rate no longer explains what came."""

import numpy as np
from numpy.typing import NDArray

from quivive.vocabulary.chance import special

HORIZON_S = 86_400.0
"""How far back a beginning is looked for."""
RUN_S = 1_800.0
"""Prior on the pace of a burst, as one post per this many seconds: slow enough to bind nobody."""
LOW, HIGH = 0.1, 0.9


def estimate_onset(
    times: NDArray[np.float64], *, expected_per_s: float, now: float
) -> tuple[float, float, float]:
    """Find the first post of a run by the likelihood of each possible first post.

    Before the onset posts come at the usual rate; from the onset on at an unknown higher one,
    which is integrated out under an exponential prior. Every post of the horizon is a candidate.

    Args:
        times: when voices were heard, seconds, any order; at least one at or before ``now``.
        expected_per_s: usual voices per second.
        now: seconds; later times are ignored.

    Returns:
        Most likely onset, and the bounds of its 80 % interval, seconds; each is a post's time.

    >>> minutes = np.array([0, 400, 700, 703, 705, 706, 708])
    >>> [t / 60 for t in estimate_onset(minutes * 60.0, expected_per_s=1 / 36000, now=708 * 60)]
    [700.0, 700.0, 700.0]
    """
    heard = np.sort(times[(times <= now) & (times > now - HORIZON_S)])
    usual = max(expected_per_s, 1e-7)
    begun = heard - max(now - HORIZON_S, 0.0)
    before = np.arange(len(heard))
    after = len(heard) - before
    lasted = now - heard
    prior_s = min(RUN_S, 1 / (2 * usual))
    quiet = before * np.log(usual) - usual * begun
    busy = special().gammaln(1 + after) + np.log(prior_s) - (1 + after) * np.log(prior_s + lasted)
    weight = np.exp(quiet + busy - (quiet + busy).max())
    reached = np.cumsum(weight) / weight.sum()
    best = int(np.argmax(weight))
    low = min(best, int(np.searchsorted(reached, LOW)))
    high = max(best, int(np.searchsorted(reached, HIGH)))
    return float(heard[best]), float(heard[low]), float(heard[high])
