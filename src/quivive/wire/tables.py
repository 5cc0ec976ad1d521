"""Reads tables of text: finds the delimiter, follows quotes over lines, loses one bad row only."""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from quivive.listen.dates import moment
from quivive.listen.records import Record
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.messages import say
from quivive.wire.cells import unguarded
from quivive.wire.jsonlines import Piece, not_utf8, too_long
from quivive.wire.lines import Charset, Cut

DELIMITERS = ",;\t|"
ABOVE = 20
"""Rows among which the header is looked for."""
csv.field_size_limit(2**31 - 1)
# The library has one limit for all readers of a process, its threads too. Moved while one reads, it
# would decide what another takes for a row: each keeps a bound of its own instead.

_WITH_CLOCK = re.compile(r"\d[:h]\d\d")


class _NotARow(Exception):
    """A quote that never closes, or a monstrous line: begin again after its first line."""


def delimiter_of(text: str) -> str:
    r"""Find the delimiter: the one that cuts the header, and most rows alike.

    >>> delimiter_of('date;texte\n1;"a, b, c"\n')
    ';'
    """
    lines = text.splitlines()[:50]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) == len("sep=;"):
        return lines[0][-1]
    return max(DELIMITERS, key=lambda mark: _cuts_alike(lines, mark))


def _cuts_alike(lines: list[str], delimiter: str) -> float:
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0.0
    lengths = Counter(map(len, rows))
    width = (
        len(rows[0])
        if rows and len(rows[0]) > 1
        else max(lengths, key=lengths.__getitem__, default=0)
    )
    if width < 2:  # noqa: PLR2004  one column is no table
        return 0.0
    return lengths[width] / len(rows) * min(width, 6)


class _Feed:
    """Gives lines to ``csv.reader`` and keeps those of the current row."""

    def __init__(self, lines: Iterable[list[bytes]], charset: Charset, limit: int) -> None:
        self._lines = chain.from_iterable(lines)
        self._charset, self._limit = charset, limit
        self._again: deque[bytes] = deque()
        self.held: list[bytes] = []
        self._size = 0
        self.line = 0
        self.ended = self.not_utf8 = False
        self.trouble: BadFile | None = None

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        try:
            raw = self._again.popleft() if self._again else next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        except BadFile as stopped:
            self.ended, self.trouble = True, stopped
            raise StopIteration from stopped
        self.held.append(raw)
        self.line += 1
        self._size += len(raw)
        if isinstance(raw, Cut) or self._size > self._limit:
            raise _NotARow
        return self._text(raw) + "\n"

    def _text(self, raw: bytes) -> str:
        try:
            return self._charset.text(raw)
        except UnicodeDecodeError:
            self.not_utf8 = True
            return raw.decode("utf-8", "replace")

    def take(self) -> list[bytes]:
        """Give the lines of the row that was just read."""
        lines, self.held, self._size, self.not_utf8 = self.held, [], 0, False
        return lines

    def back_up(self) -> bytes:
        """Put back all lines of the row but the first, which is returned."""
        first, *rest = self.take()
        self._again.extendleft(reversed(rest))
        self.line -= len(rest)
        self.ended = False
        return first


Row = tuple[int, int, bytes, list[str] | BadRecord]
"""First line, last line, the lines as they stand, and the cells or what is wrong with them."""


def rows_of(
    lines: Iterable[list[bytes]], charset: Charset, *, delimiter: str, limit: int
) -> Iterator[Row]:
    """Read rows one by one; a quote that never closes costs its own line, not the file."""
    feed = _Feed(lines, charset, limit)
    while True:
        try:
            yield from _rows_until_trouble(feed, delimiter)
        except (_NotARow, csv.Error):
            raw = feed.back_up()
            bad = too_long() if isinstance(raw, Cut) else _open_quote()
            yield feed.line, feed.line, raw, bad
        else:
            break
    if feed.trouble:
        raise feed.trouble


def _rows_until_trouble(feed: _Feed, delimiter: str) -> Iterator[Row]:
    for cells in csv.reader(feed, delimiter=delimiter):
        if feed.ended:
            raise _NotARow  # the reader asked for more: a quote was still open
        bad = not_utf8() if feed.not_utf8 else None
        lines = feed.take()
        yield feed.line - len(lines) + 1, feed.line, b"\n".join(lines), bad or cells


def _open_quote() -> BadRecord:
    return BadRecord(
        say("A quotation mark opens in this line and never closes."),
        say("Close it, or double it where it belongs to the text, then replay the line."),
    )


def pieces_of_table(rows: Iterable[Row], header: tuple[str, ...]) -> Iterator[Piece]:
    """Give each row its column names."""
    for first, last, raw, cells in rows:
        if isinstance(cells, BadRecord):
            yield first, last, raw, cells
        elif any(cells):
            yield first, last, raw, _record(header, cells)


def _record(header: tuple[str, ...], cells: list[str]) -> Record | BadRecord:
    if len(cells) > len(header) and any(cells[len(header) :]):
        return BadRecord(
            say(
                "The row has {count} cells where the header has {expected}.",
                count=len(cells),
                expected=len(header),
            ),
            say("Put the text that holds the delimiter between quotation marks, then replay it."),
        )
    cells += [""] * (len(header) - len(cells))
    return {name: unguarded(cell) for name, cell in zip(header, cells, strict=False)}


def after_header(rows: Iterator[Row]) -> tuple[bytes, tuple[str, ...], Iterator[Row]]:
    """Read the header off the front: its line, a name for each column, and the rows after it.

    Titles and notes above a table fill fewer columns than it has: the header is the first row
    that fills half as many as the fullest of the first rows. Where that one holds a post already,
    the table has no header and its columns are numbered.
    """
    first = list(islice(rows, ABOVE))
    enough = max(map(_filled, first), default=0) / 2
    for at, row in enumerate(first):
        _, _, raw, cells = row
        if not isinstance(cells, BadRecord) and _filled(row) >= max(enough, 1):
            if any(map(_is_told, cells)):
                return b"", header_names([""] * len(cells)), chain(first[at:], rows)
            return raw, header_names(cells), chain(first[at + 1 :], rows)
    return b"", (), rows


def _is_told(cell: str) -> bool:
    """Tell what only a post says from the name of a column: when it was, to the minute."""
    if not _WITH_CLOCK.search(cell):
        return False
    try:
        moment(cell)
    except BadRecord:
        return False
    return True


def _filled(row: Row) -> int:
    _, _, raw, cells = row
    hint = raw[:4].lower() == b"sep=" and len(raw.strip()) == len(b"sep=;")
    return 0 if hint or isinstance(cells, BadRecord) else sum(map(bool, cells))


def header_names(cells: list[str]) -> tuple[str, ...]:
    """Name every column once, whatever the header repeats or leaves empty.

    >>> header_names(["id", "text ", "id", ""])
    ('id', 'text', 'id (2)', 'column 4')
    """
    names: list[str] = []
    seen: Counter[str] = Counter()
    for place, cell in enumerate(cells, start=1):
        name = cell.strip().lstrip("\ufeff") or f"column {place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
