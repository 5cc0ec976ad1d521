"""How many people in danger, alone or in need are put before others, and how many others with them.

    quivive bench urgency
    quivive bench urgency --crises FOLDER

Pairs of sentences that we wrote, French and English: one that asks for help, one with like words
that does not (``bench/urgency_pairs.tsv``). Words were found with the first half in sight; the half
kept aside was written after them, by the same hand, and no word was changed for it. "With tone":
``Sentiment.plea`` joins the words; the sentences it learned from (``bench/own_pleas_*.txt``) were
written when the half aside was known, and repeat none of it. It puts first those in need, so it is
counted from there on. Real people write otherwise still. Intervals are 95 % bootstraps over
sentences. ``--crises`` draws posts of real disasters (CrisisLexT26) that are found or left, to be
read by a person.
"""

import argparse
import csv
import random
from pathlib import Path

import numpy as np

from quivive.respond.asking import Urgency, urgency
from quivive.wire.models import load_sentiment

PAIRS = Path(__file__).with_name("urgency_pairs.tsv")
LEAST = {"danger": Urgency.DANGER, "alone": Urgency.ALONE, "need": Urgency.NEED}
ROUNDS = 1_000
SAMPLE = 60


def main() -> None:
    """Print recall by kind and language, then how many others are put first."""
    given = argparse.ArgumentParser()
    given.add_argument("--misses", action="store_true", help="of the pairs for development")
    given.add_argument("--crises", type=Path)
    asked = given.parse_args()
    rows = read_rows()
    pleas = [one.plea or 0.0 for one in load_sentiment().read([row["text"] for row in rows])]
    for half in ("development", "aside"):
        some = [(one, plea) for one, plea in zip(rows, pleas, strict=True) if one["half"] == half]
        print(f"\n{half}, {len(some)} sentences")
        for language in ("fr", "en"):
            spoken = [(one, plea) for one, plea in some if one["language"] == language]
            for kind, least in LEAST.items():
                these = [(one["text"], plea) for one, plea in spoken if one["kind"] == kind]
                words = [urgency(text) >= least for text, _ in these]
                first = [urgency(text, plea=plea) >= Urgency.NEED for text, plea in these]
                print(f"  {language} {kind:7} as urgent as it is, by words: {between(words)}")
                print(f"  {language} {kind:7} put first, with tone:       {between(first)}")
            calm = [(one["text"], plea) for one, plea in spoken if one["kind"] == "other"]
            for name, called in (
                ("by words: ", [urgency(text) >= Urgency.NEED for text, _ in calm]),
                ("with tone:", [urgency(text, plea=one) >= Urgency.NEED for text, one in calm]),
            ):
                print(f"  {language} others put before their turn, {name}   {between(called)}")
    if asked.misses:
        tell_misses([one for one in rows if one["half"] == "development"])
    if asked.crises:
        draw(asked.crises)


def read_rows() -> list[dict[str, str]]:
    """Return rows with ``half``, ``kind``, ``language`` and ``text``, in the order of the file."""
    with PAIRS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, ["half", "kind", "language", "text"], delimiter="\t"))


def tell_misses(rows: list[dict[str, str]]) -> None:
    """Print what is called too little or too soon."""
    for one in rows:
        found, wanted = urgency(one["text"]), LEAST.get(one["kind"])
        if (found < wanted) if wanted else (found >= Urgency.NEED):
            print(one["kind"], found.name, one["text"], sep="\t")


def between(hits: list[bool]) -> str:
    """Write a share with its bootstrap interval."""
    drawn = np.random.default_rng(1)
    some = np.array(hits, float)
    many = some[drawn.integers(0, len(some), (ROUNDS, len(some)))].mean(axis=1)
    low, high = np.quantile(many, [0.025, 0.975])
    return f"{some.mean():.2f} ({low:.2f} to {high:.2f}) of {len(some)}"


def draw(data: Path) -> None:
    """Print the share of posts of real disasters at each urgency, and some of each to be read."""
    texts = sorted(
        {
            row["Tweet Text"].strip()
            for file in sorted((data / "crisislex_t26").rglob("*.csv"))
            for row in csv.DictReader(file.open(encoding="utf-8"), skipinitialspace=True)
            if "Tweet Text" in row
        }
    )
    print(f"\n{len(texts)} posts of disasters")
    read = load_sentiment().read(texts)
    judged = [urgency(text, plea=one.plea or 0.0) for text, one in zip(texts, read, strict=True)]
    for level in reversed(Urgency):
        here = [text for text, found in zip(texts, judged, strict=True) if found is level]
        print(f"  {level.name}: {len(here) / max(len(texts), 1):.1%}")
        for text in random.Random(1).sample(here, min(SAMPLE, len(here))):
            print("    ", text.replace("\n", " "))


if __name__ == "__main__":
    main()
