"""How past forecasts did, once what they foresaw has come."""

from collections.abc import Sequence

import msgspec
import numpy as np

PROMISED = 0.8
"""Share of outcomes that the range from p10 to p90 should hold."""


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """What became of some forecasts.

    Attributes:
        made: how many have come due.
        held: share whose outcome lay in the range; ``PROMISED`` is what was promised.
        error: median of the absolute error over the outcome; .25 means a quarter off.
        below, above: shares whose outcome was under, or over, the range.
    """

    made: int
    held: float
    error: float
    below: float
    above: float


def score(forecasts: Sequence[tuple[float, float, float, float]]) -> Score | None:
    """Score forecasts, each as ``(p10, p50, p90, outcome)``; None when there are none."""
    if not forecasts:
        return None
    p10, p50, p90, came = np.array(forecasts, float).T
    below, above = came < np.floor(p10), came > np.ceil(p90)  # a count lies on whole numbers
    return Score(
        made=len(forecasts),
        held=float(1 - below.mean() - above.mean()),
        error=float(np.median([error_of(*pair) for pair in zip(p50, came, strict=True)])),
        below=float(below.mean()),
        above=float(above.mean()),
    )


def error_of(foreseen: float, came: float) -> float:
    """Return the absolute error over the outcome, which counts as one post at least.

    >>> error_of(80, 100)
    0.2
    """
    return abs(foreseen - came) / max(came, 1.0)
