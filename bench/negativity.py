"""How well negativity is read on texts the model was not trained on, and how fast.

    quivive bench negativity DATA

The XLM-T validation halves fitted one number (the temperature), which moves no label but
``uncertain``; the airlines and Google/Apple come from other companies, years and labellers.
Figures count every text: an ``uncertain`` one counts under its most probable class.
"""

import csv
import gzip
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from quivive.detect.sentiment import Reader
from quivive.vocabulary.sentiments import Leaning
from quivive.wire.models import load_sentiment

CLASSES = {"negative": 0, "neutral": 1, "positive": 2}


def main() -> None:
    """Print one line a set, then the speed."""
    data = Path(sys.argv[1])
    reader = load_sentiment()
    for language in ("french", "english"):
        stem = data / "xlmt_sentiment" / f"{language}_val"
        texts = Path(f"{stem}_text.txt").read_text("utf-8").rstrip("\n").split("\n")
        labels = [int(label) for label in Path(f"{stem}_labels.txt").read_text("utf-8").split()]
        tell(f"XLM-T {language}, validation", reader, texts, labels)
    with gzip.open(data / "us_airline/tweets.csv.gz", "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for airline in sorted({row["airline"] for row in rows}):
        some = [row for row in rows if row["airline"] == airline]
        texts = [row["text"] for row in some]
        tell(airline, reader, texts, [CLASSES[row["airline_sentiment"]] for row in some])
    with (data / "sanders_brands/tweets.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["Sentiment"] in CLASSES]
    tell(
        "Sanders brands",
        reader,
        [row["TweetText"] for row in rows],
        [CLASSES[row["Sentiment"]] for row in rows],
    )
    begun = time.process_time()
    reader.read(texts)
    print(f"{len(texts) / (time.process_time() - begun):,.0f} posts/s on one core")


def tell(name: str, reader: Reader, texts: list[str], labels: list[int]) -> None:
    """Print F1 by class, calibration and the share left uncertain."""
    found = reader.read(texts)
    chances = np.array([[one.negative, one.neutral, one.positive] for one in found])
    guessed = chances.argmax(axis=1)
    each = f1_score(labels, guessed, average=None, labels=[0, 1, 2])
    sure = chances.max(axis=1).mean()
    right = (guessed == np.array(labels)).mean()
    unsure = np.mean([one.label is Leaning.UNCERTAIN for one in found])
    print(
        f"{name:28} n {len(texts):5}  macro-F1 {each.mean():.3f}  negative F1 {each[0]:.3f}  "
        f"positive F1 {each[2]:.3f}  right {right:.2f} (thought {sure:.2f})  uncertain {unsure:.2f}"
    )


if __name__ == "__main__":
    main()
