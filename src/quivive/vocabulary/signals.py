"""Something changed, with the posts that show it."""

from datetime import datetime
from enum import StrEnum

import msgspec

from quivive.vocabulary.messages import Message, say


class SignalKind(StrEnum):
    """What changed."""

    BURST = "burst"
    FLARE_UP = "flare-up"
    SEVERE_WORD = "severe-word"
    INFLUENTIAL_AUTHOR = "influential-author"
    RUMOUR = "rumour"
    BACKLASH = "backlash"
    CRITICS_HASHTAG = "critics-hashtag"
    SOURCE_JUMP = "source-jump"
    SPREADING = "spreading"
    NEGATIVE_SHARE = "negative-share"
    UNANSWERED = "unanswered"
    PRESS_ENQUIRY = "press-enquiry"
    BACK_TO_NORMAL = "back-to-normal"
    DROP = "drop"


KIND_NAMES: dict[SignalKind, Message] = {
    SignalKind.BURST: say("burst"),
    SignalKind.FLARE_UP: say("flare-up"),
    SignalKind.SEVERE_WORD: say("severe word"),
    SignalKind.INFLUENTIAL_AUTHOR: say("influential author"),
    SignalKind.RUMOUR: say("rumour candidate"),
    SignalKind.BACKLASH: say("backlash"),
    SignalKind.CRITICS_HASHTAG: say("critics' hashtag"),
    SignalKind.SOURCE_JUMP: say("source jump"),
    SignalKind.NEGATIVE_SHARE: say("critical talk"),
    SignalKind.SPREADING: say("spreading post"),
    SignalKind.UNANSWERED: say("waits for an answer"),
    SignalKind.PRESS_ENQUIRY: say("the press waits"),
    SignalKind.BACK_TO_NORMAL: say("back to usual"),
    SignalKind.DROP: say("drop"),
}
"""How people call each kind."""


class Certainty(StrEnum):
    """How sure we are (CAP 1.2 values)."""

    OBSERVED = "observed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    UNKNOWN = "unknown"


class Signal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change on one topic.

    Attributes:
        found_at: simulated or real moment at which the flow found it.
        rang_at: moment people are told; None for a note that rings nobody, such as a friendly buzz.
        onset: estimated beginning of what happens, always at or before ``found_at``.
        onset_low, onset_high: 80 % interval of the onset.
        window_s: seconds over which ``observed`` and ``expected`` are counted.
        observed: distinct voices seen in the window.
        expected: voices expected in the window from this topic's own past.
        severity: 1 (slight) to 10 (extreme), how far from usual; not how sure.
        negative_share: share of negative posts among those that take a side; None when too few.
        evidence: ids of posts that show it, earliest first.
        reason: one sentence.
    """

    kind: SignalKind
    topic: str
    found_at: datetime
    rang_at: datetime | None
    onset: datetime
    onset_low: datetime
    onset_high: datetime
    window_s: int
    observed: int
    expected: float
    severity: int
    certainty: Certainty
    negative_share: float | None
    evidence: tuple[str, ...]
    reason: Message

    @property
    def key(self) -> str:
        """The same change found twice has the same key, so it is stored once.

        A note that rang nobody has a key of its own: should the tone turn, the change still rings.
        """
        if self.kind in ONE_POST:
            return f"{self.topic}/{self.kind}/{self.evidence[0]}"
        note = "" if self.rang_at else "/note"
        return f"{self.topic}/{self.kind}/{self.onset:%Y%m%dT%H%M}/{self.severity}{note}"


def signal_since(
    kind: SignalKind,
    *,
    topic: str,
    since: datetime,
    now: datetime,
    observed: int,
    severity: int,
    evidence: tuple[str, ...],
    reason: Message,
    certainty: Certainty = Certainty.OBSERVED,
) -> Signal:
    """Write down what began at one known moment and rings now; no past tells what to expect."""
    return Signal(
        kind=kind,
        topic=topic,
        found_at=now,
        rang_at=now,
        onset=since,
        onset_low=since,
        onset_high=since,
        window_s=max(0, int((now - since).total_seconds())),
        observed=observed,
        expected=0.0,
        severity=severity,
        certainty=certainty,
        negative_share=None,
        evidence=evidence,
        reason=reason,
    )


ONE_POST = frozenset(
    {
        SignalKind.SEVERE_WORD,
        SignalKind.INFLUENTIAL_AUTHOR,
        SignalKind.RUMOUR,
        SignalKind.BACKLASH,
        SignalKind.CRITICS_HASHTAG,
        SignalKind.SOURCE_JUMP,
        SignalKind.SPREADING,
        SignalKind.UNANSWERED,
        SignalKind.PRESS_ENQUIRY,
    }
)
"""Kinds that are told once for the post, or the question, they begin with."""
