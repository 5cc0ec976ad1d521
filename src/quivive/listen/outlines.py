"""A quick look at many texts: which of them could hold one of many literals?

Folding a text is most of what a post costs, and nearly all posts speak of something else. Its
outline is much cheaper and as good to look for literals in: each sign becomes one byte, the plain
letter it folds to, or a blank when it folds to nothing that any literal holds. Signs whose folding
a byte cannot tell (``ß`` folds to two letters) mark their text as strange: only its folded text
says what it holds. So does inclusive writing, which has several readings. Of all other texts the
outline is as good as the folded text, but for letters that no query asks for.
"""

from collections.abc import Iterable, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from quivive.listen.close_words import CloseWords, bytes_of, spread
from quivive.listen.literals import LETTER, LETTERS, Literals, Places
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
_SPACES = frozenset("\t\n\r")
_WORDS_ALONE = bytes(one if one in LETTERS else ord(" ") for one in range(256))
_ENDINGS = [
    ("".join(pair).encode(), False, True) for pair in product(SIGNS_OF_ENDINGS, SURE_ENDINGS)
]


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
        runs = [(_encoded(text), left, right) for text, left, right in literals]
        self._literals = Literals([*runs, *_ENDINGS])
        numbered = list(enumerate(close, start=self._known))
        by_edits = (
            [(n, word) for n, (word, apart) in numbered if apart == edits] for edits in (1, 2)
        )
        self._close = [CloseWords(words, edits) for edits, words in enumerate(by_edits, 1) if words]
        asked = [*(text for text, _, _ in literals), *(word for word, _ in close)]
        self._alphabet = frozenset("".join(asked)).union(*signs)
        self._bytes = np.full(_SIGNS, _UNSEEN, np.uint8)  # a cache: a sign always gives its byte

    def look(self, texts: Sequence[str]) -> Look:
        """Look for the literals in texts that are not folded."""
        outline, strange = self._outline(texts)
        edges = _edges(outline)
        places, starts = self._literals.find(outline)
        indexes = np.searchsorted(edges, starts) - 1
        known = places < self._known
        hits = list(zip(indexes[known].tolist(), places[known].tolist(), strict=True))
        strange.update(indexes[~known].tolist())
        if self._close:
            hits += self._close_words(outline, outline.decode("ascii"), edges)
        return Look(outline, edges, hits, strange)

    def search(self, folded: Sequence[str]) -> list[tuple[int, int]]:
        """Look for the literals in folded texts; returns pairs as the hits of a ``Look``."""
        joined = f"{BORDER}{BORDER.join(folded)}{BORDER}"
        data = _encoded(joined)
        places, starts = self._literals.find(data)
        indexes = np.searchsorted(_edges(data), starts) - 1
        known = places < self._known
        hits = list(zip(indexes[known].tolist(), places[known].tolist(), strict=True))
        if self._close:
            words = bytes_of(joined)
            hits += self._close_words(words, joined, _edges(words))
        return hits

    def _close_words(self, data: bytes, text: str, edges: Places) -> list[tuple[int, int]]:
        """Return texts with the close words they hold; ``data`` is the text, a byte a sign."""
        words = spread(data, min(close.shortest for close in self._close))
        found = [pair for close in self._close for pair in close.find(words, text)]
        indexes = np.searchsorted(edges, [start for start, _ in found]) - 1
        return [(index, number) for index, (_, number) in zip(indexes.tolist(), found, strict=True)]

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
