"""Where the words of a query stand in a text: distances, sentences and words with mistakes."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, islice

import msgspec

from quivive.listen.query import And, Field, Near, Node, Not, Or, Sentence, Words
from quivive.listen.words import SEPARATOR, parts_of, patterns_of, source_of
from quivive.vocabulary.folding import readings

Span = tuple[int, int]
"""First character, and the one after the last."""

_TOKEN = re.compile(r"\w+")
CLOSING = "\"')]»”"
"""Signs that may stand between the end of a sentence and the blank after it."""
_END = re.compile(rf"(?:(?<![.!?])[.!?]+[{re.escape(CLOSING)}]*(?=\s)|[\r\n]+)")
_SHORT = frozenset(("mm", "mme", "mlle", "mr", "mrs", "ms", "dr", "st", "ste", "no", "tel", "av"))
_SHORT |= {"bd", "bat", "env", "ex", "cf", "vs", "etc", "pp", "art", "min", "max"}
"""Words whose full stop ends no sentence: « M. Petit », « bât. C »."""


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """A piece of folded text in which distances count, with its words."""

    text: str
    tokens: tuple[Span, ...]
    starts: tuple[int, ...]

    def between(self, left: Span, right: Span) -> int:
        """Count the words that begin after the first span and before the second."""
        return bisect_left(self.starts, right[0]) - bisect_left(self.starts, left[1])


Places = Callable[[Stretch], Iterable[Span]]
"""Gives spans one by one: whoever asks only whether there is one stops at the first."""

MOST = 20_000
"""Spans of a part of a distance that are looked at in one piece of text. Nobody's words come to so
many; a text that repeats a word thousands of times would hold everybody else's up for minutes."""


def stretches(text: str) -> Iterator[Stretch]:
    """Cut a text where no phrase may run on."""
    return map(stretch, text.split(SEPARATOR))


def stretch(text: str) -> Stretch:
    """Find the words of a piece of text."""
    tokens = tuple((found.start(), found.end()) for found in _TOKEN.finditer(text))
    return Stretch(text, tokens, tuple(start for start, _ in tokens))


def sentences(text: str) -> Iterator[Stretch]:
    """Cut a folded text into sentences.

    >>> [one.text for one in sentences("m. petit part. plus d'eau ! ou ?")]
    ['m. petit part.', " plus d'eau !", ' ou ?']
    """
    for piece in text.split(SEPARATOR):
        start = 0
        for end in _END.finditer(piece):
            before = _TOKEN.findall(piece, max(start, end.start() - 10), end.start())
            if end[0] == "." and before and (before[-1] in _SHORT or len(before[-1]) == 1):
                continue
            if not piece[start : end.end()].isspace():
                yield stretch(piece[start : end.end()])
            start = end.end()
        if piece[start:].strip():
            yield stretch(piece[start:])


def holds_in(node: Node) -> Callable[[Stretch], bool]:
    """Turn what stands in SENTENCE( ) into a question to one sentence."""
    match node:
        case Not():
            part = holds_in(node.part)
            return lambda piece: not part(piece)
        case And():
            parts = [holds_in(one) for one in node.parts]
            return lambda piece: all(one(piece) for one in parts)
        case Or():
            parts = [holds_in(one) for one in node.parts]
            return lambda piece: any(one(piece) for one in parts)
        case _:
            places = places_of(node)
            return lambda piece: any(places(piece))


def places_of(node: Node) -> Places:
    """Turn words, or a distance between them, into the spans where a text has them."""
    match node:
        case Words():
            return _words(node)
        case Or():
            parts = [places_of(part) for part in node.parts]
            return lambda piece: chain.from_iterable(part(piece) for part in parts)
        case Near():
            return _near(node)
        case And() | Not() | Field() | Sentence():
            raise AssertionError("parse refuses these here")


def _near(node: Near) -> Places:
    left, right = places_of(node.left), places_of(node.right)

    def places(piece: Stretch) -> Iterator[Span]:
        firsts = _first_of(left(piece))
        seconds = _first_of(right(piece)) if firsts else []
        yield from _pairs(piece, firsts, seconds, node.apart)
        if not node.ordered:
            yield from _pairs(piece, seconds, firsts, node.apart)

    return places


def _first_of(spans: Iterable[Span]) -> list[Span]:
    return sorted(set(islice(spans, MOST)))


def _pairs(
    piece: Stretch, firsts: Sequence[Span], seconds: Sequence[Span], apart: int
) -> Iterator[Span]:
    """Join each first with the seconds that follow it closely; both are sorted."""
    begins = [start for start, _ in seconds]
    for first in firsts:
        for at in range(bisect_left(begins, first[1]), len(seconds)):
            if piece.between(first, seconds[at]) > apart:
                break
            yield first[0], seconds[at][1]


