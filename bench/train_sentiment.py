"""Train the model that reads how texts lean: same data, same weights, same hash.

    python -m bench.train_sentiment DATA

One multinomial and three logistic regressions read hashed pieces and signs; a small network reads
meanings where they stand, and signs (``bench.attention``); their logits are averaged
(``quivive.detect.sentiment``). Where people labelled a text, the target is half their label and
half the mean share of the teachers (``bench/taught.npz``, made by ``teach_sentiment``); elsewhere
it is that share (Hinton, Vinyals and Dean 2015, *Distilling the knowledge in a neural network*). A
last regression tells cries for help from what sounds like them (``bench/own_pleas_*.txt``, ours)
and from texts of the other sources, which hardly ever are. What it adds to hear an organisation's
own voice, or a phrase that means the contrary, is learned once all else stands, from sentences that
we wrote (``bench/own_replies_*.txt``, ``own_contraries_*.txt``): teachers take regrets for
complaints and mocking thanks for praise.

Learned from: XLM-T sentiment (Apache-2.0), DEFT 2017 (CeCILL), RumourEval 2017 (CC BY 4.0), and
sentences that we wrote (``bench/own_words_*.txt`` and others), the only source of anger and irony;
those that no teacher was taught are learned as we meant them. Of others the texts alone, as the
teacher reads them: tweets to a telecom operator, MLMA, replies to COVID-19 rumours and CrisisLexT6
(MIT each).
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
from typing import NamedTuple

import numpy as np
from bench.attention import LEANINGS, Attentive, Read, learn
from bench.teach_sentiment import (
    FRAMES,
    OWN,
    SERVICE,
    TURNS,
    Corpus,
    balanced,
    corpus,
    further,
    joined,
    kept_shares,
    untaught,
)
from bench.texts import NEUTRAL, own_contraries, own_pleas, own_replies, xlmt
from scipy.optimize import minimize, minimize_scalar
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression

from quivive.detect.cues import bare
from quivive.detect.enquiry import enquires
from quivive.detect.meanings import SIZE, Meanings
from quivive.detect.pieces import BUCKETS, Pieces, cut, scale_of
from quivive.detect.sentiment import HASHED, READ, Reader, softmax, turned_places
from quivive.detect.signs import CONTRARIES, LAST, VOICE, signs_of
from quivive.vocabulary.folding import fold
from quivive.wire.models import load_languages, load_meanings, sentiment_model

TARGET = Path(__file__).parents[1] / "src/quivive/wire/models/sentiment.npz"
TAUGHT = Path(__file__).with_name("taught.npz")
MEANING_SCALE, SIGN_SCALE = 8.0, 2.0
CHANNELS = 384
SHRINK = 2e-4
ROUNDS = 60
UNITS, GROUPS, EPOCHS, SEED = 48, 8, 8, 1
TAUGHT_WEIGHT = np.array([0.5] * 5 + [0.05])
"""What the teacher's shares count where nobody labelled; it has seen few enquiries."""
SOURCE_WEIGHTS = {"deft": 0.3, OWN: 2.0, TURNS: 2.0, SERVICE: 0.4, FRAMES: 0.15}
OURS = (OWN, TURNS, SERVICE, FRAMES)
UNTAUGHT = (TURNS, SERVICE, FRAMES)
"""Sources of which what we meant is learned alone: no teacher knows them."""
AS_THEY_COME = (SERVICE, FRAMES)
"""Sources whose leanings are not made to count alike: half of them complain, as people do to
organisations."""
FEWEST = 2
NO_PLEAS = (
    "xlmt_fr",
    "xlmt_en",
    "free",
    "everyday",
    "mlma_fr",
    TURNS,
    *(f"parts of {name}" for name in ("xlmt_fr", "xlmt_en", "free", "own_fr", "own_en")),
)
"""Sources whose texts hardly ever ask for help."""
PLEA_STRENGTH = 0.01
LAST_SHRINK = np.array([4.0] * len(VOICE) + [10.0] * len(CONTRARIES))[:, None]
"""Who speaks is heard surely; a phrase may also mean what it says."""
STEPS = np.linspace(0, 1, 21)
BLUR = 0.08
MORE_OR_LESS = 2.0
"""How much likelier or rarer complaints may be, in odds, than among texts for validation, of which
a third complains: on one topic half of the posts may, on another a fifth."""


class Fitted(NamedTuple):
    """Weights of the sparse and the dense columns, (columns, 6), and the bias, (6,)."""

    sparse: np.ndarray
    dense: np.ndarray
    bias: np.ndarray


class Linear(NamedTuple):
    """Weights of meanings and signs, (CHANNELS + signs,), and the bias of one output."""

    weights: np.ndarray
    bias: float


