"""How well stances are read, on events the model was not trained on, beside simpler ways.

    python -m bench.stance DATA

RumourEval 2017 by event, each left out in turn (figures over all its posts, and over answers
alone), and the half of our own pairs that is kept aside. A peer learns from the same events.
Intervals: 95 %, 1,000 draws of whole threads, or of pairs.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from bench.train_stance import (
    COVID,
    OWN,
    Labelled,
    covid19,
    pairs,
    part_of,
    rumoureval,
    train,
)
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from quivive.detect.stance import STANCES, Model, Told, read
from quivive.vocabulary.claims import Stance
from quivive.wire.models import load_stance

RELAYS, COMMENTS = STANCES.index(Stance.RELAYS), STANCES.index(Stance.COMMENTS)
DRAWS = 1_000


def main() -> None:
    """Print one line a way and set."""
    data = Path(sys.argv[1])
    rumours, covid, own = rumoureval(data), covid19(data), pairs("develop")

    def ours(kept: Labelled, told: list[Told]) -> np.ndarray:
        return stances_of(told, train(kept, (covid, COVID), (own, OWN)))

    ways: dict[str, Callable[[Labelled, list[Told]], np.ndarray]] = {
        "ours": ours,
        "ours, RumourEval alone": lambda kept, told: stances_of(told, train(kept)),
        "TF-IDF and regression": tfidf,
        "always a comment": lambda _, told: np.full(len(told), COMMENTS),
    }
    events = sorted(set(rumours.events))
    print(f"RumourEval 2017, {len(rumours.told):,} posts, {len(events)} events, each left out")
    answered = np.array([one.depth > 0 for one in rumours.told])
    threads = np.cumsum(~answered)
    for name, way in ways.items():
        found = np.zeros(len(rumours.told), int)
        for event in events:
            out = rumours.events == event
            found[out] = way(part_of(rumours, ~out), part_of(rumours, out).told)
        tell(name, rumours.stances, found, threads)
        tell("  answers alone", rumours.stances[answered], found[answered], threads[answered])
    aside, model = pairs("aside"), load_stance()
    for language in ("fr", "en"):
        some = part_of(aside, aside.events == language)
        for name, found in (
            ("ours", stances_of(some.told, model)),
            ("TF-IDF and regression", tfidf(own, some.told)),
        ):
            tell(f"pairs aside, {language}: {name}", some.stances, found, np.arange(len(found)))
    begun = time.process_time()
    read(rumours.told, model)
    print(f"{len(rumours.told) / (time.process_time() - begun):,.0f} posts/s on one core")


def stances_of(told: list[Told], model: Model) -> np.ndarray:
    """Read stances as the flow does: who began the claim relays it."""
    found = [STANCES.index(one.stance) for one in read(told, model)]
    return np.array(
        [place if one.claim else RELAYS for one, place in zip(told, found, strict=True)]
    )


def tfidf(kept: Labelled, told: list[Told]) -> np.ndarray:
    """Peer: words, word pairs and letter groups under logistic regression, balanced."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True, max_features=50_000
    )
    texts = [one.text for one in kept.told]
    learned = hstack([words.fit_transform(texts), letters.fit_transform(texts)]).tocsr()
    fitted = LogisticRegression(max_iter=300, class_weight="balanced")
    fitted.fit(learned, kept.stances)
    asked = [one.text for one in told]
    return np.asarray(fitted.predict(hstack([words.transform(asked), letters.transform(asked)])))


def tell(name: str, truth: np.ndarray, found: np.ndarray, groups: np.ndarray) -> None:
    """Print macro-F1 with its interval, F1 of each stance, and accuracy."""
    present = sorted(set(truth))
    each = f1_score(truth, found, average=None, labels=present)
    low, high = interval(truth, found, groups, present)
    stances = "  ".join(
        f"{STANCES[label].value} {score:.3f}" for label, score in zip(present, each, strict=True)
    )
    right = (truth == found).mean()
    print(
        f"{name:40} macro-F1 {each.mean():.3f} ({low:.3f} to {high:.3f})  {stances}  "
        f"right {right:.3f}",
        flush=True,
    )


def interval(
    truth: np.ndarray, found: np.ndarray, groups: np.ndarray, labels: list[int]
) -> tuple[float, float]:
    """Draw whole groups again and again, from counts of (truth, found) in each."""
    size = len(STANCES)
    names, group_of = np.unique(groups, return_inverse=True)
    counts = np.zeros((len(names), size * size))
    np.add.at(counts, (group_of, truth * size + found), 1)
    chance = np.random.default_rng(0)
    scores = []
    for _ in range(DRAWS):
        drawn = counts[chance.integers(0, len(names), len(names))].sum(axis=0).reshape(size, size)
        hit = np.diag(drawn)
        f1 = 2 * hit / np.maximum(drawn.sum(axis=0) + drawn.sum(axis=1), 1)
        scores.append(f1[labels].mean())
    return float(np.quantile(scores, 0.025)), float(np.quantile(scores, 0.975))


if __name__ == "__main__":
    main()
