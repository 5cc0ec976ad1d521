"""Does a text complain or praise; is it angry, ironic, asking? Words, letters, meanings in place.

``logits = bias + Σ pieces / √(how many) + Σ share · tanh(units) · U + signs · V``: hashed pieces of
words (``pieces``), hidden units that read what each run of words means where it stands
(``meanings``), with weights of their own for words that a negation turns, and plain signs. Places
share out their text's attention between them, unit by unit in a few groups (gated attention
pooling: Ilse, Tomczak and Welling 2018). All is a sum over places, so the pulls of words and signs
add up to the logits. The leanings go through a softmax with a temperature of their language, the
rest through a logistic function. Whether somebody asks for help or tells of danger is read from
mean meanings and signs. Irony is mostly missed; ``uncertain`` is an answer.
``bench/train_sentiment.py`` trains it; ``docs/measures/tone.md`` says how well.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from quivive.detect.languages import Languages
from quivive.detect.meanings import Meanings
from quivive.detect.pieces import LONGEST, Hashes, Pieces, Places, Singles, cut, scale_of
from quivive.detect.signs import signs_of
from quivive.vocabulary.folding import fold
from quivive.vocabulary.sentiments import Leaning, Sentiment

LEANINGS = (Leaning.NEGATIVE, Leaning.NEUTRAL, Leaning.POSITIVE)
OUTPUTS = (*LEANINGS, "anger", "irony", "enquiry", "plea")
HASHED = 6
"""Of ``OUTPUTS``, those that hashed pieces and hidden units tell of: all but ``plea``."""
READ = ("fr", "en")
"""Languages that the model learned; of others it only suspects."""
CLEAR = 0.45
"""Under this probability no leaning is called clear."""
MOST_REASONS = 5
AT_ONCE = 20_000
"""Letters read together: more share more pieces of words, and take more memory."""
_ADDRESSED = re.compile(r"@\w|\b(?:vous|votre|vos|tu|toi|t'es|you|your|ur|u)\b", re.IGNORECASE)
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_MASKS = frozenset({"http", "user", ""})
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu)'")
_GRAMMAR_TEXT = """
a ai ait as au aux avait avec avez avoir avons ca ce cela ces cet cette chez comme dans de des du
elle elles en est et etait ete etes etre eu il ils j je l la le les leur leurs lui m ma me mes moi
mon n ne nn nos notre nous on ont ou par pour qu que qui s sa se ses si son sont suis sur t ta te
tes toi ton tu un une va vos votre vous y alors meme mtn the an and are at be been by did do does
for from had has have he her him his i in into is it its me my of on or our she so than that their
them then there these they this to us was we were will with you your im ive its just rt amp via
"""
_GRAMMAR = frozenset(_GRAMMAR_TEXT.split())
"""Words that explain nothing to a reader, whatever they pull; those that negate do."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, columns in the order of ``OUTPUTS``.

    Attributes:
        words, letters: of hashed pieces, shape (BUCKETS, HASHED).
        places: of the meaning at each place, shape (channels read, units + 1 + groups): what it
            gives to the hidden units, to ``plea``, and to the attention of each group of units.
        turned: what places give besides whose word a negation before them turns; its last row
            is of no channel but of being turned, shape (channels read + 1, units + 1 + groups).
        rest: what units are given besides, shape (units,).
        units: what hidden units give to the outputs, shape (units, HASHED).
        signs: shape (signs, 7).
        bias: shape (7,).
        temperatures: of leanings for each of ``READ`` and then for all others, shape (3,).
        steps, low, high: a negative probability, and 80 % bounds of the share of negatives among
            texts read like that, as ``Sentiment`` has them, shape (steps,) each.
    """

    words: Singles
    letters: Singles
    places: Singles
    turned: Singles
    rest: Singles
    units: Singles
    signs: Singles
    bias: Singles
    temperatures: Singles
    steps: Singles
    low: Singles
    high: Singles


@dataclass(frozen=True, slots=True)
class Runs:
    """What a batch of texts adds up from: rows, those of a text one after the other.

    Text by text, a product with a vector is ten times faster here than sums over groups of rows.

    Attributes:
        rows: shape (pieces, columns).
        word_of: the word each is of, counted over the batch; -1 for none.
        ends: where the rows of each text end, shape (texts,).
        scale: what rows of each text are multiplied with, shape (texts,).
    """

    rows: Singles
    word_of: Places
    ends: Places
    scale: Singles

    def sums(self) -> Singles:
        """Return the sum of each text, shape (texts, columns)."""
        sums = [np.ones(len(part), np.float32) @ part for part in self._parts()]
        return np.stack(sums) * self.scale[:, None]

    def along(self, ways: Singles) -> Singles:
        """Return how far each row goes its text's way, shape (pieces,); ``ways`` as ``sums``."""
        scaled = ways * self.scale[:, None]
        return np.concatenate([part @ way for part, way in zip(self._parts(), scaled, strict=True)])

    def _parts(self) -> list[Singles]:
        return [self.rows[start:end] for start, end in pairwise([0, *self.ends.tolist()])]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A batch of texts, scored, with what tells the pull of each word.

    Attributes:
        logits: shape (texts, 7).
        hashed: what words and groups of letters add to the logits.
        told: what each place, a piece of a word or a mark around a text, adds to its text's units
            and to ``plea``, shape (places, units + 1).
        word_of: the word of each place, -1 for a mark.
        ends: where the places of each text end, shape (texts,).
    """

    logits: Singles
    pieces: Pieces
    hashed: tuple[Runs, Runs]
    told: Singles
    word_of: Places
    ends: Places


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
        home: str | None = None,
    ) -> list[Sentiment]:
        """Return how each text reads, in order.

        Args:
            tags, authors, home: as ``Languages.of`` takes them.
        """
        spoken = list(zip(texts, self._languages.of(texts, tags, authors, home), strict=True))
        distinct = sorted(set(spoken), key=lambda one: (len(one[0]), one))
        read: dict[tuple[str, str], Sentiment] = {}
        for part in _parts(distinct):
            read.update(zip(part, self._read(part), strict=True))
        return [read[one] for one in spoken]

    def weigh(self, texts: Sequence[str]) -> Weighed:
        """Score texts, at least one, and keep what their words are told by."""
        model, pieces = self._model, cut(texts)
        hashed = (
            _hashed(model.words, (pieces.word_text, pieces.word_hash, pieces.word_token), pieces),
            _hashed(
                model.letters, (pieces.letter_text, pieces.letter_hash, pieces.letter_token), pieces
            ),
        )
        at_places, text_of, word_of = self._meanings.of(pieces.words)
        lengths = np.bincount(text_of, minlength=len(texts))
        ends = np.cumsum(lengths)
        given = at_places @ model.places
        turned = turned_places(pieces, word_of)
        given[turned] += at_places[turned] @ model.turned[:-1] + model.turned[-1]
        told = self._told(given, ends - lengths, lengths)
        read = np.add.reduceat(told, ends - lengths, axis=0)
        logits = signs_of(texts) @ model.signs + model.bias
        logits[:, :HASHED] += read[:, :-1] @ model.units + hashed[0].sums() + hashed[1].sums()
        logits[:, HASHED] += read[:, -1]
        return Weighed(np.asarray(logits, np.float32), pieces, hashed, told, word_of, ends)

    def _told(self, given: Singles, starts: Places, lengths: Places) -> Singles:
        """Return what each place adds, shape (places, units + 1).

        Args:
            given: to units, ``plea`` and attention, by each place, (places, units + 1 + groups).
        """
        model, units = self._model, len(self._model.units)
        told, plea = given[:, : units + 1], given[:, units]
        heed = shared_out(given[:, units + 1 :], starts, lengths)
        raised = told[:, :units]
        raised += model.rest
        np.tanh(raised, out=raised)
        by_group = raised.reshape(len(given), heed.shape[1], -1)
        by_group *= heed[:, :, None]
        plea *= np.repeat((1 / lengths).astype(np.float32), lengths)
        return told

    def pulls(self, weighed: Weighed, towards: Singles) -> Singles:
        """Return how far each word moves its text's logits in a direction, shape (words,).

        Args:
            towards: of each text, shape (texts, 7).
        """
        model, words = self._model, [len(of_text) for of_text in weighed.pieces.words]
        hashed = towards[:, :HASHED]
        ways = np.column_stack([hashed @ model.units.T, towards[:, HASHED]])
        last = weighed.ends - 1
        first = np.concatenate([[0], weighed.ends[:-1]])
        at_places = np.einsum("ij,ij->i", weighed.told, np.repeat(ways, last + 1 - first, axis=0))
        # The marks around a text belong to no word; what they add is shared out among all.
        pull = np.repeat((at_places[last] + at_places[first]) / np.maximum(words, 1), words)
        inside = weighed.word_of >= 0
        pull = _add(pull, weighed.word_of[inside], at_places[inside])
        for one in weighed.hashed:
            pull = _add(pull, one.word_of, one.along(hashed))
        return np.asarray(pull, np.float32)

    def _read(self, spoken: Sequence[tuple[str, str]]) -> list[Sentiment]:
        texts, languages = [text for text, _ in spoken], [language for _, language in spoken]
        weighed, model = self.weigh(texts), self._model
        kinds = np.array([READ.index(one) if one in READ else len(READ) for one in languages])
        shares = softmax(weighed.logits[:, :3] / model.temperatures[kinds, None])
        others = 1 / (1 + np.exp(-weighed.logits[:, 3:]))
        low = np.interp(shares[:, 0], model.steps, model.low)
        high = np.interp(shares[:, 0], model.steps, model.high)
        towards = 1.5 * np.eye(len(OUTPUTS), dtype=np.float32)[shares.argmax(axis=1)]
        towards[:, :3] -= 0.5  # towards the likeliest leaning, against the two others
        of_texts = weighed.pieces.words
        pulls = np.split(
            self.pulls(weighed, towards), np.cumsum([len(words) for words in of_texts])[:-1]
        )
        foreign = kinds == len(READ)
        shares[foreign] = (shares[foreign] + 1) / 4
        low[foreign], high[foreign] = 0.0, 1.0
        clear = ~foreign & (shares.max(axis=1) >= CLEAR)
        leanings = np.where(clear, shares.argmax(axis=1), len(LEANINGS))
        numbers = np.column_stack([shares, others, low, high])
        return [
            _sentiment(*one, leaning=leaning, numbers=of_text, reasons=_reasons(words, pull))
            for one, leaning, of_text, words, pull in zip(
                spoken, leanings.tolist(), numbers.tolist(), of_texts, pulls, strict=True
            )
        ]


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


def turned_places(pieces: Pieces, word_of: Places) -> Places:
    """Return the places whose word a negation before them turns.

    Args:
        word_of: the word of each place, -1 for a mark.
    """
    turned = np.zeros(sum(map(len, pieces.words)) + 1, np.bool_)
    turned[pieces.token_word[pieces.turned]] = True
    return np.flatnonzero(turned[word_of])


def softmax(logits: Singles) -> Singles:
    """Turn rows of logits into probabilities."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