def main() -> None:
    """Train, quantise, calibrate, write, and print what came out."""
    data = Path(sys.argv[1])
    learned = corpus(data)
    more = further(data, learned)
    by_teachers, by_last = kept_shares(TAUGHT, learned, more)
    shares = np.vstack([np.mean(list(by_teachers.values()), axis=0), by_last]) / 255
    ours = untaught()
    shares = np.vstack([shares, np.zeros((len(ours.texts), HASHED))])
    learned = joined(joined(learned, more), ours)
    model = train(learned, shares, load_meanings(every=True))
    model["signs"][-len(LAST) :, LEANINGS] = fit_last(model, load_meanings(every=True))
    held = [xlmt(data, language, "val") for language in ("french", "english")]
    model |= calibrate(model, [(one.texts, one.labels) for one in held], load_meanings(every=True))
    packed = pack(model)
    TARGET.write_bytes(packed)
    print(f"{len(learned.texts)} texts, {len(packed) / 1e6:.2f} MB, ", end="")
    print("temperatures", model["temperatures"].tolist())
    print(f"sha256 {hashlib.sha256(packed).hexdigest()}")


def train(learned: Corpus, shares: np.ndarray, meanings: Meanings) -> dict[str, np.ndarray]:
    """Fit all, and fold every scaling into the weights."""
    counted, whole, signs = features(learned.texts, meanings)
    document_frequency = np.bincount(counted.indices, minlength=2 * BUCKETS)
    used = np.flatnonzero(document_frequency >= FEWEST)
    rarity = np.log((1 + len(learned.texts)) / (1 + document_frequency[used])) + 1
    weighed = counted[:, used].multiply(rarity).tocsr().astype(np.float32)
    wanted, counts = targets(learned, shares)
    nothing = csr_matrix((len(whole), 0), dtype=np.float32)
    channels = most_telling(fit(nothing, beside(whole, signs), wanted, counts).dense[:SIZE])
    plain = ~((learned.source == FRAMES) & (learned.irony == 1))  # no sum of words tells them
    by_pieces = fit(
        weighed, (signs * SIGN_SCALE).astype(np.float32), wanted, counts * plain[:, None]
    )
    by_place = learn(
        in_place(learned.texts, meanings, channels), wanted, counts,
        units=UNITS, groups=GROUPS, epochs=EPOCHS, seed=SEED,
    )  # fmt: skip
    folded = np.zeros((2 * BUCKETS, HASHED))
    folded[used] = by_pieces.sparse / 2 * rarity[:, None]  # rare pieces weigh more, as in TF-IDF
    aside = np.isin(learned.source, NO_PLEAS)
    plea = fit_pleas(whole[aside][:, channels], signs[aside], channels, meanings)
    return hashed(folded) | given(by_pieces, by_place, plea) | {
        "channels": channels.astype(np.uint16)
    }  # fmt: skip


def hashed(folded: np.ndarray) -> dict[str, np.ndarray]:
    """Return the weights of hashed pieces in 8 bits."""
    words, word_scale = quantise(folded[:BUCKETS])
    letters, letter_scale = quantise(folded[BUCKETS:])
    return {
        "words": words,
        "word_scale": word_scale,
        "letters": letters,
        "letter_scale": letter_scale,
    }


def given(by_pieces: Fitted, by_place: Attentive, plea: Linear) -> dict[str, np.ndarray]:
    """Return what meanings and signs give to units and outputs; two readings are averaged."""
    signs = (by_pieces.dense * SIGN_SCALE + by_place.signs) / 2
    parts = {
        "places": np.column_stack([by_place.into, plea.weights[:CHANNELS], by_place.heed]),
        "turned": np.insert(
            np.hstack([by_place.turned_into, by_place.turned_heed]), len(by_place.rest), 0, axis=1
        ),
        "rest": by_place.rest,
        "units": by_place.units / 2,
        "signs": np.pad(
            np.column_stack([signs, plea.weights[CHANNELS:]]), [(0, len(LAST)), (0, 0)]
        ),
        "bias": np.append((by_pieces.bias + by_place.bias) / 2, plea.bias),
    }
    return {name: part.astype(np.float32) for name, part in parts.items()}


