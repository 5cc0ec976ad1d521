"""Where something is, and where a post speaks of: a residence, its town, and so on to the world."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

import msgspec

from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import Message

HOME = "FR"
"""The country whose towns and departments are known one by one (ISO 3166)."""


class Scope(IntEnum):
    """Rungs of the ladder from one of our buildings to abroad, narrow to wide."""

    BUILDING = 0
    TOWN = 1
    DEPARTMENT = 2
    NATIONAL = 3
    ABROAD = 4


class PlaceKind(StrEnum):
    """What a place is."""

    RESIDENCE = "residence"
    TOWN = "town"
    DEPARTMENT = "department"
    REGION = "region"
    COUNTRY = "country"


class Alike(StrEnum):
    """What else a name means when it is not a place's."""

    NOTHING = ""
    WORD = "word"
    FIRST_NAME = "name"


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place that has a name.

    Attributes:
        other_names: what else people call it.
        town: of a residence.
        code: of a department (``69``) or of a region; of a town or residence, its department's.
            Empty outside France and where nobody told.
        country: ISO 3166, two letters.
        postcodes: of a town.
        people: inhabitants of a town; 0 when not told.
        agency: who of us looks after it.
        address: of a residence: number and street.
        homes: dwellings of a residence; None when not told.
        ours: a residence of ours, or a place where we have tenants.
    """

    kind: PlaceKind
    name: str
    other_names: tuple[str, ...] = ()
    town: str = ""
    code: str = ""
    country: str = HOME
    postcodes: tuple[str, ...] = ()
    people: int = 0
    alike: Alike = Alike.NOTHING
    agency: str = ""
    address: str = ""
    homes: int | None = None
    ours: bool = False

    @property
    def key(self) -> str:
        """What tells it from all others: ``town/69/lyon``."""
        parts = (self.kind, self.code or self.country, fold(self.town), fold(self.name))
        return "/".join(part for part in parts if part)[:300]


class Told(StrEnum):
    """Who says where: the words of the post, its network, or its author of itself."""

    TEXT = "text"
    TAG = "tag"
    AUTHOR = "author"


def scope_for(scopes: Mapping[Told, Scope], *, tagged: bool) -> Scope | None:
    """Return how far from us a post speaks of; None when that is not told.

    Where its network gives a place, its words do not overrule it: whoever writes from abroad of a
    residence of ours is abroad. What an author says of itself does not count.

    Args:
        scopes: the narrowest place that each told.
        tagged: its network gives a place, read or not.

    >>> scope_for({Told.TEXT: Scope.TOWN, Told.AUTHOR: Scope.ABROAD}, tagged=False).name
    'TOWN'
    """
    return scopes.get(Told.TAG, None if tagged else scopes.get(Told.TEXT))


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    """A place that a post speaks of or comes from.

    Attributes:
        scope: how far from us it is.
        told: by what; what an author says of itself is weaker than the others, for it may be old,
            and does not say that the post is about that place.
        words: as they stand there.
        reason: why these words are taken for the place.
    """

    place: Place
    scope: Scope
    told: Told
    words: str
    reason: Message

    @property
    def is_weak(self) -> bool:
        """Whether it is only what the author says of itself."""
        return self.told is Told.AUTHOR
