"""The numbers behind the severity sheet, versioned so that a sheet can say which ones it used."""

import math
from itertools import pairwise

import msgspec

from quivive.vocabulary.assessments import Axis
from quivive.vocabulary.messages import Message, say


def _axes() -> dict[Axis, float]:
    return {Axis.NATURE: 0.40, Axis.INFLUENCE: 0.25, Axis.EXTENT: 0.35}


def _terms() -> dict[str, float]:
    return {
        "h": 0.40,
        "a": 0.25,
        "p": 0.15,
        "n4": 0.20,
        "i1": 0.45,
        "i2": 0.35,
        "i3": 0.20,
        "e1": 0.25,
        "e2": 0.25,
        "e3": 0.25,
        "e4": 0.10,
        "e5": 0.15,
    }


_LETTERS = {Axis.NATURE: "hapn", Axis.INFLUENCE: "i", Axis.EXTENT: "e"}


class AssessSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Weights, thresholds and clocks; every one is a proposal, none is fitted (R-10).

    Attributes:
        version: cited in each explanation; give a new one whenever a number changes.
        axes: weight of each axis in the score; they sum to 1.
        terms: weight of each indicator inside its axis; they sum to 1 within an axis.
        levels: lowest score of levels 1 to 4.
        prepare: probability of a higher level from which the next level is prepared.
        leave_2, leave_3: scores under which levels 2 and 3 may be left after ``leave_h`` hours;
            ``leave_1_h``: hours of calm before level 1 is left.
        few_authors, small_reach: fewer accounts and a smaller reach make no incident (C1).
        sure: probability from which R counts as above or below 1; growing also takes
            ``growing_posts`` critical posts in the hour.
        arousing: words of high arousal of one's own, beside those in the program.
        recent_min: window of arousal and influence; ``hour_min``: window of the extent.
        unknown: weight as a critical post of one whose tone nobody knows.
        large_relay_ratio, large_relay: an account is a large relay from this many times our
            audience, and at least this many followers.
        national_media: followers from which a press account counts as national.
        fallback_audience: our audience when neither followers nor dwellings are known.
        baseline_floor: least usual critical posts an hour.
        kernel: weight of a post on posts 10, 20 ... 90 minutes later (DR-35).
        prior_shape, prior_rate: Gamma prior of the reproduction number.
        accounts_cap: groups kept, busiest first, when communities are sought.
        draws: random sheets behind the interval.
    """

    version: str = "2026.1"
    axes: dict[Axis, float] = msgspec.field(default_factory=_axes)
    terms: dict[str, float] = msgspec.field(default_factory=_terms)
    levels: tuple[float, float, float, float] = (20.0, 40.0, 60.0, 80.0)
    prepare: float = 0.30
    leave_1_h: float = 24.0
    leave_2: float = 35.0
    leave_3: float = 55.0
    leave_h: float = 6.0
    few_authors: int = 5
    small_reach: float = 0.2
    sure: float = 0.8
    growing_posts: int = 5
    arousing: tuple[str, ...] = ()
    recent_min: int = 120
    hour_min: int = 60
    unknown: float = 0.5
    large_relay_ratio: float = 10.0
    large_relay: int = 10_000
    national_media: int = 100_000
    fallback_audience: int = 1_000
    baseline_floor: float = 0.05
    kernel: tuple[float, ...] = (0.25, 0.22, 0.18, 0.13, 0.09, 0.06, 0.04, 0.02, 0.01)
    prior_shape: float = 1.0
    prior_rate: float = 0.2
    accounts_cap: int = 1_000
    draws: int = 2_000


AXIS_OF = {code: axis for axis in Axis for code in _terms() if code[0] in _LETTERS[axis]}
"""Which axis a term belongs to."""


def fault(settings: AssessSettings) -> Message | None:
    """Say what keeps these numbers from making a sheet; None when they can.

    >>> fault(AssessSettings()) is None
    True
    """
    if set(settings.axes) != set(Axis) or set(settings.terms) != set(AXIS_OF):
        return say("Every axis and every term needs a weight.")
    if any(weight < 0 for weight in (*settings.axes.values(), *settings.terms.values())):
        return say("A weight cannot be below zero.")
    if not math.isclose(sum(settings.axes.values()), 1, abs_tol=1e-6):
        return say("The weights of the three axes must add up to 100 %.")
    for axis in Axis:
        weights = [weight for code, weight in settings.terms.items() if AXIS_OF[code] is axis]
        if not math.isclose(sum(weights), 1, abs_tol=1e-6):
            return say("The weights of the terms of each axis must add up to 100 %.")
    if any(low >= high for low, high in pairwise((0.0, *settings.levels, 100.0))):
        return say("Each level must begin above the one before, between 0 and 100.")
    return None