def _words(node: Words) -> Places:
    if node.edits:
        return _fuzzy(parts_of(node.text)[0], node.edits)
    if node.apart:
        return _loose(node)
    patterns = patterns_of(node.text)

    @cache
    def searches() -> list[re.Pattern[str]]:
        """Compile when first asked: of many topics most never are."""
        return [re.compile(pattern.source) for pattern in patterns]

    return lambda piece: chain.from_iterable(
        _overlapping(search, piece.text) for search in searches()
    )


def _overlapping(search: re.Pattern[str], text: str) -> Iterator[Span]:
    """Every place where a pattern begins, also within an earlier one."""
    at = 0
    while (found := search.search(text, at)) is not None:
        yield found.span()
        at = found.start() + 1


def _fuzzy(word: str, edits: int) -> Places:
    def places(piece: Stretch) -> Iterator[Span]:
        for start, end in piece.tokens:
            if is_close(word, piece.text[start:end], edits):
                yield start, end

    return places


@lru_cache(maxsize=100_000)
def is_close(word: str, other: str, edits: int) -> bool:
    """Tell whether two words differ by at most so many letters.

    A letter added, dropped or changed counts one, and so do two neighbours that changed places
    (the restricted distance of Damerau, 1964, https://doi.org/10.1145/363958.363994).

    >>> is_close("chauffage", "chuaffage", 1), is_close("chauffage", "chufage", 1)
    (True, False)
    """
    if abs(len(word) - len(other)) > edits:
        return False
    if edits == 1:
        return _is_one_off(word, other)
    before, last = [0] * (len(other) + 1), list(range(len(other) + 1))
    for row, letter in enumerate(word, start=1):
        now = [row]
        for column, sign in enumerate(other, start=1):
            least = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != sign))
            swapped = (
                row > 1 and column > 1 and letter == other[column - 2] and sign == word[row - 2]
            )
            now.append(min(least, before[column - 2] + 1) if swapped else least)
        if min(now) > edits:
            return False
        before, last = last, now
    return last[-1] <= edits


def _is_one_off(word: str, other: str) -> bool:
    """Tell the same for one letter, which most ask for: what follows the first change is whole."""
    at, least = 0, min(len(word), len(other))
    while at < least and word[at] == other[at]:
        at += 1
    return (
        word[at + 1 :] in (other[at:], other[at + 1 :])
        or word[at:] == other[at + 1 :]
        or (word[at : at + 2] == other[at : at + 2][::-1] and word[at + 2 :] == other[at + 2 :])
    )


def _loose(node: Words) -> Places:
    """Find the words of a phrase in any order, with few others among them."""
    asked = [tuple(parts_of(reading)) for reading in readings(node.text)]

    @cache
    def ways() -> list[list[re.Pattern[str]]]:
        return [[re.compile(source_of(part)) for part in parts] for parts in asked]

    return lambda piece: chain.from_iterable(_windows(piece, parts, node.apart) for parts in ways())


def _windows(piece: Stretch, parts: Sequence[re.Pattern[str]], apart: int) -> Iterator[Span]:
    """Slide over the words: each part needs a word of its own within the window."""
    if len(parts) > len(piece.tokens):
        return
    by_token = [_tokens_met(piece, part) for part in parts]
    if not all(by_token):
        return
    size = len(parts) + apart
    for first in sorted(set().union(*by_token)):
        held = [met[bisect_left(met, first) : bisect_left(met, first + size)] for met in by_token]
        if all(held) and (chosen := _one_each(held)) is not None:
            yield piece.tokens[min(chosen)][0], piece.tokens[max(chosen)][1]


def _tokens_met(piece: Stretch, part: re.Pattern[str]) -> list[int]:
    """Numbers of the words that a part meets."""
    spans = _overlapping(part, piece.text)
    return list(dict.fromkeys(bisect_right(piece.starts, end - 1) - 1 for _, end in spans))


def _one_each(held: Sequence[Sequence[int]]) -> list[int] | None:
    """Give each part a word of its own; None when there are too few (Kuhn's matching)."""
    owner: dict[int, int] = {}

    def place(part: int, tried: set[int]) -> bool:
        for token in held[part]:
            if token not in tried:
                tried.add(token)
                if token not in owner or place(owner[token], tried):
                    owner[token] = part
                    return True
        return False

    return list(owner) if all(place(part, set()) for part in range(len(held))) else None
