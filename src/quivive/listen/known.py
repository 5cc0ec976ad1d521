"""What the room knows beside a post when a query is read on it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, tzinfo
from typing import TypeAlias

import msgspec

from quivive.listen.query import Field, Query, leaves
from quivive.listen.query.values import several
from quivive.listen.whereabouts import Finder
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import Message, say

Tell: TypeAlias = Callable[[str, str | None, str | None], str]
"""Names the language of a text (ISO 639, ``und`` where nobody can tell).

It is given the text, the language that the network names and the one that most write here.
"""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the organisation told the room.

    Attributes:
        panels: accounts to listen to (press, elected people …), handles or ids by panel.
        agencies: places each agency looks after, as posts name them.
        finder: finds the places a post speaks of; None reads only what the network says.
        zone: of the clock on the wall, for ``since:``, ``until:``, ``hour:`` and what is usual.
        language: the one most write here (ISO 639), for what is too short to tell.
        tell: tells languages; None believes the networks.
    """

    panels: Mapping[str, tuple[str, ...]] = {}
    agencies: Mapping[str, tuple[str, ...]] = {}
    finder: Finder | None = None
    zone: tzinfo = UTC
    language: str | None = None
    tell: Tell | None = None


NOTHING_KNOWN = Known()


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a stored post; only searches among stored posts may ask for it.

    Attributes:
        claims: what is being said, in the words of the claim.
        stances: ``relays``, ``denies`` or ``asks``.
        velocity_per_hour: reposts and replies an hour; None when it was read only once.
        botlike: the account bears indications of automation; None when nobody looked.
    """

    status: str = ""
    assigned: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    priority: str = ""
    claims: tuple[str, ...] = ()
    stances: tuple[str, ...] = ()
    crises: tuple[str, ...] = ()
    velocity_per_hour: float | None = None
    botlike: bool | None = None


NOT_STORED = Stored()


def unknown_names(query: Query, known: Known) -> tuple[Message, ...]:
    """Say which panels and agencies of a query the room does not know: they find nobody.

    >>> from quivive.listen.query import parse
    >>> from quivive.vocabulary.messages import in_english, render
    >>> found = unknown_names(parse("gas panel:(press, elected)"), Known(panels={"Press": ()}))
    >>> [render(one, in_english) for one in found]
    ['There is no panel called elected here, so it finds nothing.']
    """
    return tuple(_unknown(query, known))


def _unknown(query: Query, known: Known) -> Iterator[Message]:
    for leaf in leaves(query.root):
        match leaf:
            case Field(name="is") if "known" in several(leaf.value.lower()) and not known.panels:
                yield say("No panel of accounts is known here, so is:known finds nothing.")
            case Field(name="panel"):
                for name in _missing(leaf, known.panels):
                    yield say(
                        "There is no panel called {name} here, so it finds nothing.", name=name
                    )
            case Field(name="agency"):
                for name in _missing(leaf, known.agencies):
                    yield say(
                        "There is no agency called {name} here, so it finds nothing.", name=name
                    )
            case _:
                pass


def _missing(leaf: Field, told: Mapping[str, tuple[str, ...]]) -> list[str]:
    names = {fold(name) for name in told}
    return [one for one in several(leaf.value) if fold(one) not in names]
