"""Finds many runs of bytes in one pass, where words begin and end as each asks.

Hyperscan (Wang and others 2019, *Hyperscan: A Fast Multi-pattern Regex Matcher for Modern CPUs*,
NSDI) looks at hashes of several bytes at once, so that its tables stay near the processor; an
automaton of Aho and Corasick outgrows its cache with some thousand words.
"""

from collections.abc import Sequence

import hyperscan
import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]

LETTER = 5
"""A byte that stands for a letter which no run holds."""
LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_" + bytes([LETTER]))
LONGEST = 1_000
"""Bytes of a run that are looked for; behind these anything may stand."""
_IS_LETTER = np.isin(np.arange(256), list(LETTERS))


class Literals:
    """Runs of bytes to look for; threads may share it."""

    def __init__(self, runs: Sequence[tuple[bytes, bool, bool]]) -> None:
        """Compile runs, at least one, none of them empty.

        Args:
            runs: each with whether a word must begin, and end, with it.
        """
        texts = [run[:LONGEST] for run, _, _ in runs]
        self._sizes = np.array([*map(len, texts)])
        self._begins = np.array([left for _, left, _ in runs])
        self._ends = np.array([right and len(run) <= LONGEST for run, _, right in runs])
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        self._database.compile(
            expressions=[b"".join(b"\\x%02x" % byte for byte in text) for text in texts],
            ids=range(len(texts)),
            elements=len(texts),
            flags=0,
        )
        self._rooms: list[hyperscan.Scratch] = []  # each is of one scan at a time

    def find(self, data: bytes) -> tuple[Places, Places]:
        """Return the number of each run that is found, and where it starts, in order.

        Args:
            data: neither begins nor ends with a letter.
        """
        numbers, stops = np.array(self._scan(data), np.int64).reshape(-1, 2).T
        starts = stops - self._sizes[numbers]
        signs = np.frombuffer(data, np.uint8)
        goes_on = self._begins[numbers] & _IS_LETTER[signs[starts - 1]]
        goes_on |= self._ends[numbers] & _IS_LETTER[signs[stops]]
        return numbers[~goes_on], starts[~goes_on]

    def _scan(self, data: bytes) -> list[int]:
        """Return the number of each run that stands somewhere and where it stops, in turns."""
        found: list[int] = []

        def note(number: int, _start: int, stop: int, _flags: int, _context: object) -> None:
            found.extend((number, stop))

        try:
            room = self._rooms.pop()
        except IndexError:
            room = hyperscan.Scratch(self._database)
        self._database.scan(data, match_event_handler=note, scratch=room)
        self._rooms.append(room)
        return found