def fit_pleas(
    aside: np.ndarray, signs_aside: np.ndarray, channels: np.ndarray, meanings: Meanings
) -> Linear:
    """Fit a logistic regression that tells cries for help from what sounds like them.

    Args:
        aside: mean meanings of texts that hardly ever ask for help, shape (texts, CHANNELS);
            together they count as much as our sentences.
    """
    ours = [own_pleas(language) for language in ("fr", "en")]
    texts = [text for one in ours for text in one.texts]
    asks = np.concatenate([one.labels for one in ours])
    _, meant, signs = features(texts, meanings)
    rows = np.vstack([np.hstack([meant[:, channels], signs]), np.hstack([aside, signs_aside])])
    wanted = np.concatenate([asks, np.zeros(len(aside), int)])
    counts = np.concatenate([np.ones(len(asks)), np.full(len(aside), len(asks) / len(aside))])
    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    fitted = LogisticRegression(C=PLEA_STRENGTH, max_iter=500)
    fitted.fit((rows - centre) / spread, wanted, sample_weight=counts)
    weights = fitted.coef_[0] / spread
    return Linear(weights, float(fitted.intercept_[0] - centre @ weights))


def fit_last(model: dict[str, np.ndarray], meanings: Meanings) -> np.ndarray:
    """Fit what the last signs add to the leanings, beside all else, (len(LAST), 3)."""
    ours = [some(language) for some in (own_replies, own_contraries) for language in ("fr", "en")]
    texts = [text for one in ours for text in one.texts]
    said = np.eye(3)[np.concatenate([one.leaning for one in ours])]
    begun, heard = logits(model, texts, meanings), signs_of(texts)[:, -len(LAST) :]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(len(LAST), 3)
        found = np.clip(softmax(begun + heard @ weights).astype(np.float64), 1e-7, 1)
        lost = -(said * np.log(found)).sum() + (LAST_SHRINK / 2 * weights**2).sum()
        return lost, (heard.T @ (found - said) + LAST_SHRINK * weights).ravel()

    fitted = minimize(loss, np.zeros(3 * len(LAST)), jac=True, method="L-BFGS-B")
    return fitted.x.reshape(len(LAST), 3).astype(np.float32)


