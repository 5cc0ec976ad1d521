"""What a query says, as a tree whose nodes remember their place in its text."""

import re
from collections.abc import Iterator
from types import UnionType
from typing import TypeAlias

import msgspec

from quivive.listen.query.grammar import ENDS

_BARE = re.compile(
    rf"(?!(?:AND|ET|OR|OU|NOT|SAUF|SENTENCE|O?NEAR(?:/\d*)?){ENDS}|[^\W\d_]+:|\w+~\d*{ENDS})"
    r"[^\s()\"“”«»-][^\s()\"“”«»]*"
)
_QUOTES = (('"', '"'), ("«", "»"), ("“", "”"))


class Words(msgspec.Struct, frozen=True, gc=False):
    """Words to find: one word, a hashtag, or a phrase.

    Attributes:
        text: as typed, without quotation marks.
        start, end: characters of the query it spans, ``end`` not included.
        edits: letters by which one word may differ (``mot~1``).
        apart: other words that may stand among those of a phrase, then in any order
            (``"a b"~3``); 0 for words right next to each other, in their order.
    """

    text: str
    start: int
    end: int
    edits: int = 0
    apart: int = 0

    def __str__(self) -> str:
        """Write it bare where that is enough."""
        if self.edits:
            return f"{self.text}~{self.edits}"
        if self.apart:
            return f"{_quoted(self.text)}~{self.apart}"
        return self.text if _BARE.fullmatch(self.text) else _quoted(self.text)


class Field(msgspec.Struct, frozen=True, gc=False):
    """Something a post has, e.g. ``from:ana``: ``name`` is ``from`` and ``value`` is ``ana``."""

    name: str
    value: str
    start: int
    end: int

    def __str__(self) -> str:
        """Write it with quotation marks where its value needs them."""
        bare = re.fullmatch(r"[^\s()\"“”«»]+", self.value)
        return f"{self.name}:{self.value if bare else _quoted(self.value)}"


class Near(msgspec.Struct, frozen=True, gc=False):
    """Two things with at most ``apart`` words between them; ``ordered``: the first one first."""

    left: "Node"
    right: "Node"
    apart: int
    ordered: bool
    start: int
    end: int

    def __str__(self) -> str:
        """Write it with its operator."""
        left = _bracketed(self.left, And | Or | Not)
        right = _bracketed(self.right, And | Or | Not | Near)
        return f"{left} {'O' * self.ordered}NEAR/{self.apart} {right}"


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """True where ``part`` is true of one sentence."""

    part: "Node"
    start: int
    end: int

    def __str__(self) -> str:
        """Write it with its brackets."""
        return f"SENTENCE({self.part})"


class Not(msgspec.Struct, frozen=True, gc=False):
    """True where ``part`` is not."""

    part: "Node"
    start: int
    end: int

    def __str__(self) -> str:
        """Write it with the short sign."""
        return f"-{_bracketed(self.part, And | Or | Not | Near)}"


class And(msgspec.Struct, frozen=True, gc=False):
    """True where all parts are; two parts or more."""

    parts: tuple["Node", ...]
    start: int
    end: int

    def __str__(self) -> str:
        """Write the parts side by side."""
        return " ".join(_bracketed(part, Or) for part in self.parts)


class Or(msgspec.Struct, frozen=True, gc=False):
    """True where at least one part is; two parts or more."""

    parts: tuple["Node", ...]
    start: int
    end: int

    def __str__(self) -> str:
        """Write the parts on one line."""
        return " OR ".join(map(str, self.parts))


Leaf: TypeAlias = Words | Field | Near | Sentence
"""What holds or not by itself; the parts of the last two only count together."""

Node: TypeAlias = Leaf | Not | And | Or


class Query(msgspec.Struct, frozen=True, gc=False):
    """A query that can be read: its text as typed, and what it says."""

    text: str
    root: Node

    def __str__(self) -> str:
        """Write the query in its shortest form, on one line."""
        return str(self.root)


def leaves(node: Node) -> Iterator[Words | Field]:
    """Yield the words and fields of a tree, in its order."""
    match node:
        case Words() | Field():
            yield node
        case Not() | Sentence():
            yield from leaves(node.part)
        case Near():
            yield from leaves(node.left)
            yield from leaves(node.right)
        case And() | Or():
            for part in node.parts:
                yield from leaves(part)


def says_nothing(node: Node, *, wanted: bool = True) -> bool:
    """Tell whether nothing a post has can announce that a node is true (or, not ``wanted``, false).

    Such a query, e.g. ``NOT rain``, catches nearly every post in the world.
    """
    match node:
        case Words() | Field() | Near():
            return not wanted
        case Sentence():
            return not wanted or says_nothing(node.part)
        case Not():
            return says_nothing(node.part, wanted=not wanted)
        case And() | Or():
            found = (says_nothing(part, wanted=wanted) for part in node.parts)
            return all(found) if isinstance(node, And) is wanted else any(found)


def _bracketed(node: Node, needing: UnionType | type) -> str:
    return f"({node})" if isinstance(node, needing) else str(node)


def _quoted(text: str) -> str:
    opening, closing = next((pair for pair in _QUOTES if pair[1] not in text), _QUOTES[0])
    return f"{opening}{text}{closing}"
