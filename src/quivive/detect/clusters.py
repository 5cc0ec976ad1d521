"""The claims of a topic as they are followed: what each holds, and when it is forgotten."""

from collections.abc import Set as AbstractSet

import msgspec

from quivive.detect.copies import Copies
from quivive.detect.copies import forget as forget_copies
from quivive.detect.stories import Stories
from quivive.vocabulary.claims import Stance, Standing

FADES_S = 3 * 86_400
"""A claim that is no rumour is forgotten after so long without a post."""
RUMOUR_FADES_S = 30 * 86_400
MOST_CLAIMS = 2_000
MOST_POSTS = 5_000
MOST_WORDS = 60
MOST_KNOWN = 20_000
HOUR_S = 3600


class Cluster(msgspec.Struct):
    """One claim as it is followed.

    Attributes:
        story, lead: the wider talk that most of its posts belong to, and by how many posts.
        words: how many posts held each stem, comments left out.  posts: how many in all.
        relayed_by, asked_by: authors that assert it with no link, that ask about it; kept until
            it is a rumour.
        texts: earliest posts that relay it, id and words, to take the sentence from; dropped when
            it is a rumour, and its sentence stands.
        began: how its first post stands.
        rumour_at: Unix second, 0 while it is none.  asked: by then, somebody asked if it is so.
        meaning: vector of its sentence in half precision; empty until asked for.
    """

    id: str
    language: str
    sentence: str
    sentence_from: str
    began_at: float
    last_at: float
    story: str = ""
    lead: int = 0
    words: dict[str, int] = msgspec.field(default_factory=dict)
    posts: int = 0
    relayed_by: set[str] = msgspec.field(default_factory=set)
    asked_by: set[str] = msgspec.field(default_factory=set)
    texts: list[tuple[str, str]] = msgspec.field(default_factory=list)
    rumour_at: float = 0.0
    asked: bool = False
    began: Standing | None = None
    meaning: bytes = b""


class Known(msgspec.Struct, array_like=True):
    """A post that was placed: its claim, how it stands, the copy it is of, if it is ours."""

    claim: str
    stance: Stance
    copy_of: str
    depth: int
    text: str
    own: bool = False


class Claims(msgspec.Struct):
    """Claims of one topic.

    Attributes:
        open: id to claim, oldest first.  holding: stem to ids of claims with it.
        known: post to its place, oldest first.
        spoke: author to the latest post of theirs that is known.
        seen: posts that held each stem.  heard: posts in all.
        minute, read: minute (since 1970) and how many posts were encoded in it.
        tidied: hour (since 1970) in which it was last looked what may be forgotten.
    """

    open: dict[str, Cluster] = msgspec.field(default_factory=dict)
    holding: dict[str, list[str]] = msgspec.field(default_factory=dict)
    known: dict[str, Known] = msgspec.field(default_factory=dict)
    spoke: dict[str, str] = msgspec.field(default_factory=dict)
    copies: Copies = msgspec.field(default_factory=Copies)
    stories: Stories = msgspec.field(default_factory=Stories)
    seen: dict[str, int] = msgspec.field(default_factory=dict)
    heard: int = 0
    minute: float = 0.0
    read: int = 0
    tidied: float = 0.0


def tidy(claims: Claims, at: float) -> None:
    """Forget once an hour of what is heard, sooner in a flood; never as batches happen to end."""
    flood = len(claims.known) > 2 * MOST_POSTS or len(claims.open) > 2 * MOST_CLAIMS
    if at // HOUR_S > claims.tidied or flood:
        claims.tidied = max(claims.tidied, at // HOUR_S)
        forget(claims, at)


def forget(claims: Claims, now: float) -> None:
    """Drop what is too old or too much, in place; rumours stay longest."""
    over = [
        name
        for name, one in claims.open.items()
        if now - one.last_at > (RUMOUR_FADES_S if one.rumour_at else FADES_S)
    ]
    for name in over:
        del claims.open[name]
    if len(claims.open) > MOST_CLAIMS:
        quiet = sorted(claims.open.values(), key=lambda one: (bool(one.rumour_at), one.last_at))
        for one in quiet[: len(claims.open) - MOST_CLAIMS]:
            del claims.open[one.id]
    kept = list(claims.known.items())[-MOST_POSTS:]
    claims.known = {post: known for post, known in kept if known.claim in claims.open}
    claims.spoke = {who: post for who, post in claims.spoke.items() if post in claims.known}
    forget_copies(claims.copies, {known.copy_of for known in claims.known.values()})
    claims.holding = {}
    for one in claims.open.values():
        for word in one.words:
            claims.holding.setdefault(word, []).append(one.id)
    if len(claims.seen) > MOST_KNOWN:
        claims.seen = {word: count for word, count in claims.seen.items() if count > 1}


def scrub(claims: Claims, gone: AbstractSet[str]) -> None:
    """Forget the words of posts that were taken back or erased, in place; numbers stay."""
    claims.spoke = {who: post for who, post in claims.spoke.items() if post not in gone}
    for name in gone & claims.known.keys():
        claims.known[name] = msgspec.structs.replace(claims.known[name], text="")
        claims.copies.sayings.pop(name, None)
    for cluster in claims.open.values():
        cluster.texts = [(name, text) for name, text in cluster.texts if name not in gone]
        if cluster.sentence_from in gone:
            cluster.sentence, cluster.meaning = "", b""


def learn_words(claims: Claims, cluster: Cluster, words: frozenset[str]) -> None:
    """Let a claim learn the stems of a post that says what it is."""
    for word in sorted(words):
        if word in cluster.words:
            cluster.words[word] += 1
        elif len(cluster.words) < MOST_WORDS:
            cluster.words[word] = 1
            claims.holding.setdefault(word, []).append(cluster.id)