def beside(meant: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Return mean meanings and signs scaled alike."""
    spread = meant.std(axis=0) + 1e-3
    scale = MEANING_SCALE / spread / np.sqrt(meant.shape[1])
    scaled = np.hstack([(meant - meant.mean(axis=0)) * scale, signs * SIGN_SCALE])
    return scaled.astype(np.float32)


def most_telling(weights: np.ndarray) -> np.ndarray:
    """Return the channels that part leanings most, sorted: the rest would cost and hardly tell."""
    apart = weights[:, LEANINGS] - weights[:, LEANINGS].mean(axis=1, keepdims=True)
    return np.sort(np.argsort(-np.abs(apart).sum(axis=1), kind="stable")[:CHANNELS])


def features(texts: list[str], meanings: Meanings) -> tuple[csr_matrix, np.ndarray, np.ndarray]:
    """Return hashed pieces (texts, 2 · BUCKETS), mean meanings (texts, SIZE), signs but LAST."""
    parts = [cut(texts[first : first + 512]) for first in range(0, len(texts), 512)]
    counted = [_count(part) for part in parts]
    meant = []
    for part in parts:
        at_pieces, text_of, _ = meanings.of(part.words)
        starts = np.searchsorted(text_of, np.arange(len(part.words)))
        many = np.bincount(text_of, minlength=len(part.words))
        meant.append(np.add.reduceat(at_pieces, starts, axis=0) / many[:, None])
    return vstack(counted).tocsr(), np.vstack(meant).astype(np.float64), _silent(texts)


def in_place(texts: list[str], meanings: Meanings, channels: np.ndarray) -> Read:
    """Return what texts mean at each place, and their signs."""
    places, turned, lengths = [], [], []
    for first in range(0, len(texts), 512):
        part = cut(texts[first : first + 512])
        at_places, text_of, word_of = meanings.of(part.words)
        places.append(at_places[:, channels].astype(np.float16))
        turned.append(np.isin(np.arange(len(word_of)), turned_places(part, word_of)))
        lengths.append(np.bincount(text_of, minlength=len(part.words)))
    each = (np.concatenate(some) for some in (places, turned, lengths))
    return Read(*each, _silent(texts))


def _silent(texts: list[str]) -> np.ndarray:
    """Return the signs of texts but for those that are learned last."""
    return signs_of(texts)[:, : -len(LAST)]


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
    silent = np.array([not _asks(text) for text in learned.texts])
    wanted[silent, 5] = _asked_in_silence(learned.enquiry, silent)
    weights = np.tile(TAUGHT_WEIGHT, (len(shares), 1))
    weights[np.isin(learned.source, (SERVICE, FRAMES))] = 0.0
    for column, what in ((LEANINGS, "leaning"), (3, "anger"), (4, "irony"), (5, "enquiry")):
        labels = getattr(learned, what)
        if what == "enquiry":  # who complains or praises does not ask whether something is true
            ours = np.isin(learned.source, OURS) & (learned.leaning != NEUTRAL)
            labels = np.where(ours, 0, labels)
        known = np.flatnonzero(labels >= 0)
        said = np.eye(3)[labels[known]] if what == "leaning" else labels[known]
        trusted = np.where(np.isin(learned.source[known], UNTAUGHT), 1.0, 0.5)
        trusted = trusted[:, None] if what == "leaning" else trusted
        wanted[known, column] += trusted * (said - wanted[known, column])
        for source in np.unique(learned.source[known]):
            here = known[learned.source[known] == source]
            leaning = what == "leaning"
            even = (
                np.ones(len(here)) if leaning and source in AS_THEY_COME else balanced(labels[here])
            )
            even *= SOURCE_WEIGHTS.get(source, 1.0)
            weights[here, column] = even[:, None] if leaning else even
    return wanted, weights


def _asks(text: str) -> bool:
    return "?" in text or enquires(bare(fold(text)))


def _asked_in_silence(labels: np.ndarray, silent: np.ndarray) -> float:
    """Return how likely a text asks that shows no sign of it, as if half of all texts asked.

    The teachers, who saw few enquiries, take whatever leans to no side for one.
    """
    among_asking, among_others = (silent[labels == label].mean() for label in (1, 0))
    return float(among_asking / (among_asking + among_others))


def fit(sparse: csr_matrix, dense: np.ndarray, wanted: np.ndarray, counts: np.ndarray) -> Fitted:
    """Minimise the cross-entropy to the targets, shrunk towards zero."""
    outputs = wanted.shape[1]
    shapes = [(sparse.shape[1], outputs), (dense.shape[1], outputs), (outputs,)]
    borders = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    turned, share = sparse.T.tocsr(), counts / counts.sum(axis=0)

    def parted(flat: np.ndarray) -> Fitted:
        parts = np.split(flat.astype(np.float32), borders)
        return Fitted(*(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        at = parted(flat)
        logits = (sparse @ at.sparse + dense @ at.dense + at.bias).astype(np.float64)
        found = np.hstack([softmax(logits[:, LEANINGS]), 1 / (1 + np.exp(-logits[:, 3:]))])
        found = np.clip(found, 1e-7, 1 - 1e-7)
        lost = -(share[:, LEANINGS] * wanted[:, LEANINGS] * np.log(found[:, LEANINGS])).sum()
        alone, said = found[:, 3:], wanted[:, 3:]
        lost -= (share[:, 3:] * (said * np.log(alone) + (1 - said) * np.log(1 - alone))).sum()
        shrunk = (at.sparse, at.dense)
        lost += 0.5 * SHRINK * sum(float((one.astype(np.float64) ** 2).sum()) for one in shrunk)
        slope = ((found - wanted) * share).astype(np.float32)
        steep = (
            turned @ slope + SHRINK * at.sparse,
            dense.T @ slope + SHRINK * at.dense,
            slope.sum(axis=0),
        )
        return lost, np.concatenate([one.ravel() for one in steep]).astype(np.float64)

    begun = np.zeros(sum(int(np.prod(shape)) for shape in shapes))
    found = minimize(
        loss, begun, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS, "maxcor": 6}
    )
    return parted(found.x)


def quantise(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Round to 8 bits; the few largest are cut at the 99.99th percentile of those in use."""
    used = np.abs(weights[weights != 0])
    scale = np.float32(np.quantile(used, 0.9999) / 127)
    return np.clip(np.round(weights / scale), -127, 127).astype(np.int8), scale


def logits(model: dict[str, np.ndarray], texts: list[str], meanings: Meanings) -> np.ndarray:
    """Score the leanings of texts with the quantised weights, shape (texts, 3)."""
    plain = {"temperatures": np.ones(len(READ) + 1), "steps": STEPS, "low": STEPS, "high": STEPS}
    narrowed = meanings.narrowed(model["channels"].astype(np.int64))
    reader = Reader(sentiment_model(model | plain), load_languages(), narrowed)
    parts = [texts[first : first + 256] for first in range(0, len(texts), 256)]
    return np.vstack([reader.weigh(part).logits[:, LEANINGS] for part in parts])


def calibrate(
    model: dict[str, np.ndarray], held: list[tuple[list[str], np.ndarray]], meanings: Meanings
) -> dict[str, np.ndarray]:
    """Fit a temperature for each language, then the band in which negative shares lay."""
    raw = [logits(model, texts, meanings) for texts, _ in held]
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
    low = _likelier(np.clip(rate - room, 0, 1), 1 / MORE_OR_LESS)
    high = _likelier(np.clip(rate + room, 0, 1), MORE_OR_LESS)
    return np.maximum.accumulate(low), np.minimum.accumulate(high[::-1])[::-1]


def _likelier(rate: np.ndarray, times: float) -> np.ndarray:
    """Return the rate of what is so many times likelier, in odds."""
    return rate * times / (1 - rate + rate * times)


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
