"""What the flow watches with: topics compiled once, and who reads their posts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

from quivive.detect.sentiment import Reader
from quivive.listen.known import NOTHING_KNOWN, Known
from quivive.listen.matching import Matcher, compile_watch
from quivive.listen.query import parse
from quivive.vocabulary.topics import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Topics with their compiled queries.

    Attributes:
        topics: in a fixed order.
        matcher: all their queries, ready to meet every post in one pass.
        reader: reads how posts lean, French and English.
        ours: names of our own accounts, in small letters.
        home: the language most write here (ISO 639); None where nobody says.
        zone: of the clock people live by.
    """

    topics: tuple[Topic, ...]
    matcher: Matcher
    reader: Reader
    ours: frozenset[str] = frozenset()
    home: str | None = None
    zone: tzinfo = UTC

    def only(self, topics: Collection[str]) -> "Watch":
        """Return a watch that detects on some of the topics alone."""
        return replace(self, topics=tuple(one for one in self.topics if one.id in topics))


def watch_for(topics: Sequence[Topic], reader: Reader, known: Known = NOTHING_KNOWN) -> Watch:
    """Compile topics.

    Args:
        known: what the room knows of panels, agencies, the clock on the wall and its language.

    Raises:
        BadQuery: when a topic's query cannot be read.
    """
    matcher = compile_watch({topic.id: parse(topic.query) for topic in topics}, known)
    return Watch(
        topics=tuple(topics),
        matcher=matcher,
        reader=reader,
        ours=ours_in(topics),
        home=known.language,
        zone=known.zone,
    )


def ours_in(topics: Sequence[Topic]) -> frozenset[str]:
    """Return the names of our own accounts, as they are compared."""
    return frozenset(name.lower().removeprefix("@") for one in topics for name in one.own_accounts)
