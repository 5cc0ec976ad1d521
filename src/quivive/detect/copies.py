"""Which posts are copies of one another: the same saying, reposted by hand with small changes.

First the exact words, then MinHash over words and word pairs (Broder 1997; C-MinHash, Li and Li
2021) finds who may be near, then the words that differ decide. A denial, a question or another
number is never a copy of its claim, however near it lies: trusting similarity alone merges them.
"""

import re
from hashlib import blake2b
from itertools import pairwise

import msgspec
from rensa import CMinHash

from quivive.detect.cues import Bearing, bare, bearing, turns, words_of

PERMUTATIONS = 64
BANDS = 16
SEED = 42
NEAR = 0.6
"""Least share of words and word pairs in common, of all that either has."""
INSIDE = 0.85
"""Or least share of the shorter one that the longer one holds, when something was only added."""
FEWEST_WORDS = 4
"""Shorter texts are copies only when they are equal: "so sad" is no saying."""
MOST_NEW = 8
"""Words that may be added to a copy; what adds more says more."""
_LEAD_WORDS = """
rt via urgent alerte info flash breaking just in omg rip horrible attention careful honteux
scandaleux scandale unbelievable outrageous shameful svp please share partagez partage tourner
suivre faites faire a the et and la le les est sont is are
"""
_LEAD = frozenset(_LEAD_WORDS.split())
"""Words that copies lead in or end with, and small ones that headlines drop."""
_LAST_TAGS = re.compile(r"(?:\s*#\w+)+\W*$")
_LAST = 1_000
"""Letters at the end in which hashtags are looked for: looking takes the square of their number."""


class Saying(msgspec.Struct, frozen=True, gc=False):
    """A text as it is compared.

    Attributes:
        words: in order, numbers as digits.
        bearing: what turns it.
    """

    words: tuple[str, ...]
    bearing: Bearing


class Copies(msgspec.Struct):
    """Sayings heard so far, found again by their words.

    Attributes:
        exact: hash of the words to the id of the first post.
        bands: hash of a MinHash band to ids of first posts.
        sayings: id of a first post to its saying.
    """

    exact: dict[int, str] = msgspec.field(default_factory=dict)
    bands: dict[int, list[str]] = msgspec.field(default_factory=dict)
    sayings: dict[str, Saying] = msgspec.field(default_factory=dict)


def saying_of(folded: str) -> Saying:
    """Return how a folded text is compared."""
    plain = bare(folded)
    said = plain[:-_LAST] + _LAST_TAGS.sub("", plain[-_LAST:])
    return Saying(tuple(words_of(said or plain)), bearing(plain))


def same(one: Saying, other: Saying) -> bool:
    """Tell whether two texts say the same with nearly the same words.

    >>> from quivive.vocabulary.folding import fold
    >>> claim = saying_of("l'eau de la tour contient du plomb")
    >>> same(claim, saying_of("urgent : l'eau de la tour contient du plomb !"))
    True
    >>> same(claim, saying_of("l'eau de la tour ne contient pas de plomb"))
    False
    """
    if one.words == other.words:
        return one.bearing == other.bearing
    if min(len(one.words), len(other.words)) < FEWEST_WORDS or not _same_bearing(one, other):
        return False
    mine, theirs = frozenset(one.words), frozenset(other.words)
    only_mine, only_theirs = mine - theirs, theirs - mine
    if len(only_mine | only_theirs) > MOST_NEW or turns(only_mine | only_theirs):
        return False
    if (only_mine - _LEAD) and (only_theirs - _LEAD):
        return False  # one word stands for another: who, where or what may have changed
    pieces, others = _shingles(one.words), _shingles(other.words)
    shared = len(pieces & others)
    return shared >= NEAR * len(pieces | others) or shared >= INSIDE * min(len(pieces), len(others))


def place(copies: Copies, post_id: str, saying: Saying) -> str:
    """Return the id of the first post that said the same, which may be this one; learn it."""
    key = _number(" ".join((*saying.words, "?" if saying.bearing.asks else "")))
    known = copies.exact.get(key)
    if known is not None and known in copies.sayings:
        return known
    bands = _bands(saying.words)
    first = next(
        (
            candidate
            for candidate in dict.fromkeys(c for band in bands for c in copies.bands.get(band, ()))
            if candidate in copies.sayings and same(copies.sayings[candidate], saying)
        ),
        post_id,
    )
    copies.exact[key] = first
    if first == post_id:
        copies.sayings[post_id] = saying
        for band in bands:
            copies.bands.setdefault(band, []).append(post_id)
    return first


def forget(copies: Copies, kept: frozenset[str] | set[str]) -> None:
    """Drop all sayings but those of some first posts, in place."""
    for gone in copies.sayings.keys() - kept:
        del copies.sayings[gone]
    copies.exact = {key: first for key, first in copies.exact.items() if first in kept}
    bands = {band: [i for i in ids if i in kept] for band, ids in copies.bands.items()}
    copies.bands = {band: ids for band, ids in bands.items() if ids}


def _same_bearing(one: Saying, other: Saying) -> bool:
    mine, theirs = one.bearing, other.bearing
    return (
        mine.negations == theirs.negations
        and mine.denies == theirs.denies
        and mine.asks == theirs.asks
        and mine.numbers == theirs.numbers
    )


def _shingles(words: tuple[str, ...]) -> frozenset[str]:
    pairs = (f"{a} {b}" for a, b in pairwise(words))
    return frozenset((*words, *pairs))


def _bands(words: tuple[str, ...]) -> list[int]:
    if len(words) < FEWEST_WORDS:
        return []
    sketch = CMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update(list(words))
    digest = sketch.digest()
    rows = PERMUTATIONS // BANDS
    return [_number(f"{band}:{digest[band * rows : (band + 1) * rows]}") for band in range(BANDS)]


def _number(text: str) -> int:
    """Hash alike in every process; 63 bits fit a signed column."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1
