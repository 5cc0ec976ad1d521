"""Which words are said now that were not said before: a hint at what the noise is about."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from quivive.detect.lemmas import EVERYDAY
from quivive.vocabulary.folding import fold

_ADDRESS = re.compile(r"https?://\S+")
_WORD = re.compile(r"[#@]?\w[\w-]{2,}")
_NUMBER = re.compile(r"[\d_-]+")
_PRIOR = 0.5
_CERTAIN_Z = 1.96
_MIN_POSTS = 3


class NewWord(msgspec.Struct, frozen=True, kw_only=True):
    """A word or hashtag that stands out.

    Attributes:
        posts: posts of the window that hold it.  before: the same in the days before.
        z: how many standard deviations its log-odds ratio lies above zero.
    """

    word: str
    posts: int
    before: int
    z: float


def new_words(
    now: Sequence[str], before: Iterable[str], *, own: Iterable[str] = (), limit: int = 10
) -> list[NewWord]:
    """Return what stands out in ``now`` against ``before``, strongest first.

    Each text counts a word once, so that one shouting post does not decide. The measure is the
    log-odds ratio with a Dirichlet prior, over its standard deviation (Monroe, Colaresi and Quinn
    2008, "Fightin' Words", eq. 22); the prior is flat, because a room starts with no past.

    Args:
        now: texts of the window.
        before: texts of the days before.
        own: words of the query itself, which are in every post and say nothing.
        limit: how many words at most.

    >>> [one.word for one in new_words(["eau froide"] * 4, ["loyer", "eau", "eau", "eau"] * 9)]
    ['froide']
    """
    here, there = _posts_a_word(now), _posts_a_word(before)
    dull = {folded for word in own for folded in _WORD.findall(fold(word))}
    total_here, total_there = here.total(), there.total()
    vocabulary = len(here.keys() | there.keys())
    found = [
        NewWord(
            word=word,
            posts=count,
            before=there[word],
            z=_z(count, total_here, there[word], total_there, vocabulary),
        )
        for word, count in here.items()
        if count >= _MIN_POSTS and word not in dull
    ]
    strong = [word for word in found if word.z >= _CERTAIN_Z or not total_there]
    return sorted(strong, key=lambda word: (-word.z, -word.posts, word.word))[:limit]


def _z(here: int, total_here: int, there: int, total_there: int, vocabulary: int) -> float:
    prior_total = _PRIOR * vocabulary
    a, b = here + _PRIOR, there + _PRIOR
    rest_a, rest_b = total_here + prior_total - a, total_there + prior_total - b
    delta = math.log(a / rest_a) - math.log(b / rest_b) if rest_a > 0 and rest_b > 0 else 0.0
    return delta / math.sqrt(1 / a + 1 / b)


def _posts_a_word(texts: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(
            {
                word
                for word in _WORD.findall(fold(_ADDRESS.sub(" ", text)))
                if word not in EVERYDAY and not _NUMBER.fullmatch(word)
            }
        )
    return counts
