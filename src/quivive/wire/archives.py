"""Opens files that may be compressed, in blocks of bytes, and stops before a bomb goes off."""

import bz2
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

import msgspec
import zstandard

from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import say
from quivive.wire.repositories import is_repository, lines_of_repository
from quivive.wire.spreadsheets import OLD_EXCEL, PARTS, sheets_of

BLOCK_BYTES = 1 << 17
"""Few enough for a processor to hold them near, with all that their lines are read into."""

_ZSTD_STEP_BYTES = 1 << 11  # four bytes of zstd can hold 128 kB, so we feed it little at a time


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How far we follow a file before we call it dangerous.

    Attributes:
        line_bytes: longest line or record we hold in memory.
        expanded_bytes: most bytes one file may expand to.
        ratio: most bytes out for a byte in, once ``ratio_after_bytes`` came out. Exports of
            posts compress 5 to 40 times; a bomb about 1,000 times or more.
        members: most files in one zip.
        group_bytes: largest Parquet row group, which has to be held whole.
        workbook_bytes: largest spreadsheet once unpacked, or repository, held whole.
    """

    line_bytes: int = 16 << 20
    expanded_bytes: int = 256 << 30
    ratio: int = 300
    ratio_after_bytes: int = 64 << 20
    members: int = 1_000
    group_bytes: int = 1 << 30
    workbook_bytes: int = 256 << 20


USUAL = Limits()


class Member(msgspec.Struct, frozen=True):
    """One file inside a file; ``name`` is empty when there is only one.

    Attributes:
        share: of a file that is held whole, what share of it was given out.
    """

    name: str
    blocks: Iterator[bytes]
    share: Callable[[], float] | None = None


class _Decompressor(Protocol):
    """What bz2 and lzma offer, and what we give gzip and zstd too."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max(max_length, 0))


class _Zstd:
    def __init__(self) -> None:
        self._inner = zstandard.ZstdDecompressor().decompressobj()
        self._waiting = b""

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._waiting

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data + self._waiting

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        step = _ZSTD_STEP_BYTES if max_length >= 0 else None
        data = self._waiting + data
        self._waiting = data[step:] if step else b""
        return self._inner.decompress(data[:step])


_MAKERS: dict[str, tuple[bytes, Callable[[], _Decompressor]]] = {
    "gzip": (b"\x1f\x8b", _Gzip),
    "zstd": (b"\x28\xb5\x2f\xfd", _Zstd),
    "bzip2": (b"BZh", bz2.BZ2Decompressor),
    "xz": (b"\xfd7zXZ\x00", lzma.LZMADecompressor),
}
_ZIP = b"PK\x03\x04"
_LOCAL = struct.Struct("<4s2xHH16xHH")  # signature, flags, method, name and extra lengths
_SIZE_COMES_AFTER = 8
_DESCRIPTOR_BYTES = 16
_EMPTY_ZIP = b"PK\x05\x06"
PARQUET = b"PAR1"
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"%PDF-")
_BROKEN = (zlib.error, OSError, lzma.LZMAError, zstandard.ZstdError, EOFError, ValueError)


def container_of(start: bytes) -> str:
    """Name the container from a file's first bytes: never from its name.

    >>> container_of(b"{}"), container_of(bytes.fromhex("1f8b0800"))
    ('plain', 'gzip')
    """
    if start.startswith((_ZIP, _EMPTY_ZIP)):
        return "zip"
    if start.startswith(PARQUET):
        return "parquet"
    if start.startswith(OLD_EXCEL):
        return "xls"
    if start[257:262] == b"ustar":
        return "tar"
    found = (name for name, (magic, _) in _MAKERS.items() if start.startswith(magic))
    return next(found, "plain")


def members(file: BinaryIO, limits: Limits = USUAL) -> Iterator[Member]:
    """Yield each readable file in ``file``, to be read in turn, in blocks of about 1 MB.

    Raises:
        BadFile: from here or from the blocks, after what could be read came out.
    """
    start = _peek(file)
    if start.startswith(_PICTURES):
        raise BadFile(
            say("This is a picture or a PDF, which nobody can read as a table of posts."),
            say("Type what it says under “I saw this”, where a picture is kept as evidence."),
        )
    kind = container_of(start)
    if kind == "tar":
        raise _nested()
    if is_repository(start):
        yield Member("", lines_of_repository(file, most_bytes=limits.workbook_bytes))
    elif kind == "xls":
        yield from _sheets(file, limits)
    elif kind == "zip":
        yield from _zip_members(file, limits)
    elif kind == "plain":
        yield Member("", _plain(file))
    else:
        yield Member("", _no_archive_inside(_expand(file, kind, limits)))


def _peek(file: BinaryIO) -> bytes:
    file.seek(0)
    start = file.read(512)
    file.seek(0)
    return start


