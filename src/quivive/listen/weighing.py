"""What each part of a query does on some posts, and which words would find more like them."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from quivive.listen.known import NOTHING_KNOWN, Known
from quivive.listen.matching import compile_watch
from quivive.listen.query import And, Node, Not, Or, Query, Words, leaves
from quivive.listen.query.tree import says_nothing
from quivive.listen.words import is_in_pattern, patterns_of, texts_of
from quivive.vocabulary.folding import fold
from quivive.vocabulary.posts import Post

MOST_PARTS = 40
"""Parts that are weighed, in the order of the query."""

MOST_LEAVES = 20_000
"""Words and fields read for all of them together, so that a list of thousands stays quick."""

WORDS = 8
SURE_Z = 1.96
FEWEST = 3
"""Caught posts a word must stand in before it says anything of them."""

PRIOR = 50.0
"""Words of the prior: how much a word seen a few times is pulled towards being ordinary."""

_WORD = re.compile(r"#?\w{3,}")


class Weight(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a query that could be taken out.

    Attributes:
        text: as typed.  start, end: characters of the query it spans.
        depth: how many other parts it is a part of.
        removes: posts it keeps out; None when the query would look for nothing without it.
        brings: posts that come by this part alone; None as above.
    """

    text: str
    start: int
    end: int
    depth: int
    removes: int | None
    brings: int | None


class Widening(msgspec.Struct, frozen=True, kw_only=True):
    """A word that stands in caught posts more than elsewhere.

    Attributes:
        word: as most posts write it.
        met: caught posts with it.  adds: posts it would bring besides.
        z: log-odds against the other posts, in standard deviations.
    """

    word: str
    met: int
    adds: int
    z: float


