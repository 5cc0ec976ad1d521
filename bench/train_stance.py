"""Train the model that reads how posts stand to a claim: same data, same weights, same hash.

    python -m bench.train_stance DATA

Data: answers of RumourEval 2017 (Apache-2.0) and to COVID-19 rumours (MIT), both English, and the
half of our own pairs in French and English that may be looked at, which show how posts that answer
nobody turn a claim. What leaves this script is one number for each named cue and stance; no text
does. ``bench/stance.py`` measures the same training on events and pairs left out.
"""

import csv
import gzip
import hashlib
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from bench.train_sentiment import pack
from sklearn.linear_model import LogisticRegression

from quivive.detect.stance import STANCES, Model, Told, cues_of
from quivive.vocabulary.claims import Stance

HOUSE = Path(__file__).parents[1]
TARGET = HOUSE / "src/quivive/wire/models/stance.npz"
PAIRS = HOUSE / "tests/detect/sayings"
STRENGTH = 0.3
EVENING = 0.6
"""Power of how far rare stances are weighed up: 0 not at all, 1 until all are equal."""
COVID = 0.3
"""Weight of all COVID-19 replies against all of RumourEval."""
OWN = 0.3
"""Weight of all our pairs against all of RumourEval."""
QUIET_DAYS = 5
"""Threads this far apart are of different events."""
LABELS = {
    "support": Stance.RELAYS,
    "deny": Stance.DENIES,
    "query": Stance.ASKS,
    "comment": Stance.COMMENTS,
}


PAIR_STANCES = {
    "claim": Stance.RELAYS,
    "paraphrase": Stance.RELAYS,
    "denial": Stance.DENIES,
    "correction": Stance.DENIES,
    "question": Stance.ASKS,
}


class Row(msgspec.Struct):
    """One post of RumourEval."""

    thread: str
    id: str
    parent: str | None
    depth: int
    time: float
    text: str
    stance: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """Posts with their stance: cues of shape (posts, cues), columns of ``STANCES``, events."""

    cues: np.ndarray
    stances: np.ndarray
    events: np.ndarray
    told: list[Told]


def main() -> None:
    """Train on all, write, and print what came out."""
    data = Path(sys.argv[1])
    rumours, covid, own = rumoureval(data), covid19(data), pairs("develop")
    model = train(rumours, (covid, COVID), (own, OWN))
    packed = pack({"weights": model.weights.astype(np.float16), "bias": model.bias})
    TARGET.write_bytes(packed)
    counts = " + ".join(f"{len(one.stances):,}" for one in (answers(rumours), covid, own))
    print(f"{counts} posts, {len(packed)} bytes")
    print(f"sha256 {hashlib.sha256(packed).hexdigest()}")


def train(rumours: Labelled, *more: tuple[Labelled, float]) -> Model:
    """Fit the weights on answers, and on more sets with the weight each has as a whole."""
    sets = [(answers(rumours), 1.0), *((one, part) for one, part in more)]
    size = len(sets[0][0].stances)
    weights = [
        _evened(one.stances) * part * size / _evened(one.stances).sum() for one, part in sets
    ]
    fitted = LogisticRegression(C=STRENGTH, max_iter=2_000)
    fitted.fit(
        np.vstack([one.cues for one, _ in sets]),
        np.concatenate([one.stances for one, _ in sets]),
        sample_weight=np.concatenate(weights),
    )
    return Model(fitted.coef_.T.astype(np.float32), fitted.intercept_.astype(np.float32))


def answers(labelled: Labelled) -> Labelled:
    """Leave out the posts that made a claim: how they stand needs no model."""
    return part_of(labelled, np.array([one.depth > 0 for one in labelled.told]))


def part_of(labelled: Labelled, kept: np.ndarray) -> Labelled:
    """Keep some posts."""
    return Labelled(
        labelled.cues[kept],
        labelled.stances[kept],
        labelled.events[kept],
        [one for one, keep in zip(labelled.told, kept, strict=True) if keep],
    )


def _evened(stances: np.ndarray) -> np.ndarray:
    counts = np.bincount(stances, minlength=len(STANCES))
    return np.asarray((len(stances) / len(STANCES) / counts[stances]) ** EVENING)


def rumoureval(data: Path) -> Labelled:
    """Read RumourEval; events are told apart by the days between their threads."""
    lines = gzip.decompress((data / "rumoureval2017/traindev.jsonl.gz").read_bytes()).splitlines()
    rows = [msgspec.json.decode(line, type=Row) for line in lines]
    by_id = {(row.thread, row.id): row for row in rows}
    roots = {row.thread: row for row in rows if row.depth == 0}
    told = [
        Told(
            text=row.text,
            claim="" if row.depth == 0 else roots[row.thread].text,
            answered=answered.text if answered is not None else "",
            depth=row.depth,
        )
        for row in rows
        for answered in [by_id.get((row.thread, row.parent or ""))]
    ]
    events = _events({thread: root.time for thread, root in roots.items()})
    return Labelled(
        np.array([cues_of(one) for one in told]),
        np.array([STANCES.index(LABELS[row.stance]) for row in rows]),
        np.array([events[row.thread] for row in rows]),
        told,
    )


def _events(begun: dict[str, float]) -> dict[str, str]:
    ordered = sorted(begun, key=lambda thread: begun[thread])
    name = _day(begun[ordered[0]])
    names = {ordered[0]: name}
    for before, thread in pairwise(ordered):
        if begun[thread] - begun[before] > QUIET_DAYS * 86_400:
            name = _day(begun[thread])
        names[thread] = name
    return names


def _day(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


def covid19(data: Path) -> Labelled:
    """Read replies to COVID-19 rumours; lines with a broken label are left out."""
    folder = data / "covid19_rumours"
    with (folder / "claims.csv").open(encoding="utf-8", errors="replace", newline="") as lines:
        claims = {row["source"]: row["content"] for row in csv.DictReader(lines)}
    with gzip.open(folder / "replies.csv.gz", "rt", encoding="utf-8", errors="replace") as lines:
        rows = [row for row in csv.DictReader(lines) if row["stance"] in LABELS]
    told = []
    for row in rows:
        claim = claims.get(row["source"], "")
        told.append(Told(text=row["comment"], claim=claim, answered=claim, depth=1))
    return Labelled(
        np.array([cues_of(one) for one in told]),
        np.array([STANCES.index(LABELS[row["stance"]]) for row in rows]),
        np.array([row["source"] for row in rows]),
        told,
    )


def pairs(part: str) -> Labelled:
    """Read one half of our pairs: each text beside its claim, as a post of its own."""
    lines = (PAIRS / f"{part}.jsonl").read_bytes().splitlines()
    rows = [msgspec.json.decode(line, type=dict[str, str]) for line in lines]
    told = [Told(text=row[kind], claim=row["claim"]) for row in rows for kind in PAIR_STANCES]
    return Labelled(
        np.array([cues_of(one) for one in told]),
        np.array([STANCES.index(stance) for _ in rows for stance in PAIR_STANCES.values()]),
        np.array([row["language"] for row in rows for _ in PAIR_STANCES]),
        told,
    )


if __name__ == "__main__":
    main()
