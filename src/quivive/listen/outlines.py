"""A quick look at many texts: which of them could hold one of many literals?

Folding a text is most of what a post costs, and nearly all posts speak of something else. Its
outline is much cheaper and as good to look for literals in: each sign becomes one byte, the plain
letter it folds to, or a blank when it folds to nothing that any literal holds. Signs whose folding
a byte cannot tell (``ß`` folds to two letters) mark their text as strange: only its folded text
says what it holds. So does inclusive writing, which has several readings. Of all other texts the
outline is as good as the folded text, but for letters that no query asks for.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, Implementation
from numpy.typing import NDArray

from quivive.listen.positions import is_close, pieces_of
from quivive.listen.words import BORDER, SEPARATOR, is_letter
from quivive.vocabulary.folding import MIDDLE_DOTS, SIGNS_OF_ENDINGS, SURE_ENDINGS, fold

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]

_SIGNS = 0x110000
_KEPT = (SEPARATOR, BORDER)
_STRANGE, _REMOVED, _UNSEEN, _LETTER, _OE, _SIGN = 2, 3, 4, 5, 6, 7
"""Bytes that stand for no sign of their own: other control characters become ``_SIGN``. It and
``_LETTER`` stand for what no query asks for, only there so that words stay apart and whole; ``_OE``
is the one ligature French is full of.
"""
_WHOLE = {"": _REMOVED, "oe": _OE}
_SPACES = frozenset("\t\n\r")
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_" + bytes([_LETTER]))
_letters_from = re.compile(b"[%b]*" % bytes(sorted(_LETTERS))).match
_WORDS_ALONE = bytes(one if one in _LETTERS else ord(" ") for one in range(256))
_FITS_A_CACHE = 4_000
"""Literals up to which the largest automaton is the fastest: two kilobytes each."""
_ENDINGS = ["".join(pair) for pair in product(SIGNS_OF_ENDINGS, SURE_ENDINGS)]


class Look:
    """What a quick look at texts gave.

    Attributes:
        hits: pairs of a text's and a literal's number: where it may be, for borders between words
            are not all checked.
        strange: the texts that have to be folded and searched.
    """

    __slots__ = ("_edges", "_outline", "hits", "strange")

    def __init__(
        self, outline: bytes, edges: Places, hits: list[tuple[int, int]], strange: set[int]
    ) -> None:
        """Keep the outline, in which texts lie between edges."""
        self.hits, self.strange = hits, strange
        self._outline, self._edges = outline, edges

    def folded(self, index: int) -> tuple[str, frozenset[str]] | None:
        """Return a text as good as folded, and its words; None when it has to be folded."""
        outline = self._outline[self._edges[index] + 1 : self._edges[index + 1]]
        if index in self.strange or _LETTER in outline:
            return None
        words = outline.translate(_WORDS_ALONE).decode("ascii").split()
        return outline.decode("ascii"), frozenset(words)


class Scanner:
    """Looks for literals in many texts at once: one pass of Aho and Corasick over their bytes."""

    def __init__(
        self,
        literals: Sequence[tuple[str, bool, bool]],
        close: Sequence[tuple[str, int]] = (),
        signs: Iterable[str] = (),
    ) -> None:
        """Build the automaton.

        Args:
            literals: folded runs of characters, and whether a word must begin and end with each.
            close: folded words, and by how many letters a word of a text may differ from each.
                They are numbered on from the literals.
            signs: folded, that count beside those of the literals.
        """
        self._known = len(literals)
        self._borders = [(left, right) for _, left, right in literals]
        self._borders += [(False, True)] * len(_ENDINGS)
        texts = [text for text, _, _ in literals] + _ENDINGS
        self._pieces = self._place_pieces(texts, close)
        fast = Implementation.DFA if len(texts) <= _FITS_A_CACHE else None
        self._automaton = BytesAhoCorasick(map(_encoded, texts), implementation=fast)
        self._alphabet = frozenset("".join(texts)).union(*signs)
        self._bytes = np.full(_SIGNS, _UNSEEN, np.uint8)  # a cache: a sign always gives its byte

    def _place_pieces(
        self, texts: list[str], close: Sequence[tuple[str, int]]
    ) -> dict[int, list[tuple[int, str, int]]]:
        """Add the pieces of words that may differ; of the same letters, a border counts for all."""
        places = {text: place for place, text in enumerate(texts[: self._known])}
        found: defaultdict[int, list[tuple[int, str, int]]] = defaultdict(list)
        for number, (word, edits) in enumerate(close, start=self._known):
            for piece, begins, ends in pieces_of(word, edits):
                if piece not in places:
                    places[piece] = len(texts)
                    texts.append(piece)
                    self._borders.append((True, True))
                left, right = self._borders[places[piece]]
                self._borders[places[piece]] = (left and begins, right and ends)
                found[places[piece]].append((number, word, edits))
        return dict(found)

    def look(self, texts: Sequence[str]) -> Look:
        """Look for the literals in texts that are not folded."""
        outline, strange = self._outline(texts)
        edges = _edges(outline)
        hits: list[tuple[int, int]] = []
        for index, place, start in self._hits(outline, edges):
            if place < self._known:
                hits.append((index, place))
            elif place < self._known + len(_ENDINGS):
                strange.add(index)
            if place in self._pieces:
                token = _word_at(outline, start)
                hits += [
                    (index, number)
                    for number, word, edits in self._pieces[place]
                    if -edits <= len(word) - len(token) <= edits and is_close(word, token, edits)
                ]
        return Look(outline, edges, hits, strange)

    def search(self, folded: Sequence[str]) -> list[tuple[int, int]]:
        """Look for the literals in folded texts; returns pairs as the hits of a ``Look``."""
        data = _encoded(f"{BORDER}{BORDER.join(folded)}{BORDER}")
        hits: list[tuple[int, int]] = []
        for index, place, _start in self._hits(data, _edges(data)):
            if place < self._known:
                hits.append((index, place))
            hits += [(index, number) for number, _word, _edits in self._pieces.get(place, ())]
        return hits

    def _outline(self, texts: Sequence[str]) -> tuple[bytes, set[int]]:
        joined = f"{BORDER}{BORDER.join(texts)}{BORDER}"
        if joined.isascii():
            return joined.lower().encode(), set()
        signs = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        found = self._bytes.take(signs)
        if (unseen := found == _UNSEEN).any():
            for sign in np.unique(signs[unseen]).tolist():
                self._bytes[sign] = self._byte_of(chr(sign))
            found = self._bytes.take(signs)
        outline = found.tobytes()
        if _REMOVED in outline:
            outline = outline.translate(None, bytes([_REMOVED]))
        if _OE in outline:
            outline = outline.replace(bytes([_OE]), b"oe")
        return outline, set(_places(outline, found, _STRANGE))

    def _byte_of(self, sign: str) -> int:
        folded = fold(sign)
        if folded in _WHOLE:
            return _WHOLE[folded]
        if any(dot in folded for dot in MIDDLE_DOTS):
            return _STRANGE
        if len(folded) == 1 and folded.isascii():
            plain = folded >= " " or folded in _KEPT or folded in _SPACES
            return ord(folded) if plain else _SIGN
        if not self._alphabet.isdisjoint(folded):
            return _STRANGE
        letters = [is_letter(one) for one in folded]
        if all(letters):
            return _LETTER
        return _STRANGE if any(letters) or any(map(str.isspace, folded)) else _SIGN

    def _hits(self, data: bytes, edges: Places) -> Iterator[tuple[int, int, int]]:
        """Yield a text's number, a literal's place, and where it starts, in the order of texts."""
        starts, numbers = [], []
        borders, letters = self._borders, _LETTERS
        for number, start, stop in self._automaton.find_matches_as_indexes(data, overlapping=True):
            left, right = borders[number]
            if not ((left and data[start - 1] in letters) or (right and data[stop] in letters)):
                starts.append(start)
                numbers.append(number)
        indexes = (np.searchsorted(edges, starts) - 1).tolist()
        yield from zip(indexes, numbers, starts, strict=True)


def _places(outline: bytes, found: Bytes, wanted: int) -> list[int]:
    """Return the numbers of the texts that hold a byte."""
    if wanted not in outline:
        return []
    before = np.cumsum(found == ord(BORDER))
    places: list[int] = (np.unique(before[found == wanted]) - 1).tolist()
    return places


def _edges(data: bytes) -> Places:
    """Return where texts begin and end."""
    return np.flatnonzero(np.frombuffer(data, np.uint8) == ord(BORDER))


def _word_at(outline: bytes, at: int) -> str:
    """Return the whole word around a place; signs that are no letter stand for themselves."""
    start = at
    while outline[start - 1] in _LETTERS:
        start -= 1
    rest = _letters_from(outline, at)
    return outline[start : rest.end() if rest else at].decode("ascii")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
