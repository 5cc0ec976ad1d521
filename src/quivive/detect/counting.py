"""Who was heard on each topic, minute by minute: voices, originals, reposts, sides taken."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from quivive.vocabulary.folding import fold
from quivive.vocabulary.posts import Post
from quivive.vocabulary.sentiments import Leaning, Sentiment
from quivive.vocabulary.topics import Topic

MINUTE_S = 60
SAME_VOICE_S = 6 * 3600
"""An author who goes on speaking within this time is still the same voice."""
KEPT_S = 48 * 3600
MOST_KEPT = 5_000


class MinuteCounts(msgspec.Struct, frozen=True, kw_only=True):
    """One closed minute of one topic, for pages to draw.

    Quiet minutes have no row, except the first of each hour.

    Attributes:
        minute: its start.
        voices: distinct authors not heard on the topic in the six hours before. Reposts of one
            post count as one voice together: somebody relays it, and the storm of others is its.
        originals: posts with words of their own.  reposts: pure reposts.
        relays: distinct reposting authors, on the same rule as voices.
        negatives, positives: originals that take a side.
        own: posts of our own accounts, in none of the other counts.
        expected: voices an hour that are usual at this time.
        upper: voices an hour that 99 % of quiet hours at this time do not pass.
    """

    topic: str
    minute: datetime
    voices: int
    originals: int
    reposts: int
    relays: int
    negatives: int
    positives: int
    own: int
    expected: float
    upper: float


class Tally(msgspec.Struct):
    """Counts of one open minute."""

    voices: int = 0
    originals: int = 0
    reposts: int = 0
    relays: int = 0
    negatives: int = 0
    positives: int = 0
    own: int = 0


class Heard(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of a recent post, enough to show and to date a burst.

    Attributes:
        at: Unix seconds at which it was heard.
        voice, relay: it added a voice, a reposting author.
        side: -1 negative, 1 positive, 0 neither or unsure.
    """

    id: str
    at: float
    author: str
    repost: bool
    voice: bool
    relay: bool
    side: int
    followers: int | None


class Counter(msgspec.Struct):
    """What one topic heard lately.

    Attributes:
        speakers, relayers: author to the Unix second last heard.
        relayed: post to the Unix second it was last reposted.
        rang_for: author to the Unix second an influential-author signal last rang.
        recent: oldest first, at most ``MOST_KEPT``.
    """

    speakers: dict[str, float] = msgspec.field(default_factory=dict)
    relayers: dict[str, float] = msgspec.field(default_factory=dict)
    relayed: dict[str, float] = msgspec.field(default_factory=dict)
    rang_for: dict[str, float] = msgspec.field(default_factory=dict)
    recent: list[Heard] = msgspec.field(default_factory=list)


def count(
    counter: Counter, tally: Tally, post: Post, sentiment: Sentiment | None, *, own: bool
) -> None:
    """Count one post in its topic's counter and in the tally of its minute, in place."""
    at = post.heard_at.timestamp()
    if own:
        tally.own += 1
        return
    author, original = _author(post), post.repost_of
    voice = relay = False
    side = 0
    if original is not None:
        relay = _is_new(counter.relayers, author, at)
        voice = _is_new(counter.relayed, original, at) and _is_new(counter.speakers, author, at)
        tally.reposts += 1
    else:
        voice = _is_new(counter.speakers, author, at)
        side = _side(sentiment)
        tally.originals += 1
        tally.negatives += side < 0
        tally.positives += side > 0
    tally.voices += voice
    tally.relays += relay
    followers = post.attributed_to.followers
    heard = Heard(post.id, at, author, original is not None, voice, relay, side, followers)
    counter.recent.append(heard)
    if len(counter.recent) > 2 * MOST_KEPT:
        del counter.recent[:-MOST_KEPT]


def _author(post: Post) -> str:
    """Name who wrote a post; where the file does not tell, each post is somebody else's."""
    return post.attributed_to.id if post.attributed_to.is_told else f"untold/{post.id}"


def _is_new(known: dict[str, float], name: str, at: float) -> bool:
    """Tell whether a name was not heard for a while, and remember that it was heard now."""
    before = known.get(name, -1e18)
    known[name] = at
    return at - before > SAME_VOICE_S


def forget(counter: Counter, now: float) -> None:
    """Drop what is too old to matter, in place."""
    for known in (counter.speakers, counter.relayers, counter.relayed, counter.rang_for):
        if known:  # most are not: hardly any topic is reposted, or rings
            for author in [name for name, at in known.items() if now - at > SAME_VOICE_S]:
                del known[author]
    kept = [heard for heard in counter.recent[-MOST_KEPT:] if now - heard.at <= KEPT_S]
    counter.recent[:] = kept


def is_own(post: Post, topic: Topic) -> bool:
    """Tell whether one of our own accounts wrote the post."""
    author = post.attributed_to
    ours = {_plain(name) for name in topic.own_accounts}
    return bool(ours) and (
        _plain(author.id) in ours or (author.handle is not None and _plain(author.handle) in ours)
    )


def since(counter: Counter, start: float) -> Iterable[Heard]:
    """Return recent posts from ``start`` on, earliest first."""
    return sorted((heard for heard in counter.recent if heard.at >= start), key=lambda h: h.at)


def moment(seconds: float) -> datetime:
    """Return a Unix time as a UTC moment."""
    return datetime.fromtimestamp(seconds, UTC)


def _plain(name: str) -> str:
    return fold(name).lstrip("@")


def _side(sentiment: Sentiment | None) -> int:
    if sentiment is None:
        return 0
    return {Leaning.NEGATIVE: -1, Leaning.POSITIVE: 1}.get(sentiment.label, 0)
