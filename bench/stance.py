"""How well stances are read, on events the model was not trained on, beside simpler ways.

    python -m bench.stance DATA

RumourEval 2017 by event, each left out in turn, then by thread (sixths, so that other threads of
the same events are learned from, as in the task's own split), over all posts and over answers
alone.
"In the flow": claims are found, too, as ``quivive claims`` does. Then the halves kept aside of our
own pairs and answers, and of real posts beside claims, which we read ourselves. A peer learns from
the same.
Intervals: 95 %, 1,000 draws of whole threads, or of pairs.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import numpy as np
from bench.train_stance import (
    Labelled,
    covid19,
    languages_apart,
    loose,
    model_of,
    own_answers,
    own_posts,
    own_reports,
    pairs,
    part_of,
    real_posts,
    rumoureval,
    train,
)
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from quivive.detect.claims import Reader
from quivive.detect.clusters import Claims
from quivive.detect.stance import STANCES, Model, read
from quivive.detect.stance_cues import Told
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.claims import Stance
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.vocabulary.topics import Topic
from quivive.wire.models import load_encoder, load_stance

TOPIC = Topic(id="bench", name="bench", query="")
Way: TypeAlias = Callable[[Labelled, Labelled], np.ndarray]
"""What may be learned from, and what is asked, to the stance of each post asked."""

RELAYS, DENIES, COMMENTS = map(STANCES.index, (Stance.RELAYS, Stance.DENIES, Stance.COMMENTS))
DRAWS = 1_000


def main() -> None:
    """Print one line a way and set."""
    data = Path(sys.argv[1])
    rumours, covid, own = rumoureval(data), covid19(data), own_posts(data)
    apart = languages_apart(data)

    def learn(kept: Labelled) -> Model:
        return model_of(train(kept, covid, own, apart=apart))

    ways: dict[str, Way] = {
        "ours": lambda kept, out: stances_of(out.told, learn(kept)),
        "ours, in the flow": lambda kept, out: in_the_flow(out, learn(kept)),
        "ours, RumourEval alone": lambda kept, out: stances_of(
            out.told, model_of(train(kept, None, own, apart=apart))
        ),
        "TF-IDF and regression": lambda kept, out: tfidf(kept, out.told),
        "always a comment": lambda _, out: np.full(len(out.told), COMMENTS),
    }
    threads = np.cumsum([one.depth == 0 for one in rumours.told])
    sixths = np.random.default_rng(0).permutation(threads.max() + 1)[threads] % 6
    for kind, parts in (("event", rumours.events), ("sixth of threads", sixths)):
        print(f"RumourEval 2017, {len(rumours.told):,} posts, each {kind} left out")
        for name, way in ways.items():
            measure(name, rumours, parts, threads, way)
    model = load_stance()
    kept = {
        "pairs": pairs("aside"),
        "loose": loose("aside"),
        "answers": own_answers("aside"),
        "reports": own_reports("aside"),
        "real posts": real_posts(data, "aside"),
    }
    taught = {"answers": own_answers("develop")}
    for kind, aside in kept.items():
        for part in sorted(set(aside.events)):
            some = part_of(aside, aside.events == part)
            for name, found in (
                ("ours", stances_of(some.told, model)),
                ("TF-IDF and regression", tfidf(taught.get(kind, own), some.told)),
            ):
                tell(f"{kind} aside, {part}: {name}", some.stances, found, np.arange(len(found)))
                wrong = (found == DENIES) & (some.stances != DENIES)
                print(f"  taken for denials wrongly: {wrong.sum()} of {(found == DENIES).sum()}")
    begun = time.process_time()
    read(rumours.told, model)
    print(f"{len(rumours.told) / (time.process_time() - begun):,.0f} posts/s on one core")


def measure(name: str, rumours: Labelled, parts: np.ndarray, threads: np.ndarray, way: Way) -> None:
    """Leave each part out in turn, and tell how the way reads all of them."""
    found = np.zeros(len(rumours.told), int)
    for part in sorted(set(parts)):
        out = parts == part
        found[out] = way(part_of(rumours, ~out), part_of(rumours, out))
    answered = np.array([one.depth > 0 for one in rumours.told])
    tell(name, rumours.stances, found, threads)
    tell("  answers alone", rumours.stances[answered], found[answered], threads[answered])


def in_the_flow(out: Labelled, model: Model) -> np.ndarray:
    """Let posts come in the order written, find the claim of each, and read how it stands."""
    ordered = sorted(out.rows, key=lambda row: (row.time, row.depth, row.id))
    posts = [
        Post(
            id=f"{row.thread} {row.id}",
            network="x",
            published=datetime.fromtimestamp(row.time, UTC),
            attributed_to=Account(id=f"author of {row.id}"),
            content=row.text,
            in_reply_to=f"{row.thread} {row.parent}" if row.parent else None,
        )
        for row in ordered
    ]
    reader, claims = Reader(model, load_encoder()), Claims()
    matches = [Match(post=post, topics=(TOPIC.id,)) for post in posts]
    stood = {
        standing.post: STANCES.index(standing.stance)
        for found in reader.take(claims, matches, TOPIC)
        for standing in found.standings
    }
    return np.array([stood[f"{row.thread} {row.id}"] for row in out.rows])


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
