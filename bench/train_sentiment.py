"""Train the model that reads how texts lean: same data, same weights, same hash.

    python -m bench.train_sentiment DATA

One multinomial and three logistic regressions read hashed pieces and signs, four more read mean
meanings and signs; their weights are averaged (``quivive.detect.sentiment``). Where people
labelled a text, the target is half their label and half the teacher's share (``bench/taught.npz``,
made by ``teach_sentiment``); elsewhere it is the teacher's share (Hinton, Vinyals and Dean 2015,
*Distilling the knowledge in a neural network*).

Learned from: XLM-T sentiment (Apache-2.0), DEFT 2017 (CeCILL), tweets to a telecom operator (MIT),
RumourEval 2017 (CC BY 4.0), and sentences that we wrote (``bench/own_words_*.txt``), the only
source of anger and irony.
Never from the airlines (non-commercial), Sanders or TweetEval (no licence); see decision 0007.
Only hashed weights leave this script; no text does.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # sums in one order

import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from bench.teach_sentiment import OWN, Corpus, balanced, corpus, sum_of
from bench.texts import xlmt
from scipy.optimize import minimize, minimize_scalar
from scipy.sparse import csr_matrix, hstack, vstack

from quivive.detect.meanings import SIZE, Meanings
from quivive.detect.pieces import BUCKETS, Pieces, cut, scale_of
from quivive.detect.sentiment import OUTPUTS, READ, softmax
from quivive.detect.signs import signs_of
from quivive.wire.models import load_meanings

TARGET = Path(__file__).parents[1] / "src/quivive/wire/models/sentiment.npz"
TAUGHT = Path(__file__).with_name("taught.npz")
LEANINGS = slice(0, 3)
MEANING_SCALE, SIGN_SCALE = 8.0, 2.0
CHANNELS = 384
SHRINK = 2e-4
ROUNDS = 60
TAUGHT_WEIGHT = 0.2
SOURCE_WEIGHTS = {"deft": 0.3, OWN: 2.0}
FEWEST = 2
STEPS = np.linspace(0, 1, 21)
BLUR = 0.08


def main() -> None:
    """Train, quantise, calibrate, write, and print what came out."""
    data = Path(sys.argv[1])
    learned = corpus(data)
    model = train(learned, taught(learned), load_meanings(every=True))
    held = [xlmt(data, language, "val") for language in ("french", "english")]
    model |= calibrate(model, [(one.texts, one.labels) for one in held], load_meanings(every=True))
    packed = pack(model)
    TARGET.write_bytes(packed)
    print(f"{len(learned.texts)} texts, {len(packed) / 1e6:.2f} MB, ", end="")
    print("temperatures", model["temperatures"].tolist())
    print(f"sha256 {hashlib.sha256(packed).hexdigest()}")


def taught(learned: Corpus) -> np.ndarray:
    """Return the teacher's shares for these very texts, shape (texts, 6)."""
    with np.load(TAUGHT, allow_pickle=False) as kept:
        assert str(kept["texts"]) == sum_of(learned.texts), "Run bench.teach_sentiment again."
        return kept["taught"].astype(np.float64) / 255


def train(learned: Corpus, shares: np.ndarray, meanings: Meanings) -> dict[str, np.ndarray]:
    """Fit, and fold every scaling into the weights; rare pieces weigh more, as in TF-IDF."""
    counted, whole, signs = features(learned.texts, meanings)
    document_frequency = np.bincount(counted.indices, minlength=2 * BUCKETS)
    used = np.flatnonzero(document_frequency >= FEWEST)
    rarity = np.log((1 + len(learned.texts)) / (1 + document_frequency[used])) + 1
    weighed = counted[:, used].multiply(rarity).tocsr().astype(np.float32)
    wanted = targets(learned, shares)
    nothing = csr_matrix((len(whole), 0), dtype=np.float32)
    dense, _, _ = beside(whole, signs)
    channels = most_telling(fit(nothing, dense, *wanted)[0][:SIZE])
    dense, centre, scale = beside(whole[:, channels], signs)
    by_pieces, bias_of_pieces = fit(weighed, dense[:, CHANNELS:], *wanted)
    by_meaning, bias_of_meaning = fit(nothing, dense, *wanted)
    hashed, meant_most = by_pieces[: len(used)] / 2, by_meaning[:CHANNELS] / 2
    signed = (by_pieces[len(used) :] + by_meaning[CHANNELS:]) / 2
    bias = (bias_of_pieces + bias_of_meaning) / 2
    folded = np.zeros((2 * BUCKETS, len(OUTPUTS)))
    folded[used] = hashed * rarity[:, None]
    meaning = meant_most * scale[:, None]
    words, word_scale = quantise(folded[:BUCKETS])
    letters, letter_scale = quantise(folded[BUCKETS:])
    return {
        "words": words,
        "word_scale": word_scale,
        "letters": letters,
        "letter_scale": letter_scale,
        "channels": channels.astype(np.uint16),
        "meanings": meaning.astype(np.float32),
        "signs": (signed * SIGN_SCALE).astype(np.float32),
        "bias": (bias - centre @ meaning).astype(np.float32),
    }


