"""What the API says and hears, as OpenAPI shows it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Path, Schema
from pydantic import AfterValidator, AwareDatetime, BaseModel, StringConstraints

from quivive.web.people.downloads import TYPES

FIRST_YEAR, LAST_YEAR = 1970, 2100


def _sane(at: datetime) -> datetime:
    if not FIRST_YEAR <= at.year < LAST_YEAR:
        message = f"Give a moment between {FIRST_YEAR} and {LAST_YEAR}."
        raise ValueError(message)
    return at


Moment = Annotated[AwareDatetime, AfterValidator(_sane)]
"""A time with its zone, in years every zone can say."""

Words = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""A text that any database takes."""

ShortWords = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=200)]

Slug = Annotated[str, Path(pattern=r"^[-a-zA-Z0-9_]+$", max_length=60)]
Kind = Annotated[str, Path(pattern=r"^[a-z]{1,10}$")]
Id = Annotated[int, Path(ge=1, lt=2**63)]
FileKind = Literal["csv", "ndjson", "xlsx", "parquet"]
CrisisTable = Literal["posts", "log", "tasks", "severity"]

AlertStates = Literal["ringing", "acknowledged", "snoozed", "false-alarm", "crisis", "past"]


class TopicOut(Schema):
    """A saved query."""

    slug: str
    name: str
    query: str
    created_at: datetime
    archived_at: datetime | None


class MinuteOut(Schema):
    """What one topic counted in one minute; ``expected`` and ``upper`` are voices an hour."""

    minute: datetime
    voices: int
    originals: int
    reposts: int
    negatives: int
    positives: int
    own: int
    expected: float
    upper: float


class PostOut(Schema):
    """A stored post in our native form, with how it reads."""

    heard_at: datetime
    relayed: bool
    leaning: str
    post: dict[str, Any]


class PostsPage(Schema):
    """Some posts, newest heard first; ``next`` is the offset of the following ones."""

    posts: list[PostOut]
    next: int | None


class SignalOut(Schema):
    """One change on one topic. ``reason`` is a sentence in the caller's language."""

    key: str
    topic: str
    kind: str
    found_at: datetime
    rang_at: datetime | None
    onset: datetime
    onset_low: datetime
    onset_high: datetime
    window_s: int
    observed: int
    expected: float
    severity: int
    certainty: str
    negative_share: float | None
    evidence: list[str]
    reason: str


ClaimStatuses = Literal[
    "unverified", "in-progress", "true", "partly-true", "false", "not-verifiable"
]


class ClaimOut(Schema):
    """What several posts claim; ``words`` are empty when their author took them back."""

    id: int
    topic: str
    words: str
    status: str
    source: str
    checked_by: str | None
    checked_at: datetime | None
    rumour_at: datetime | None
    first_at: datetime
    last_at: datetime
    story: str
    counts: dict[str, int]


class StandingOut(Schema):
    """How one post stands to a claim; ``reasons`` are sentences in the caller's language."""

    post: str
    at: datetime
    stance: str
    share: float
    sourced: bool
    own: bool
    copy_of: str
    reasons: list[str]


class ClaimWithPostsOut(ClaimOut):
    """A claim with its posts, earliest first."""

    posts: list[StandingOut]


class CheckIn(BaseModel):
    """How far a claim is checked, and who says so."""

    status: ClaimStatuses
    source: Words = ""


class AlertOut(Schema):
    """A signal people were told about, and what they did."""

    id: int
    state: str
    rang_at: datetime
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    comment: str
    snoozed_until: datetime | None
    signal: SignalOut


class CrisisOut(Schema):
    """A threat a team works on."""

    id: int
    title: str
    topic: str
    state: str
    onset: datetime
    opened_at: datetime
    opened_by: str
    lead: str | None
    closed_at: datetime | None


class CrisisSheetOut(CrisisOut):
    """A crisis with the level in force and the newest three-axis sheet."""

    level: int | None
    overridden: bool
    missing: list[str]
    sheet: dict[str, Any] | None


class LogLineOut(Schema):
    """One line of a log; ``author`` is empty when the room wrote it."""

    at: datetime
    kind: str
    author: str | None
    text: str
    link: str


class Acknowledgement(BaseModel):
    """Taking an alert on."""

    comment: Words = ""


class Snooze(BaseModel):
    """Leaving an alert until later."""

    until: Moment


class Reason(BaseModel):
    """Why an alert was a false alarm."""

    reason: Words


class Opening(BaseModel):
    """Opening a crisis from an alert."""

    title: ShortWords = ""


class Note(BaseModel):
    """A line for the log."""

    text: Words


class Brought(Schema):
    """Where posts that were sent in are being read."""

    import_id: int
    url: str


class TroubleOut(Schema):
    """What happened and what to do next."""

    what: str
    remedy: str


class Refusal(Schema):
    """Why a call was refused before anything was done, and what to do; ``detail`` says it short."""

    what: str
    remedy: str
    detail: str


class Mistake(Schema):
    """One thing wrong with what was sent: where, and what was expected."""

    loc: list[str | int]
    msg: str
    type: str


class Mistakes(Schema):
    """All that is wrong with what was sent."""

    what: str
    remedy: str
    detail: list[Mistake]


READING: dict[int, Any] = {
    **dict.fromkeys((401, 403, 404, 429), Refusal),
    422: Mistakes,
}
"""What any call may answer besides what it was asked for."""

CHANGING: dict[int, Any] = {**READING, 400: TroubleOut | Refusal, 409: TroubleOut}
"""The same for calls that change something."""

FILES = {
    "responses": {
        200: {
            "description": "A file",
            "content": {kind: {"schema": {"type": "string"}} for kind in TYPES.values()},
        }
    }
}
"""What a call that gives a file says of itself in OpenAPI."""
