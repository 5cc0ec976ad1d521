"""Does a text complain or praise? A small linear model over hashed pieces of French and English.

``logits = bias + sum over words and word pairs / sqrt(how many) + the same over 2 to 5 letters``,
then a softmax with a fitted temperature. Irony is mostly missed; ``uncertain`` is an answer.
``bench/train_sentiment.py`` trains it; ``docs/pathway/detect.md`` tells how well it reads.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quivive.detect.languages import Languages
from quivive.vocabulary.folding import fold
from quivive.vocabulary.sentiments import Leaning, Sentiment

Singles = NDArray[np.float32]
Hashes = NDArray[np.uint32]

LABELS = (Leaning.NEGATIVE, Leaning.NEUTRAL, Leaning.POSITIVE)
BUCKETS = 2**17
READ = frozenset({"fr", "en"})
"""Languages that the model learned; of others it only suspects."""
LONGEST = 2_000
"""Letters read of one text; the rest of a long article is left unread."""
GRAMS = (2, 3, 4, 5)
CLEAR = 0.45
"""Under this probability no class is called clear."""
MOST_REASONS = 5
BATCH = 512
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_MENTION = re.compile(r"@\w+")
_TOKEN = re.compile(r"#?\w+(?:'(?=\w))?|[!?]+|\.{2,}|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, shape (BUCKETS, 3) each, columns in the order of ``LABELS``.

    Attributes:
        bias: shape (3,).  temperature: divides the logits.
    """

    words: Singles
    letters: Singles
    bias: Singles
    temperature: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """A batch of texts cut into hashed pieces.

    Attributes:
        tokens: of each text, in order.
        word_text, word_hash: one entry a word or word pair; the text it is from, its bucket.
        letter_text, letter_hash, letter_token: one entry a letter group; ``letter_token`` counts
            tokens over the whole batch.
    """

    tokens: list[list[str]]
    word_text: NDArray[np.int64]
    word_hash: Hashes
    letter_text: NDArray[np.int64]
    letter_hash: Hashes
    letter_token: NDArray[np.int64]


class Reader:
    """Reads texts with a model."""

    def __init__(self, model: Model, languages: Languages) -> None:
        """Keep the model, and what names languages."""
        self._model, self._languages = model, languages

    def read(
        self,
        texts: Sequence[str],
        tags: Sequence[str | None] | None = None,
        authors: Sequence[str] | None = None,
    ) -> list[Sentiment]:
        """Return how each text reads, in order.

        Args:
            tags, authors: as ``Languages.of`` takes them.
        """
        found = self._languages.of(texts, tags, authors)
        read: list[Sentiment] = []
        for first in range(0, len(texts), BATCH):
            part = slice(first, first + BATCH)
            read += self._read(texts[part], found[part])
        return read

    def _read(self, texts: Sequence[str], found: Sequence[str]) -> list[Sentiment]:
        pieces = cut(texts)
        logits, by_token = _weigh(pieces, self._model)
        chances = _softmax(logits / self._model.temperature)
        ends = np.cumsum([len(tokens) for tokens in pieces.tokens])
        return [
            _sentiment(language, chance, tokens, by_token[end - len(tokens) : end])
            for language, chance, tokens, end in zip(
                found, chances, pieces.tokens, ends, strict=True
            )
        ]


def tokens_of(text: str) -> list[str]:
    """Return the words and signs of a text as they are compared; links and names are masked.

    >>> tokens_of("Merci @sncf, c'est NUL !!! https://a.b/c")
    ['merci', '@', 'user', ',', "c'", 'est', 'nul', '!!!', 'http']
    """
    masked = _MENTION.sub("@user", _LINK.sub(" http ", text[:LONGEST]))
    return _TOKEN.findall(fold(masked))


def cut(texts: Sequence[str]) -> Pieces:
    """Cut texts into hashed pieces."""
    tokens = [tokens_of(text) for text in texts]
    flat = [token for of_text in tokens for token in of_text]
    lengths = np.array([len(token) for token in flat], np.int64)
    text_of = np.repeat(np.arange(len(tokens)), [len(of_text) for of_text in tokens])
    codes = np.frombuffer((" ".join(flat) + " ").encode("utf-32-le"), np.uint32)
    ends = np.cumsum(lengths + 1)
    starts = ends - lengths - 1
    word = _word_hashes(codes, starts, lengths)
    same = text_of[1:] == text_of[:-1]
    pairs = _mix(word[:-1] * np.uint32(0x9E3779B1) + word[1:])[same]
    letter_token = np.repeat(np.arange(len(flat)), lengths + 1)
    letter_text = text_of[letter_token]
    places, hashes = _letter_hashes(codes, letter_text)
    return Pieces(
        tokens=tokens,
        word_text=np.concatenate([text_of, text_of[1:][same]]),
        word_hash=np.concatenate([_mix(word), pairs]) % np.uint32(BUCKETS),
        letter_text=letter_text[places],
        letter_hash=hashes % np.uint32(BUCKETS),
        letter_token=letter_token[places],
    )


