"""Reads the fields of a query that ask where: on the places found in a post."""

import re
from collections.abc import Callable, Iterator

from quivive.listen.gazetteer import Atlas
from quivive.listen.query import Field
from quivive.listen.query.values import several
from quivive.listen.whereabouts import Finder
from quivive.listen.words import patterns_of
from quivive.vocabulary.folding import fold
from quivive.vocabulary.places import Place, PlaceKind
from quivive.vocabulary.posts import Post

PLACE_FIELDS = frozenset(("place", "city", "dept", "country", "agency"))


def places_met(node: Field, finder: Finder) -> Callable[[Post], tuple[str, ...]]:
    """Turn a field into a question to a post: which of the places it speaks of meet it.

    What an author says of itself is left out: it does not say where the post is about.
    """
    meets = _test(node, finder)

    def met(post: Post) -> tuple[str, ...]:
        found = (one.place for one in finder.find(post) if not one.is_weak)
        return tuple(place.name for place in found if meets(place))

    return met


def _test(node: Field, finder: Finder) -> Callable[[Place], bool]:
    if node.name == "place":
        patterns = [re.compile(pattern.source) for pattern in patterns_of(node.value)]
        return lambda place: any(
            pattern.search(name) for name in _names(place) for pattern in patterns
        )
    asked = frozenset(fold(one) for one in several(node.value))
    if node.name == "agency":
        return lambda place: bool(place.agency) and fold(place.agency) in asked
    if node.name == "city":
        return lambda place: not asked.isdisjoint(_towns(place))
    atlas = finder.atlas
    if node.name == "dept":
        codes = {found.code for one in asked if (found := atlas.department(one))}
        return lambda place: place.country == "FR" and _department(place) in codes
    countries = {code for one in asked for code in _countries(one, atlas)}
    return lambda place: place.country in countries


def _names(place: Place) -> Iterator[str]:
    return (fold(name) for name in (place.name, *place.other_names, place.town) if name)


def _towns(place: Place) -> frozenset[str]:
    town = place.town if place.kind is PlaceKind.RESIDENCE else place.name
    return frozenset((fold(town),)) if place.kind in _IN_TOWN else frozenset()


_IN_TOWN = frozenset((PlaceKind.RESIDENCE, PlaceKind.TOWN))


def _department(place: Place) -> str:
    held = place.kind in _IN_TOWN or place.kind is PlaceKind.DEPARTMENT
    return place.code if held else ""


def _countries(name: str, atlas: Atlas) -> Iterator[str]:
    if len(name) == len("FR"):
        yield name.upper()
    for place in atlas.named(name):
        if place.kind is PlaceKind.COUNTRY:
            yield place.country
