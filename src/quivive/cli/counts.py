"""Reads a series of counts from a table, whatever its columns are called."""

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from quivive.cli.tables import Table, read_table
from quivive.listen.dates import moment
from quivive.listen.guesses import guess_mapping
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import Message, say

TIMESTAMP, VALUE = COLUMNS = ("timestamp", "value")
COUNTS = (
    *("count", "counts", "n", "y", "total", "volume", "number", "nombre", "nb", "effectif"),
    *("mentions", "posts", "tweets", "messages"),
)
"""What people call a column of counts, best first."""
LARGEST = 10**12
UNTOLD = frozenset({"", "nan", "na", "null", "none"})
"""Cells of rows that nobody counted."""
SAMPLE = 200
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")
_COMMA = re.compile(r"-?\d+,\d+")


class Row(NamedTuple):
    """One row: its line in the file, both cells as written, and what they mean."""

    line: int
    timestamp: str
    value: str
    at: datetime
    number: float | None


class Wanted(NamedTuple):
    """What people say of a table: the column of its counts, the zone its times do not tell."""

    column: str = ""
    zone: str = "UTC"


def read_series(file: Path, wanted: Wanted) -> list[Row]:
    """Read all rows of a file.

    Raises:
        BadFile: the file cannot be read, or no two columns are moments and counts.
        BadRecord: a row is malformed or not later than the one before; the message names its line.
    """
    table = read_table(file)
    time_at, value_at, day_first = _places(table, file.name, wanted.column)
    rows: list[Row] = []
    for line, cells in table.lines:
        if len(cells) <= max(time_at, value_at):
            raise _bad(say("Line {line} has too few cells.", line=line))
        timestamp, value = cells[time_at], cells[value_at]
        at = _moment(timestamp, line, zone=wanted.zone, day_first=day_first)
        if rows and at <= rows[-1].at:
            at = _said_twice(at, wanted.zone)
        if rows and at <= rows[-1].at:
            raise _not_later(line)
        rows.append(Row(line, timestamp, value, at, _count(value, line)))
    return rows


def _places(table: Table, name: str, column: str) -> tuple[int, int, bool]:
    """Return where moments and counts stand, and whether days come before months."""
    header = list(table.header)
    plain = [fold(title) for title in header]
    sample = [cells for _, cells in table.lines[:SAMPLE]]
    told = guess_mapping(header, sample).columns.get("published", "")
    time_at = plain.index(TIMESTAMP) if TIMESTAMP in plain else _place(header, told)
    if column:
        if fold(column) not in plain:
            raise BadFile(
                say("{name} has no column {column}.", name=name, column=column),
                say("It has: {columns}.", columns=", ".join(header)),
            )
        value_at = plain.index(fold(column))
    else:
        value_at = _counted(plain, sample, time_at)
    if time_at < 0 or value_at < 0:
        raise BadFile(
            say("{name} has no columns timestamp,value in its first line.", name=name),
            say(
                "Put timestamp,value in the first line, then a row an interval; where several "
                "columns hold counts, name one with --column."
            ),
        )
    written = [[cells[time_at]] for _, cells in table.lines if time_at < len(cells)]
    return time_at, value_at, guess_mapping([TIMESTAMP], written).day_first


def _place(header: list[str], name: str) -> int:
    return header.index(name) if name in header else -1


def _counted(plain: list[str], sample: Sequence[Sequence[str]], time_at: int) -> int:
    """Return the column of counts by its name, or the only one that holds numbers; -1: none."""
    for name in (VALUE, *COUNTS):
        if name in plain:
            return plain.index(name)
    numbers = [
        at
        for at in range(len(plain))
        if at != time_at and sample and all(_is_number(row[at]) for row in sample if at < len(row))
    ]
    return numbers[0] if len(numbers) == 1 else -1


def _moment(cell: str, line: int, *, zone: str, day_first: bool) -> datetime:
    try:
        return moment(cell, zone=zone, day_first=day_first)
    except BadRecord:
        raise _bad(
            say("Line {line} has a timestamp that is no date and time.", line=line)
        ) from None


def _said_twice(at: datetime, zone: str) -> datetime:
    """Return the later of the two moments that clocks call alike in autumn, if they are such."""
    return at.astimezone(ZoneInfo(zone)).replace(fold=1).astimezone(UTC)


def _count(cell: str, line: int) -> float | None:
    """Read a count; None where the cell says that nobody counted."""
    if cell.lower() in UNTOLD:
        return None
    count = _number(cell)
    if count is None:
        raise _bad(say("Line {line} has a value that is no number.", line=line))
    if not 0 <= count <= LARGEST:
        raise _bad(
            say("Line {line} has a value that is no count: less than 0, or too large.", line=line)
        )
    return count


def _is_number(cell: str) -> bool:
    return cell.lower() in UNTOLD or _number(cell) is not None


def _number(cell: str) -> float | None:
    """Read a number, with marks of thousands or a decimal comma where it has them.

    >>> _number("1,250"), _number("12 500"), _number("3,5"), _number("many")
    (1250.0, 12500.0, 3.5, None)
    """
    plain = _SPACES.sub("", cell)
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    elif _COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _not_later(line: int) -> BadRecord:
    return BadRecord(
        say("Line {line} is not later than the row before it.", line=line),
        say(
            "Sort the rows by time and keep one series, one row a moment. Where clocks went back, "
            "tell the zone: --zone Europe/Paris."
        ),
    )


def _bad(what: Message) -> BadRecord:
    return BadRecord(
        what,
        say("Correct it: a time like 2026-03-01 09:05:00, later than the row before, and a count."),
    )
