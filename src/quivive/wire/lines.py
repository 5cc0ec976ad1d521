"""Cuts blocks of bytes into lines, quickly, and never holds a monstrous one whole."""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from quivive.vocabulary.errors import BadFile
from quivive.wire.archives import BLOCK_BYTES

KEPT_BYTES = 64 << 10
"""What a quarantined line keeps of itself."""

_ASSIGNMENT = re.compile(rb"\A\s*window\.YTD\.\w+\.part\d+\s*=\s*")


class Cut(bytes):
    """The first part of a line that is longer than the limit."""

    __slots__ = ()


def lines_of(blocks: Iterable[bytes], *, limit: int) -> Iterator[list[bytes]]:
    r"""Yield lists of lines without their ``\n``; a longer line than ``limit`` comes as a Cut.

    The last, unfinished line comes out too, even when the blocks stop with an error, which is
    raised after it.
    """
    for run in runs_of(blocks, limit=limit):
        yield split(run, limit=limit)


def runs_of(blocks: Iterable[bytes], *, limit: int) -> Iterator[bytes]:
    r"""Yield runs of whole lines, each without its last ``\n``, as ``lines_of`` yields lists.

    A line that is longer than ``limit`` and spans blocks comes alone, as a Cut.
    """
    held: list[bytes] = []
    size, trouble = 0, None
    stream = iter(blocks)
    while True:
        try:
            block = next(stream, None)
        except BadFile as stopped:
            block, trouble = None, stopped
        if block is None:
            break
        end, first = block.rfind(b"\n"), block.find(b"\n")
        if end >= 0 and size + first > limit:
            yield Cut(b"".join((*held, block[:first]))[:KEPT_BYTES])
            held, size, block, end = [], 0, block[first + 1 :], end - first - 1
        if end >= 0:
            yield b"".join((*held, block[:end]))
            held, size = [], 0
        held.append(block[end + 1 :])
        size += len(held[-1])
        if size > limit:
            held = [b"".join(held)[:KEPT_BYTES]]
    if size:
        last = b"".join(held)
        yield Cut(last[:KEPT_BYTES]) if size > limit else last
    if trouble:
        raise trouble


def split(run: bytes, *, limit: int) -> list[bytes]:
    """Cut a run into its lines; one that is longer than ``limit`` becomes a Cut."""
    return [run] if isinstance(run, Cut) else _cut_long(run.split(b"\n"), limit)


def _cut_long(parts: list[bytes], limit: int) -> list[bytes]:
    if limit >= BLOCK_BYTES:
        return parts  # a line inside one block cannot be longer
    return [Cut(part[:KEPT_BYTES]) if len(part) > limit else part for part in parts]


def bared(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Take off what is not the text itself: byte order mark, script, a Mac's old line ends."""
    return _without_old_returns(_without_assignment(_without_bom(blocks)))


def _without_bom(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Drop a UTF-8 byte order mark; turn UTF-16 (what spreadsheets call Unicode) into UTF-8."""
    stream = iter(blocks)
    first = next(stream, b"")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
        yield decoder.decode(first).encode("utf-8", "replace")
        for block in stream:
            yield decoder.decode(block).encode("utf-8", "replace")
        return
    yield first.removeprefix(codecs.BOM_UTF8)
    yield from stream


def _without_assignment(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Drop what makes the files of an X archive JavaScript: ``window.YTD.tweets.part0 =``."""
    stream = iter(blocks)
    yield _ASSIGNMENT.sub(b"", next(stream, b""), count=1)
    yield from stream


def _without_old_returns(blocks: Iterable[bytes]) -> Iterator[bytes]:
    r"""End lines with ``\n`` where a file only has ``\r``, as old spreadsheets of a Mac write."""
    stream = iter(blocks)
    first = next(stream, b"")
    if b"\n" in first or b"\r" not in first:
        yield first
        yield from stream
        return
    for block in chain([first], stream):
        yield block.replace(b"\r", b"\n")


def looks_latin(lines: Iterable[bytes]) -> bool | None:
    """Tell whether lines are cp1252 rather than UTF-8; None while all are plain ASCII.

    Broken UTF-8 has a few bad lines among good ones; cp1252 has no good line with an accent.
    """
    good = bad = 0
    for line in lines:
        if line.isascii():
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            bad += 1
        else:
            good += 1
    return None if good + bad == 0 else bad > good


class Charset:
    """Reads the lines of one file as text: all UTF-8, or all cp1252.

    While every line is ASCII nothing is decided; the first line that is not decides.
    """

    def __init__(self, *, latin: bool | None) -> None:
        """Begin with what the head of the file told, if anything."""
        self.latin = latin

    def text(self, line: bytes) -> str:
        """Decode one line.

        Raises:
            UnicodeDecodeError: the file is UTF-8 and this line is not.
        """
        if line.isascii():
            return line.decode("ascii")
        if self.latin is None:
            self.latin = bool(looks_latin([line]))
        return from_latin(line) if self.latin else line.decode()


def from_latin(line: bytes) -> str:
    """Decode cp1252; a line with one of the five bytes it leaves free is read as Latin-1."""
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")
