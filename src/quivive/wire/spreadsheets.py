"""Spreadsheets (Excel, LibreOffice) as tables: each sheet that holds something reads as a CSV."""

import csv
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import BinaryIO, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import python_calamine as calamine

from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import say
from quivive.wire.cells import guarded

OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
"""How Excel's files before 2007 begin, and newer ones that a password protects."""
PARTS = {"[Content_Types].xml", "content.xml"}
"""Files in a zip that is an office document: Excel's and LibreOffice's."""
BLOCK_CHARS = 1 << 17
BLOCK_BYTES = 1 << 20

SMALL_BYTES = 64 << 20
"""Of a table somebody keeps by hand, once unpacked."""

MOST_CELLS = 10_000_000
"""Places up to the last filled cell of each sheet. The reader holds them all, empty or not: two
cells in opposite corners of one sheet would ask for half a terabyte and end this process."""

_PLACE = re.compile(
    rb"""<(?:[^\s<>/:]+:)?(row|c)\b(?:[^>]*?\br\s*=\s*["']\s*([A-Za-z]*)(\d+))?[^>]*?(/?)>"""
)
"""A row or a cell of Excel's own sheets: where it stands, unless it follows the last; if empty."""
_ZONED = re.compile(r"(.+) \(([A-Z]\w+(?:/[\w+-]+)*)\)")
_UNFINISHED = re.compile(rb"<(?:[^\s<>/:]+:)?(?:row|c)\s")

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)
"""What a damaged zip raises; ``RuntimeError`` asks for a password, or does not know the packing."""
_EXACT = 2**53
"""Whole numbers beyond this one were rounded by the spreadsheet."""

_Cell: TypeAlias = int | float | str | bool | time | date | datetime | timedelta


def sheets_of(file: BinaryIO, *, most_bytes: int) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the name and the CSV of each sheet that holds something, the longest first.

    Args:
        file: a whole workbook; it is held in memory, which is why it must not be large.
        most_bytes: of the workbook once unpacked.

    Raises:
        BadFile: too large, damaged, protected by a password, or no spreadsheet at all.
    """
    for sheet in _sheets(file, most_bytes):
        yield sheet.name, _as_csv(sheet.iter_rows(), guarded)  # who reads tables unguards them


def _sheets(file: BinaryIO, most_bytes: int) -> list[calamine.CalamineSheet]:
    _refuse_large(file, most_bytes)
    file.seek(0)
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(file)
        sheets = [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]
    except calamine.PasswordError as trouble:
        raise _protected() from trouble
    except (calamine.CalamineError, OSError, ValueError) as trouble:
        raise _unreadable() from trouble
    held = (sheet for sheet in sheets if sheet.height)
    return sorted(held, key=lambda sheet: -sheet.height)


def as_table(content: bytes) -> bytes:
    """Return the longest sheet of a workbook as CSV; what is no workbook comes back as it is.

    Args:
        content: of a small table somebody keeps by hand, such as a list of residences.

    Raises:
        BadFile: as :func:`sheets_of`.
    """
    if not content.startswith((b"PK", OLD_EXCEL)):
        return content
    sheets = _sheets(io.BytesIO(content), SMALL_BYTES)
    return b"".join(_as_csv(sheets[0].iter_rows(), str)) if sheets else b""


def _refuse_large(file: BinaryIO, most_bytes: int) -> None:
    """Unpack once without keeping anything: what a zip says of its own size may be a lie."""
    file.seek(0)
    if file.read(len(OLD_EXCEL)) == OLD_EXCEL:
        size, cells = file.seek(0, io.SEEK_END), 0
    else:
        try:
            with zipfile.ZipFile(file) as archive:
                size = sum(entry.file_size for entry in archive.infolist())
                cells = sum(_cells(archive, size, most_bytes))
        except _BROKEN as trouble:
            raise _unreadable() from trouble
    if size > most_bytes:
        raise BadFile(
            say("The spreadsheet takes {size} MB once unpacked.", size=size >> 20),
            say("Open it, save it as “CSV UTF-8”, then import that file."),
        )
    if cells > MOST_CELLS:
        raise BadFile(
            say("The spreadsheet spans {count} cells, filled or not.", count=cells),
            say("Delete what stands far from the table, or save it as “CSV UTF-8”."),
        )


def _cells(archive: zipfile.ZipFile, size: int, most_bytes: int) -> Iterator[int]:
    """Yield how many places each file of a workbook spans; whole files are checked on the way."""
    for entry in archive.infolist() if size <= most_bytes else ():
        if entry.filename.endswith("workbook.bin"):  # places cannot be counted in that kind
            raise _unreadable()
        with archive.open(entry) as file:
            yield _span(iter(partial(file.read, BLOCK_BYTES), b""))


def _span(blocks: Iterable[bytes]) -> int:
    """Count the places up to the last row and the last column of a sheet; 0 for what is none.

    >>> _span([b'<row r="3"><c r="B3"><v>1</v></c><c/></row><row><c><v>', b"2</v></c></row>"])
    8
    """
    row = column = last_row = last_column = 0
    rest = b""
    for block in blocks:
        text, end, rest = (rest + block).rpartition(b">")
        for tag, letters, number, empty in _PLACE.findall(text + end):
            if tag == b"row":
                row, column = int(number or row + 1), 0
                continue
            row, column = int(number or row), _column(letters) if letters else column + 1
            if not empty:
                last_row, last_column = max(last_row, row), max(last_column, column)
        if len(rest) > BLOCK_BYTES:
            if _UNFINISHED.match(rest, rest.rfind(b"<")):
                raise ValueError("A cell that does not end.")
            rest = b""  # a picture
    return last_row * last_column


def _column(letters: bytes) -> int:
    """Number a column.

    >>> _column(b"A"), _column(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _as_csv(rows: Iterator[list[_Cell]], guard: Callable[[str], str]) -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    heads, zones = zip(*map(_zoned, next(rows)), strict=True)
    writer.writerow(heads)
    for row in rows:
        told = (_told(cell, zone) for cell, zone in zip(row, zones, strict=True))
        writer.writerow(map(guard, told))
        if text.tell() > BLOCK_CHARS:
            yield text.getvalue().encode("utf-8", "replace")
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode("utf-8", "replace")


def _zoned(head: _Cell) -> tuple[str, ZoneInfo | None]:
    """Split the head of a column of dates that names their zone, as our own workbooks do.

    >>> _zoned("published (Europe/Paris)")[0], _zoned("published (UTC)")[0], _zoned("vu (oui)")[0]
    ('published', 'published', 'vu (oui)')
    """
    found = _ZONED.fullmatch(_told(head, None))
    try:
        return (found[1], ZoneInfo(found[2])) if found else (_told(head, None), None)
    except (ZoneInfoNotFoundError, ValueError):
        return _told(head, None), None


def _told(cell: _Cell, zone: ZoneInfo | None) -> str:
    """Write a cell as people see it; a number that was rounded shows that it was."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    if isinstance(cell, float):
        return f"{cell:e}" if abs(cell) >= _EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=zone).isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _protected() -> BadFile:
    return BadFile(
        say("A password protects the spreadsheet."),
        say("Open it, save it without a password, then import it."),
    )


def _unreadable() -> BadFile:
    return BadFile(
        say("This is a document we cannot read a table from, or it is damaged."),
        say("Open it, save it as “CSV UTF-8”, then import that file."),
    )