def _word_hashes(codes: Hashes, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Hashes:
    """Hash whole tokens: a polynomial of their letters, computed for all tokens place by place."""
    hashes = np.full(len(starts), 0x811C9DC5, np.uint32)
    for place in range(min(int(lengths.max(initial=0)), 40)):
        here = lengths > place
        hashes[here] = (hashes[here] ^ codes[starts[here] + place]) * np.uint32(0x01000193)
    return hashes


def _letter_hashes(codes: Hashes, text_of: NDArray[np.int64]) -> tuple[NDArray[np.int64], Hashes]:
    """Hash groups of 2 to 5 letters that stay inside one text; return where each begins, too."""
    rolled = codes.copy()
    places, hashes = [], []
    for size in range(2, max(GRAMS) + 1):
        room = len(codes) - size + 1
        if room <= 0:
            break
        rolled = rolled[:room] * np.uint32(0x01000193) + codes[size - 1 :]
        inside = np.flatnonzero(text_of[:room] == text_of[size - 1 :])
        places.append(inside)
        hashes.append(_mix(rolled[inside] + np.uint32(size * 0x85EBCA6B & 0xFFFFFFFF)))
    if not places:
        return np.zeros(0, np.int64), np.zeros(0, np.uint32)
    return np.concatenate(places), np.concatenate(hashes)


def _mix(hashes: Hashes) -> Hashes:
    """Spread a hash over all its bits (a step of lowbias32)."""
    mixed = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(0x7FEB352D)
    mixed = (mixed ^ (mixed >> np.uint32(15))) * np.uint32(0x846CA68B)
    return np.asarray(mixed ^ (mixed >> np.uint32(16)), np.uint32)


def _weigh(pieces: Pieces, model: Model) -> tuple[Singles, Singles]:
    """Return the logits, shape (texts, 3), and what each token adds to them, (tokens, 3)."""
    texts, tokens = len(pieces.tokens), sum(map(len, pieces.tokens))
    word_scale = scale_of(pieces.word_text, texts)
    letter_scale = scale_of(pieces.letter_text, texts)
    word = model.words[pieces.word_hash] * word_scale[pieces.word_text, None]
    letter = model.letters[pieces.letter_hash] * letter_scale[pieces.letter_text, None]
    by_token = np.stack(
        [np.bincount(pieces.letter_token, letter[:, c], tokens) for c in range(3)], axis=1
    ).astype(np.float32)
    by_token += word[:tokens]
    text_of = pieces.word_text[:tokens]
    by_text = np.stack([np.bincount(text_of, by_token[:, c], texts) for c in range(3)], axis=1)
    pairs = np.stack(
        [np.bincount(pieces.word_text[tokens:], word[tokens:, c], texts) for c in range(3)],
        axis=1,
    )
    return (model.bias + by_text + pairs).astype(np.float32), by_token


def scale_of(text_of: NDArray[np.int64], texts: int) -> Singles:
    """Return one over the root of how many pieces each text has, shape (texts,)."""
    many = np.bincount(text_of, minlength=texts)
    return (1 / np.sqrt(np.maximum(many, 1))).astype(np.float32)


def _softmax(logits: Singles) -> Singles:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


def _sentiment(language: str, chance: Singles, tokens: list[str], by_token: Singles) -> Sentiment:
    if language not in READ:
        chance = (chance + np.float32(1)) / np.float32(4)
    best = int(chance.argmax())
    clear = bool(tokens) and language in READ and chance[best] >= CLEAR
    negative, neutral, positive = (round(float(share), 4) for share in chance)
    return Sentiment(
        language=language,
        label=LABELS[best] if clear else Leaning.UNCERTAIN,
        negative=negative,
        neutral=neutral,
        positive=positive,
        reasons=_reasons(tokens, by_token, best),
    )


def _reasons(tokens: list[str], by_token: Singles, label: int) -> tuple[str, ...]:
    """Return the words that spoke most for a label against the two others."""
    if not tokens:
        return ()
    pull = by_token[:, label] - (by_token.sum(axis=1) - by_token[:, label]) / 2
    seen: dict[str, None] = {}
    for place in np.argsort(-pull, kind="stable")[: 2 * MOST_REASONS].tolist():
        if pull[place] > 0 and tokens[place] not in {"http", "user", "@"}:
            seen[tokens[place]] = None
    return tuple(seen)[:MOST_REASONS]
