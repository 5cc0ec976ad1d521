"""Texts cut into what a linear model can weigh: words, pairs, negated words, groups of letters.

Spoken habits are undone first: links and names are masked, ``#CamelCase`` tags open into words,
``nuuul`` loses its echo. A word within three words after a negation also counts as its negated
self (Pang, Lee and Vaithyanathan 2002, *Thumbs up?*). All is hashed, so nothing of a text is kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from quivive.vocabulary.folding import fold

Singles = NDArray[np.float32]
Hashes = NDArray[np.uint32]
Places = NDArray[np.int64]

BUCKETS = 2**18
LONGEST = 1_000
"""Letters read of one text; the rest of a long article is left unread."""
GRAMS = (2, 3, 4, 5)
NEGATED_FOR = 3
_NEGATED = np.uint32(0x5BD1E995)

_LINK = re.compile(r"(?:https?://|www\.)\S+")
_MENTION = re.compile(r"@\w+(?:\.\w+)*")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_TAG = re.compile(r"#\w+")
_ECHO = re.compile(r"([^\W\d_])\1{2,}")
_TOKEN = re.compile(r"\w+(?:'(?=\w))?|[!?]+|\.{2,}|[^\w\s]")
_MEANT = re.compile(r"\w")
_TURNING = """
pas plus jamais rien aucun aucune ni sans non not no never nor none nothing without cannot
nobody neither hardly barely guere cant dont doesnt didnt isnt wasnt wont aint t
"""
NEGATIONS = frozenset(_TURNING.split())
"""Folded words that turn what follows; the ``t`` is what is left of ``don't``."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A batch of texts cut into hashed pieces.

    Attributes:
        words: of each text as written, in order, parted at blanks.
        tokens: of each text, in order, folded.
        token_word: the word each token is of, counted over the batch.
        turned: tokens that a negation before them turns, counted over the batch.
        word_text, word_hash, word_token: one entry a word, word pair or negated word: the text it
            is from, its bucket, the token it begins with (counted over the whole batch).
        letter_text, letter_hash, letter_token: the same for a group of letters.
    """

    words: list[list[str]]
    tokens: list[list[str]]
    token_word: Places
    turned: Places
    word_text: Places
    word_hash: Hashes
    word_token: Places
    letter_text: Places
    letter_hash: Hashes
    letter_token: Places


def plain(text: str) -> str:
    """Return a text with links and names masked, tags opened and echoes shortened.

    >>> plain("@sncf C'est NUUUL #BalanceTonBailleur https://a.b/c")
    "@user C'est NUL # Balance Ton Bailleur http"
    """
    return _ECHO.sub(r"\1", _masked(text))


def _masked(text: str) -> str:
    text = text[:LONGEST]
    if "#" in text:
        text = _TAG.sub(lambda tag: "# " + _CAMEL.sub(" ", tag[0][1:]), text)
    if "://" in text or "www." in text:
        text = _LINK.sub("http", text)
    if "@" in text:
        text = _MENTION.sub("@user", text)
    return text


def _plain_each(texts: Sequence[str]) -> list[str]:
    """Return ``plain`` of each text: where a sign comes three times is seen for all at once."""
    masked = list(map(_masked, texts))
    same = np.diff(_codes("\0".join(masked))) == 0
    ends = np.cumsum([len(text) + 1 for text in masked])
    for place in set(np.searchsorted(ends, np.flatnonzero(same[1:] & same[:-1]), "right").tolist()):
        masked[place] = _ECHO.sub(r"\1", masked[place])
    return masked


def _codes(text: str) -> Hashes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@lru_cache(20_000)
def tokens_of(word: str) -> tuple[str, ...]:
    """Return the parts of a word, or of anything between blanks, as they are compared.

    >>> tokens_of("C’est"), tokens_of("locataire·s!!!")
    (("c'", 'est'), ('locataires', '!!!'))
    """
    return tuple(_TOKEN.findall(fold(word)))


def cut(texts: Sequence[str]) -> Pieces:
    """Cut texts into hashed pieces."""
    words = [text.split() for text in _plain_each(texts)]
    by_word = [tokens_of(word) for of_text in words for word in of_text]
    ends_of_words = np.cumsum([len(of_text) for of_text in words])
    tokens = [
        [token for of_word in by_word[end - len(of_text) : end] for token in of_word]
        for of_text, end in zip(words, ends_of_words.tolist(), strict=True)
    ]
    flat = [token for of_text in tokens for token in of_text]
    lengths = np.array([len(token) for token in flat], np.int64)
    text_of = np.repeat(np.arange(len(tokens)), [len(of_text) for of_text in tokens])
    codes = _codes(" ".join(flat) + " ")
    ends = np.cumsum(lengths + 1)
    starts = ends - lengths - 1
    word = _word_hashes(codes, starts, lengths)
    same = np.flatnonzero(text_of[1:] == text_of[:-1])
    pairs = _mix(word[same] * np.uint32(0x9E3779B1) + word[same + 1])
    turned = np.array(_negated(tokens), np.int64)
    letter_token = np.repeat(np.arange(len(flat)), lengths + 1)
    letter_text = text_of[letter_token]
    places, hashes = _letter_hashes(codes, letter_text)
    word_token = np.concatenate([np.arange(len(flat)), same, turned])
    return Pieces(
        words=words,
        tokens=tokens,
        token_word=np.repeat(np.arange(len(by_word)), [len(of_word) for of_word in by_word]),
        turned=turned,
        word_text=text_of[word_token],
        word_hash=np.concatenate([_mix(word), pairs, _mix(word[turned] ^ _NEGATED)])
        % np.uint32(BUCKETS),
        word_token=word_token,
        letter_text=letter_text[places],
        letter_hash=hashes % np.uint32(BUCKETS),
        letter_token=letter_token[places],
    )


def scale_of(text_of: Places, texts: int) -> Singles:
    """Return one over the root of how many pieces each text has, shape (texts,)."""
    many = np.bincount(text_of, minlength=texts)
    return (1 / np.sqrt(np.maximum(many, 1))).astype(np.float32)


def _negated(tokens: list[list[str]]) -> list[int]:
    """Return the places (over the batch) of words that a negation before them turns."""
    places, first = [], 0
    for of_text in tokens:
        left = 0
        for place, token in enumerate(of_text, start=first):
            if token in NEGATIONS:
                left = NEGATED_FOR
            elif not _MEANT.match(token):
                left = 0
            elif left:
                left -= 1
                places.append(place)
        first += len(of_text)
    return places


def _word_hashes(codes: Hashes, starts: Places, lengths: Places) -> Hashes:
    """Hash whole tokens: a polynomial of their letters, computed for all tokens place by place."""
    hashes = np.full(len(starts), 0x811C9DC5, np.uint32)
    for place in range(min(int(lengths.max(initial=0)), 40)):
        here = lengths > place
        hashes[here] = (hashes[here] ^ codes[starts[here] + place]) * np.uint32(0x01000193)
    return hashes


def _letter_hashes(codes: Hashes, text_of: Places) -> tuple[Places, Hashes]:
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
