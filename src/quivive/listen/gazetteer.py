"""Names of places as they are looked up: towns and departments of the world, and our own."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property, lru_cache
from typing import NamedTuple

import msgspec

from quivive.listen.place_words import MARKERS, RIVERS, SMALL_WORDS
from quivive.vocabulary.folding import fold
from quivive.vocabulary.places import Alike, Place, PlaceKind, Scope

_WORD = re.compile(r"[^\W_]+")
_OPEN = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}

ARTICLES = {
    "le": frozenset(("le", "au", "du")),
    "la": frozenset(("la",)),
    "les": frozenset(("les", "aux", "des")),
    "l": frozenset(("l",)),
}
"""How an article that begins a name stands in a sentence: « Les Lilas », « aux Lilas »."""


class Entry(NamedTuple):
    """A way to write a name: its words, without the article that may have to stand before."""

    words: tuple[str, ...]
    article: str
    places: tuple[Place, ...]


@lru_cache(maxsize=20_000)
def word_of(raw: str) -> str:
    """Return a word as names are compared.

    >>> word_of("Érables"), word_of("St")
    ('erables', 'saint')
    """
    folded = fold(raw)
    return _OPEN.get(folded, folded)


def words_of_name(name: str) -> tuple[str, ...]:
    """Return the words of a name.

    >>> words_of_name("St-Étienne-l’Allier")
    ('saint', 'etienne', 'l', 'allier')
    """
    return tuple(map(word_of, _WORD.findall(name)))


def without_article(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Split off the article a name begins with; empty when it has none."""
    if len(words) > 1 and words[0] in ARTICLES:
        return words[0], words[1:]
    return "", words


def core_of_residence(name: str) -> tuple[str, ...]:
    """Return the words a residence cannot be called without.

    >>> core_of_residence("Résidence des Érables"), core_of_residence("Le Clos Fleuri")
    (('erables',), ('clos', 'fleuri'))
    """
    words = words_of_name(name)
    skipped = MARKERS | SMALL_WORDS
    start = next((at for at, word in enumerate(words) if word not in skipped), len(words))
    return words[start:] or words


class Atlas:
    """The places everybody knows, by the first word of their names.

    Args:
        places: towns, departments, regions, countries.
        first_names: folded; a name after one of them is a person's.
    """

    def __init__(self, places: Iterable[Place], first_names: Iterable[str] = ()) -> None:
        self.first_names = frozenset(first_names)
        self.departments: dict[str, Place] = {}
        self.by_postcode: dict[str, list[Place]] = defaultdict(list)
        named: dict[tuple[tuple[str, ...], str], list[Place]] = defaultdict(list)
        for place in places:
            if place.kind is PlaceKind.DEPARTMENT:
                self.departments[place.code] = place
            for postcode in place.postcodes:
                self.by_postcode[postcode].append(place)
            for name in (place.name, *place.other_names):
                article, words = without_article(words_of_name(name))
                if words:
                    named[words, article].append(place)
        self.by_name = named
        self.entries = _by_first_word(
            Entry(words, article, tuple(found)) for (words, article), found in named.items()
        )
        self.joined = {
            "".join((article, *words)): Entry(words, "", tuple(found))
            for (words, article), found in named.items()
            if len(words) + bool(article) > 1
        }

    def named(self, name: str) -> list[Place]:
        """Return the places of a name, most people first."""
        article, words = without_article(words_of_name(name))
        found = self.by_name.get((words, article), [])
        return sorted(found, key=lambda place: -place.people)

    def town(self, name: str, codes: Collection[str] = ()) -> Place | None:
        """Return a town of a name, in one of these departments if there is one there."""
        towns = [one for one in self.named(name) if one.kind is PlaceKind.TOWN]
        near = [one for one in towns if one.code and one.code in codes]
        return next(iter(near or towns), None)

    def department(self, told: str) -> Place | None:
        """Return a department by its code or name.

        >>> Atlas([Place(kind=PlaceKind.DEPARTMENT, name="Ain", code="01")]).department("1").name
        'Ain'
        """
        code = told.strip().upper()
        code = f"0{code}" if len(code) == 1 else code
        found = [one for one in self.named(told) if one.kind is PlaceKind.DEPARTMENT]
        return self.departments.get(code) or next(iter(found), None)


