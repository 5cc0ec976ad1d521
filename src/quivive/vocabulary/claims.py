"""What is being said, and what we know to be so."""

from datetime import datetime
from enum import StrEnum

import msgspec

from quivive.vocabulary.messages import Message


class ClaimStatus(StrEnum):
    """How far a claim has been checked, by people."""

    UNVERIFIED = "unverified"
    IN_PROGRESS = "in-progress"
    TRUE = "true"
    PARTLY_TRUE = "partly-true"
    FALSE = "false"
    NOT_VERIFIABLE = "not-verifiable"


SETTLED = (ClaimStatus.TRUE, ClaimStatus.PARTLY_TRUE, ClaimStatus.FALSE)
"""What is only said with a source (R-41)."""


class Stance(StrEnum):
    """How a post stands to a claim."""

    RELAYS = "relays"
    DENIES = "denies"
    ASKS = "asks"
    COMMENTS = "comments"


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence that is being said about us, in the words it was said."""

    sentence: str
    status: ClaimStatus
    source: str = ""
    checked_by: str = ""
    checked_at: datetime | None = None


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A verified statement of ours."""

    statement: str
    source: str
    verified_by: str
    verified_at: datetime
    expires_at: datetime | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One post of a claim.

    Attributes:
        at: when it was heard.
        sourced: it brings a link or names who says so.
        own: one of our accounts wrote it.
        copy_of: id of the first post that said the same in nearly the same words; may be this one.
        share: probability of the stance; 1 where the way it came decides (a repost, a copy).
        reasons: what spoke for the stance, strongest first.
    """

    post: str
    at: datetime
    stance: Stance
    sourced: bool
    own: bool
    copy_of: str
    share: float
    reasons: tuple[Message, ...] = ()


class FoundClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that posts share, as far as it was heard.

    Attributes:
        id: id of the post that began it, inside its topic; never changes.
        sentence: a sentence of a post that relays it, word for word.
        sentence_from: id of that post, so that the sentence goes when its author takes it back.
        story: id of the post that began the wider talk it belongs to.
        first_at: when it began.
        rumour_at: when it became a rumour candidate (R-25); None while it is not.
        asked: somebody had asked by then whether it is so.
        posts: how many it has.  began: how the first of them stands.
        standings: posts that are new since it was last told of.
    """

    id: str
    topic: str
    sentence: str
    sentence_from: str
    language: str
    story: str
    first_at: datetime
    rumour_at: datetime | None
    asked: bool
    posts: int
    began: Standing
    standings: tuple[Standing, ...]
