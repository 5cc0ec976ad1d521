"""What the sheet says of itself: headline, reasons in points, warnings, what it cannot see."""

from collections.abc import Sequence

from quivive.assess.heard import Organisation, Picture
from quivive.assess.influence import reach
from quivive.assess.places import Spread
from quivive.assess.settings import AssessSettings
from quivive.vocabulary.assessments import Axis, Indicator, Level
from quivive.vocabulary.messages import Message, say, say_many


def headline(level: Level, score: float, low: float, high: float) -> Message:
    """Say level, score and interval; only level 3 and above is called a crisis (DR-13)."""
    values = {"score": round(score, 1), "low": round(low), "high": round(high)}
    if level is Level.WATCH:
        return say("Watch, {score} ({low} to {high}).", **values)
    if level is Level.SIGNAL:
        return say("Signal, {score} ({low} to {high}).", **values)
    if level is Level.INCIDENT:
        return say("Incident, {score} ({low} to {high}).", **values)
    if level is Level.CRISIS:
        return say("Crisis, {score} ({low} to {high}).", **values)
    return say("Major crisis, {score} ({low} to {high}).", **values)


def reasons(
    axes: dict[Axis, float], indicators: Sequence[Indicator], settings: AssessSettings
) -> tuple[Message, ...]:
    """Say each axis in points, followed by the terms that tell most about it."""
    told = {indicator.code: indicator.explanation for indicator in indicators}
    parts = {axis: _part(axes[axis], settings.axes[axis]) for axis in Axis}
    return (
        say("Nature {axis} × {weight} = {points}:", **parts[Axis.NATURE]),
        told["h"],
        told["p"],
        say("Influence {axis} × {weight} = {points}:", **parts[Axis.INFLUENCE]),
        told["i1"],
        told["i2"],
        say("Extent {axis} × {weight} = {points}:", **parts[Axis.EXTENT]),
        told["e2"],
        told["e1"],
    )


def _part(axis: float, weight: float) -> dict[str, float]:
    return {"axis": round(axis, 1), "weight": weight, "points": round(axis * weight, 1)}


def warnings(level: Level, above: float, settings: AssessSettings) -> tuple[Message, ...]:
    """Ask to prepare the next level when it is likely enough."""
    if above < settings.prepare or level is Level.MAJOR_CRISIS:
        return ()
    return (
        say("Prepare the next level: the chance of it is {percent} %.", percent=round(100 * above)),
    )


def version(settings: AssessSettings) -> Message:
    """Cite the numbers the sheet was made with (R-10)."""
    return say("Made with the settings of version {version}.", version=settings.version)


def unseen(
    picture: Picture, organisation: Organisation, place: Spread, settings: AssessSettings
) -> tuple[Message, ...]:
    """Say what the sheet could not see, or does not look at."""
    return (
        say(
            "The interval covers the terms of this sheet only, "
            "not posts read wrongly nor networks that are not heard."
        ),
        say("Low-activity and coordinated accounts are not weighed in yet."),
        *_guessed(picture),
        *_audience(picture, organisation, settings),
        *_unplaced(place),
    )


def _guessed(picture: Picture) -> tuple[Message, ...]:
    guessed = sum(voice.guessed for voice in picture.voices)
    if not guessed:
        return ()
    return (
        say_many(
            "{count} post whose tone nothing tells counts in part.",
            "{count} posts whose tone nothing tells count in part.",
            guessed,
        ),
    )


def _audience(
    picture: Picture, organisation: Organisation, settings: AssessSettings
) -> tuple[Message, ...]:
    untold = reach(picture.critical(settings.recent_min)).untold
    said = []
    if untold:
        said.append(
            say_many(
                "The audience of {count} account is not known.",
                "The audience of {count} accounts is not known.",
                untold,
            )
        )
    if organisation.audience() is None:
        said.append(
            say(
                "Neither our followers nor our dwellings are known: {people} stands in for them.",
                people=settings.fallback_audience,
            )
        )
    return tuple(said)


def _unplaced(place: Spread) -> tuple[Message, ...]:
    if not place.unplaced:
        return ()
    return (
        say_many(
            "{count} post does not say where it comes from.",
            "{count} posts do not say where they come from.",
            place.unplaced,
        ),
    )
