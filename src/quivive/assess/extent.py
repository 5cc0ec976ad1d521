"""Third axis: how fast, how far from usual, where and for how long (e1 to e5)."""

import math

import msgspec

from quivive.assess.heard import Picture, ids, total
from quivive.assess.places import Spread
from quivive.assess.reproduction import Reproduction
from quivive.assess.settings import AssessSettings
from quivive.assess.terms import clamp, term
from quivive.vocabulary.assessments import Axis, Indicator
from quivive.vocabulary.messages import Message, length, say, say_many

_HALF_MIN = 30
_FULL_SPEED_MIN = 15
_HALVINGS = 5
_DURATION_H = 72
_SPEED_SD, _RATIO_SD, _PLACE_SD, _DURATION_SD, _R_SD_MOST = 0.20, 0.05, 0.10, 0.01, 0.3
_EVIDENCE_HALF = 5


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How fast critical posts come.

    Attributes:
        hour: critical posts of the last hour.
        doubling_min: minutes in which they double; None when they do not grow.
        omega: weight of the evidence, 0 without posts, towards 1 with many.
    """

    hour: float
    doubling_min: float | None
    omega: float


def pace(picture: Picture, settings: AssessSettings) -> Pace:
    """Compare the last half hour with the one before."""
    last = total(picture.critical(_HALF_MIN))
    before = total(picture.critical(2 * _HALF_MIN, before=_HALF_MIN))
    hour = total(picture.critical(settings.hour_min))
    growth = math.log((last + 0.5) / (before + 0.5)) / _HALF_MIN
    return Pace(
        hour=hour,
        doubling_min=math.log(2) / growth if growth > 0 else None,
        omega=hour / (hour + _EVIDENCE_HALF),
    )


def extent(
    picture: Picture,
    settings: AssessSettings,
    *,
    speed: Pace,
    again: Reproduction,
    place: Spread,
    baseline_per_hour: float,
) -> tuple[Indicator, ...]:
    """Write down the five terms of the third axis."""
    return (
        _acceleration(picture, speed, settings),
        _ratio(picture, speed, baseline_per_hour, settings),
        _places(place, settings),
        _duration(picture, settings),
        _reproduction(speed, again, settings),
    )


def _acceleration(picture: Picture, speed: Pace, settings: AssessSettings) -> Indicator:
    doubling = speed.doubling_min
    if doubling is None:
        value, why = 0.0, say("Critical posts are not speeding up.")
    else:
        value = speed.omega * clamp(1 - math.log2(doubling / _FULL_SPEED_MIN) / _HALVINGS)
        why = say("Critical posts double every {time}.", time=length(60 * doubling))
    return term(
        "e1",
        Axis.EXTENT,
        value=value,
        sd=_SPEED_SD,
        explanation=why,
        settings=settings,
        evidence=ids(picture.critical(_HALF_MIN)),
    )


def _ratio(
    picture: Picture, speed: Pace, baseline_per_hour: float, settings: AssessSettings
) -> Indicator:
    usual = max(baseline_per_hour, settings.baseline_floor)
    return term(
        "e2",
        Axis.EXTENT,
        value=clamp(math.log2((speed.hour + 0.5) / (usual + 0.5)) / _HALVINGS),
        sd=_RATIO_SD,
        explanation=against_usual(speed, usual),
        settings=settings,
        evidence=ids(picture.critical(settings.hour_min)),
    )


def against_usual(speed: Pace, usual: float) -> Message:
    """Say the last hour against the usual one; half posts are rounded for the reader."""
    return say_many(
        "{count} critical post in 60 min, against {usual} usual.",
        "{count} critical posts in 60 min, against {usual} usual.",
        round(speed.hour),
        usual=round(usual, 2),
    )


def _places(place: Spread, settings: AssessSettings) -> Indicator:
    networks = min(1.0, max(0, place.networks - 1) / 3)
    return term(
        "e3",
        Axis.EXTENT,
        value=0.5 * networks + 0.5 * place.scope.value / 4,
        sd=_PLACE_SD,
        explanation=place.explanation,
        settings=settings,
        evidence=place.evidence,
    )


def _duration(picture: Picture, settings: AssessSettings) -> Indicator:
    seconds = max(0.0, (picture.now - picture.onset).total_seconds())
    return term(
        "e4",
        Axis.EXTENT,
        value=min(1.0, seconds / 3600 / _DURATION_H),
        sd=_DURATION_SD,
        explanation=say("It began {time} ago.", time=length(seconds)),
        settings=settings,
        evidence=ids(picture.voices[:1]),
    )


def _reproduction(speed: Pace, again: Reproduction, settings: AssessSettings) -> Indicator:
    return term(
        "e5",
        Axis.EXTENT,
        value=speed.omega * clamp((again.value - 0.5) / 1.5),
        sd=min(_R_SD_MOST, again.sd / 1.5),
        explanation=_brings(again),
        settings=settings,
    )


def _brings(again: Reproduction) -> Message:
    if not again.told:
        return say("Too few posts to say how many each one brings.")
    values = {one: round(getattr(again, one), 1) for one in ("value", "low", "high")}
    if again.early:
        return say(
            "Each critical post brings about {value} more "
            "({low} to {high}): early, likely too high.",
            **values,
        )
    return say("Each critical post brings about {value} more ({low} to {high}).", **values)
