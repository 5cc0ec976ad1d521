"""Every post meets every topic's query at once.

One pass over the outlines of a batch finds the triggers of all queries (``literals``); only the few
posts that hold one are folded, and only the queries that wait for it are read in full, where the
post also holds what else they ask for first (their gate). As long as
topics ask for words of their own, such as a name, a post costs little more with ten thousand topics
than with a hundred; topics made of common words alone cost more.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from sys import intern
from typing import TypeAlias

import msgspec

from quivive.listen.evaluation import FEW, Said, Truth, said_by, truth_of
from quivive.listen.explaining import Clause, explain
from quivive.listen.facts import mentioned, name_of
from quivive.listen.known import NOTHING_KNOWN, Known
from quivive.listen.outlines import Look, Scanner
from quivive.listen.positions import CLOSING
from quivive.listen.query import Query
from quivive.listen.triggers import (
    ANYTHING,
    Anything,
    Author,
    Close,
    Gate,
    Mention,
    Trigger,
    all_triggers,
    triggers_of,
)
from quivive.listen.words import Literal, is_letter, is_silent, texts_of, words_of
from quivive.vocabulary.folding import fold
from quivive.vocabulary.posts import Post

__all__ = ["Clause", "Matcher", "compile_watch", "explain"]

_CHUNK = 512
"""Posts looked at together: enough to spread the fixed cost, few enough for a processor's cache."""

_EVERY_POST = 1e9
"""The worst trigger: a topic that waits for nothing is read in full on every post."""


_Candidates: TypeAlias = "defaultdict[int, list[_Asking]]"


class _Asking(msgspec.Struct, frozen=True, gc=False):
    """A topic that waits for a trigger, by number, and its gate there; no gate holds nothing up.

    Attributes:
        words: looked for among the words of a post.  signs: looked for in its text.
    """

    topic: int
    words: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()

    def lets_in(self, said: Said) -> bool:
        """Tell whether a post is worth reading the query in full."""
        for word in self.words:
            if word in said.spaced:
                return True
        for sign in self.signs:
            if sign in said.text:
                return True
        return not self.words and not self.signs


class _Place(msgspec.Struct, frozen=True, gc=False):
    """A literal with the topics that wait for it, and where all of them want a word to end."""

    topics: tuple[_Asking, ...]
    left: bool
    right: bool


