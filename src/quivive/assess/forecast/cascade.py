"""How many reposts a post will have in the end, seen at any age."""

import math
from dataclasses import dataclass

import msgspec
import numpy as np

from quivive.assess.forecast.features import Floats, describe
from quivive.assess.forecast.forest import Blend, Forest, Reach

YOUNGEST_S = 60.0
OLDEST_S = 6 * 86_400.0
"""Ages the trees have seen; a post younger or older is described at the nearest."""
HORIZON_S = 7 * 86_400.0
"""What "in the end" means: a week after the post."""
_NEAR = 4.0
"""A post this many times smaller than those of the big collection is forecast as a small one."""
_WIDER = 0.35
"""Added to the spread for each e-fold beyond what was ever trained on."""


class Sizes(msgspec.Struct, frozen=True, kw_only=True):
    """A predictive distribution, by three of its quantiles."""

    p10: float
    p50: float
    p90: float


class CascadeForecast(msgspec.Struct, frozen=True, kw_only=True):
    """The final size of one cascade, as foreseen at one age.

    Attributes:
        at_s: age of the post in seconds.  observed: reposts until then, the post not included.
        final: reposts a week after the post; those counted, once the week is over.
        followers_known: whether reach could be used.
        extrapolated: whether the post is outside what was learnt from; its range is wider.
    """

    at_s: float
    observed: int
    final: Sizes
    followers_known: bool
    extrapolated: bool


@dataclass(frozen=True, slots=True)
class Expert:
    """What was learnt for one case, and the reach of its quantiles."""

    learnt: Forest | Blend
    reach: Reach


@dataclass(frozen=True, slots=True)
class CascadeModel:
    """What was learnt of cascades.

    Attributes:
        reaching: for large cascades with followers.  timing: for large ones without.
        small: for small ones, learnt from large ones thinned by chance; ignores followers.
        ages: log ages at which ``low`` and ``high`` are given.
        low, high: log reposts of the smaller (10 %) and the largest cascade at that age.
    """

    reaching: Expert
    timing: Expert
    small: Expert
    ages: Floats
    low: Floats
    high: Floats


def forecast_cascade(
    model: CascadeModel, times_s: Floats, followers: Floats | None, *, at_s: float
) -> CascadeForecast:
    """Forecast from what was seen until ``at_s``; later rows are not looked at.

    Args:
        model: what was learnt.
        times_s: seconds of each repost after the post, in any order, shape ``(reposts,)``.
        followers: of the author, then of each reposter in the same order; None when unknown.
        at_s: age of the post, at least 0.
    """
    order = np.argsort(times_s, kind="stable")
    seen = times_s[order][: int(np.sum(times_s <= at_s))]
    known = None
    if followers is not None:
        known = np.concatenate([followers[:1], followers[1:][order][: len(seen)]])
    count = len(seen)
    if at_s >= HORIZON_S:
        return _over(at_s, count, known=known is not None)
    age = min(max(at_s, YOUNGEST_S), OLDEST_S)
    share, beyond = _place(model, age, count)
    logs = np.zeros(3)
    if share > 0:
        logs += share * _large(model, seen, known, max(at_s, YOUNGEST_S), age)
    if share < 1:
        logs += (1 - share) * _small(model, seen, max(at_s, YOUNGEST_S))
    beyond += abs(math.log(age / at_s)) if at_s > OLDEST_S else 0.0
    logs = _widen(logs, beyond)
    p10, p50, p90 = (max((count + 1) * math.exp(value) - 1, count) for value in logs)
    return CascadeForecast(
        at_s=at_s,
        observed=count,
        final=Sizes(p10=p10, p50=p50, p90=p90),
        followers_known=known is not None,
        extrapolated=beyond > 0,
    )


def _over(at_s: float, count: int, *, known: bool) -> CascadeForecast:
    """Count instead of foreseeing: the week is over."""
    return CascadeForecast(
        at_s=at_s,
        observed=count,
        final=Sizes(p10=count, p50=count, p90=count),
        followers_known=known,
        extrapolated=False,
    )


def _place(model: CascadeModel, age: float, count: int) -> tuple[float, float]:
    """Say how much it is a large cascade (0 to 1), and how far it exceeds the largest."""
    size = math.log(count + 1)
    low = float(np.interp(math.log(age), model.ages, model.low))
    high = float(np.interp(math.log(age), model.ages, model.high))
    share = min(max(1 - (low - size) / math.log(_NEAR), 0.0), 1.0)
    return share, max(size - high, 0.0)


def _large(
    model: CascadeModel, seen: Floats, followers: Floats | None, at: float, age: float
) -> Floats:
    expert = model.timing if followers is None else model.reaching
    mean, sd = expert.learnt.read(describe(seen, followers, at))
    return expert.reach.quantiles(mean, sd, math.log(age))


def _small(model: CascadeModel, seen: Floats, at: float) -> Floats:
    mean, sd = model.small.learnt.read(describe(seen, None, at))
    return model.small.reach.quantiles(mean, sd, math.log(len(seen) + 1))


def _widen(logs: Floats, beyond: float) -> Floats:
    spread = np.array([-1.0, 0.0, 1.0]) * _WIDER * beyond
    return np.asarray(np.maximum(logs + spread, 0.0))
