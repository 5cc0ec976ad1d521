"""Which words, phrases, links and pictures came now and were not there before."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from quivive.detect.lemmas import EVERYDAY
from quivive.vocabulary.folding import fold

_ADDRESS = re.compile(r"https?://(?:www\.)?([^\s?#]+)\S*")
_PIECE = re.compile(r"[#@]?\w[\w-]*|[.!?;:,…]")
_PLAIN = re.compile(r"^https?://(?:www\.)?|[?#].*$|[@:.]\w{3,6}$")
"""What differs between two addresses of one picture: how it came, its size, its form."""
_UNTELLING = re.compile(r"^(?:image|photo|video|original|large|small|default|\d{1,3})$")
_SHORTENERS = frozenset(
    {"t.co", "bit.ly", "ow.ly", "buff.ly", "dlvr.it", "ift.tt", "tinyurl.com", "goo.gl", "lnkd.in"}
)
_WORD = re.compile(r"[#@]?\w[\w-]{2,}")
_NUMBER = re.compile(r"[\d_-]+")
_PRIOR_WEIGHT = 0.1
"""How much the prior weighs against what was counted, all words together."""
_CERTAIN_Z = 1.96
_MIN_POSTS = 3
_LINK_SIGN = "\0"
"""Begins a piece that is a link; never in a text."""
_MOST_SHOWN = 3
_INSIDE = 0.8
"""A word that stands in a phrase this often is told by the phrase alone."""


class NewWord(msgspec.Struct, frozen=True, kw_only=True):
    """A word, hashtag, phrase of two words, link, site or picture that stands out.

    Attributes:
        link: it is a link or a site.
        posts: posts of the window that hold it.  before: the same in the days before.
        z: how many standard deviations its log-odds ratio lies above zero.
        places: where the first few of these posts stand in the window given.
    """

    word: str
    link: bool = False
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
    return _without_parts(_outstanding(held, (set(_pieces(text, dull)) for text in before)))[:limit]


def new_media(
    now: Sequence[Iterable[str]], before: Iterable[Iterable[str]], *, limit: int = 5
) -> list[NewWord]:
    """Return images and films that stand out as ``new_words`` does, each by its name there.

    Args:
        now: addresses of the media of each post of the window.
        before: the same of the days before.

    >>> [one.word for one in new_media([["https://img.example/a1b2c3.jpg?size=big"]] * 3, [])]
    ['a1b2c3']
    """
    held = [{name_of_medium(address) for address in one} for one in now]
    return _outstanding(held, ({name_of_medium(address) for address in one} for one in before))[
        :limit
    ]


def name_of_medium(address: str) -> str:
    """Return what names an image or film, whatever size or form of it an address asks for.

    A network gives a file that is sent up anew a new name: only what is shared is found again.

    >>> name_of_medium("https://pbs.example/media/Ab3dEf.jpg:large")
    'Ab3dEf'
    >>> name_of_medium("https://cdn.example/img/full/did:plc:x/bafkq@jpeg")
    'bafkq'
    """
    plain = address
    while (shorter := _PLAIN.sub("", plain)) != plain:
        plain = shorter
    name = plain.rstrip("/").rsplit("/", 1)[-1]
    return plain if _UNTELLING.fullmatch(name) else name


def _outstanding(held: Sequence[Collection[str]], before: Iterable[Iterable[str]]) -> list[NewWord]:
    """Return the pieces that stand out in the posts of now, strongest first."""
    here = Counter(piece for one in held for piece in one)
    there = Counter(piece for one in before for piece in one)
    strong = [
        NewWord(
            word=piece.removeprefix(_LINK_SIGN),
            link=piece.startswith(_LINK_SIGN),
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
    return sorted(strong, key=lambda one: (-round(one.z, 6), -one.posts, one.word))


def _without_parts(ranked: Sequence[NewWord]) -> list[NewWord]:
    """Leave out what nearly always stands in a phrase, or a link, which is told as well."""
    return [
        one
        for one in ranked
        if not any(_is_part(one, whole) and whole.posts >= _INSIDE * one.posts for whole in ranked)
    ]


def _is_part(one: NewWord, whole: NewWord) -> bool:
    if one.link != whole.link or one.word == whole.word:
        return False
    return one.word in whole.word.split("/" if one.link else " ", 1 if one.link else -1)


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
    """Yield links without what varies in them, their sites, words and pairs of words."""
    for address in _ADDRESS.findall(text):
        link = address.rstrip("/.,").lower()
        site = link.split("/", 1)[0]
        yield f"{_LINK_SIGN}{link}"
        if site not in _SHORTENERS:
            yield f"{_LINK_SIGN}{site}"
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
