"""Tells that a claim has become a rumour candidate (R-25): a note that rings nobody by itself."""

from collections.abc import Sequence

from quivive.detect.attribution import names_who_says
from quivive.vocabulary.claims import FoundClaim
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.signals import Certainty, Signal, SignalKind

SEVERITY = 3
"""Worth a look: what is claimed may be nothing, and a person judges what is at stake."""
MOST_EVIDENCE = 20
LONGEST = 160
"""Characters of a claim in a sentence."""
FORGOTTEN = say("A claim; its author took the words back.")


def rumours_of(found: Sequence[FoundClaim]) -> list[Signal]:
    """Return a note for each claim that became a candidate by the posts it is told with."""
    return [
        _note(claim)
        for claim in found
        if claim.rumour_at and claim.rumour_at in {one.at for one in claim.standings}
    ]


def _note(claim: FoundClaim) -> Signal:
    at = claim.rumour_at or claim.first_at
    shown = [claim.began, *(one for one in claim.standings if one.post != claim.began.post)]
    until = [one for one in shown if one.at <= at]
    words = claim.sentence if len(claim.sentence) <= LONGEST else f"{claim.sentence[:LONGEST]}…"
    return Signal(
        kind=SignalKind.RUMOUR,
        topic=claim.topic,
        found_at=at,
        rang_at=None,
        onset=claim.first_at,
        onset_low=claim.first_at,
        onset_high=claim.first_at,
        window_s=int((at - claim.first_at).total_seconds()),
        observed=claim.posts,
        expected=0.0,
        severity=SEVERITY,
        certainty=Certainty.POSSIBLE,
        negative_share=None,
        evidence=(claim.id, *(one.post for one in until if one.post != claim.id))[:MOST_EVIDENCE],
        reason=_reason(words, asked=claim.asked, named=names_who_says(claim.sentence)),
    )


def _reason(words: str, *, asked: bool, named: bool) -> Message:
    """Say what is known: that nobody brings a link. Who is named stands in the words themselves."""
    if named and asked:
        return say(
            "Claimed on another's word, without a link, and somebody asks whether it is so: "
            "“{claim}”",
            claim=words,
        )
    if named:
        return say(
            "Claimed by several people on another's word, without a link: “{claim}”", claim=words
        )
    if asked:
        return say(
            "Claimed without a link, and somebody asks whether it is so: “{claim}”", claim=words
        )
    return say("Claimed by several people without a link: “{claim}”", claim=words)
