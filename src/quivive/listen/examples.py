"""Texts that a query must match and texts that it must not: the tests of a query."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from quivive.listen.known import NOTHING_KNOWN, Known
from quivive.listen.matching import compile_watch
from quivive.listen.query import And, Field, Node, Not, Or, Query
from quivive.listen.query.tree import says_nothing
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post

_WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a text is judged as it should be.

    Attributes:
        wanted: it must match.  matched: it does.
    """

    text: str
    wanted: bool
    matched: bool

    @property
    def right(self) -> bool:
        """Tell whether the query does what is wanted of it."""
        return self.wanted is self.matched


def judge(
    query: Query,
    *,
    must_match: Sequence[str] = (),
    must_not_match: Sequence[str] = (),
    known: Known = NOTHING_KNOWN,
) -> tuple[Verdict, ...]:
    """Hold a query against texts; those it must match come first.

    A text has words and hashtags and nothing else: what a query asks of authors, languages, places
    or times is left aside.

    >>> from quivive.listen.query import parse
    >>> heating = parse("heating -football lang:en")
    >>> found = judge(heating, must_match=["No heating!"], must_not_match=["heating up the match"])
    >>> [(one.wanted, one.matched, one.right) for one in found]
    [(True, True, True), (False, True, False)]
    """
    texts = [*must_match, *must_not_match]
    asked = _of_words(query.root)
    if asked is None or says_nothing(asked):
        matched = set[int]()
    else:
        watch = compile_watch({"": Query(query.text, asked)}, known)
        matched = {at for at, _ in watch.match([*map(_post, texts)])}
    return tuple(
        Verdict(text=text, wanted=at < len(must_match), matched=at in matched)
        for at, text in enumerate(texts)
    )


_IN_WORDS = ("title", "text", "raw", "hashtag", "emoji")


def _of_words(node: Node) -> Node | None:
    """Return what a tree asks of words; None when that is nothing."""
    match node:
        case Field() if node.name == "title":
            return msgspec.structs.replace(node, name="text")
        case Field():
            return node if node.name in _IN_WORDS else None
        case Not():
            part = _of_words(node.part)
            return None if part is None else Not(part, node.start, node.end)
        case And() | Or():
            parts = tuple(one for part in node.parts if (one := _of_words(part)) is not None)
            if len(parts) < 2:  # noqa: PLR2004
                return parts[0] if parts else None
            return msgspec.structs.replace(node, parts=parts)
        case _:
            return node


def _post(text: str) -> Post:
    return Post(
        id=text or "-",
        network="",
        published=_WRITTEN,
        attributed_to=Account(id="-"),
        content=text,
    )
