"""Topics, posts, how they came in and what could not be read."""

from quivive.web.listen.models.counts import Counts, EngineState, HalfHour, Minute
from quivive.web.listen.models.evidence import Capture
from quivive.web.listen.models.imports import (
    Import,
    ImportState,
    QuarantinedLine,
    QuarantineState,
    SavedMapping,
)
from quivive.web.listen.models.places import PlaceReading, PostPlace
from quivive.web.listen.models.posts import (
    Account,
    Engagement,
    Hiding,
    Leaning,
    Match,
    Matches,
    Objection,
    Post,
    PostLabel,
    PostWords,
    PseudonymKey,
    Screenshot,
)
from quivive.web.listen.models.searches import Deed, SavedView
from quivive.web.listen.models.sources import Arrival, Source, SourceHour, TakenCall
from quivive.web.listen.models.topics import Topic, TopicVersion

__all__ = [
    "Account",
    "Arrival",
    "Capture",
    "Counts",
    "Deed",
    "Engagement",
    "EngineState",
    "HalfHour",
    "Hiding",
    "Import",
    "ImportState",
    "Leaning",
    "Match",
    "Matches",
    "Minute",
    "Objection",
    "PlaceReading",
    "Post",
    "PostLabel",
    "PostPlace",
    "PostWords",
    "PseudonymKey",
    "QuarantineState",
    "QuarantinedLine",
    "SavedMapping",
    "SavedView",
    "Screenshot",
    "Source",
    "SourceHour",
    "TakenCall",
    "Topic",
    "TopicVersion",
]
