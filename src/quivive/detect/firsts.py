"""What is new about where and how people speak: a critics' hashtag, a first article, a new network.

Notes that ring nobody: they say what to add to the watch list (R-55) and when talk jumps to
another public (Goel, Anderson, Hofman and Watts 2016: what grows large is mostly broadcast).
"""

import msgspec

from quivive.detect.counting import is_own
from quivive.detect.single_posts import signal_of
from quivive.vocabulary.chance import special
from quivive.vocabulary.folding import fold
from quivive.vocabulary.matches import Match
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.sentiments import Leaning
from quivive.vocabulary.signals import Signal, SignalKind
from quivive.vocabulary.topics import Topic

CRITICAL_SHARE = 0.6
"""A hashtag is the critics' from this share of critical posts on (R-55)."""
SURE = 0.8
FEWEST_AUTHORS = 4
FEWEST_POSTS = 20
"""Posts of a topic before something can be new to it."""
QUIET_S = 30 * 86_400
"""An article after so long without one is a first one again."""
SELDOM = 10
"""A place is news where at most one post in so many names a new one; where people write their place
as they like, nearly every second does."""
MOST_TAGS = 2_000
MOST_PLACES = 1_000
SEVERITY = 3


class Tag(msgspec.Struct):
    """One hashtag: who uses it and how critically.

    Attributes:
        first: its first post.  critics: posts that are critical, of ``sides`` that take a side.
    """

    first: str
    authors: set[str] = msgspec.field(default_factory=set)
    critics: int = 0
    sides: int = 0
    told: bool = False


class Firsts(msgspec.Struct):
    """What one topic was heard to use.

    Attributes:
        seen: networks and places to the Unix second last heard.  article_at: of the last article.
        placed: posts that named their place.  new_places: of these, those that named a new one.
    """

    tags: dict[str, Tag] = msgspec.field(default_factory=dict)
    seen: dict[str, float] = msgspec.field(default_factory=dict)
    article_at: float = -QUIET_S
    posts: int = 0
    placed: int = 0
    new_places: int = 0


def hear(firsts: Firsts, match: Match, topic: Topic) -> list[Signal]:
    """Take one post in the order heard; return what it is the first to show."""
    post = match.post
    if is_own(post, topic) or post.repost_of is not None:
        return []
    found = [*_tags(firsts, match, topic), *_sources(firsts, post, topic)]
    firsts.posts += 1
    return found


def _tags(firsts: Firsts, match: Match, topic: Topic) -> list[Signal]:
    found = []
    query = fold(topic.query)
    for name in dict.fromkeys(fold(tag).lstrip("#") for tag in match.post.hashtags):
        if f"#{name}" in query:
            continue
        tag = firsts.tags.setdefault(name, Tag(match.post.id))
        side = match.sentiment.label if match.sentiment else Leaning.UNCERTAIN
        tag.critics += side is Leaning.NEGATIVE
        tag.sides += side in (Leaning.NEGATIVE, Leaning.POSITIVE)
        if len(tag.authors) < FEWEST_AUTHORS:
            tag.authors.add(match.post.attributed_to.id)
        if not tag.told and len(tag.authors) >= FEWEST_AUTHORS and _critics(tag):
            tag.told = True
            reason = say(
                "{critics} of {sides} posts with #{tag} that take a side are critical.",
                tag=name,
                critics=tag.critics,
                sides=tag.sides,
            )
            evidence = dict.fromkeys((tag.first, match.post.id))
            found.append(_note(SignalKind.CRITICS_HASHTAG, match.post, topic, reason, *evidence))
    for _ in range(len(firsts.tags) - MOST_TAGS):
        del firsts.tags[next(iter(firsts.tags))]
    return found


def _critics(tag: Tag) -> bool:
    """Tell whether we are sure enough that its critical share is above the line."""
    if tag.critics < CRITICAL_SHARE * tag.sides:
        return False
    below = special().betainc(tag.critics + 1, tag.sides - tag.critics + 1, CRITICAL_SHARE)
    return bool(1 - below >= SURE)


def _sources(firsts: Firsts, post: Post, topic: Topic) -> list[Signal]:
    at = post.heard_at.timestamp()
    reason: Message | None = None
    known = firsts.posts >= FEWEST_POSTS
    if post.kind == "article":
        if at - firsts.article_at >= QUIET_S:
            reason = say("A first press article speaks of it.")
        firsts.article_at = at
    network, place = f"network {post.network}", f"place {fold(post.place or '')}"
    if reason is None and known and network not in firsts.seen:
        reason = say("For the first time somebody speaks of it on {network}.", network=post.network)
    firsts.seen[network] = at
    if post.place:
        new = place not in firsts.seen
        if reason is None and new and _places_are_settled(firsts):
            reason = say("For the first time somebody speaks of it in {place}.", place=post.place)
        firsts.seen[place] = at
        firsts.placed, firsts.new_places = firsts.placed + 1, firsts.new_places + new
    for _ in range(len(firsts.seen) - MOST_PLACES):
        del firsts.seen[next(iter(firsts.seen))]
    return [_note(SignalKind.SOURCE_JUMP, post, topic, reason, post.id)] if reason else []


def _places_are_settled(firsts: Firsts) -> bool:
    """Tell whether a new place is seldom; the share of new ones says so (Good 1953)."""
    return firsts.placed >= FEWEST_POSTS and SELDOM * firsts.new_places <= firsts.placed


def _note(kind: SignalKind, post: Post, topic: Topic, reason: Message, *evidence: str) -> Signal:
    note = signal_of(kind, post, topic, SEVERITY, reason, rings=False)
    return msgspec.structs.replace(note, evidence=evidence)
