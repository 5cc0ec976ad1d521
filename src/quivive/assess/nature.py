"""First axis: what is being said, and what is at stake (h, a, p, n4)."""

import math

from quivive.assess.arousal import arouses
from quivive.assess.heard import Picture, ids
from quivive.assess.settings import AssessSettings
from quivive.assess.terms import term
from quivive.vocabulary.assessments import Axis, HumanInputs, Indicator, ThreatType
from quivive.vocabulary.claims import ClaimStatus
from quivive.vocabulary.messages import Message, say, say_many

_PRIOR_HARM, _PRIOR_HARM_SD = 0.5, 0.30
_PRIOR_BLAME, _PRIOR_BLAME_SD = 0.5, 0.30
"""Neutral stand-ins: the middle of each scale, with an sd that covers most of it."""

_HARM_SD, _BLAME_SD, _OPEN_SD, _CHECKED_SD = 0.125, 0.15, 0.35, 0.05

_VICTIM, _ACCIDENTAL, _PREVENTABLE = 0.2, 0.5, 1.0
_BLAME = {
    ThreatType.RUMOUR: _VICTIM,
    ThreatType.NATURAL_EVENT: _VICTIM,
    ThreatType.ATTACK_BY_OTHERS: _VICTIM,
    ThreatType.TECHNICAL_FAILURE: _ACCIDENTAL,
    ThreatType.MISREAD_ACTION: _ACCIDENTAL,
    ThreatType.CHALLENGE: _ACCIDENTAL,
    ThreatType.KNOWN_RISK_IGNORED: _PREVENTABLE,
    ThreatType.BROKEN_PROMISE: _PREVENTABLE,
    ThreatType.MISCONDUCT: _PREVENTABLE,
}
"""Responsibility people attribute, by cluster (Coombs; DR-01)."""

_LIKELY = {
    ClaimStatus.TRUE: 1.0,
    ClaimStatus.PARTLY_TRUE: 0.8,
    ClaimStatus.FALSE: 0.1,
}
CLAIM_SAID = {
    ClaimStatus.UNVERIFIED: say("The claim is unverified."),
    ClaimStatus.IN_PROGRESS: say("The claim is being checked."),
    ClaimStatus.TRUE: say("The claim is true."),
    ClaimStatus.PARTLY_TRUE: say("The claim is partly true."),
    ClaimStatus.FALSE: say("The claim is false, which lowers this term but not the harm."),
    ClaimStatus.NOT_VERIFIABLE: say("The claim cannot be checked."),
}
_HARM = (
    (1.0, say("Somebody is hurt or in danger, and it is confirmed.")),
    (0.75, say("Health or safety may be at risk.")),
    (0.5, say("Rights, money, personal data or a long loss of service are at stake.")),
    (0.25, say("It is an annoyance.")),
    (0.0, say("It is an opinion or a joke.")),
)


def nature(
    picture: Picture, inputs: HumanInputs, settings: AssessSettings
) -> tuple[Indicator, ...]:
    """Write down the four terms of the first axis."""
    return (
        _harm(inputs, settings),
        _blame(inputs, settings),
        _claim(inputs, settings),
        _arousal(picture, settings),
    )


def likely(inputs: HumanInputs) -> float:
    """How probable it is that the central claim is true, .5 until it has been checked."""
    return _LIKELY.get(inputs.claim_status or ClaimStatus.UNVERIFIED, 0.5)


def missing(inputs: HumanInputs) -> tuple[str, ...]:
    """Inputs that only people can give and nobody has: they are asked, never invented."""
    return tuple(name for name in ("harm", "type", "claim_status") if getattr(inputs, name) is None)


def harm_said(harm: float) -> Message:
    """Say in a sentence what harm is at stake.

    >>> harm_said(0.75).text
    'Health or safety may be at risk.'
    """
    return next(sentence for least, sentence in _HARM if harm >= least)


def _harm(inputs: HumanInputs, settings: AssessSettings) -> Indicator:
    if inputs.harm is None:
        value, sd = _PRIOR_HARM, _PRIOR_HARM_SD
        why = say("Nobody has said yet what harm is at stake; the middle of the scale stands in.")
    else:
        value, sd = inputs.harm, _HARM_SD
        why = harm_said(value)
    return term(
        "h",
        Axis.NATURE,
        value=value,
        sd=sd,
        explanation=why,
        settings=settings,
        assumed=inputs.harm is None,
    )


def _blame(inputs: HumanInputs, settings: AssessSettings) -> Indicator:
    worse = 0.1 * inputs.history + 0.1 * inputs.bad_reputation
    if inputs.type is None:
        value, sd = _PRIOR_BLAME, _PRIOR_BLAME_SD
        why = say("Nobody has said yet what kind of threat it is; a middling blame stands in.")
    else:
        value, sd = _BLAME[inputs.type], _BLAME_SD
        why = _blamed(value)
    return term(
        "a",
        Axis.NATURE,
        value=min(1.0, value + worse),
        sd=sd,
        explanation=why,
        settings=settings,
        assumed=inputs.type is None,
    )


def _blamed(value: float) -> Message:
    if value <= _VICTIM:
        return say("People see us as hit by it rather than at fault.")
    if value <= _ACCIDENTAL:
        return say("People see a failure that we did not want.")
    return say("People hold that we could have prevented it.")


def _claim(inputs: HumanInputs, settings: AssessSettings) -> Indicator:
    status = inputs.claim_status
    return term(
        "p",
        Axis.NATURE,
        value=likely(inputs),
        sd=_CHECKED_SD if status in _LIKELY else _OPEN_SD,
        explanation=CLAIM_SAID[status]
        if status
        else say("Nobody has said yet whether the claim is true."),
        settings=settings,
        assumed=status is None,
    )


def _arousal(picture: Picture, settings: AssessSettings) -> Indicator:
    """Share of critical posts with words of anger, fear, disgust or moral outrage."""
    read = [v for v in picture.critical(settings.recent_min) if v.words is not None]
    moved = [v for v in read if arouses(v.words or "", settings.arousing)]
    share = (len(moved) + 0.5) / (len(read) + 1)
    return term(
        "n4",
        Axis.NATURE,
        value=share,
        sd=math.sqrt(share * (1 - share) / (len(read) + 2)),
        explanation=say_many(
            "Words of anger, fear, disgust or outrage: in {moved} of {count} critical post.",
            "Words of anger, fear, disgust or outrage: in {moved} of {count} critical posts.",
            len(read),
            moved=len(moved),
        ),
        settings=settings,
        evidence=ids(moved),
    )
