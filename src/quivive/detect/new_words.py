"""Which words, phrases and links are said now and were not before: what the noise is about."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from quivive.detect.lemmas import EVERYDAY
from quivive.vocabulary.folding import fold

_ADDRESS = re.compile(r"https?://(?:www\.)?([^\s?#]+)\S*")
_PIECE = re.compile(r"[#@]?\w[\w-]*|[.!?;:,…]")
_WORD = re.compile(r"[#@]?\w[\w-]{2,}")
_NUMBER = re.compile(r"[\d_-]+")
_PRIOR_WEIGHT = 0.1
"""How much the prior weighs against what was counted, all words together."""
_CERTAIN_Z = 1.96
_MIN_POSTS = 3
_MOST_SHOWN = 3
_INSIDE = 0.8
"""A word that stands in a phrase this often is told by the phrase alone."""


class NewWord(msgspec.Struct, frozen=True, kw_only=True):
    """A word, hashtag, phrase of two words or link that stands out.

    Attributes:
        posts: posts of the window that hold it.  before: the same in the days before.
        z: how many standard deviations its log-odds ratio lies above zero.
        places: where the first few of these posts stand in the window given.
    """

    word: str
    posts: int
    before: int
    z: float
    places: tuple[int, ...] = ()


def new_words(
    now: Sequence[str], before: Iterable[str], *, own: Iterable[str] = (), limit: int = 10
) -> list[NewWord]:
    """Return what stands out in ``now`` against ``before``, strongest first.

    Each text counts a piece once, so that one shouting post does not decide. The measure is the
    log-odds ratio over its standard deviation with an informative Dirichlet prior (Monroe,
    Colaresi and Quinn 2008, "Fightin' Words", eq. 16, 20 and 22): what both sides say anyway.

    Args:
        now: texts of the window.
        before: texts of the days before.
        own: words of the query itself, which are in every post and say nothing.
        limit: how many at most.

    >>> [one.word for one in new_words(["eau froide"] * 4, ["loyer", "eau", "eau", "eau"] * 9)]
    ['eau froide']
    """
    dull = {folded for word in own for folded in _WORD.findall(fold(word))}
    held = [set(_pieces(text, dull)) for text in now]
    here = Counter(piece for one in held for piece in one)
    there = Counter(piece for text in before for piece in set(_pieces(text, dull)))
    strong = [
        NewWord(
            word=piece,
            posts=count,
            before=there[piece],
            z=z,
            places=tuple([at for at, one in enumerate(held) if piece in one][:_MOST_SHOWN]),
        )
        for piece, count in here.items()
        if count >= _MIN_POSTS
        for z in [_z(piece, here, there)]
        if z >= _CERTAIN_Z or not there
    ]
    ranked = sorted(strong, key=lambda one: (-round(one.z, 6), -one.posts, one.word))
    return _without_parts(ranked)[:limit]


def _without_parts(ranked: Sequence[NewWord]) -> list[NewWord]:
    """Leave out words that nearly always stand in a phrase which is told as well."""
    phrases = [one for one in ranked if " " in one.word]
    return [
        one
        for one in ranked
        if not any(
            one.word in phrase.word.split() and phrase.posts >= _INSIDE * one.posts
            for phrase in phrases
        )
    ]


def _z(piece: str, here: Counter[str], there: Counter[str]) -> float:
    total_here, total_there = here.total(), there.total()
    prior_total = _PRIOR_WEIGHT * (total_here + total_there)
    prior = _PRIOR_WEIGHT * (here[piece] + there[piece])
    a, b = here[piece] + prior, there[piece] + prior
    rest_a, rest_b = total_here + prior_total - a, total_there + prior_total - b
    if rest_a <= 0 or rest_b <= 0:
        return 0.0
    delta = math.log(a / rest_a) - math.log(b / rest_b)
    return delta / math.sqrt(1 / a + 1 / b)


def _pieces(text: str, dull: set[str]) -> Iterator[str]:
    """Yield links without what varies in them, words and pairs of neighbouring words."""
    for address in _ADDRESS.findall(text):
        yield address.rstrip("/.,").lower()
    words = _PIECE.findall(fold(_ADDRESS.sub(" . ", text)))
    told = [word if _tells(word, dull) else "" for word in words]
    yield from (word for word in told if word)
    for one, other in pairwise(told):
        if one and other and one[0] not in "#@" and other[0] not in "#@":
            yield f"{one} {other}"


def _tells(word: str, dull: set[str]) -> bool:
    return (
        _WORD.fullmatch(word) is not None
        and word not in EVERYDAY
        and word not in dull
        and not _NUMBER.fullmatch(word)
    )