def beside(meant: np.ndarray, signs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return meanings and signs scaled alike, and the centre and the scale of meanings."""
    centre, spread = meant.mean(axis=0), meant.std(axis=0) + 1e-3
    scale = MEANING_SCALE / spread / np.sqrt(meant.shape[1])
    scaled = np.hstack([(meant - centre) * scale, signs * SIGN_SCALE])
    return scaled.astype(np.float32), centre, scale


def most_telling(weights: np.ndarray) -> np.ndarray:
    """Return the channels that part leanings most, sorted: the rest would cost and hardly tell."""
    apart = weights[:, LEANINGS] - weights[:, LEANINGS].mean(axis=1, keepdims=True)
    return np.sort(np.argsort(-np.abs(apart).sum(axis=1), kind="stable")[:CHANNELS])


def features(texts: list[str], meanings: Meanings) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """Return hashed pieces (texts, 2 · BUCKETS), mean meanings (texts, SIZE) and signs."""
    parts = [cut(texts[first : first + 512]) for first in range(0, len(texts), 512)]
    counted = [_count(part) for part in parts]
    meant = []
    for part in parts:
        at_pieces, text_of, _ = meanings.of(part.words)
        starts = np.searchsorted(text_of, np.arange(len(part.words)))
        many = np.bincount(text_of, minlength=len(part.words))
        meant.append(np.add.reduceat(at_pieces, starts, axis=0) / many[:, None])
    return vstack(counted).tocsr(), np.vstack(meant).astype(np.float64), signs_of(texts)


def _count(pieces: Pieces) -> csr_matrix:
    texts = len(pieces.words)
    blocks = [
        csr_matrix((scale_of(rows, texts)[rows], (rows, columns)), (texts, BUCKETS))
        for rows, columns in (
            (pieces.word_text, pieces.word_hash.astype(np.int64)),
            (pieces.letter_text, pieces.letter_hash.astype(np.int64)),
        )
    ]
    return hstack(blocks).tocsr()


def targets(learned: Corpus, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what each output should say of each text, and how much each counts, (texts, 6)."""
    wanted = shares.copy()
    weights = np.full(shares.shape, TAUGHT_WEIGHT)
    for column, what in ((LEANINGS, "leaning"), (3, "anger"), (4, "irony"), (5, "enquiry")):
        labels = getattr(learned, what)
        known = np.flatnonzero(labels >= 0)
        said = np.eye(3)[labels[known]] if what == "leaning" else labels[known]
        wanted[known, column] = (wanted[known, column] + said) / 2
        for source in np.unique(learned.source[known]):
            here = known[learned.source[known] == source]
            even = balanced(labels[here]) * SOURCE_WEIGHTS.get(source, 1.0)
            weights[here, column] = even[:, None] if what == "leaning" else even
    return wanted, weights


def fit(
    sparse: csr_matrix, dense: np.ndarray, wanted: np.ndarray, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Minimise the cross-entropy to the targets, shrunk towards zero.

    Returns:
        Weights of the sparse, then of the dense columns, shape (columns, 6), and the bias.
    """
    some, outputs = sparse.shape[1], wanted.shape[1]
    size = some + dense.shape[1]
    turned = sparse.T.tocsr()
    share = counts / counts.sum(axis=0)

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat[:-outputs].reshape(size, outputs).astype(np.float32)
        summed = sparse @ weights[:some] + dense @ weights[some:]
        logits = (summed + flat[-outputs:]).astype(np.float64)
        found = np.hstack([softmax(logits[:, LEANINGS]), 1 / (1 + np.exp(-logits[:, 3:]))])
        found = np.clip(found, 1e-7, 1 - 1e-7)
        lost = -(share[:, LEANINGS] * wanted[:, LEANINGS] * np.log(found[:, LEANINGS])).sum()
        for column in range(3, outputs):
            of_one = wanted[:, column], found[:, column]
            lost -= share[:, column] @ (
                of_one[0] * np.log(of_one[1]) + (1 - of_one[0]) * np.log(1 - of_one[1])
            )
        slope = ((found - wanted) * share).astype(np.float32)
        lost += 0.5 * SHRINK * float((weights.astype(np.float64) ** 2).sum())
        steep = np.vstack([turned @ slope, dense.T @ slope]) + np.float32(SHRINK) * weights
        return lost, np.concatenate([steep.ravel(), slope.sum(axis=0)]).astype(np.float64)

    found = minimize(
        loss, np.zeros((size + 1) * outputs), jac=True, method="L-BFGS-B",
        options={"maxiter": ROUNDS, "maxcor": 6},
    )  # fmt: skip
    return found.x[:-outputs].reshape(size, outputs), found.x[-outputs:]


def quantise(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Round to 8 bits; the few largest are cut at the 99.99th percentile of those in use."""
    used = np.abs(weights[weights != 0])
    scale = np.float32(np.quantile(used, 0.9999) / 127)
    return np.clip(np.round(weights / scale), -127, 127).astype(np.int8), scale


def logits(model: dict[str, np.ndarray], texts: list[str], meanings: Meanings) -> np.ndarray:
    """Score texts with the quantised weights, shape (texts, 6)."""
    counted, meant, signs = features(texts, meanings)
    hashed = np.vstack(
        [model["words"] * model["word_scale"], model["letters"] * model["letter_scale"]]
    )
    return np.asarray(
        counted @ hashed
        + meant[:, model["channels"]] @ model["meanings"]
        + signs @ model["signs"]
        + model["bias"]
    )


def calibrate(
    model: dict[str, np.ndarray], held: list[tuple[list[str], np.ndarray]], meanings: Meanings
) -> dict[str, np.ndarray]:
    """Fit a temperature for each language, then the band in which negative shares lay."""
    raw = [logits(model, texts, meanings)[:, LEANINGS] for texts, _ in held]
    labels = [some for _, some in held]
    everything = np.vstack(raw), np.concatenate(labels)
    each = [_temperature(*pair) for pair in (*zip(raw, labels, strict=True), everything)]
    assert len(each) == len(READ) + 1
    shares = [softmax(some / one)[:, 0] for some, one in zip(raw, each, strict=False)]
    bands = [_band(some, known == 0) for some, known in zip(shares, labels, strict=True)]
    return {
        "temperatures": np.array(each, np.float32),
        "steps": STEPS.astype(np.float32),
        "low": np.min([low for low, _ in bands], axis=0).astype(np.float32),
        "high": np.max([high for _, high in bands], axis=0).astype(np.float32),
    }


def _temperature(raw: np.ndarray, labels: np.ndarray) -> float:
    def loss(divisor: float) -> float:
        found = softmax(raw / divisor)[np.arange(len(labels)), labels]
        return float(-np.log(found).mean())

    return round(float(minimize_scalar(loss, bounds=(0.2, 5), method="bounded").x), 2)


def _band(shares: np.ndarray, negative: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, at each step, 80 % bounds of the rate of negatives among texts of like share."""
    near = np.exp(-0.5 * ((STEPS[:, None] - shares) / BLUR) ** 2)
    many, hit = near.sum(axis=1) + 2, near @ negative + 1
    rate = hit / many
    room = 1.28 * np.sqrt(rate * (1 - rate) / many)
    low, high = np.clip(rate - room, 0, 1), np.clip(rate + room, 0, 1)
    return np.maximum.accumulate(low), np.minimum.accumulate(high[::-1])[::-1]


def pack(model: dict[str, np.ndarray]) -> bytes:
    """Write an npz whose bytes depend on nothing but the weights."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(model):
            held = io.BytesIO()
            np.save(held, np.asarray(model[name]), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, held.getvalue())
    return out.getvalue()


if __name__ == "__main__":
    main()
