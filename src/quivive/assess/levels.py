"""From score to level: floors, the cap, and why a level is not left too soon."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from quivive.assess.nature import likely
from quivive.assess.settings import AssessSettings
from quivive.vocabulary.assessments import HumanInputs, Level
from quivive.vocabulary.messages import Message, say

Past = tuple[datetime, Level, float]
"""When a sheet was made, its level (or the one a person set instead), its score."""

_DANGER, _CONFIRMED, _CREDIBLE = 0.75, 1.0, 0.5


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """The level in force, and every rule that moved it."""

    level: Level
    reasons: tuple[Message, ...]


def level_of(score: float, settings: AssessSettings) -> Level:
    """Find the level of a score by itself.

    >>> level_of(47.7, AssessSettings()).name
    'INCIDENT'
    """
    return Level(sum(score >= least for least in settings.levels))


def rule(
    raw: Level,
    score: float,
    *,
    inputs: HumanInputs,
    authors: int,
    reach: float,
    receding: bool,
    asked: bool = False,
    previous: Sequence[Past],
    now: datetime,
    settings: AssessSettings,
) -> Ruling:
    """Apply floors, then the cap, then hysteresis.

    Args:
        raw: level of the score alone.
        score: 0 to 100.
        inputs: what people said.
        authors: distinct critical accounts since onset.
        reach: value of the reach indicator, 0 to 1.
        receding: whether R is below 1, or there are too few posts to have one.
        asked: somebody asked in the last day and has no answer from us.
        previous: earlier sheets of the same threat, any order.
        now: the moment of this sheet.
        settings: thresholds.
    """
    floors = _floors(inputs)
    floor = max((least for least, _ in floors), default=Level.WATCH)
    reasons = [why for least, why in floors if least > raw]
    level = max(raw, floor)
    few = authors < settings.few_authors and reach < settings.small_reach
    if few and not floors and level > Level.SIGNAL:
        level = Level.SIGNAL
        reasons.append(
            say(
                "Cap C1: fewer than {count} people with a small audience; no more than a signal.",
                count=settings.few_authors,
            )
        )
    held = _hold(
        level, score, over=receding and not asked, previous=previous, now=now, settings=settings
    )
    if held is not None:
        return Ruling(level=held[0], reasons=(*reasons, held[1]))
    return Ruling(level=level, reasons=tuple(reasons))


def _floors(inputs: HumanInputs) -> list[tuple[Level, Message]]:
    found = []
    harm = inputs.harm or 0.0
    if harm >= _CONFIRMED:
        why = say("Floor F1: confirmed injury or danger; at least a crisis.")
        found.append((Level.CRISIS, why))
    elif harm >= _DANGER and likely(inputs) >= _CREDIBLE:
        why = say("Floor F1: credible danger to people; at least an incident.")
        found.append((Level.INCIDENT, why))
    if inputs.media_critical:
        why = say("Floor F2: a critical article is out; at least an incident.")
        found.append((Level.INCIDENT, why))
    if inputs.media_asked:
        why = say("Floor F2: a journalist asks; at least a signal, and the media clock runs.")
        found.append((Level.SIGNAL, why))
    if inputs.legal_floor:
        why = say(
            "Floor F3: personal data, discrimination, a minor or a threat; "
            "at least an incident, and legal is called."
        )
        found.append((Level.INCIDENT, why))
    return found


def _hold(
    level: Level,
    score: float,
    *,
    over: bool,
    previous: Sequence[Past],
    now: datetime,
    settings: AssessSettings,
) -> tuple[Level, Message] | None:
    """Keep the level in force while its way out is not open (H1); None when it may be left."""
    past = sorted(entry for entry in previous if entry[0] <= now)
    if not past or past[-1][1] <= level:
        return None
    last = Level(past[-1][1])
    if last is Level.MAJOR_CRISIS:
        return last, say("Held (H1): only a person lowers a major crisis.")
    if last is Level.CRISIS:
        return last, _hold_crisis(past, score, now, settings)
    bound = settings.leave_2 if last is Level.INCIDENT else settings.levels[0]
    hours = settings.leave_h if last is Level.INCIDENT else settings.leave_1_h
    slow = over or last is Level.INCIDENT
    if slow and _calm(past, score, bound, now) >= timedelta(hours=hours):
        return None
    if last is Level.SIGNAL:
        return last, say(
            "Held (H1): a signal is left after {hours} h under {score}, "
            "when posts bring fewer and no question waits for an answer.",
            hours=hours,
            score=bound,
        )
    return last, say(
        "Held (H1): this level is left after {hours} h under {score}.", hours=hours, score=bound
    )


def _hold_crisis(
    past: list[Past], score: float, now: datetime, settings: AssessSettings
) -> Message:
    if _calm(past, score, settings.leave_3, now) < timedelta(hours=settings.leave_h):
        return say(
            "Held (H1): a crisis is left after {hours} h under {score}, "
            "and when a person confirms it.",
            hours=settings.leave_h,
            score=settings.leave_3,
        )
    return say(
        "Held (H1): {hours} h under {score} have passed; a person may confirm the lower level.",
        hours=settings.leave_h,
        score=settings.leave_3,
    )


def _calm(past: list[Past], score: float, bound: float, now: datetime) -> timedelta:
    """How long the score has stayed under ``bound``: since the first low sheet after a high one."""
    if score >= bound:
        return timedelta(0)
    since = now
    for at, _, earlier in reversed(past):
        if earlier >= bound:
            break
        since = at
    return now - since
