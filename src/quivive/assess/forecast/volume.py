"""How many posts a topic will bring in the next hours, from its own last days.

What is foreseen is a factor on "as the last three hours": how the pace moved over minutes to
days, and what the same hours brought a day before, say which way it goes.
"""

import math
from dataclasses import dataclass

import msgspec
import numpy as np

from quivive.assess.forecast.cascade import Expert, Sizes
from quivive.assess.forecast.features import Floats

STEP_S = 600
STEPS_AN_HOUR = 3600 // STEP_S
HISTORY = 7 * 24 * STEPS_AN_HOUR
"""Steps of the past that are looked at."""
HOURS = (1, 3, 24)
_LAST_H = 3
_DAY_H = 24
_WINDOWS_H = (1 / 3, 1.0, 6.0, 12.0, 24.0, 168.0)
_SPARE = 0.5
"""Posts added on both sides of a ratio, so that silence has a logarithm."""
_MOST = 50_000 / _LAST_H
"""Posts an hour beyond which the past teaches nothing."""
_WIDER = 0.35


class VolumeForecast(msgspec.Struct, frozen=True, kw_only=True):
    """Posts of a topic over the next ``hours``, all of them together."""

    hours: int
    posts: Sizes


@dataclass(frozen=True, slots=True)
class VolumeModel:
    """One expert a horizon, in the order of ``HOURS``."""

    experts: tuple[Expert, ...]


def forecast_volume(model: VolumeModel, counts: Floats) -> tuple[VolumeForecast, ...]:
    """Forecast each horizon of ``HOURS``.

    Args:
        model: what was learnt.
        counts: posts in each ten minutes, oldest first, the last step just over, from the
            topic's beginning or for at least a day; shape ``(steps,)``.
    """
    past = counts[-HISTORY:]
    return tuple(
        VolumeForecast(hours=hours, posts=_one(expert, past, hours))
        for expert, hours in zip(model.experts, HOURS, strict=True)
    )


def describe_volume(counts: Floats, hours: int) -> Floats:
    """Describe the past for one horizon: shape ``(13,)``, logs of ratios but the first two.

    >>> describe_volume(np.ones(18), 3)[:2].round(2)
    array([2.92, 1.39])
    """
    counts = counts[-HISTORY:]
    past = np.concatenate([[0.0], np.cumsum(counts)])
    known_h = len(counts) / STEPS_AN_HOUR

    def pace(since_h: float, until_h: float = 0.0) -> float:
        """Posts an hour between two moments before now, as far as they are known."""
        first = max(len(past) - 1 - round(since_h * STEPS_AN_HOUR), 0)
        last = max(len(past) - 1 - round(until_h * STEPS_AN_HOUR), 0)
        width_h = max(last - first, 1) / STEPS_AN_HOUR
        return (float(past[last] - past[first]) + _SPARE) / width_h

    last = pace(_LAST_H)
    highest = float(counts.max(initial=0.0)) * STEPS_AN_HOUR + _SPARE
    days = [
        math.log(pace(ago, ago - hours) / pace(ago + _LAST_H, ago))
        for ago in range(_DAY_H, 7 * _DAY_H, _DAY_H)
        if known_h >= ago + _LAST_H
    ]
    lately = counts[-_LAST_H * STEPS_AN_HOUR :] if len(counts) else np.zeros(1)
    return np.array(
        [
            math.log(last * _LAST_H),
            math.log(min(known_h, 168.0) + 1),
            *(math.log(pace(window) / last) for window in _WINDOWS_H),
            math.log(pace(1) / pace(2, 1)),
            math.log(highest / last),
            days[0] if days else 0.0,
            sum(days) / len(days) if len(days) > 1 else 0.0,
            math.log((float(lately.var()) + _SPARE) / (float(lately.mean()) + _SPARE)),
        ]
    )


def as_before(counts: Floats, hours: int) -> float:
    """Return what the horizon would bring if it went on as in the last three hours.

    >>> as_before(np.ones(18), 1)
    6.0
    """
    steps = _LAST_H * STEPS_AN_HOUR
    return float(counts[-steps:].sum()) * hours / _LAST_H


def factor_of(future: float, before: float) -> float:
    """Return the log factor that trees learn."""
    return math.log((future + _SPARE) / (before + _SPARE))


def _one(expert: Expert, past: Floats, hours: int) -> Sizes:
    described = describe_volume(past, hours)
    mean, sd = expert.learnt.read(described)
    logs = expert.reach.quantiles(mean, sd, float(described[0]))
    beyond = max(float(described[0]) - math.log(_MOST * _LAST_H), 0.0)
    logs = logs + np.array([-1.0, 0.0, 1.0]) * _WIDER * beyond
    before = as_before(past, hours) + _SPARE
    p10, p50, p90 = (max(before * math.exp(value) - _SPARE, 0.0) for value in logs)
    return Sizes(p10=p10, p50=p50, p90=p90)