def _plain(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(BLOCK_BYTES):
        yield block


def _expand(file: BinaryIO, kind: str, limits: Limits) -> Iterator[bytes]:
    """Decompress every member or frame of ``file``, one after the other."""
    magic, make = _MAKERS[kind]
    inner, came_out = make(), 0
    data = file.read(BLOCK_BYTES)
    while data or not inner.needs_input:
        try:
            block = inner.decompress(data, BLOCK_BYTES)
        except _BROKEN as trouble:
            raise _damaged(kind) from trouble
        came_out += len(block)
        _refuse_bomb(came_out, file.tell(), limits)
        if block:
            yield block
        data = b""
        if inner.eof:
            data = inner.unused_data or file.read(BLOCK_BYTES)
            if not data.startswith(magic[:2]):
                return  # gzip allows padding after its last member
            inner = make()
        elif inner.needs_input:
            data = file.read(BLOCK_BYTES)
    raise _truncated()


def _refuse_bomb(came_out: int, went_in: int, limits: Limits) -> None:
    too_dense = came_out > limits.ratio_after_bytes and came_out > limits.ratio * max(went_in, 1)
    if too_dense or came_out > limits.expanded_bytes:
        raise BadFile(
            say(
                "The file expands to more than {size} MB from {packed} kB: it looks like a trap.",
                size=came_out >> 20,
                packed=went_in >> 10,
            ),
            say("If you trust it, unpack it yourself and import the result."),
        )


def _no_archive_inside(blocks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(blocks, b"")
    if container_of(first) != "plain":
        raise _nested()
    if first:
        yield first
    yield from blocks


def _zip_members(file: BinaryIO, limits: Limits) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        yield from _cut_zip_members(file, limits)
        return
    entries = [entry for entry in archive.infolist() if _holds_data(entry)]
    if PARTS & {entry.filename for entry in entries}:
        yield from _sheets(file, limits)
        return
    if not entries:
        raise BadFile(say("The zip holds no file."), say("Make the export again."))
    if len(entries) > limits.members:
        raise BadFile(
            say("The zip holds {count} files.", count=len(entries)),
            say("Import at most {limit} at a time.", limit=limits.members),
        )
    for entry in entries:
        yield Member(entry.filename, _zip_blocks(archive, entry, limits))


def _sheets(file: BinaryIO, limits: Limits) -> Iterator[Member]:
    for sheet in sheets_of(file, most_bytes=limits.workbook_bytes):
        yield Member(*sheet)


def _holds_data(entry: zipfile.ZipInfo) -> bool:
    hidden = entry.filename.rsplit("/", 1)[-1].startswith(".")
    folder = entry.filename.endswith("/")  # ``is_dir`` breaks on a name that damage has emptied
    return not (folder or hidden or entry.filename.startswith("__MACOSX/"))


def _zip_blocks(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits
) -> Iterator[bytes]:
    if entry.flag_bits & 1:
        raise BadFile(
            say("{name} in the zip is protected by a password.", name=entry.filename),
            say("Unpack it with the password, then import the result."),
        )
    came_out = 0
    try:
        with archive.open(entry) as member:
            while block := member.read(BLOCK_BYTES):
                if came_out == 0 and container_of(block) != "plain":
                    raise _nested()
                came_out += len(block)
                _refuse_bomb(came_out, entry.compress_size, limits)
                yield block
    except (*_BROKEN, zipfile.BadZipFile, NotImplementedError, RuntimeError) as trouble:
        raise _damaged("zip") from trouble


def _cut_zip_members(file: BinaryIO, limits: Limits) -> Iterator[Member]:
    """Read a zip that lost its end, where its directory was: each file has a header of its own.

    Raises:
        BadFile: always, at the end: the zip was cut.
    """
    file.seek(0)
    while True:
        head = file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(_ZIP):
            raise _truncated()
        _, flags, method, name_bytes, extra_bytes = _LOCAL.unpack(head)
        name = file.read(name_bytes).decode("utf-8", "replace")
        file.read(extra_bytes)
        if flags & 1 or method != zipfile.ZIP_DEFLATED:
            raise _truncated()
        yield Member(name, _no_archive_inside(_inflate(file, limits)))
        if flags & _SIZE_COMES_AFTER:
            file.read(_DESCRIPTOR_BYTES)


def _inflate(file: BinaryIO, limits: Limits) -> Iterator[bytes]:
    """Decompress one file of a zip and leave ``file`` right after it."""
    inner, came_out, start = zlib.decompressobj(wbits=-15), 0, file.tell()
    while not inner.eof:
        data = inner.unconsumed_tail or file.read(BLOCK_BYTES)
        if not data:
            raise _truncated()
        try:
            block = inner.decompress(data, BLOCK_BYTES)
        except zlib.error as trouble:
            raise _damaged("zip") from trouble
        came_out += len(block)
        _refuse_bomb(came_out, file.tell() - start, limits)
        yield block
    file.seek(-len(inner.unused_data), io.SEEK_CUR)


def _truncated() -> BadFile:
    return BadFile(
        say("The file stops before its end: its download or copy was cut."),
        say("Everything before the cut was read. Fetch the file again and import it again."),
    )


def _damaged(kind: str) -> BadFile:
    return BadFile(
        say("The file is damaged: its {kind} data cannot be unpacked any further.", kind=kind),
        say("Everything before that place was read. Fetch the file again and import it again."),
    )


def _nested() -> BadFile:
    return BadFile(
        say("The file is an archive that holds another archive."),
        say("Unpack it first, then import the files in it."),
    )
