"""Train the model that reads how posts stand to a claim: same data, same weights, same hash.

    python -m bench.train_stance DATA

Data: answers of RumourEval 2017 (Apache-2.0) and to COVID-19 rumours (MIT), both English, and half
of the answers that we wrote in French and English (``own_answers.txt``). For posts that answer
nobody: half of our own pairs, which show how a claim is turned; half of what we wrote of things
that many live through at once (``own_reports.txt``); and real posts beside the claim they fell into
(``beside_claims.py``), most of which turn nothing whatever words of negation they hold. The posts
that began RumourEval's threads are left out: their label tells how they stand to what they say
themselves. What leaves this script is one number for each stance and named cue, or dimension of
what words mean; no text does. ``bench/stance.py`` measures the same training on events and pairs
left out.
"""

import csv
import gzip
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from bench.beside_claims import beside
from bench.texts import xlmt
from bench.train_sentiment import pack
from sklearn.linear_model import LogisticRegression

from quivive.detect.copies import same, saying_of
from quivive.detect.meanings import SIZE
from quivive.detect.stance import STANCES, Model, pulls, words_in
from quivive.detect.stance_cues import NAMES, Told, cues_of
from quivive.vocabulary.claims import Stance
from quivive.vocabulary.folding import fold
from quivive.wire.models import load_meanings

