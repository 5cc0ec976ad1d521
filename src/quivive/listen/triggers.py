"""Triggers of a query: the things of which a post must hold at least one to be worth reading.

A watch looks for the triggers of all its queries at once, and reads a query in full only for the
posts that hold one of its own, and a word of the gate behind it: what else has to be there.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import msgspec

from quivive.listen.facts import name_of, sign_of
from quivive.listen.query import And, Field, Near, Node, Not, Or, Query, Sentence, Words
from quivive.listen.query.values import several
from quivive.listen.words import SEPARATOR, Literal, parts_of, patterns_of
from quivive.vocabulary.folding import fold

_PLAIN = re.compile(r"[a-z0-9]+")
"""Letters that are the same after folding, whatever stands around them."""


_IN_PARTS = frozenset([Literal(SEPARATOR, left=False, right=False)])
"""What stands in a text of several parts: behind a title, first of all, and few posts have one."""


class Author(msgspec.Struct, frozen=True, gc=False):
    """A handle or the id of an account, folded."""

    handle: str


class Mention(msgspec.Struct, frozen=True, gc=False):
    """A handle that a post mentions, folded."""

    handle: str


class Close(msgspec.Struct, frozen=True, gc=False):
    """A folded word of which a post holds one that differs by at most so many letters."""

    word: str
    edits: int


class Anything(msgspec.Struct, frozen=True, gc=False):
    """Every post that says something: for what no word or author can announce."""


ANYTHING = Anything()
Trigger: TypeAlias = Literal | Close | Author | Mention | Anything
Cost: TypeAlias = Callable[[Trigger], float]
Gate: TypeAlias = frozenset[Literal] | None
"""Words of which a post must hold one beside the trigger; None where nothing more is sure."""
Triggers: TypeAlias = dict[Trigger, Gate]

WIDEST = 8
"""Words of a gate: looking for more of them would cost as much as reading the query."""


def triggers_of(query: Query, cost: Cost) -> Triggers:
    """Choose the triggers of a query, each with its gate.

    Args:
        query: one that looks for something, as all that ``parse`` gives do.
        cost: how many posts in vain a trigger would make us read, in any unit.

    Returns:
        Not empty: a post that holds none of them, or of each that it holds no word of its gate,
        cannot match.

    >>> from quivive.listen.query import parse
    >>> found = triggers_of(parse("Plessis (chauffage OR chaufferie)"), lambda one: -len(one.text))
    >>> [(one.text, sorted(word.text for word in gate)) for one, gate in found.items()]
    [('chauffage', ['plessis']), ('chaufferie', ['plessis'])]
    """
    chosen = _chosen(query.root, cost, wanted=True)
    assert chosen is not None, "parse refuses queries that look for nothing"
    for sign in [one for one in chosen if isinstance(one, Literal) and _bare(one) in chosen]:
        told, bare = chosen.pop(sign), _bare(sign)
        assert bare is not None
        chosen[bare] = _either_gate(chosen[bare], frozenset([sign]) if told is None else told)
    return chosen


def _bare(trigger: Trigger) -> Trigger | None:
    """Return the word of a hashtag or a handle: where that is looked for, the sign adds nothing."""
    if isinstance(trigger, Literal) and trigger.text[0] in "#@" and len(trigger.text) > 1:
        return Literal(trigger.text[1:], left=True, right=trigger.right)
    return None


def all_triggers(node: Node) -> Iterator[Trigger]:
    """Every trigger a query could have, so that the watch can count how common each is."""
    match node:
        case Words() | Field():
            yield from _possible(node)
        case Not() | Sentence():
            yield from all_triggers(node.part)
        case Near():
            yield from all_triggers(node.left)
            yield from all_triggers(node.right)
        case And() | Or():
            for part in node.parts:
                yield from all_triggers(part)


def _chosen(node: Node, cost: Cost, *, wanted: bool) -> Triggers | None:
    """The triggers of a node that has to be true (``wanted``) or false; None when it has none."""
    match node:
        case Words() | Field():
            return _own(node, cost) if wanted else None
        case Not():
            return _chosen(node.part, cost, wanted=not wanted)
        case Near() | Sentence():
            return _together_placed(node, cost) if wanted else None
        case And() | Or():
            found = [_chosen(part, cost, wanted=wanted) for part in node.parts]
            if isinstance(node, And) is wanted:
                return _cheapest(found, cost)
            return _together(found)


def _together_placed(node: Near | Sentence, cost: Cost) -> Triggers | None:
    parts = (node.left, node.right) if isinstance(node, Near) else (node.part,)
    return _cheapest([_chosen(part, cost, wanted=True) for part in parts], cost)


def _cheapest(found: list[Triggers | None], cost: Cost) -> Triggers | None:
    """All parts have to hold: the one with the rarest triggers is enough, the next is its gate."""
    some = [one for one in found if one is not None]
    some.sort(key=lambda one: _total(one, cost))
    if not some:
        return None
    gate = next(filter(None, map(_as_gate, some[1:])), None)
    return {
        one: min(filter(None, (own, gate)), key=lambda words: _total(words, cost), default=None)
        for one, own in some[0].items()
    }


def _total(triggers: Iterable[Trigger], cost: Cost) -> float:
    return sum(map(cost, triggers))


def _as_gate(triggers: Triggers) -> Gate:
    words = frozenset(one for one in triggers if isinstance(one, Literal))
    return words if len(words) == len(triggers) <= WIDEST else None


def _together(found: list[Triggers | None]) -> Triggers | None:
    """Any part may hold: the triggers of all are needed, each with the gates of all it is of."""
    together: Triggers = {}
    for some in found:
        if some is None:
            return None
        for one, gate in some.items():
            together[one] = _either_gate(together[one], gate) if one in together else gate
    return together


def _either_gate(one: Gate, other: Gate) -> Gate:
    either = None if one is None or other is None else one | other
    return either if either is not None and len(either) <= WIDEST else None


def _own(leaf: Words | Field, cost: Cost) -> Triggers:
    """The rarest word of a phrase is enough; inclusive writing has several ways to be found."""
    text = _text(leaf)
    if text is None:
        return dict.fromkeys(_possible(leaf))
    ways = (sorted(set(one.literals), key=cost) for one in patterns_of(text))
    titled = isinstance(leaf, Field) and leaf.name == "title"
    gates = ((way[0], _IN_PARTS if titled else frozenset(way[1:2])) for way in ways)
    return _together([{rarest: gate or None} for rarest, gate in gates]) or {}


def _possible(leaf: Words | Field) -> Iterator[Trigger]:
    text = _text(leaf)
    if text is not None:
        for pattern in patterns_of(text):
            yield from pattern.literals
    elif isinstance(leaf, Words):
        yield Close(parts_of(leaf.text)[0], leaf.edits)
    elif leaf.name == "from":
        yield from (Author(fold(one)) for one in several(leaf.value))
    elif leaf.name in ("mention", "to"):
        yield from (Mention(name_of(one)) for one in several(leaf.value))
    elif leaf.name == "raw" and (runs := _PLAIN.findall(fold(leaf.value))):
        yield Literal(max(runs, key=len), left=False, right=False)
    else:
        yield ANYTHING


def _text(leaf: Words | Field) -> str | None:
    """The words that a post must hold as they stand, if the leaf asks for any."""
    match leaf:
        case Words():
            return None if leaf.edits else leaf.text
        case Field(name="hashtag" | "emoji"):
            return sign_of(leaf)
        case Field(name="title" | "text"):
            return leaf.value
        case _:
            return None
