"""``quivive bursts``: what would have rung in a series of counts, row by row."""

import csv
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NamedTuple, TextIO

import msgspec
import typer
from rich.console import Console
from rich.progress import track

from quivive.cli.speech import gettext as _
from quivive.cli.tables import opened_table
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.messages import Message, say

COLUMNS = ("timestamp", "value")
OUT = (*COLUMNS, "expected", "score", "alarm")
LARGEST = 10**12
UNTOLD = frozenset({"", "nan", "na", "null", "none"})
"""Cells of rows that nobody counted."""
ACCEPTED = 0.4
"""False alarms a week: one series read on purpose may ring more easily than topics that wake."""
MANY_ROWS = 5_000
"""More rows than this take long enough for a progress bar."""


class Row(NamedTuple):
    """One row: its line in the file, both cells as written, and what they mean."""

    line: int
    timestamp: str
    value: str
    at: datetime
    number: int | None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bursts", help=_("Find bursts in a series of counts, strictly online."))(bursts)


def bursts(
    series: Annotated[
        Path, typer.Argument(help=_("CSV with the columns timestamp,value."), show_default=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
    false_alarms_per_week: Annotated[
        float, typer.Option(help=_("False alarms a week you accept."), min=0.001, max=50)
    ] = ACCEPTED,
    minimum: Annotated[
        int, typer.Option(help=_("Fewest posts of a window that can ring."), min=1)
    ] = 4,
) -> None:
    """Read the series in order; a row's answer depends on no later row."""
    from quivive.detect.bursts import BurstSettings
    from quivive.detect.series import SeriesWatch

    rows = read_rows(series)
    watch = SeriesWatch(BurstSettings(false_alarms_per_week, minimum))
    printer = _Printer(sys.stdout, as_json=as_json)
    console = Console(stderr=True)
    quiet = len(rows) < MANY_ROWS or not console.is_terminal
    for row in track(rows, _("Reading"), console=console, transient=True, disable=quiet):
        try:
            seen = watch.read(row.at, row.number)
        except ValueError:
            raise _bad(
                say("Line {line} is not later than the row before it.", line=row.line)
            ) from None
        printer.put(row, seen.expected, seen.score, alarm=seen.alarm)


def read_rows(file: Path) -> list[Row]:
    """Read all rows of a file.

    Raises:
        BadFile: the file cannot be read or lacks a column.
        BadRecord: a row is malformed; the message names its line.
    """
    with opened_table(file) as text:
        return list(_rows(text, file.name))


def _rows(text: TextIO, name: str) -> Iterator[Row]:
    lines = csv.reader(text)
    header = [cell.strip().lower() for cell in next(lines, [])]
    if any(column not in header for column in COLUMNS):
        raise BadFile(
            say("{name} has no columns timestamp,value in its first line.", name=name),
            say("Put timestamp,value in the first line, then a row an interval."),
        )
    places = [header.index(column) for column in COLUMNS]
    for cells in lines:
        if not cells:
            continue
        if len(cells) <= max(places):
            raise _bad(say("Line {line} has too few cells.", line=lines.line_num))
        timestamp, value = (cells[place] for place in places)
        yield Row(
            lines.line_num,
            timestamp,
            value,
            _moment(timestamp, lines.line_num),
            _count(value, lines.line_num),
        )


def _moment(cell: str, line: int) -> datetime:
    try:
        at = datetime.fromisoformat(cell.strip())
    except ValueError:
        raise _bad(
            say("Line {line} has a timestamp that is no date and time.", line=line)
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _count(cell: str, line: int) -> int | None:
    """Read a count; None where the cell says that nobody counted."""
    if cell.strip().lower() in UNTOLD:
        return None
    try:
        count = round(float(cell))
    except (ValueError, OverflowError):
        raise _bad(say("Line {line} has a value that is no number.", line=line)) from None
    if not 0 <= count <= LARGEST:
        raise _bad(say("Line {line} has a value that is no count.", line=line))
    return count


def _bad(what: Message) -> BadRecord:
    return BadRecord(
        what,
        say("Correct it: a time like 2026-03-01 09:05:00, later than the row before, and a count."),
    )


class _Printer:
    """Writes one line out for each row in."""

    def __init__(self, out: TextIO, *, as_json: bool) -> None:
        self._out = out
        self._table = None if as_json else csv.writer(out, lineterminator="\n")
        if self._table:
            self._table.writerow(OUT)

    def put(self, row: Row, expected: float, score: float, *, alarm: bool) -> None:
        """Write one row."""
        found = (round(expected, 3), round(score, 3), int(alarm))
        if self._table:
            self._table.writerow((row.timestamp, row.value, *found))
            return
        values = (row.timestamp, row.number, *found)
        line = msgspec.json.encode(dict(zip(OUT, values, strict=True))).decode()
        self._out.write(f"{line}\n")