def _by_first_word(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.words[0]].append(entry)
    for same in found.values():
        same.sort(key=lambda entry: -len(entry.words))
    return dict(found)


class Ours(msgspec.Struct, frozen=True, dict=True):
    """The places of an organisation, and what follows from them.

    Attributes:
        places: residences, and towns, departments and countries where we have tenants.
        atlas: tells the department of a town that does not say its own.
    """

    places: tuple[Place, ...]
    atlas: Atlas

    @cached_property
    def codes(self) -> frozenset[str]:
        """Departments where we are."""
        told = {one.code for one in self.places if one.code and one.country}
        named = {
            found.code
            for one in self.places
            if one.kind is PlaceKind.DEPARTMENT and (found := self.atlas.department(one.name))
        }
        return frozenset(told | named | {one.code for one in self.towns.values() if one.code})

    @cached_property
    def towns(self) -> dict[tuple[str, ...], Place]:
        """Towns where we are, by the words of their names."""
        told = frozenset(one.code for one in self.places if one.code)
        found: dict[tuple[str, ...], Place] = {}
        for one in self.places:
            name = one.town if one.kind is PlaceKind.RESIDENCE else one.name
            if not name or one.kind not in (PlaceKind.RESIDENCE, PlaceKind.TOWN):
                continue
            known = self.atlas.town(name, {one.code} if one.code else told)
            place = known or Place(kind=PlaceKind.TOWN, name=name, code=one.code)
            agency = one.agency if one.kind is PlaceKind.TOWN else ""
            found.setdefault(
                words_of_name(name),
                msgspec.structs.replace(place, agency=agency, ours=True, alike=place.alike),
            )
        return found

    @cached_property
    def departments(self) -> dict[tuple[str, ...], Place]:
        """Departments that were named as ours, by the words of their names."""
        return {
            words_of_name(one.name): msgspec.structs.replace(
                self.atlas.department(one.name) or one, ours=True
            )
            for one in self.places
            if one.kind is PlaceKind.DEPARTMENT
        }

    @cached_property
    def entries(self) -> dict[str, list[Entry]]:
        """Ways to write our places, by their first word."""
        named: dict[tuple[tuple[str, ...], str], list[Place]] = defaultdict(list)
        for one in self.places:
            if one.kind is PlaceKind.RESIDENCE:
                for name in (one.name, *one.other_names):
                    if core := core_of_residence(name):
                        named[core, ""].append(one)
                if one.address[:1].isdigit():
                    named[words_of_name(one.address), ""].append(one)
        for place in (*self.towns.values(), *self.departments.values()):
            article, words = without_article(words_of_name(place.name))
            named[words, article].append(place)
        return _by_first_word(
            Entry(words, article, tuple(dict.fromkeys(found)))
            for (words, article), found in named.items()
        )

    def scope(self, place: Place) -> Scope:
        """Say how far from us a place is."""
        if place.kind is PlaceKind.RESIDENCE:
            return Scope.BUILDING
        if place.ours and place.kind is PlaceKind.TOWN:
            return Scope.TOWN
        if place.ours and place.kind is PlaceKind.DEPARTMENT:
            return Scope.DEPARTMENT
        if place.country not in self.countries:
            return Scope.ABROAD
        held = place.kind in (PlaceKind.TOWN, PlaceKind.DEPARTMENT)
        return Scope.DEPARTMENT if held and place.code in self.codes else Scope.NATIONAL

    @cached_property
    def countries(self) -> frozenset[str]:
        """Countries where we are; France when nobody said."""
        named = [one.name for one in self.places if one.kind is PlaceKind.COUNTRY]
        known = [found for name in named for found in self.atlas.named(name)]
        told = {one.country for one in known if one.kind is PlaceKind.COUNTRY}
        return frozenset(told) or frozenset(("FR",))


def is_common(place: Place) -> bool:
    """Tell whether a name is also a word, a first name or a river."""
    river = place.kind is PlaceKind.DEPARTMENT and fold(place.name) in RIVERS
    return place.alike is not Alike.NOTHING or river
