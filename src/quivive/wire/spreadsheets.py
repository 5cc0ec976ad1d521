"""Spreadsheets (Excel, LibreOffice) as tables: each sheet that holds something reads as a CSV."""

import io
import lzma
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import BinaryIO, NamedTuple

from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import say
from quivive.wire.sheet_reader import SHARE, opened

OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
"""How Excel's files before 2007 begin, and newer ones that a password protects."""
PARTS = {"[Content_Types].xml", "content.xml"}
"""Files in a zip that is an office document: Excel's and LibreOffice's."""
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
_CUT = (b"", b"")
"""Stands for the frame that never came: the reader got no more memory."""


class Sheet(NamedTuple):
    """One sheet: its name, its CSV, and what share of the workbook's rows was read so far."""

    name: str
    blocks: Iterator[bytes]
    share: Callable[[], float]


def sheets_of(file: BinaryIO, *, most_bytes: int) -> Iterator[Sheet]:
    """Yield each sheet that holds something, the longest first.

    Args:
        file: a whole workbook; it is held in memory, which is why it must not be large.
        most_bytes: of the workbook once unpacked.

    Raises:
        BadFile: too large, damaged, protected by a password, or no spreadsheet at all.
    """
    yield from _sheets(file, most_bytes, guard=True)


def as_table(content: bytes) -> bytes:
    """Return the longest sheet of a workbook as CSV; what is no workbook comes back as it is.

    Args:
        content: of a small table somebody keeps by hand, such as a list of residences.

    Raises:
        BadFile: as :func:`sheets_of`.
    """
    if not content.startswith((b"PK", OLD_EXCEL)):
        return content
    sheets = _sheets(io.BytesIO(content), SMALL_BYTES, guard=False)
    return next((b"".join(sheet.blocks) for sheet in sheets), b"")


def _sheets(file: BinaryIO, most_bytes: int, *, guard: bool) -> Iterator[Sheet]:
    _refuse_large(file, most_bytes)
    file.seek(0)
    frames = opened(file, guard=guard)
    kind, data = next(frames, _CUT)
    share = 0.0

    def blocks() -> Iterator[bytes]:
        nonlocal kind, data, share
        for kind, data in chain(frames, (_CUT,)):
            if kind == b"N":
                (share,) = SHARE.unpack(data)
            elif kind == b"D":
                yield data
            else:
                return

    while kind == b"S":
        of_this_sheet = blocks()
        yield Sheet(data.decode(), of_this_sheet, lambda: share)
        deque(of_this_sheet, maxlen=0)
    if kind != b"E":
        trouble = {b"P": _protected, b"U": _unreadable}.get(kind, _too_large)
        raise trouble()


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


def _protected() -> BadFile:
    return BadFile(
        say("A password protects the spreadsheet."),
        say("Open it, save it without a password, then import it."),
    )


def _too_large() -> BadFile:
    return BadFile(
        say("The spreadsheet asks for more memory than it may: it holds too much, or is damaged."),
        say("Open it, save it as “CSV UTF-8”, then import that file."),
    )


def _unreadable() -> BadFile:
    return BadFile(
        say("This is a document we cannot read a table from, or it is damaged."),
        say("Open it, save it as “CSV UTF-8”, then import that file."),
    )
