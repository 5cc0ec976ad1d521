"""Does a text complain or praise; is it angry, ironic, asking? Three readings and a small network.

``logits = bias + Σ pieces / √(how many) + mean meaning · W + signs · V + tanh(units) · U``: hashed
pieces of words (``pieces``), what runs of words mean (``meanings``) and plain signs (``signs``);
hidden units are sums of meanings and signs. What a unit gives is shared out among what it was given
(the rescale rule of DeepLIFT: Shrikumar, Greenside and Kundaje 2017), so that the pulls of words
and signs still add up to the logits. The leanings go through a softmax with a temperature
of their language, the rest through a logistic function. Irony is mostly missed; ``uncertain`` is
an answer. ``bench/train_sentiment.py`` trains it; ``docs/pathway/detect.md`` says how well.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quivive.detect.languages import Languages
from quivive.detect.meanings import Meanings
from quivive.detect.pieces import LONGEST, Pieces, Places, Singles, cut, scale_of
from quivive.detect.signs import signs_of
from quivive.vocabulary.sentiments import Leaning, Sentiment

LEANINGS = (Leaning.NEGATIVE, Leaning.NEUTRAL, Leaning.POSITIVE)
OUTPUTS = (*LEANINGS, "anger", "irony", "enquiry")
READ = ("fr", "en")
"""Languages that the model learned; of others it only suspects."""
CLEAR = 0.45
"""Under this probability no leaning is called clear."""
MOST_REASONS = 5
AT_ONCE = 20_000
"""Letters read together: more share more pieces of words, and take more memory."""
_ADDRESSED = re.compile(r"@\w|\b(?:vous|votre|vos|tu|toi|t'es|you|your|ur|u)\b", re.IGNORECASE)
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_FLAT = 1e-4
"""So near to rest a unit is taken for straight."""
_MASKS = frozenset({"http", "user", ""})


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, columns in the order of ``OUTPUTS``.

    Attributes:
        words, letters: of hashed pieces, shape (BUCKETS, 6).
        meanings: of the mean meaning, shape (channels read, units + 6): what it gives to the hidden
            units, then to the outputs.
        signs: shape (signs, units + 6).
        bias: shape (units + 6,).
        units: what hidden units give to the outputs, shape (units, 6).
        temperatures: of leanings for each of ``READ`` and then for all others, shape (3,).
        steps, low, high: a negative probability, and 80 % bounds of the share of negatives among
            validated texts read like that, shape (steps,) each.
    """

    words: Singles
    letters: Singles
    meanings: Singles
    signs: Singles
    bias: Singles
    units: Singles
    temperatures: Singles
    steps: Singles
    low: Singles
    high: Singles


class Reader:
    """Reads texts with a model; a text that comes twice in a batch is read once."""

    def __init__(self, model: Model, languages: Languages, meanings: Meanings) -> None:
        """Keep the model, what names languages and what reads meanings."""
        self._model, self._languages, self._meanings = model, languages, meanings

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
        spoken = list(zip(texts, self._languages.of(texts, tags, authors), strict=True))
        distinct = sorted(set(spoken), key=lambda one: (len(one[0]), one))
        read: dict[tuple[str, str], Sentiment] = {}
        for part in _parts(distinct):
            read.update(zip(part, self._read(part), strict=True))
        return [read[one] for one in spoken]

    def weigh(self, texts: Sequence[str]) -> tuple[Singles, Pieces, Singles]:
        """Return the logits, shape (texts, 6), the pieces, and each word's pull, (words, 6)."""
        pieces, model = cut(texts), self._model
        lengths = [len(of_text) for of_text in pieces.words]
        text_of = np.repeat(np.arange(len(texts)), lengths)
        meant, beside = self._of_meanings(pieces), signs_of(texts) @ model.signs + model.bias
        split = len(model.units)
        rest = model.bias[:split]
        given = _sum_runs(text_of, meant[:, :split], len(texts)) + beside[:, :split] - rest
        raised, at_rest = np.tanh(given + rest), np.tanh(rest)
        flat = np.abs(given) < _FLAT
        steep = np.where(flat, 1 - at_rest**2, (raised - at_rest) / np.where(flat, 1, given))
        pulls = self._of_pieces(pieces) + meant[:, split:]
        logits = _sum_runs(text_of, pulls, len(texts)) + beside[:, split:] + raised @ model.units
        pulls += (meant[:, :split] * steep[text_of]) @ model.units
        return np.asarray(logits, np.float32), pieces, pulls

    def _read(self, spoken: Sequence[tuple[str, str]]) -> list[Sentiment]:
        texts, languages = [text for text, _ in spoken], [language for _, language in spoken]
        logits, pieces, pulls = self.weigh(texts)
        model = self._model
        kinds = [READ.index(one) if one in READ else len(READ) for one in languages]
        shares = softmax(logits[:, :3] / model.temperatures[kinds, None])
        others = 1 / (1 + np.exp(-logits[:, 3:]))
        low = np.interp(shares[:, 0], model.steps, model.low)
        high = np.interp(shares[:, 0], model.steps, model.high)
        ends = np.cumsum([len(of_text) for of_text in pieces.words])
        return [
            _sentiment(
                one,
                shares=np.concatenate([share, other]),
                interval=(float(least), float(most)),
                reasons=_reasons(words, pulls[end - len(words) : end], int(share.argmax())),
            )
            for one, share, other, least, most, words, end in zip(
                spoken, shares, others, low, high, pieces.words, ends, strict=True
            )
        ]

    def _of_pieces(self, pieces: Pieces) -> Singles:
        """Return what the hashed pieces of each word add, shape (words, 6)."""
        texts, words = len(pieces.words), sum(map(len, pieces.words))
        pull = np.zeros((words, len(OUTPUTS)), np.float32)
        for weights, text_of, hashes, token in (
            (self._model.words, pieces.word_text, pieces.word_hash, pieces.word_token),
            (self._model.letters, pieces.letter_text, pieces.letter_hash, pieces.letter_token),
        ):
            scaled = weights[hashes] * scale_of(text_of, texts)[text_of, None]
            pull += _sum_by(pieces.token_word[token], scaled, words)
        return pull

    def _of_meanings(self, pieces: Pieces) -> Singles:
        """Return what the meaning at each word gives, shape (words, units + 6).

        The marks around a text belong to no word; what they add is shared out among all.
        """
        meant, text_of, word_of = self._meanings.of(pieces.words)
        texts, words = len(pieces.words), sum(map(len, pieces.words))
        many = np.bincount(text_of, minlength=texts)
        share = (1 / many)[text_of, None].astype(np.float32)
        pull: Singles = (meant @ self._model.meanings) * share
        inside = word_of >= 0
        by_word = _sum_runs(word_of[inside], pull[inside], words)
        around = _sum_runs(text_of[~inside], pull[~inside], texts)
        lengths = np.array([len(of_text) for of_text in pieces.words], np.int64)
        shared = around / np.maximum(lengths, 1)[:, None]
        return np.asarray(by_word + np.repeat(shared, lengths, axis=0), np.float32)


