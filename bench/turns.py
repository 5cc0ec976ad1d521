"""Does the tone model hear what turns a sentence? Pairs that share most words and lean apart.

    quivive bench turns [--misses]

Pairs of sentences that we wrote, French and English (``bench/tone_pairs.tsv``): litotes, negations,
irony, thanks after a complaint or a repair, conditions, what others said, troubles that ended,
questions and lists. Then pairs of what tenants write (``bench/tenant_pairs.tsv``): heating, lifts,
mould, rent, noise, caretakers, questions, mocking and honest praise. The model was changed with the
first half in sight; of the half aside only the figures were looked at, once it stood. The same hand
wrote both, and the sentences that the model learned from. "Right": the likeliest leaning is what we
meant; "in order": the complaint of a pair is read as more negative than the other. Intervals are
95 % bootstraps.
"""

import csv
import sys
from itertools import product
from pathlib import Path

from bench.texts import LEANINGS
from bench.urgency import between

from quivive.vocabulary.sentiments import Leaning, Sentiment
from quivive.wire.models import load_sentiment

PAIRS = {"turns": "tone_pairs.tsv", "tenants": "tenant_pairs.tsv"}
COLUMNS = ["half", "kind", "language", "leaning", "text"]
Row = dict[str, str]


def main() -> None:
    """Print how many sentences are read right and pairs in order, by half, language and kind."""
    reader = load_sentiment()
    for name, file in PAIRS.items():
        with Path(__file__).with_name(file).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, COLUMNS, delimiter="\t", quoting=csv.QUOTE_NONE))
        read = list(zip(rows, reader.read([row["text"] for row in rows]), strict=True))
        for half, language in product(("development", "aside"), ("fr", "en")):
            some = [one for one in read if (one[0]["half"], one[0]["language"]) == (half, language)]
            print(f"\n{name}, {half}, {language}")
            for kind in ("all", *dict.fromkeys(row["kind"] for row, _ in some)):
                tell(kind, [one for one in some if kind in ("all", one[0]["kind"])])
        if "--misses" in sys.argv:
            tell_misses(read)


def tell_misses(read: list[tuple[Row, Sentiment]]) -> None:
    """Print the sentences for development that are read wrong."""
    for row, found in read:
        if row["half"] == "development" and not right(row, found):
            shares = f"{found.negative:.2f} {found.neutral:.2f} {found.positive:.2f}"
            print(row["kind"], row["leaning"], shares, row["text"], sep="\t")


def tell(kind: str, some: list[tuple[Row, Sentiment]]) -> None:
    """Print one line for sentences of a kind; two that follow each other are a pair."""
    hits = [right(row, found) for row, found in some]
    ordered = [
        one.negative < other.negative
        for (_, one), (_, other) in zip(some[::2], some[1::2], strict=True)
    ]
    unsure = sum(found.label is Leaning.UNCERTAIN for _, found in some) / len(some)
    print(f"  {kind:18} right {between(hits)}   in order {between(ordered)}   {unsure:.0%} unsure")


def right(row: Row, found: Sentiment) -> bool:
    """Tell whether the likeliest leaning is what we meant."""
    shares = (found.negative, found.neutral, found.positive)
    return shares.index(max(shares)) == LEANINGS[row["leaning"]]


if __name__ == "__main__":
    main()
