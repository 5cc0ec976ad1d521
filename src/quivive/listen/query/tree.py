"""What a query says, as a tree whose nodes remember their place in its text."""

import re
from types import UnionType
from typing import TypeAlias

import msgspec

from quivive.listen.query.grammar import ENDS

_BARE = re.compile(rf"(?!(?:AND|ET|OR|OU|NOT|SAUF){ENDS}|[^\W\d_]+:)[^\s()\"“”«»-][^\s()\"“”«»]*")
_QUOTES = (('"', '"'), ("«", "»"), ("“", "”"))


class Words(msgspec.Struct, frozen=True, gc=False):
    """Words to find next to each other: one word, a hashtag, or a phrase.

    Attributes:
        text: as typed, without quotation marks.
        start, end: characters of the query it spans, ``end`` not included.
    """

    text: str
    start: int
    end: int

    def __str__(self) -> str:
        """Write it bare where that is enough."""
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


class Not(msgspec.Struct, frozen=True, gc=False):
    """True where ``part`` is not."""

    part: "Node"
    start: int
    end: int

    def __str__(self) -> str:
        """Write it with the short sign."""
        return f"-{_bracketed(self.part, And | Or | Not)}"


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


Node: TypeAlias = Words | Field | Not | And | Or


class Query(msgspec.Struct, frozen=True, gc=False):
    """A query that can be read: its text as typed, and what it says."""

    text: str
    root: Node

    def __str__(self) -> str:
        """Write the query in its shortest form, on one line."""
        return str(self.root)


def says_nothing(node: Node) -> bool:
    """Tell whether a post without a single word, by nobody, would match.

    Such a query, e.g. ``NOT rain``, catches nearly every post in the world.
    """
    match node:
        case Words() | Field():
            return False
        case Not():
            return not says_nothing(node.part)
        case And():
            return all(says_nothing(part) for part in node.parts)
        case Or():
            return any(says_nothing(part) for part in node.parts)


def _bracketed(node: Node, needing: UnionType | type) -> str:
    return f"({node})" if isinstance(node, needing) else str(node)


def _quoted(text: str) -> str:
    opening, closing = next((pair for pair in _QUOTES if pair[1] not in text), _QUOTES[0])
    return f"{opening}{text}{closing}"