def shared_out(heed: Singles, starts: Places, lengths: Places) -> Singles:
    """Return a softmax over the rows of each text, column by column.

    Args:
        starts, lengths: where the rows of each text begin and how many there are, shape (texts,).
    """
    raised = np.exp(heed - np.repeat(np.maximum.reduceat(heed, starts, axis=0), lengths, axis=0))
    raised /= np.repeat(np.add.reduceat(raised, starts, axis=0), lengths, axis=0)
    return np.asarray(raised, np.float32)


def _hashed(weights: Singles, found: tuple[Places, Hashes, Places], pieces: Pieces) -> Runs:
    """Return what hashed pieces add to the logits, in the order of their texts.

    Args:
        found: of each, the text, the bucket and the token.
    """
    (text_of, hashes, token), texts = found, len(pieces.words)
    order = np.argsort(text_of, kind="stable")
    return Runs(
        rows=np.take(weights, hashes[order], axis=0),
        word_of=pieces.token_word[token[order]],
        ends=np.cumsum(np.bincount(text_of, minlength=texts)),
        scale=scale_of(text_of, texts),
    )


def _add(sums: Singles, group: Places, values: Singles) -> Singles:
    """Add values to the sum of their group."""
    return np.asarray(sums + np.bincount(group, values, len(sums)))


