"""Opens workbooks in a process of its own, whose memory is bounded: ``python -m`` this module.

The library holds a workbook whole, a copy of its text for each cell: a file of one megabyte can ask
for hundreds of gigabytes, and a library that gets no memory ends its process. Better this one.

The workbook comes on standard input; frames go to standard output: a kind, a length, that many
bytes. ``S`` begins a sheet and gives its name, ``N`` tells what share of all rows is read, ``D``
holds a part of its CSV, ``E`` ends it all well, ``P`` says that a password protects it and ``U``
that it cannot be read.
"""

import csv
import io
import re
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import IO, BinaryIO, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quivive.wire.cells import guarded

MOST_MEMORY_BYTES = 3 << 30
BLOCK_CHARS = 1 << 17
_HEAD = struct.Struct(">cI")
SHARE = struct.Struct(">d")
_EXACT = 2**53
"""Whole numbers beyond this one were rounded by the spreadsheet."""

_ZONED = re.compile(r"(.+) \(([A-Z]\w+(?:/[\w+-]+)*)\)")
_Cell: TypeAlias = int | float | str | bool | time | date | datetime | timedelta


def opened(file: BinaryIO, *, guard: bool) -> Iterator[tuple[bytes, bytes]]:
    """Yield the frames of a workbook; the last one is ``E``, ``P`` or ``U`` unless memory ended.

    Args:
        guard: whether cells are guarded, for readers of tables that take the guard off again.
    """
    command = [sys.executable, "-P", "-m", __name__, str(MOST_MEMORY_BYTES), str(int(guard))]
    with subprocess.Popen(  # noqa: S603 - our own
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as reader:
        try:
            assert reader.stdin is not None
            assert reader.stdout is not None
            with suppress(BrokenPipeError), reader.stdin as into:
                while block := file.read(BLOCK_CHARS):
                    into.write(block)
            yield from _frames(reader.stdout)
        finally:
            reader.kill()


def _frames(out: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    while len(head := out.read(_HEAD.size)) == _HEAD.size:
        kind, length = _HEAD.unpack(head)
        if len(data := out.read(length)) == length:
            yield kind, data


# --- in the process of its own --------------------------------------------------------------------
def _open(file: BinaryIO, guard: Callable[[str], str]) -> Iterator[tuple[bytes, bytes]]:
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_filelike(file)
        sheets = [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]
    except calamine.PasswordError:
        yield b"P", b""
        return
    except (calamine.CalamineError, OSError, ValueError):
        yield b"U", b""
        return
    except BaseException as fault:  # damaged, it may fail an assertion of the library
        if type(fault).__name__ != "PanicException":  # which lets nobody import its name
            raise
        yield b"U", b""
        return
    held = [sheet for sheet in sheets if sheet.height]
    most, before = sum(sheet.height for sheet in held), 0
    for sheet in sorted(held, key=lambda sheet: -sheet.height):
        yield b"S", sheet.name.encode("utf-8", "replace")
        for number, block in _as_csv(sheet.iter_rows(), guard):
            yield b"N", SHARE.pack(min(1.0, (before + number) / most))
            yield b"D", block
        before += sheet.height
    yield b"E", b""


def _as_csv(
    rows: Iterator[list[_Cell]], guard: Callable[[str], str]
) -> Iterator[tuple[int, bytes]]:
    """Yield parts of a sheet's CSV, each with how many rows were read with it."""
    text, number = io.StringIO(), 1
    writer = csv.writer(text, lineterminator="\n")
    heads, zones = zip(*map(_zoned, next(rows)), strict=True)
    writer.writerow(heads)
    for number, row in enumerate(rows, start=2):
        told = (_told(cell, zone) for cell, zone in zip(row, zones, strict=True))
        writer.writerow(map(guard, told))
        if text.tell() > BLOCK_CHARS:
            yield number, text.getvalue().encode("utf-8", "replace")
            text.seek(0)
            text.truncate()
    yield number, text.getvalue().encode("utf-8", "replace")


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


def _bound_memory(most_bytes: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system knows such a bound
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


def _serve() -> None:
    most_bytes, guard = map(int, sys.argv[1:])
    _bound_memory(most_bytes)
    out = sys.stdout.buffer
    for kind, data in _open(io.BytesIO(sys.stdin.buffer.read()), guarded if guard else str):
        out.write(_HEAD.pack(kind, len(data)) + data)


if __name__ == "__main__":
    _serve()
