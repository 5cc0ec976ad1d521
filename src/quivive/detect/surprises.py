"""How rare a count is under the law of its series: negative binomial, in bans."""

import numpy as np
from numpy.typing import NDArray

from quivive.vocabulary.chance import special

Floats = NDArray[np.float64]

WEEK_S = 604_800
LOOKS_A_WINDOW = 1.0
"""A window that slides gives about this many independent looks per length (``bench/bursts.py``)."""


def surprise(
    counts: NDArray[np.int64], mean: Floats, variance: Floats, window_s: NDArray[np.int64]
) -> Floats:
    """Return ``-log10`` of how often a week the law alone would show such a count, in bans."""
    looks = LOOKS_A_WINDOW * WEEK_S / window_s
    return np.asarray(tail(counts, mean, variance) - np.log10(looks))


def tail(counts: NDArray[np.int64], mean: Floats, variance: Floats) -> Floats:
    """Return ``-log10 P(X >= count)`` under a negative binomial law, in bans, same shape.

    Args:
        counts: at least 1.
        mean, variance: of the law; a variance under the mean counts as the mean (Poisson).

    >>> tail(np.array([4, 4]), np.array([1.0, 1.0]), np.array([1.0, 3.0])).round(1)
    array([1.7, 1.1])
    """
    shape = mean**2 / np.maximum(variance - mean, 1e-6 * mean)
    chance = special().betainc(counts.astype(np.float64), shape, mean / (mean + shape))
    return np.asarray(-np.log10(np.maximum(chance, 1e-300)))
