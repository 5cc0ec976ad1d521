"""The severity sheet: three axes, their interval and their reasons, at one moment.

Formulas and numbers: ``docs/pathway/assess.md``. A weighted sum is kept on purpose, because each
part of it can be told in points.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quivive.assess.explain import headline, reasons, unseen, version, warnings
from quivive.assess.extent import Pace, extent, pace
from quivive.assess.firestorm import children, signs
from quivive.assess.heard import ActorRole, Heard, Organisation, Picture, look
from quivive.assess.influence import concentration, groups_of, influence
from quivive.assess.levels import Past, level_of, rule
from quivive.assess.nature import missing, nature
from quivive.assess.places import Spread, spread
from quivive.assess.reproduction import Reproduction, reproduction
from quivive.assess.roles import roles_of
from quivive.assess.settings import AssessSettings
from quivive.vocabulary.assessments import Assessment, Axis, HumanInputs, Indicator, Level
from quivive.vocabulary.messages import Message

_Floats = NDArray[np.float64]

_SETTINGS = AssessSettings()


def assess(
    posts: Sequence[Heard],
    *,
    now: datetime,
    onset: datetime,
    organisation: Organisation,
    inputs: HumanInputs,
    baseline_per_hour: float,
    previous: Sequence[Past] = (),
    settings: AssessSettings = _SETTINGS,
    seed: int = 0,
    blind_spots: Sequence[Message] = (),
    asked: bool = False,
) -> Assessment:
    """Make the sheet of one threat at ``now``.

    Args:
        posts: of the topic, any order; those before ``onset`` or after ``now`` are not counted.
        now: the moment; a post counts once it is published, a deletion once it happened.
        onset: when it began.
        organisation: who we are.
        inputs: what only people can say; what is absent is listed in ``missing``.
        baseline_per_hour: usual critical posts an hour of this topic.
        previous: earlier sheets, so that a level is not left too soon. Where a person overrode
            the level, give the person's level.
        settings: weights and thresholds.
        seed: of the draws.
        blind_spots: what the caller knows could not be seen, such as sources that were down.
        asked: somebody asked in the last day and has no answer from us; a signal is then not left.
    """
    picture = look(posts, now=now, onset=onset, organisation=organisation, unknown=settings.unknown)
    terms = _terms(picture, organisation, inputs, baseline_per_hour, settings)
    score, low, high, draws = _scored(terms.indicators, settings, seed)
    raw = level_of(score, settings)
    ruling = rule(
        raw,
        score,
        inputs=inputs,
        authors=_authors(picture),
        reach=_value(terms.indicators, "i1"),
        receding=not terms.again.told or terms.again.value < 1,
        asked=asked,
        previous=previous,
        now=now,
        settings=settings,
    )
    axes = {axis: _axis(terms.indicators, axis) for axis in Axis}
    relays, top3 = concentration(picture)
    above = _above(draws, max(raw, ruling.level), settings)
    return Assessment(
        at=now,
        level=ruling.level,
        raw_level=raw,
        score=score,
        low=low,
        high=high,
        level_above=above,
        axes=axes,
        indicators=terms.indicators,
        floors=ruling.reasons,
        explanation=(
            headline(ruling.level, score, low, high),
            *reasons(axes, terms.indicators, settings),
            *warnings(ruling.level, above, settings),
            version(settings),
        ),
        missing=missing(inputs),
        blind_spots=(*blind_spots, *unseen(picture, organisation, terms.place, settings)),
        reproduction=terms.again.value if terms.again.told else None,
        reproduction_sd=terms.again.sd if terms.again.told else None,
        trend=terms.again.trend,
        doubling_min=terms.speed.doubling_min,
        growth=terms.again.growth if terms.again.told else None,
        relays=relays,
        top3=top3,
        scope=terms.place.scope if terms.place.told else None,
        authors=_authors(picture),
        signs=signs(
            picture,
            doubling_min=terms.speed.doubling_min,
            groups=terms.groups,
            roles=terms.roles,
        ),
        children=children(picture),
    )


class _Terms(NamedTuple):
    """The indicators of all axes, and what some of them rest on."""

    indicators: tuple[Indicator, ...]
    speed: Pace
    again: Reproduction
    place: Spread
    roles: Mapping[str, ActorRole | None]
    groups: int


def _terms(
    picture: Picture,
    organisation: Organisation,
    inputs: HumanInputs,
    baseline_per_hour: float,
    settings: AssessSettings,
) -> _Terms:
    speed, again = pace(picture, settings), reproduction(picture, settings)
    ours = organisation.audience() or settings.fallback_audience
    roles = roles_of(picture.voices, ours=ours, settings=settings)
    place, groups = spread(picture, organisation, roles), groups_of(picture, settings)
    indicators = (
        *nature(picture, inputs, settings),
        *influence(picture, settings, ours=ours, roles=roles, groups=groups),
        *extent(
            picture,
            settings,
            speed=speed,
            again=again,
            place=place,
            baseline_per_hour=baseline_per_hour,
        ),
    )
    return _Terms(indicators, speed, again, place, roles, groups)


def _scored(
    indicators: Sequence[Indicator], settings: AssessSettings, seed: int
) -> tuple[float, float, float, _Floats]:
    """Return the score, the bounds it lies in four times out of five, and the random scores."""
    score = sum(indicator.points for indicator in indicators)
    draws = _draw(indicators, settings, seed)
    low, high = (float(bound) for bound in np.percentile(draws, (10, 90)))
    return score, min(low, score), max(high, score), draws


def _axis(indicators: Sequence[Indicator], axis: Axis) -> float:
    return sum(100 * one.weight * one.value for one in indicators if one.axis is axis)


def _value(indicators: Sequence[Indicator], code: str) -> float:
    return next(indicator.value for indicator in indicators if indicator.code == code)


def _authors(picture: Picture) -> int:
    return len({v.post.attributed_to.id for v in picture.voices if v.weight > 0})


def _draw(indicators: Sequence[Indicator], settings: AssessSettings, seed: int) -> _Floats:
    """Scores of random sheets, each term normal around its value, shape ``(draws,)``."""
    values = np.array([indicator.value for indicator in indicators])
    sds = np.array([indicator.sd for indicator in indicators])
    weights = np.array([settings.axes[each.axis] * each.weight for each in indicators])
    noise = np.random.default_rng(seed).standard_normal((settings.draws, len(values)))
    drawn: _Floats = 100 * (np.clip(values + sds * noise, 0, 1) @ weights)
    return drawn


def _above(draws: _Floats, level: Level, settings: AssessSettings) -> float:
    """Share of random sheets that reach a higher level than the one that holds."""
    if level is Level.MAJOR_CRISIS:
        return 0.0
    return float(np.mean(draws >= settings.levels[level]))