def weigh(
    query: Query, posts: Sequence[Post], known: Known = NOTHING_KNOWN
) -> tuple[tuple[int, ...], tuple[Weight, ...]]:
    """Match posts with a query, and with the query less each of its parts, in one pass.

    Returns:
        The indexes of the posts that the query catches, and the weight of each part.
    """
    size = max(1, sum(1 for _ in leaves(query.root)))
    lighter = list(islice(_lighter(query.root), min(MOST_PARTS, MOST_LEAVES // size)))
    watch = {"": query}
    for number, (_part, rest, _depth) in enumerate(lighter):
        if not says_nothing(rest):
            watch[str(number)] = Query(query.text, rest)
    caught: dict[str, set[int]] = {name: set() for name in watch}
    for index, names in compile_watch(watch, known).match(posts):
        for name in names:
            caught[name].add(index)
    whole = caught[""]
    return tuple(sorted(whole)), tuple(
        _weight(query, part, depth, whole, caught.get(str(number)))
        for number, (part, _rest, depth) in enumerate(lighter)
    )


def _weight(
    query: Query, part: Node, depth: int, whole: set[int], without: set[int] | None
) -> Weight:
    return Weight(
        text=_typed(query.text, part),
        start=part.start,
        end=part.end,
        depth=depth,
        removes=None if without is None else len(without - whole),
        brings=None if without is None else len(whole - without),
    )


def _typed(text: str, part: Node) -> str:
    """A part as it was typed, with the brackets that it opens or closes."""
    start, end = part.start, part.end
    open_now = closed_first = 0
    for sign in text[start:end]:
        if sign == "(":
            open_now += 1
        elif sign == ")" and open_now:
            open_now -= 1
        elif sign == ")":
            closed_first += 1
    for _ in range(closed_first):
        before = text[:start].rstrip()
        start = len(before) - 1 if before.endswith("(") else start
    for _ in range(open_now):
        closing = re.match(r"\s*[)]", text[end:])
        end += closing.end() if closing else 0
    return text[start:end]


def _lighter(node: Node, depth: int = 0) -> Iterator[tuple[Node, Node, int]]:
    """Yield each part of a tree with what remains when it is taken out, and its depth."""
    match node:
        case And() | Or():
            for at, part in enumerate(node.parts):
                before, after = node.parts[:at], node.parts[at + 1 :]
                rest = (*before, *after)
                yield part, rest[0] if len(rest) == 1 else _with_parts(node, rest), depth
                for taken, less, deep in _lighter(part, depth + 1):
                    yield taken, _with_parts(node, (*before, less, *after)), deep
        case Not():
            for taken, less, deep in _lighter(node.part, depth):
                yield taken, Not(less, node.start, node.end), deep
        case _:
            pass


def _with_parts(node: And | Or, parts: tuple[Node, ...]) -> Node:
    return msgspec.structs.replace(node, parts=parts)


def widenings(query: Query, posts: Sequence[Post], caught: Collection[int]) -> tuple[Widening, ...]:
    """Find words of the caught posts that would bring others with them.

    Log-odds of standing in a caught post against standing in another, with an informative
    Dirichlet prior (Monroe, Colaresi & Quinn 2008, https://doi.org/10.1093/pan/mpn018); a text
    counts once for each of its words, so that neither one long post nor one that many repeat can
    speak for all.

    Args:
        caught: indexes of posts that the query catches.

    Returns:
        The surest words first.
    """
    chosen = frozenset(caught)
    folded = texts_of(posts)
    inside = Counter(text for index, text in enumerate(folded) if index in chosen)
    outside = Counter(text for index, text in enumerate(folded) if index not in chosen)
    scored = _scored(_texts_by_word(inside), _texts_by_word(outside))
    fresh = islice((one for one in scored if not _is_asked(query, one[0])), 4 * WORDS)
    found = list(islice(_distinct(fresh), WORDS))
    written = _as_written([word for word, _ in found], posts, chosen)
    return tuple(
        Widening(
            word=written.get(word, word), met=_posts(inside, word), adds=_posts(outside, word), z=z
        )
        for word, z in found
    )


def _texts_by_word(texts: Iterable[str]) -> Counter[str]:
    """Count in how many texts each word stands."""
    return Counter(word for text in texts for word in set(_WORD.findall(text)))


def _posts(texts: Counter[str], word: str) -> int:
    """Count the posts a word stands in, those that say the same included."""
    return sum(many for text, many in texts.items() if word in _WORD.findall(text))


def _scored(inside: Counter[str], outside: Counter[str]) -> list[tuple[str, float]]:
    total_in, total_out = inside.total(), outside.total()
    scored = []
    for word, met in inside.items():
        others = outside[word]
        if met < FEWEST or not others or word.lstrip("#").isdecimal():
            continue
        prior = PRIOR * (met + others) / (total_in + total_out)
        odds = _log_odds(met, total_in, prior) - _log_odds(others, total_out, prior)
        z = odds / math.sqrt(1 / (met + prior) + 1 / (others + prior))
        if z >= SURE_Z:
            scored.append((word, z))
    return sorted(scored, key=lambda one: (-one[1], one[0]))


def _log_odds(met: int, total: int, prior: float) -> float:
    return math.log((met + prior) / (total + PRIOR - met - prior))


def _is_asked(query: Query, word: str) -> bool:
    """Tell whether the query names this word already, to look for it or to leave it out."""
    return any(
        is_in_pattern(pattern, f" {word} ")
        for leaf in leaves(query.root)
        if isinstance(leaf, Words)
        for pattern in patterns_of(leaf.text)
    ) or any(word.lstrip("#") in fold(leaf.text).split() for leaf in _phrases(query))


def _phrases(query: Query) -> Iterator[Words]:
    return (leaf for leaf in leaves(query.root) if isinstance(leaf, Words) and " " in leaf.text)


def _distinct(scored: Iterable[tuple[str, float]]) -> Iterator[tuple[str, float]]:
    """Of a hashtag and its word, keep the surer one."""
    seen: set[str] = set()
    for word, z in scored:
        if (bare := word.lstrip("#")) not in seen:
            seen.add(bare)
            yield word, z


def _as_written(
    words: Sequence[str], posts: Sequence[Post], caught: Collection[int]
) -> dict[str, str]:
    """How most caught posts write each folded word."""
    wanted = frozenset(words)
    forms: Counter[tuple[str, str]] = Counter()
    for index in caught:
        for form in set(_WORD.findall(posts[index].content)):
            if (folded := fold(form)) in wanted:
                forms[folded, form if form.startswith("#") else form.lower()] += 1
    return {folded: form for (folded, form), _ in reversed(forms.most_common())}
