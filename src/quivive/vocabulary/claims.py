"""What is being said, and what we know to be so."""

from datetime import datetime
from enum import StrEnum

import msgspec


class ClaimStatus(StrEnum):
    """How far a claim has been checked, by people."""

    UNVERIFIED = "unverified"
    IN_PROGRESS = "in-progress"
    TRUE = "true"
    PARTLY_TRUE = "partly-true"
    FALSE = "false"
    NOT_VERIFIABLE = "not-verifiable"


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
