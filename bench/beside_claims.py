"""Real posts beside the claim they were placed with, and how they stand: read by us, one by one.

Posts of their own that fell into a claim by their words. ``posts_beside_claims.tsv`` holds numbers
and our reading alone; the texts stay with the data: CrisisLex T26 (MIT), DEFT 2017 (CeCILL) and
tweets to a telecom operator (MIT). "relays": says the same, or a later state of it; "comments": on
the same matter, but not that. Events and claims of one part are not in the other; "aside" is kept
to measure on. Half were picked because an older model took them for denials.
"""

import csv
import gzip
from pathlib import Path
from typing import NamedTuple

from quivive.detect.sentences import quotable, sentences_of

LABELS = Path(__file__).with_name("posts_beside_claims.tsv")
SETS = ("crisislex", "deft", "free")


class Beside(NamedTuple):
    """A post, the sentence of the claim, the set both are of, and how the post stands."""

    text: str
    claim: str
    origin: str
    stance: str


def beside(data: Path, part: str) -> list[Beside]:
    """Return the labelled posts of a part, "develop" or "aside"."""
    texts = dict(zip(SETS, (_crisislex(data), _deft(data), _free(data)), strict=True))
    with LABELS.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["part"] == part]
    return [
        Beside(
            text=texts[row["set"]][row["post"]],
            claim=quotable(sentences_of(texts[row["set"]][row["claim"]])[int(row["sentence"])]),
            origin=row["set"],
            stance=row["stance"],
        )
        for row in rows
    ]


def _crisislex(data: Path) -> dict[str, str]:
    texts = {}
    for file in (data / "crisislex_t26").glob("*/*labeled.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            texts |= {row[0].strip('"'): row[1] for row in csv.reader(lines) if len(row) > 1}
    return texts


def _deft(data: Path) -> dict[str, str]:
    with (data / "deft2017_fr/task1_train_filtered.csv").open(encoding="utf-8") as lines:
        return {row["id"]: row["text"] for row in csv.DictReader(lines)}


def _free(data: Path) -> dict[str, str]:
    with gzip.open(data / "free_telecom_fr/tweets.csv.gz", "rt", encoding="utf-8") as lines:
        return {row["tweet_id"]: row["text"] for row in csv.DictReader(lines)}
