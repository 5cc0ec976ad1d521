"""A quick look at many texts: which of them could hold one of many literals?

Folding a text is most of what a post costs, and nearly all posts speak of something else. Its
outline is much cheaper and as good to look for literals in: each sign becomes one byte, the plain
letter it folds to, or a blank when it folds to nothing that any literal holds. Signs whose folding
a byte cannot tell (``ß`` folds to two letters) mark their text as strange: only its folded text
says what it holds. So does inclusive writing, which has several readings. Of all other texts the
outline is as good as the folded text, but for letters that no query asks for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from quivive.listen.literals import LETTER, LETTERS, Literals, Places, words_around
from quivive.listen.positions import is_close, pieces_of
from quivive.listen.words import BORDER, SEPARATOR, is_letter
from quivive.vocabulary.folding import MIDDLE_DOTS, SIGNS_OF_ENDINGS, SURE_ENDINGS, fold

Bytes = NDArray[np.uint8]

_SIGNS = 0x110000
_KEPT = (SEPARATOR, BORDER)
_STRANGE, _REMOVED, _UNSEEN, _OE, _SIGN = 2, 3, 4, 6, 7
"""Bytes that stand for no sign of their own: other control characters become ``_SIGN``. It and
``LETTER`` stand for what no query asks for, only there so that words stay apart and whole; ``_OE``
is the one ligature French is full of.
"""
_WHOLE = {"": _REMOVED, "oe": _OE}
_TOGETHER = 2_000
"""Pieces whose words are compared together: endless texts may hold endless pieces."""
_SPACES = frozenset("\t\n\r")
_WORDS_ALONE = bytes(one if one in LETTERS else ord(" ") for one in range(256))
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
        self._outline, self._edges = outline, edges.tolist()

    def folded(self, index: int) -> tuple[str, str] | None:
        """Return a text as good as folded, and its words between blanks.

        None when it has to be folded.
        """
        start, stop = self._edges[index], self._edges[index + 1]
        outline = self._outline[start + 1 : stop]
        if index in self.strange or LETTER in outline:
            return None
        words = self._outline[start : stop + 1].translate(_WORDS_ALONE)
        return outline.decode("ascii"), words.decode("ascii")


class Scanner:
    """Looks for literals in many texts at once: one pass over their bytes."""

    def __init__(
        self,
        literals: Sequence[tuple[str, bool, bool]],
        close: Sequence[tuple[str, int]] = (),
        signs: Iterable[str] = (),
    ) -> None:
        """Compile what is looked for.

        Args:
            literals: folded runs of characters, and whether a word must begin and end with each.
            close: folded words, and by how many letters a word of a text may differ from each.
                They are numbered on from the literals.
            signs: folded, that count beside those of the literals.
        """
        self._known = len(literals)
        borders = [(left, right) for _, left, right in literals] + [(False, True)] * len(_ENDINGS)
        texts = [text for text, _, _ in literals] + _ENDINGS
        pieces = self._place_pieces(texts, borders, close)
        runs = zip(map(_encoded, texts), borders, strict=True)
        self._literals = Literals([(run, *border) for run, border in runs])
        self._close = close
        self._lengths = np.array([len(word) for word, _ in close], np.int64)
        self._edits = np.array([edits for _, edits in close], np.int64)
        # close words by the place of a piece, one after the other
        self._many = np.array([len(pieces.get(place, ())) for place in range(len(texts))], np.int64)
        self._first = np.cumsum(self._many) - self._many
        self._close_of = np.array([one for place in sorted(pieces) for one in pieces[place]], int)
        self._alphabet = frozenset("".join(texts)).union(*signs)
        self._bytes = np.full(_SIGNS, _UNSEEN, np.uint8)  # a cache: a sign always gives its byte

    def _place_pieces(
        self,
        texts: list[str],
        borders: list[tuple[bool, bool]],
        close: Sequence[tuple[str, int]],
    ) -> dict[int, list[int]]:
        """Add the pieces of words that may differ; of the same letters, a border counts for all.

        Returns:
            For each place that is a piece, the words it is of, counted in ``close``.
        """
        places = {text: place for place, text in enumerate(texts[: self._known])}
        found: defaultdict[int, list[int]] = defaultdict(list)
        for number, (word, edits) in enumerate(close):
            for piece, begins, ends in pieces_of(word, edits):
                if piece not in places:
                    places[piece] = len(texts)
                    texts.append(piece)
                    borders.append((True, True))
                left, right = borders[places[piece]]
                borders[places[piece]] = (left and begins, right and ends)
                found[places[piece]].append(number)
        return found

    def look(self, texts: Sequence[str]) -> Look:
        """Look for the literals in texts that are not folded."""
        outline, strange = self._outline(texts)
        edges = _edges(outline)
        places, starts = self._literals.find(outline)
        indexes = np.searchsorted(edges, starts) - 1
        known = places < self._known
        hits = list(zip(indexes[known].tolist(), places[known].tolist(), strict=True))
        endings = ~known & (places < self._known + len(_ENDINGS))
        strange.update(indexes[endings].tolist())
        if len(self._close):
            hits += self._close_words(outline, places, starts, indexes)
        return Look(outline, edges, hits, strange)

    def search(self, folded: Sequence[str]) -> list[tuple[int, int]]:
        """Look for the literals in folded texts; returns pairs as the hits of a ``Look``."""
        data = _encoded(f"{BORDER}{BORDER.join(folded)}{BORDER}")
        places, starts = self._literals.find(data)
        indexes = np.searchsorted(_edges(data), starts) - 1
        known = places < self._known
        hits = list(zip(indexes[known].tolist(), places[known].tolist(), strict=True))
        found, words = self._words_of(places)
        return hits + list(
            zip(indexes[found].tolist(), (self._known + words).tolist(), strict=True)
        )

    def _words_of(self, places: Places) -> tuple[Places, Places]:
        """Return which of the places is a piece of which close word, pair by pair."""
        many = self._many[places]
        found = np.repeat(np.arange(len(places)), many)
        nth = np.arange(len(found)) - np.repeat(np.cumsum(many) - many, many)
        return found, self._close_of[self._first[places[found]] + nth]

    def _close_words(
        self, outline: bytes, places: Places, starts: Places, indexes: Places
    ) -> Iterator[tuple[int, int]]:
        """Yield texts with the close words they hold; only words as long are looked at at all."""
        all_pieces = np.flatnonzero(self._many[places])
        longest = int((self._lengths + self._edits).max())
        for at in range(0, len(all_pieces), _TOGETHER):
            pieces = all_pieces[at : at + _TOGETHER]
            begins, stops = words_around(outline, starts[pieces], longest=longest + 1)
            found, words = self._words_of(places[pieces])
            apart = np.abs((stops - begins)[found] - self._lengths[words])
            fits = apart <= self._edits[words]
            found, words = found[fits], words[fits]
            told = (indexes[pieces][found], begins[found], stops[found], words)
            for index, start, stop, number in zip(*(one.tolist() for one in told), strict=True):
                word, edits = self._close[number]
                if is_close(word, outline[start:stop].decode("ascii"), edits):
                    yield index, self._known + number

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
            return LETTER
        return _STRANGE if any(letters) or any(map(str.isspace, folded)) else _SIGN


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


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
