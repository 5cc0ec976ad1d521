"""How many critical posts one critical post brings about, and where that leads (DR-35).

Method of Cori et al. with a fixed kernel, shaped by the 80-minute half-life of a post.
"""

import math

import msgspec
import numpy as np

from quivive.assess.heard import Picture
from quivive.assess.settings import AssessSettings
from quivive.vocabulary.chance import special

BIN_MIN = 10
_BINS = 6
_EARLY_POSTS = 10
_FEWEST = 3.0
_ABOUT_ONE = (0.8, 1.25)
_SILENT_MIN = 30
"""After so long without a critical post nothing grows, whatever the hour behind says."""


class Reproduction(msgspec.Struct, frozen=True, kw_only=True):
    """The posterior of R over the last hour.

    Attributes:
        value, sd, low, high: of the Gamma posterior; it lies between the last two 8 times in 10.
        growth: probability that R is above 1.  posts: critical posts in the last hour.
        told: False when there are so few posts that the prior speaks more than they do.
        early: fewer than ten critical posts since onset: the figure is likely too high.
        trend: growing, receding, stable or unclear.
    """

    value: float
    sd: float
    low: float
    high: float
    growth: float
    posts: float
    told: bool
    early: bool
    trend: str


def reproduction(picture: Picture, settings: AssessSettings) -> Reproduction:
    """Estimate R now, and the trend from this window and the one ten minutes earlier."""
    now = _window(picture, settings, bins_ago=0)
    before = _window(picture, settings, bins_ago=1)
    shape, rate, posts, brought = now
    return Reproduction(
        value=shape / rate,
        sd=math.sqrt(shape) / rate,
        low=float(special().gammaincinv(shape, 0.1)) / rate,
        high=float(special().gammaincinv(shape, 0.9)) / rate,
        growth=_above(now, 1.0),
        posts=posts,
        told=posts + brought >= _FEWEST,
        early=sum(v.weight for v in picture.voices) < _EARLY_POSTS,
        trend=_trend(now, before, settings, silent=not picture.critical(_SILENT_MIN)),
    )


_Window = tuple[float, float, float, float]
"""Gamma shape, Gamma rate, critical posts in the hour, posts that could have caused them."""


def _window(picture: Picture, settings: AssessSettings, *, bins_ago: int) -> _Window:
    """Gather the six bins that end ``bins_ago`` bins before now."""
    reach = len(settings.kernel)
    counts = _counts(picture, _BINS + reach + bins_ago)[bins_ago:]
    kernel = np.array(settings.kernel)
    posts = float(counts[:_BINS].sum())
    brought = sum(float(kernel @ counts[s + 1 : s + 1 + reach]) for s in range(_BINS))
    return settings.prior_shape + posts, settings.prior_rate + brought, posts, brought


def _counts(picture: Picture, bins: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Critical posts in each ten minutes, latest first, shape ``(bins,)``."""
    counts = np.zeros(bins)
    for voice in picture.voices:
        ago = (picture.now - voice.post.published).total_seconds()
        place = int(ago // (60 * BIN_MIN))
        if place < bins:
            counts[place] += voice.weight
    return counts


def _above(window: _Window, bound: float) -> float:
    """P(R > bound) under the Gamma posterior of the window."""
    shape, rate, _, _ = window
    return float(special().gammaincc(shape, rate * bound))


def _trend(now: _Window, before: _Window, settings: AssessSettings, *, silent: bool) -> str:
    _, _, posts, brought = now
    if posts == 0 and brought == 0:
        return "stable"
    if posts >= settings.growing_posts and _above(now, 1.0) >= settings.sure:
        return "unclear" if silent else "growing"
    if 1 - _above(now, 1.0) >= settings.sure and 1 - _above(before, 1.0) >= settings.sure:
        return "receding"
    low, high = _ABOUT_ONE
    return "stable" if _above(now, low) - _above(now, high) >= settings.sure else "unclear"