HOUSE = Path(__file__).parents[1]
TARGET = HOUSE / "src/quivive/wire/models/stance.npz"
PAIRS = HOUSE / "tests/detect/sayings"
STRENGTH = 2e-4
OWN_STRENGTH = 3.0
OWN_WEIGHTS = {"pairs": 1.0, "loose": 1.0, "real posts": 0.5, "reports": 0.5}
"""Weight of a post that answers nobody, by the set it is of."""
EVENING = 0.8
"""Power of how far rare stances are weighed up: 0 not at all, 1 until all are equal."""
COVID = 0.3
"""Weight of all COVID-19 replies against all of RumourEval."""
OWN_ANSWERS = 0.1
"""Weight of all answers of ours against all of RumourEval."""
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
PARTS = ("aside", "develop")
"""The first claim of ours may be learned from, the second is kept aside, and so on."""
LOOSE_STANCES = PAIR_STANCES | {"comment": Stance.COMMENTS, "worse": Stance.RELAYS}
WRITTEN_STANCES = {
    "d": Stance.DENIES,
    "a": Stance.ASKS,
    "r": Stance.RELAYS,
    "c": Stance.COMMENTS,
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
    """Posts with their stance, columns of ``STANCES``, and their events.

    ``cues``: shape (posts, cues).  ``words``: what their pieces of words mean by themselves, mean
    of each post, shape (posts, meanings.SIZE).  ``rows``: of RumourEval, else
    empty.
    """

    cues: np.ndarray
    words: np.ndarray
    stances: np.ndarray
    events: np.ndarray
    told: list[Told]
    rows: list[Row]


class Weights(NamedTuple):
    """What is learned, in the scale of cues and words as they are read.

    ``usual``: what the words of an answer add on average, so that only what differs speaks.
    ``own_cues``, ``own_bias``: of posts that answer nobody.
    """

    cues: np.ndarray
    words: np.ndarray
    usual: np.ndarray
    bias: np.ndarray
    own_cues: np.ndarray
    own_bias: np.ndarray


def main() -> None:
    """Train on all, write, and print what came out."""
    data = Path(sys.argv[1])
    rumours, covid, own = rumoureval(data), covid19(data), own_posts(data)
    fitted = train(rumours, covid, own, apart=languages_apart(data))
    packed = pack(
        {
            name: weights.astype(np.float16 if weights.ndim > 1 else np.float32)
            for name, weights in fitted._asdict().items()
        }
    )
    TARGET.write_bytes(packed)
    sets = (answers(rumours), covid, own_answers("develop"), own)
    print(f"{' + '.join(f'{len(one.stances):,}' for one in sets)} posts, {len(packed)} bytes")
    print(f"sha256 {hashlib.sha256(packed).hexdigest()}")


def train(
    rumours: Labelled, covid: Labelled | None, own: Labelled, *, apart: np.ndarray
) -> Weights:
    """Fit the weights of answers, and those of posts that answer nobody.

    Args:
        apart: what sets French words apart from English ones, of length one, (meanings.SIZE,).
            Nothing is read along it: or a French comment would be no comment for being French,
            of which no labels are at hand.
    """
    weighed = [(answers(rumours), 1.0), (own_answers("develop"), OWN_ANSWERS)]
    weighed += [] if covid is None else [(covid, COVID)]
    sets = [one for one, _ in weighed]
    evened = [_evened(one.stances) for one in sets]
    evened = [one * part / one.sum() for one, (_, part) in zip(evened, weighed, strict=True)]
    rows = [np.hstack([one.cues, one.words - np.outer(one.words @ apart, apart)]) for one in sets]
    mean, spread = rows[0].mean(axis=0), rows[0].std(axis=0)
    spread[spread == 0] = 1.0  # scaled, one strength suits cues and words
    fitted = LogisticRegression(C=STRENGTH, max_iter=2_000)
    fitted.fit(
        (np.vstack(rows) - mean) / spread,
        np.concatenate([one.stances for one in sets]),
        sample_weight=np.concatenate(evened) * len(rows[0]),
    )
    slopes = (fitted.coef_ / spread).T
    cues = len(NAMES)
    words = slopes[cues:] - np.outer(apart, apart @ slopes[cues:])
    alone = LogisticRegression(C=OWN_STRENGTH, max_iter=2_000)
    alone.fit(own.cues, own.stances, sample_weight=np.vectorize(OWN_WEIGHTS.get)(own.events))
    return Weights(
        cues=slopes[:cues],
        words=words,
        usual=mean[cues:] @ words,
        bias=fitted.intercept_ - mean[:cues] @ slopes[:cues],
        own_cues=alone.coef_.T,
        own_bias=alone.intercept_,
    )


def model_of(weights: Weights) -> Model:
    """Return the model as the flow reads with it."""
    held = {name: one.astype(np.float32) for name, one in weights._asdict().items()}
    return Model(
        held["cues"],
        held["bias"],
        held["own_cues"],
        held["own_bias"],
        pulls(held["words"], held["usual"], load_meanings().alone),
    )


def languages_apart(data: Path) -> np.ndarray:
    """Return what sets French words apart from English ones: the texts of XLM-T, no labels."""
    french, english = (words_of(xlmt(data, one, "train").texts) for one in ("french", "english"))
    between = french.mean(axis=0) - english.mean(axis=0)
    return np.asarray(between / np.linalg.norm(between), np.float64)


def answers(labelled: Labelled) -> Labelled:
    """Leave out the posts that made a claim: how they stand needs no model."""
    return part_of(labelled, np.array([one.depth > 0 for one in labelled.told]))


def labelled(
    told: list[Told], stances: np.ndarray, events: np.ndarray, rows: Sequence[Row] = ()
) -> Labelled:
    """Read the cues and words of posts."""
    cues, words = np.array([cues_of(one) for one in told]), words_of([one.text for one in told])
    return Labelled(cues, words, stances, events, told, list(rows))


def words_of(texts: Sequence[str]) -> np.ndarray:
    """Return the mean of what the pieces of each text mean by themselves, (texts, SIZE)."""
    alone = lru_cache(100_000)(_alone)
    words = np.zeros((len(texts), SIZE), np.float32)
    for row, text in enumerate(texts):
        read = [alone(word) for word in words_in(text)]
        words[row] = sum(of for of, _ in read) / max(sum(many for _, many in read), 1)
    return words


def _alone(word: str) -> tuple[np.ndarray, int]:
    each = load_meanings().alone(word)
    return each.sum(axis=0), len(each)


def part_of(labelled: Labelled, kept: np.ndarray) -> Labelled:
    """Keep some posts."""
    return Labelled(
        labelled.cues[kept],
        labelled.words[kept],
        labelled.stances[kept],
        labelled.events[kept],
        [one for one, keep in zip(labelled.told, kept, strict=True) if keep],
        [one for one, keep in zip(labelled.rows, kept, strict=False) if keep],
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
    sayings = {thread: saying_of(fold(root.text)) for thread, root in roots.items()}
    told = [
        Told(
            text=row.text,
            claim="" if row.depth == 0 else roots[row.thread].text,
            answered=answered.text if answered is not None else "",
            depth=row.depth,
            copy=row.depth > 0 and same(sayings[row.thread], saying_of(fold(row.text))),
        )
        for row in rows
        for answered in [by_id.get((row.thread, row.parent or ""))]
    ]
    events = _events({thread: root.time for thread, root in roots.items()})
    return labelled(
        told,
        np.array([STANCES.index(LABELS[row.stance]) for row in rows]),
        np.array([events[row.thread] for row in rows]),
        rows,
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
    return labelled(
        told,
        np.array([STANCES.index(LABELS[row["stance"]]) for row in rows]),
        np.array([row["source"] for row in rows]),
    )


def own_posts(data: Path) -> Labelled:
    """Return posts that answer nobody, which may be learned from; events are their sets."""
    sets = {
        "pairs": pairs("develop"),
        "loose": loose("develop"),
        "real posts": real_posts(data, "develop"),
        "reports": own_reports("develop"),
    }
    return Labelled(
        np.vstack([one.cues for one in sets.values()]),
        np.vstack([one.words for one in sets.values()]),
        np.concatenate([one.stances for one in sets.values()]),
        np.concatenate([[name] * len(one.stances) for name, one in sets.items()]),
        [told for one in sets.values() for told in one.told],
        [],
    )


@lru_cache
def own_answers(part: str) -> Labelled:
    """Read the answers that we wrote under one half of our claims, events are their languages."""
    return _written("own_answers", part, depth=1)


@lru_cache
def own_reports(part: str) -> Labelled:
    """Read what we wrote of things many live through at once, as posts that answer nobody."""
    return _written("own_reports", part, depth=0)


def _written(file: str, part: str, *, depth: int) -> Labelled:
    told, stances, languages = [], [], []
    claims, claim = 0, ""
    for line in (HOUSE / f"bench/{file}.txt").read_text(encoding="utf-8").splitlines():
        kind, said = line[:2].strip(), line[2:]
        if kind == "=":
            language, claim = said.split(" ", 1)
            claims += 1
        elif kind in WRITTEN_STANCES and PARTS[claims % 2] == part:
            answered = claim if depth else ""
            told.append(Told(text=said, claim=claim, answered=answered, depth=depth))
            stances.append(STANCES.index(WRITTEN_STANCES[kind]))
            languages.append(language)
    return labelled(told, np.array(stances), np.array(languages))


def real_posts(data: Path, part: str) -> Labelled:
    """Read one half of the real posts beside claims; events are the sets they are of."""
    rows = beside(data, part)
    told = [Told(text=row.text, claim=row.claim, linked="http" in row.text.lower()) for row in rows]
    stances = np.array([STANCES.index(Stance(row.stance)) for row in rows])
    return labelled(told, stances, np.array([row.origin for row in rows]))


def pairs(part: str) -> Labelled:
    """Read one half of our pairs: each text beside its claim, as a post of its own."""
    lines = (PAIRS / f"{part}.jsonl").read_bytes().splitlines()
    rows = [msgspec.json.decode(line, type=dict[str, str]) for line in lines]
    return _beside_its_claim(rows, PAIR_STANCES)


def loose(part: str) -> Labelled:
    """Read one half of our claims as people talk of them: in words of their own, and beside it."""
    lines = (PAIRS / "loose.jsonl").read_bytes().splitlines()
    rows = [msgspec.json.decode(line, type=dict[str, str]) for line in lines]
    return _beside_its_claim([row for row in rows if row["part"] == part], LOOSE_STANCES)


def _beside_its_claim(rows: list[dict[str, str]], kinds: dict[str, Stance]) -> Labelled:
    told = [Told(text=row[kind], claim=row["claim"]) for row in rows for kind in kinds]
    return labelled(
        told,
        np.array([STANCES.index(stance) for _ in rows for stance in kinds.values()]),
        np.array([row["language"] for row in rows for _ in kinds]),
    )


if __name__ == "__main__":
    main()
