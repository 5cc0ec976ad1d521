"""Finds the words of many texts that differ by a letter or two from words that are asked for.

A word with so many mistakes keeps one of its pieces whole, when it is cut in one piece more than
there are mistakes. So a word is compared only with those that share a piece with it at its length,
and a table of hashes tells for all words of many texts at once which do.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from quivive.listen.literals import LETTERS, Places
from quivive.listen.positions import is_close
from quivive.listen.words import BORDER

Hashes = NDArray[np.uint64]

_NO_LETTER = re.compile(rf"[^\w{BORDER}]")
_ASCII = 128
_BLANKS = bytes(byte not in LETTERS and byte < _ASCII for byte in range(256))
_HELD = 8
"""Letters of a piece that are compared: as many as one number holds."""
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_HELD + 1)], np.uint64)
_MIXED, _SPREAD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
"""Odd numbers that spread what they multiply over all 64 bits."""
_ROOM = 32
"""Places of the table for each piece: one word in so many is looked up in vain."""


class Spread(msgspec.Struct, frozen=True):
    """The longer words of a text as one finds them quickly.

    Attributes:
        runs: the eight bytes that begin at each place, as one number.
        starts, sizes: of each word.
    """

    runs: Hashes
    starts: Places
    sizes: Places


def spread(data: bytes, shortest: int) -> Spread:
    """Find the words of a text that are no shorter.

    Args:
        data: one byte a sign, neither beginning nor ending with a letter.
        shortest: at least one letter.
    """
    blanks = np.flatnonzero(np.frombuffer(data.translate(_BLANKS), np.bool_))
    steps = np.diff(blanks)
    long = np.flatnonzero(steps > shortest)
    runs = np.ndarray(len(data), "<u8", data + bytes(_HELD), strides=(1,))
    return Spread(runs, blanks[long] + 1, steps[long] - 1)


def bytes_of(text: str) -> bytes:
    """Write folded texts with one byte a sign: letters of other alphabets share half the bytes."""
    words = _NO_LETTER.sub(" ", text)
    signs = np.frombuffer(words.encode("utf-32-le"), np.uint32)
    return np.where(signs < _ASCII, signs, signs | _ASCII).astype(np.uint8).tobytes()


class CloseWords:
    """Words to find with the same number of mistakes; threads may share it.

    Attributes:
        shortest: letters of the shortest word of a text that can be one of them.
    """

    def __init__(self, asked: Sequence[tuple[int, str]], edits: int) -> None:
        """Cut the words, at least one.

        Args:
            asked: folded words, each with its number.
            edits: letters, at most two, by which a word may differ.
        """
        self._edits = edits
        sizes = np.arange(max(len(word) for _, word in asked) + edits + 2)
        pieces = sizes // (edits + 1)
        self._masks = _MASKS[np.minimum(pieces, _HELD)]
        self._firsts = [pieces * 0, *[pieces] * (edits - 1), sizes - pieces]
        self._marks = [(nth << 32 | sizes).astype(np.uint64) * _MIXED for nth in range(edits + 1)]
        self._wanted = np.zeros(len(sizes), np.bool_)
        self._fill(asked)
        self.shortest = int(self._wanted.argmax())

    def _fill(self, asked: Sequence[tuple[int, str]]) -> None:
        """Note which words are behind each piece."""
        of, nths, sizes, letters = np.array(
            [
                (of, nth, size, int.from_bytes(bytes_of(piece[:_HELD]), "little"))
                for of, (_, word) in enumerate(asked)
                for nth, size, piece in pieces_of(word, self._edits)
            ],
            np.uint64,
        ).T
        self._wanted[sizes] = True
        hashes = _hashed(letters, np.array(self._marks)[nths, sizes])
        behind: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        for one, place in zip(hashes.tolist(), of.tolist(), strict=True):
            behind[one].append(asked[place])
        self._behind = {one: tuple(words) for one, words in behind.items()}
        self._shift = np.uint64(64 - (_ROOM * len(of)).bit_length())
        self._table = np.zeros(1 << 64 - int(self._shift), np.bool_)
        self._table[hashes >> self._shift] = True

    def find(self, words: Spread, text: str) -> Iterator[tuple[int, int]]:
        """Yield where a close word starts, with the number of the word that is asked for."""
        at = np.flatnonzero(self._wanted[np.minimum(words.sizes, len(self._wanted) - 1)])
        starts, sizes = words.starts[at], words.sizes[at]
        masks = self._masks[sizes]
        for firsts, marks in zip(self._firsts, self._marks, strict=True):
            hashes = _hashed(words.runs[starts + firsts[sizes]] & masks, marks[sizes])
            hits = np.flatnonzero(self._table[hashes >> self._shift])
            told = (starts[hits], sizes[hits], hashes[hits])
            for start, size, one in zip(*(part.tolist() for part in told), strict=True):
                for number, word in self._behind.get(one, ()):
                    if is_close(word, text[start : start + size], self._edits):
                        yield start, number


def _hashed(letters: Hashes, marks: Hashes) -> Hashes:
    return (letters ^ marks) * _SPREAD


def pieces_of(word: str, edits: int) -> Iterator[tuple[int, int, str]]:
    """Yield pieces of which every word within so many edits holds at least one.

    A word of the text is cut in one piece more than there are edits, the first at its beginning
    and the last at its end. Either may have swapped a letter with its neighbour outside. The one
    between is looked at when both are spoilt, by one edit each: it stands a letter to either side.

    Returns:
        Which piece of a word of the text, how long that word is, and the letters.
    """
    for size in range(len(word) - edits, len(word) + edits + 1):
        piece = size // (edits + 1)
        rest = len(word) - piece
        yield 0, size, word[:piece]
        yield edits, size, word[rest:]
        if abs(size - len(word)) < edits:
            yield 0, size, word[: piece - 1] + word[piece : piece + 1]
            yield edits, size, word[rest - 1 : rest] + word[rest + 1 :]
        for start in range(piece - 1, piece + 2) if edits > 1 else ():
            yield 1, size, word[start : start + piece]
