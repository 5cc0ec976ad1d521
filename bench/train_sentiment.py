"""Train the model that reads how texts lean: same data, same weights, same hash.

    python bench/train_sentiment.py ../shared/data

Data: XLM-T sentiment, French and English training halves (Apache-2.0), and DEFT 2017 task 1
(CeCILL). Nothing under a non-commercial or unknown licence is trained on. Only hashed weights
leave this script; no text does.
"""

import csv
import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from quivive.detect.sentiment import BUCKETS, cut, scale_of

TARGET = Path(__file__).parents[1] / "src/quivive/wire/models/sentiment.npz"
DEFT_LABELS = {"negative": 0, "objective": 1, "positive": 2}
STRENGTH = 2.0
DEFT_WEIGHT = 0.5


def main() -> None:
    """Train, quantise, write, and print what came out."""
    data = Path(sys.argv[1])
    texts, labels, weights = training(data)
    model = train(texts, labels, weights)
    held = [held_out(data, language) for language in ("french", "english")]
    model["temperature"] = temperature(model, [t for h in held for t in h[0]], held_labels(held))
    packed = pack(model)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(packed)
    print(f"{len(texts)} texts, {len(packed) / 1e6:.2f} MB, temperature {model['temperature']:.2f}")
    print(f"sha256 {hashlib.sha256(packed).hexdigest()}")


def held_labels(held: list[tuple[list[str], np.ndarray]]) -> np.ndarray:
    """Put the labels of several sets behind each other."""
    return np.concatenate([labels for _, labels in held])


def xlmt(data: Path, language: str, split: str) -> tuple[list[str], np.ndarray]:
    """Read one half of XLM-T sentiment: texts and labels 0 negative, 1 neutral, 2 positive."""
    stem = data / "xlmt_sentiment" / f"{language}_{split}"
    texts = Path(f"{stem}_text.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    labels = np.array(Path(f"{stem}_labels.txt").read_text(encoding="utf-8").split(), int)
    assert len(texts) == len(labels)
    return texts, labels


def held_out(data: Path, language: str) -> tuple[list[str], np.ndarray]:
    """Read the half that is never trained on; it fits the temperature and is the bench's test."""
    return xlmt(data, language, "val")


def training(data: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Gather all training texts with labels and weights."""
    texts, labels, weights = [], [], []
    for language in ("french", "english"):
        some, known = xlmt(data, language, "train")
        texts += some
        labels += known.tolist()
        weights += [1.0] * len(some)
    with (data / "deft2017_fr/task1_train_filtered.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["label"] in DEFT_LABELS:
                texts.append(row["text"])
                labels.append(DEFT_LABELS[row["label"]])
                weights.append(DEFT_WEIGHT)
    return texts, np.array(labels), np.array(weights)


def matrix(texts: list[str]) -> csr_matrix:
    """Count hashed pieces as ``Reader`` does; words in the first ``BUCKETS`` columns."""
    pieces = cut(texts)
    blocks = [
        csr_matrix((scale_of(rows, len(texts))[rows], (rows, columns)), (len(texts), BUCKETS))
        for rows, columns in (
            (pieces.word_text, pieces.word_hash.astype(np.int64)),
            (pieces.letter_text, pieces.letter_hash.astype(np.int64)),
        )
    ]
    return hstack(blocks).tocsr()


def train(texts: list[str], labels: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Fit and quantise; rare pieces weigh more, as in TF-IDF, folded into the weights."""
    counted = matrix(texts)
    document_frequency = np.asarray((counted > 0).sum(axis=0)).ravel()
    rarity = np.log((1 + len(texts)) / (1 + document_frequency)) + 1
    rarity[document_frequency < 2] = 0
    scaled = counted.multiply(rarity).tocsr()
    fitted = LogisticRegression(C=STRENGTH / 20, max_iter=500, class_weight="balanced")
    fitted.fit(scaled, labels, sample_weight=weights)
    folded = (fitted.coef_ * rarity).T
    words, word_scale = quantise(folded[:BUCKETS])
    letters, letter_scale = quantise(folded[BUCKETS:])
    return {
        "words": words,
        "word_scale": word_scale,
        "letters": letters,
        "letter_scale": letter_scale,
        "bias": fitted.intercept_.astype(np.float32),
    }


def quantise(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Round to 8 bits; the few largest are cut at the 99.99th percentile of those in use."""
    used = np.abs(weights[weights != 0])
    scale = np.float32(np.quantile(used, 0.9999) / 127)
    return np.clip(np.round(weights / scale), -127, 127).astype(np.int8), scale


def logits(model: dict[str, np.ndarray], texts: list[str]) -> np.ndarray:
    """Score texts with the quantised weights, shape (texts, 3)."""
    folded = np.vstack(
        [model["words"] * model["word_scale"], model["letters"] * model["letter_scale"]]
    )
    return np.asarray(matrix(texts) @ folded + model["bias"])


def temperature(model: dict[str, np.ndarray], texts: list[str], labels: np.ndarray) -> float:
    """Fit one number so that probabilities mean what they say on texts not trained on."""
    raw = logits(model, texts)

    def loss(divisor: float) -> float:
        scaled = raw / divisor
        total = np.log(np.exp(scaled).sum(axis=1))
        return float((total - scaled[np.arange(len(labels)), labels]).mean())

    found = minimize_scalar(loss, bounds=(0.2, 10), method="bounded")
    return np.float32(round(float(found.x), 2))


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
