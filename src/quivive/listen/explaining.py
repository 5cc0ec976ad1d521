"""Why a post matches: the clauses of the query that held, and the words of the post they met."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import msgspec

from quivive.listen.evaluation import Said, said_by, truth_of
from quivive.listen.facts import NAMES, NUMBERS, TEXTS
from quivive.listen.known import NOT_STORED, NOTHING_KNOWN, Known, Stored
from quivive.listen.languages import language_of
from quivive.listen.place_facts import PLACE_FIELDS, places_met
from quivive.listen.positions import places_of, sentences, stretches
from quivive.listen.query import (
    And,
    Field,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Query,
    Sentence,
    Words,
    leaves,
)
from quivive.listen.words import Pattern, is_silent, patterns_of, texts_of
from quivive.vocabulary.folding import fold
from quivive.vocabulary.posts import Post

ENOUGH = 20
"""Places of one clause that are told: finding how the post wrote each takes long."""


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """A word, phrase or field of a query that a post met.

    Attributes:
        text: as typed in the query.
        start, end: characters of the query it spans, ``end`` not included.
        words: what met it, as the post wrote it; as folded where the post names several forms
            at once (``locataire·s``).
    """

    text: str
    start: int
    end: int
    words: tuple[str, ...]


def explain(
    query: Query, post: Post, known: Known = NOTHING_KNOWN, stored: Stored = NOT_STORED
) -> tuple[Clause, ...]:
    """Return the clauses that made a post match, in the query's order; none if it does not.

    What a query leaves out (``-word``) is not listed: it is absent from the post.
    """
    said = said_by(post, texts_of([post])[0], stored)
    if is_silent(post) or not truth_of(query.root, known)(said):
        return ()
    return tuple(
        Clause(
            text=query.text[leaf.start : leaf.end],
            start=leaf.start,
            end=leaf.end,
            words=_met(leaf, said, known),
        )
        for leaf in _holding(query.root, said, known, wanted=True)
    )


def _holding(node: Node, said: Said, known: Known, *, wanted: bool) -> Iterator[Leaf]:
    """The leaves behind the truth (``wanted``) or untruth of a node."""
    if truth_of(node, known)(said) is not wanted:
        return
    match node:
        case Words() | Field() | Near() | Sentence():
            if wanted:
                yield node
        case Not():
            yield from _holding(node.part, said, known, wanted=not wanted)
        case And() | Or():
            for part in node.parts:
                yield from _holding(part, said, known, wanted=wanted)


def _met(leaf: Leaf, said: Said, known: Known) -> tuple[str, ...]:
    match leaf:
        case Field():
            return _fact_met(leaf, said, known)
        case Sentence():
            parts = (one for one in leaves(leaf.part) if isinstance(one, Words))
            met = dict.fromkeys(word for one in parts for word in _words_met(one, said))
            return tuple(met) or (next(sentences(said.text)).text.strip(),)
        case Words(edits=0, apart=0):
            return _words_met(leaf, said)
        case Words() | Near():
            return _places_met(leaf, said)


def _words_met(leaf: Words, said: Said) -> tuple[str, ...]:
    if leaf.edits or leaf.apart:
        return _places_met(leaf, said)
    for pattern in patterns_of(leaf.text):
        found = list(_as_written(pattern, said.post)) or re.findall(pattern.source, said.text)
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _places_met(leaf: Words | Near, said: Said) -> tuple[str, ...]:
    """What stands from the first word to the last, as the post wrote it where that is known."""
    places = places_of(leaf)
    found = (
        _original(piece.text[start:end], said.post)
        for piece in stretches(said.text)
        for start, end in places(piece)
    )
    return tuple(dict.fromkeys(islice(found, ENOUGH)))


def _fact_met(leaf: Field, said: Said, known: Known) -> tuple[str, ...]:
    post, stored = said.post, said.stored
    if leaf.name in PLACE_FIELDS and known.finder is not None:
        places = places_met(leaf, known.finder)(post)
        if places:
            return places
    if leaf.name == "lang":
        return (language_of(post, known),)
    author = post.attributed_to
    if leaf.name in ("from", "panel"):
        return (author.handle or author.id,)
    if leaf.name in NUMBERS:
        return (f"{NUMBERS[leaf.name](post, stored):g}",)
    if leaf.name in TEXTS or leaf.name in NAMES:
        found = {**TEXTS, **NAMES}[leaf.name](post, stored)
        return tuple(dict.fromkeys(text.strip() for text in found if text))
    shown = _SHOWN.get(leaf.name)
    return tuple(shown(leaf, said)) if shown else (leaf.value,)


def _sign_met(leaf: Field, said: Said) -> tuple[str, ...]:
    sign = "#" if leaf.name == "hashtag" else ""
    return _words_met(Words(f"{sign}{leaf.value.lstrip('#')}", 0, 0), said)


_SHOWN: dict[str, Callable[[Field, Said], Iterable[str]]] = {
    "link": lambda _, said: said.post.links,
    "agency": lambda _, said: [said.post.place or ""],
    **dict.fromkeys(("hashtag", "emoji"), _sign_met),
    **dict.fromkeys(("url", "site"), lambda _, said: [said.post.url or said.post.id]),
    **dict.fromkeys(
        ("since", "until", "hour"),
        lambda _, said: [said.post.published.isoformat(timespec="minutes")],
    ),
}
"""What of the post met a field, where that is not the value as it was typed."""


def _original(folded: str, post: Post) -> str:
    """The same words with the capitals and accents of the post, if they stand there in a row."""
    exact = Pattern((), alone=False, source=re.escape(folded))
    return next(_as_written(exact, post), folded)


def _as_written(pattern: Pattern, post: Post) -> Iterator[str]:
    """What the pattern meets, with the capitals and accents of the post."""
    for original in (
        post.content,
        post.title or "",
        *(f"#{tag.lstrip('#')}" for tag in post.hashtags),
    ):
        folded = [fold(sign) for sign in original]
        places = [index for index, sign in enumerate(folded) for _ in sign]
        for found in re.finditer(pattern.source, "".join(folded)):
            yield original[places[found.start()] : places[found.end() - 1] + 1]