def _parts(spoken: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Part texts so that about ``AT_ONCE`` letters are read together."""
    part: list[tuple[str, str]] = []
    letters = 0
    for one in spoken:
        part.append(one)
        letters += min(len(one[0]), LONGEST)
        if letters >= AT_ONCE:
            yield part
            part, letters = [], 0
    if part:
        yield part


def softmax(logits: Singles) -> Singles:
    """Turn rows of logits into probabilities."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


def _sum_by(group: Places, rows: Singles, groups: int) -> Singles:
    """Sum rows by group, shape (groups, columns)."""
    return np.stack(
        [np.bincount(group, column, groups) for column in rows.T], axis=1
    ).astype(np.float32)  # fmt: skip


def _sum_runs(group: Places, rows: Singles, groups: int) -> Singles:
    """Sum rows whose groups come in order, shape (groups, columns): faster with many columns."""
    summed = np.zeros((groups, rows.shape[1]), np.float32)
    if len(group):
        starts = np.flatnonzero(np.diff(group, prepend=-1))
        summed[group[starts]] = np.add.reduceat(rows, starts, axis=0)
    return summed


def _sentiment(
    spoken: tuple[str, str],
    *,
    shares: Singles,
    interval: tuple[float, float],
    reasons: tuple[str, ...],
) -> Sentiment:
    (text, language), share = spoken, shares[:3]
    if language not in READ:
        share, interval = (share + np.float32(1)) / np.float32(4), (0.0, 1.0)
    best = int(share.argmax())
    clear = bool(reasons) and language in READ and share[best] >= CLEAR
    negative, neutral, positive = (round(float(one), 4) for one in share)
    anger, irony, enquiry = (round(float(one), 4) for one in shares[3:])
    addressed = _ADDRESSED.search(text) is not None
    return Sentiment(
        language=language,
        label=LEANINGS[best] if clear else Leaning.UNCERTAIN,
        negative=negative,
        neutral=neutral,
        positive=positive,
        low=round(min(interval[0], negative), 4),
        high=round(max(interval[1], negative), 4),
        anger=anger,
        irony=irony,
        enquiry=enquiry,
        support=round(positive - negative, 4) if addressed else None,
        reasons=reasons,
    )


def _reasons(words: list[str], pulls: NDArray[np.float32], label: int) -> tuple[str, ...]:
    """Return the words, as written, that pulled most towards a leaning against the two others."""
    if not words:
        return ()
    pull = 1.5 * pulls[:, label] - pulls[:, :3].sum(axis=1) / 2
    seen: dict[str, None] = {}
    for place in np.argsort(-pull, kind="stable")[: 2 * MOST_REASONS].tolist():
        word = _EDGES.sub("", words[place])
        if pull[place] > 0 and word.lower() not in _MASKS:
            seen[word] = None
    return tuple(seen)[:MOST_REASONS]
