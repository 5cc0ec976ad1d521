"""Reads the table a command is given: CSV of any kind, compressed or not, or a spreadsheet."""

from pathlib import Path
from typing import NamedTuple

from quivive.cli.given import given
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.messages import say
from quivive.wire.archives import USUAL, members
from quivive.wire.lines import Charset, bared, from_latin, lines_of, looks_latin
from quivive.wire.reading import peek
from quivive.wire.tables import after_header, delimiter_of, rows_of


class Line(NamedTuple):
    """One row of a table: the line of the file it stands in, and its cells, stripped."""

    number: int
    cells: list[str]


class Table(NamedTuple):
    """A table as it stands in its file; empty when the file holds none."""

    header: tuple[str, ...]
    lines: list[Line]


def read_table(file: Path) -> Table:
    """Read a table whole, the first one where the file holds several.

    Raises:
        BadFile: there is no such file, it may not be read, or it is no table.
        BadRecord: a row cannot be read.
    """
    try:
        with given(file).open("rb") as opened:
            member = next(members(opened), None)
            head, blocks = peek(bared(member.blocks if member else iter(())))
            latin = looks_latin(head.split(b"\n"))
            text = from_latin(head) if latin else head.decode("utf-8", "replace")
            lines = lines_of(blocks, limit=USUAL.line_bytes)
            charset, delimiter = Charset(latin=latin), delimiter_of(text)
            rows = rows_of(lines, charset, delimiter=delimiter, limit=USUAL.line_bytes)
            _, header, below = after_header(rows)
            return Table(header, [_line(first, cells) for first, _, _, cells in below if cells])
    except OSError:
        raise BadFile(
            say("The system does not let us read {name}.", name=str(file)),
            say("Check that it is a file, and that you may read it; then try again."),
        ) from None


def _line(number: int, cells: list[str] | BadRecord) -> Line:
    if isinstance(cells, BadRecord):
        raise BadRecord(
            say("Line {line} cannot be read as a row of a table.", line=number), cells.remedy
        )
    return Line(number, [cell.strip() for cell in cells])
