"""How well places are found: sentences written for it, tweets of disasters, and a list to read.

    quivive bench places DATA

*Sentences* (``places_pairs.tsv``) were written once the rules stood, and no rule was changed for
them: precision and recall of the names found. *Disasters* (CrisisLex T26): of the tweets of each
event in which a place is found, the share that names its country, and of those that hold the name
of its region as a word, the share in which a place of its country is found; events by turns are
development and validation. *To read*: places found in French tweets (XLM-T, never looked at while
the rules were made), with the words around them, so that anyone may count the wrong ones.
"""

import csv
import random
import re
import sys
import time
from pathlib import Path

from bench.texts import xlmt

from quivive.listen.gazetteer import Ours
from quivive.listen.whereabouts import Finder
from quivive.vocabulary.places import Place, PlaceKind
from quivive.wire.gazetteers import load_atlas

PAIRS = Path(__file__).with_name("places_pairs.tsv")
EVENTS = {
    "2012_Colorado_wildfires": ("US", "colorado"),
    "2012_Costa_Rica_earthquake": ("CR", "costa rica"),
    "2012_Italy_earthquakes": ("IT", "italy|italia|italie"),
    "2012_Philipinnes_floods": ("PH", "philippines|manila"),
    "2013_Alberta_floods": ("CA", "alberta|calgary"),
    "2013_Australia_bushfire": ("AU", "australia|sydney"),
    "2013_Colorado_floods": ("US", "colorado"),
    "2013_Glasgow_helicopter_crash": ("GB", "glasgow"),
    "2013_NY_train_crash": ("US", "new york|bronx"),
    "2013_Queensland_floods": ("AU", "queensland|brisbane"),
    "2013_Sardinia_floods": ("IT", "sardinia|sardegna|italy|italia"),
    "2013_West_Texas_explosion": ("US", "texas"),
}
"""Country of an event, and how its region is called in its tweets."""

OURS = (
    ("Résidence Les Érables", "Villeurbanne", "12 rue des Lilas"),
    ("Jean Moulin", "Bron", ""),
    ("Le Clos Fleuri", "Lyon", ""),
    ("Les Tilleuls", "Bron", ""),
)
SAMPLE = 110


def main() -> None:
    """Print the three measures."""
    data = Path(sys.argv[1])
    finder = Finder(lambda: Ours(_ours(), load_atlas()))
    pairs(finder)
    disasters(finder, data / "crisislex_t26")
    to_read(finder, xlmt(data, "french", "train").texts)


def _ours() -> tuple[Place, ...]:
    return tuple(
        Place(kind=PlaceKind.RESIDENCE, name=name, town=town, code="69", address=address, ours=True)
        for name, town, address in OURS
    )


def pairs(finder: Finder) -> None:
    """Print precision and recall on the written sentences, and each that is not as it should be."""
    right = wrong = missed = 0
    lines = PAIRS.read_text(encoding="utf-8").splitlines()
    for line in lines:
        text, _, told = line.partition("\t")
        wanted = set(filter(None, told.split("|")))
        found = {one.place.name for one in finder.in_text(text)}
        right += len(found & wanted)
        wrong += len(found - wanted)
        missed += len(wanted - found)
        if found != wanted:
            print(f"  {text!r}: found {sorted(found)}, wanted {sorted(wanted)}")
    print(
        f"{len(lines)} sentences: precision {right / (right + wrong):.2f}, "
        f"recall {right / (right + missed):.2f}"
    )


def disasters(finder: Finder, folder: Path) -> None:
    """Print how often the country of an event is what is found in its tweets."""
    sums = {"development": [0, 0, 0, 0], "validation": [0, 0, 0, 0]}
    for number, (event, (country, region)) in enumerate(EVENTS.items()):
        file = folder / event / f"{event}-tweets_labeled.csv"
        with file.open(encoding="utf-8", errors="replace", newline="") as lines:
            texts = [row[1] for row in list(csv.reader(lines))[1:]]
        named = re.compile(rf"\b(?:{region})\b", re.IGNORECASE)
        part = ["development", "validation"][number % 2]
        counts = sums[part]
        here = [0, 0, 0, 0]
        for text in texts:
            countries = {one.place.country for one in finder.in_text(text)}
            here[0] += bool(countries)
            here[1] += country in countries
            if named.search(text):
                here[2] += 1
                here[3] += country in countries
        sums[part] = [total + one for total, one in zip(counts, here, strict=True)]
        print(f"  {event} ({part}): {_shares(here)}")
    for part, counts in sums.items():
        print(f"{part}: {_shares(counts)}")


def _shares(counts: list[int]) -> str:
    placed, right, named, found = counts
    return (
        f"{placed} placed, of them {right / max(1, placed):.2f} in its country; "
        f"{named} name its region, of them {found / max(1, named):.2f} found"
    )


def to_read(finder: Finder, texts: list[str]) -> None:
    """Print places with the words around them, and how fast they are found."""
    random.Random(5).shuffle(texts)
    begun = time.process_time()
    some = texts[:2_000]
    found = [(text, one) for text in some for one in finder.in_text(text)]
    spent = time.process_time() - begun
    for text, one in found[:SAMPLE]:
        at = max(0, text.find(one.words) - 45)
        around = " ".join(text[at : at + 90 + len(one.words)].split())
        print(f"  {one.place.name} ({one.place.code or one.place.country}): {around}")
    print(f"{len(found)} places in {len(some)} tweets, {len(some) / spent:,.0f} tweets/s")


if __name__ == "__main__":
    main()
