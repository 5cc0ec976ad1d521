"""Triggers of a query: the things of which a post must hold at least one to be worth reading.

A watch looks for the triggers of all its queries at once, and reads a query in full only for the
posts that hold one of its own.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

import msgspec

from quivive.listen.query import And, Field, Node, Not, Or, Query, Words
from quivive.listen.words import Literal, patterns_of
from quivive.vocabulary.folding import fold


class Author(msgspec.Struct, frozen=True, gc=False):
    """A handle or the id of an account, folded."""

    handle: str


class Language(msgspec.Struct, frozen=True, gc=False):
    """The first part of a language tag, in small letters."""

    code: str


Trigger: TypeAlias = Literal | Author | Language
Cost: TypeAlias = Callable[[Trigger], float]


def triggers_of(query: Query, cost: Cost) -> frozenset[Trigger]:
    """Choose the triggers of a query.

    Args:
        query: one that looks for something, as all that ``parse`` gives do.
        cost: how many posts in vain a trigger would make us read, in any unit.

    Returns:
        Not empty: a post that holds none of them cannot match.
    """
    chosen = _chosen(query.root, cost, wanted=True)
    assert chosen is not None, "parse refuses queries that look for nothing"
    return chosen


def all_triggers(node: Node) -> Iterator[Trigger]:
    """Every trigger a query could have, so that the watch can count how common each is."""
    match node:
        case Words() | Field():
            yield from _possible(node)
        case Not():
            yield from all_triggers(node.part)
        case And() | Or():
            for part in node.parts:
                yield from all_triggers(part)


def _chosen(node: Node, cost: Cost, *, wanted: bool) -> frozenset[Trigger] | None:
    """The triggers of a node that has to be true (``wanted``) or false; None when it has none."""
    match node:
        case Words() | Field():
            return _own(node, cost) if wanted else None
        case Not():
            return _chosen(node.part, cost, wanted=not wanted)
        case And() | Or():
            found = [_chosen(part, cost, wanted=wanted) for part in node.parts]
            if isinstance(node, And) is wanted:
                return _cheapest(found, cost)
            return _together(found)


def _cheapest(found: list[frozenset[Trigger] | None], cost: Cost) -> frozenset[Trigger] | None:
    """All parts have to hold: the one with the rarest triggers is enough."""
    some = [one for one in found if one is not None]
    return min(some, key=lambda one: sum(map(cost, one))) if some else None


def _together(found: list[frozenset[Trigger] | None]) -> frozenset[Trigger] | None:
    """Any part may hold: the triggers of all are needed."""
    some = [one for one in found if one is not None]
    return frozenset().union(*some) if len(some) == len(found) else None


def _own(leaf: Words | Field, cost: Cost) -> frozenset[Trigger]:
    """The rarest word of a phrase is enough; inclusive writing has several ways to be found."""
    if isinstance(leaf, Words):
        return frozenset(min(one.literals, key=cost) for one in patterns_of(leaf.text))
    return frozenset(_possible(leaf))


def _possible(leaf: Words | Field) -> Iterator[Trigger]:
    if isinstance(leaf, Words):
        for pattern in patterns_of(leaf.text):
            yield from pattern.literals
    elif leaf.name == "from":
        yield Author(fold(leaf.value))
    else:
        yield Language(first_of_tag(leaf.value))


def first_of_tag(tag: str) -> str:
    """Return the language of a tag without region or script.

    >>> first_of_tag("pt-BR")
    'pt'
    """
    return tag.lower().replace("_", "-").partition("-")[0]