def _sentiment(
    text: str, language: str, *, leaning: int, numbers: list[float], reasons: tuple[str, ...]
) -> Sentiment:
    """Put into words how a text reads.

    Args:
        leaning: its place in ``LEANINGS``, or behind them where none is clear.
        numbers: of ``OUTPUTS``, then low and high.
    """
    *shown, low, high = numbers
    negative, neutral, positive, anger, irony, enquiry, plea = (round(one, 4) for one in shown)
    addressed = _ADDRESSED.search(text) is not None
    return Sentiment(
        language=language,
        label=(*LEANINGS, Leaning.UNCERTAIN)[leaning] if reasons else Leaning.UNCERTAIN,
        negative=negative,
        neutral=neutral,
        positive=positive,
        low=round(min(low, negative), 4),
        high=round(max(high, negative), 4),
        anger=anger,
        irony=irony,
        enquiry=enquiry,
        plea=plea,
        support=round(positive - negative, 4) if addressed else None,
        reasons=reasons,
    )


def _reasons(words: list[str], pull: Singles) -> tuple[str, ...]:
    """Return the words, as written, that pulled most towards the likeliest leaning.

    Grammar is named only where nothing else pulled.
    """
    seen: dict[str, None] = {}
    told: dict[str, None] = {}
    likeliest = np.argsort(-pull, kind="stable")[: 3 * MOST_REASONS]
    for place, pulled in zip(likeliest.tolist(), pull[likeliest].tolist(), strict=True):
        if pulled <= 0 or len(told) == MOST_REASONS:
            break
        word = _EDGES.sub("", words[place])
        if word.lower() not in _MASKS:
            seen[word] = None
            if _explains(word):
                told[word] = None
    return tuple(told) or tuple(seen)[:MOST_REASONS]


@lru_cache(50_000)
def _explains(word: str) -> bool:
    return _ELIDED.sub("", fold(word)) not in _GRAMMAR