class Matcher:
    """All queries of a watch, compiled; it never changes, so that threads may share it."""

    def __init__(self, queries: Mapping[str, Query], known: Known = NOTHING_KNOWN) -> None:
        """Choose the triggers of each query and make them ready to be found."""
        self.topics = tuple(queries)
        self._truths: tuple[Truth, ...] = tuple(
            truth_of(query.root, known) for query in queries.values()
        )
        waiting = _waiting(tuple(queries.values()))
        places = _places(waiting)
        close = {one: ids for one, ids in waiting.items() if isinstance(one, Close)}
        self._waiting = (*(place.topics for place in places.values()), *close.values())
        self._scanner = Scanner(
            [(text, one.left, one.right) for text, one in places.items()],
            [(one.word, one.edits) for one in close],
            [*map(_signs_of, queries.values())],
        )
        self._mentions = {
            one.handle: ids for one, ids in waiting.items() if isinstance(one, Mention)
        }
        self._authors = {one.handle: ids for one, ids in waiting.items() if isinstance(one, Author)}
        self._anything = waiting.get(ANYTHING, ())

    def match(self, posts: Sequence[Post]) -> list[tuple[int, tuple[str, ...]]]:
        """Find the posts that match; a repost without words of its own never does.

        Returns:
            For each post that matches at least one topic, in order: its index in ``posts`` and
            the ids of its topics, in the watch's order.
        """
        caught: list[tuple[int, tuple[str, ...]]] = []
        for start in range(0, len(posts), _CHUNK):
            caught.extend(self._match_chunk(posts[start : start + _CHUNK], start))
        return caught

    def _match_chunk(
        self, posts: Sequence[Post], start: int
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        candidates: _Candidates = defaultdict(list)
        look = self._scanner.look(words_of(posts))
        folded = self._add_by_text(posts, look, candidates)
        self._add_by_post(posts, candidates)
        told = {index: look.folded(index) for index in sorted(candidates)}
        unfolded = [index for index, one in told.items() if one is None and index not in folded]
        folded.update(_folded_texts(posts, unfolded))
        for index, one in told.items():
            post = posts[index]
            said = Said(*one, post) if one else said_by(post, folded[index])
            asking = [one.topic for one in candidates[index] if one.lets_in(said)]
            if len(asking) > FEW:
                said.list_words()
            held = [n for n in sorted(set(asking)) if self._truths[n](said)]
            if held:
                yield start + index, tuple([self.topics[n] for n in held])

    def _add_by_text(
        self, posts: Sequence[Post], look: Look, candidates: _Candidates
    ) -> dict[int, str]:
        """Add what the look found; returns the texts that had to be folded, by their index."""
        folded = _folded_texts(posts, sorted(look.strange))
        for index, number in look.hits:
            if index not in folded:
                candidates[index] += self._waiting[number]
        if not folded:
            return folded
        indexes = list(folded)
        for place, number in self._scanner.search(list(folded.values())):
            candidates[indexes[place]] += self._waiting[number]
        return folded

    def _add_by_post(self, posts: Sequence[Post], candidates: _Candidates) -> None:
        """Look up authors and mentions, if any query asks for one."""
        authors = self._authored_by(posts) if self._authors else {}
        for index, post in enumerate(posts if authors else ()):
            for name in (post.attributed_to.handle, post.attributed_to.id):
                if name in authors and not is_silent(post):
                    candidates[index] += authors[name]
        if self._mentions:
            self._add_by_mention(posts, candidates)
        for index, post in enumerate(posts if self._anything else ()):
            if not is_silent(post):
                candidates[index] += self._anything

    def _add_by_mention(self, posts: Sequence[Post], candidates: _Candidates) -> None:
        for index, post in enumerate(posts):
            if (post.mentions or "@" in post.content) and not is_silent(post):
                for name in mentioned(post):
                    candidates[index] += self._mentions.get(name_of(name), ())

    def _authored_by(self, posts: Sequence[Post]) -> dict[str | None, tuple[_Asking, ...]]:
        """Find the few names of a batch that queries ask for, each looked at once."""
        accounts = [post.attributed_to for post in posts]
        names = [one.id for one in accounts] + [one.handle or "" for one in accounts]
        told = "\0".join(names)  # a name that holds this sign is only looked at more closely
        small = told.lower()
        found = names if small == told else small.split("\0")  # many networks know no capitals
        if self._authors.keys().isdisjoint(found) and told.isascii():
            return {}
        asked = ((name, self._authors.get(fold(name), ())) for name in set(names))
        return {name: topics for name, topics in asked if topics}


def _signs_of(query: Query) -> str:
    """Return the signs that reading a query asks for: its own, and those after sentences."""
    return fold(query.text) + CLOSING


def _folded_texts(posts: Sequence[Post], indexes: Sequence[int]) -> dict[int, str]:
    texts = texts_of([posts[index] for index in indexes])
    return dict(zip(indexes, texts, strict=True))


def compile_watch(queries: Mapping[str, Query], known: Known = NOTHING_KNOWN) -> Matcher:
    """Compile the queries of a watch, by topic id; do it once, it costs far more than a post."""
    return Matcher(queries, known)


def is_costly(query: Query) -> bool:
    """Tell whether a query has to be read in full on every post: nothing announces its posts.

    >>> from quivive.listen.query import parse
    >>> is_costly(parse("followers:>1000")), is_costly(parse("heating followers:>1000"))
    (True, False)
    """
    return ANYTHING in triggers_of(query, _cost(Counter()))


def _waiting(queries: Sequence[Query]) -> dict[Trigger, tuple[_Asking, ...]]:
    """Which topics wait for which trigger."""
    asked = Counter(one for query in queries for one in set(all_triggers(query.root)))
    waiting: defaultdict[Trigger, list[_Asking]] = defaultdict(list)
    for number, query in enumerate(queries):
        for trigger, gate in triggers_of(query, _cost(asked)).items():
            waiting[trigger].append(_asking(number, gate))
    return {trigger: tuple(some) for trigger, some in waiting.items()}


def _asking(topic: int, gate: Gate) -> _Asking:
    """Say how a gate is looked for; topics share their common words, which stay at hand."""
    words = [one for one in gate or () if all(map(is_letter, one.text))]
    signs = [one for one in gate or () if not all(map(is_letter, one.text))]
    borders = (f"{' ' * one.left}{one.text}{' ' * one.right}" for one in words)
    return _Asking(topic, tuple(map(intern, borders)), tuple(one.text for one in signs))


def _cost(asked: Counter[Trigger]) -> Callable[[Trigger], float]:
    """Guess how common a trigger is in posts: short words are, and words many topics ask for."""

    def cost(trigger: Trigger) -> float:
        match trigger:
            case Literal():
                return asked[trigger] * 2.0 ** (8 - min(len(trigger.text), 12))
            case Close():
                length = min(len(trigger.word), 12)
                return asked[trigger] * 2.0 ** (8 + trigger.edits - length)
            case Author() | Mention():
                return 0.0
            case Anything():
                return _EVERY_POST

    return cost


def _places(waiting: Mapping[Trigger, tuple[_Asking, ...]]) -> dict[str, _Place]:
    """Join triggers with the same characters: a boundary is asked for if all ask for it."""
    places: dict[str, _Place] = {}
    for one, topics in waiting.items():
        if isinstance(one, Literal):
            known = places.get(one.text, _Place((), left=True, right=True))
            left, right = known.left and one.left, known.right and one.right
            places[one.text] = _Place((*known.topics, *topics), left=left, right=right)
    return places
