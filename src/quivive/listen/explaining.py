"""Why a post matches: the clauses of the query that held, and the words of the post they met."""

import re
from collections.abc import Iterator

import msgspec

from quivive.listen.evaluation import Said, said_by, truth_of
from quivive.listen.query import And, Field, Node, Not, Or, Query, Words
from quivive.listen.words import Pattern, is_silent, patterns_of, texts_of
from quivive.vocabulary.folding import fold
from quivive.vocabulary.posts import Post


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


def explain(query: Query, post: Post) -> tuple[Clause, ...]:
    """Return the clauses that made a post match, in the query's order; none if it does not.

    What a query leaves out (``-word``) is not listed: it is absent from the post.
    """
    said = said_by(post, texts_of([post])[0])
    if is_silent(post) or not truth_of(query.root)(said):
        return ()
    return tuple(
        Clause(
            text=query.text[leaf.start : leaf.end],
            start=leaf.start,
            end=leaf.end,
            words=_met(leaf, said),
        )
        for leaf in _holding(query.root, said, wanted=True)
    )


def _holding(node: Node, said: Said, *, wanted: bool) -> Iterator[Words | Field]:
    """The leaves behind the truth (``wanted``) or untruth of a node."""
    if truth_of(node)(said) is not wanted:
        return
    match node:
        case Words() | Field():
            if wanted:
                yield node
        case Not():
            yield from _holding(node.part, said, wanted=not wanted)
        case And() | Or():
            for part in node.parts:
                yield from _holding(part, said, wanted=wanted)


def _met(leaf: Words | Field, said: Said) -> tuple[str, ...]:
    if isinstance(leaf, Field):
        author = said.post.attributed_to
        return (author.handle or author.id if leaf.name == "from" else said.post.language or "",)
    for pattern in patterns_of(leaf.text):
        found = list(_as_written(pattern, said.post)) or re.findall(pattern.source, said.text)
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _as_written(pattern: Pattern, post: Post) -> Iterator[str]:
    """What the pattern meets, with the capitals and accents of the post."""
    for original in (post.content, *(f"#{tag.lstrip('#')}" for tag in post.hashtags)):
        folded = [fold(sign) for sign in original]
        places = [index for index, sign in enumerate(folded) for _ in sign]
        for found in re.finditer(pattern.source, "".join(folded)):
            yield original[places[found.start()] : places[found.end() - 1] + 1]
