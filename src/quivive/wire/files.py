"""Files of posts in and out: what ``quivive import`` and ``quivive export`` do with a disk.

Whatever the size of a file, a few megabytes of it are in memory. A bad line goes to quarantine
and never stops the rest; a file that cannot be read any further says so after all that could be.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec

import quivive.listen.formats
from quivive.listen.records import Deletion, Format, Record, checked
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.wire.archives import USUAL, Limits, Member, members
from quivive.wire.jsonlines import Piece, pieces_of_lines
from quivive.wire.lines import lines_of, without_bom
from quivive.wire.quarantine import Batch, Quarantined, set_aside

HEAD_BYTES = 1 << 18
"""How much of a file is looked at to tell what it is."""

SAMPLE = 50

_native = msgspec.json.Decoder(Post).decode
_BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError, BadRecord)


@cache
def formats() -> dict[str, Format]:
    """Find every format plug-in, by name."""
    folder = quivive.listen.formats
    names = [info.name for info in pkgutil.iter_modules(folder.__path__)]
    found = [importlib.import_module(f"{folder.__name__}.{name}").FORMAT for name in names]
    return {plug_in.name: plug_in for plug_in in found}


class _Basket:
    """Gathers what lines give until there is enough for a batch."""

    def __init__(self, plug_in: Format, member: str) -> None:
        self.plug_in = plug_in
        self.member = member
        self.posts: list[Post] = []
        self.quarantined: list[Quarantined] = []
        self.deletions: list[Deletion] = []
        self.line = 0

    def __len__(self) -> int:
        return len(self.posts) + len(self.quarantined) + len(self.deletions)

    def add(self, piece: Piece) -> None:
        line, raw, record = piece
        self.line = line
        if isinstance(record, BadRecord):
            self.refuse(raw, record)
            return
        try:
            parts = list(self.plug_in.split(record))
        except BadRecord as trouble:
            self.refuse(raw, trouble)
            return
        for part in parts:
            self._add_record(part, raw if part is record else msgspec.json.encode(part))

    def _add_record(self, record: Record, raw: bytes) -> None:
        try:
            found = self.plug_in.posts(record)
        except BadRecord as trouble:
            self.refuse(raw, trouble)
            return
        for one in found:
            if isinstance(one, Deletion):
                self.deletions.append(one)
            else:
                self.posts.append(one)

    def refuse(self, raw: bytes, trouble: BadRecord) -> None:
        aside = set_aside(raw, trouble, line=self.line, member=self.member)
        self.quarantined.append(aside)

    def empty(self, *, read_bytes: int, total_bytes: int) -> Batch:
        """Give a batch and start the next one."""
        batch = Batch(
            posts=self.posts,
            quarantined=self.quarantined,
            deletions=self.deletions,
            line=self.line,
            read_bytes=read_bytes,
            total_bytes=total_bytes,
        )
        self.posts, self.quarantined, self.deletions = [], [], []
        return batch


def read_posts(
    path: Path,
    *,
    format: str = "auto",  # noqa: A002  the word people type
    start_after: int = 0,
    batch: int = 2_000,
    limits: Limits = USUAL,
) -> Iterator[Batch]:
    """Read a file of posts, whatever its container and format.

    Args:
        path: the file.
        format: a name among :func:`formats`, or ``auto``.
        start_after: the ``line`` of the last batch that was kept; reading goes on right after it.
        batch: how many posts a batch holds, about.
        limits: where a file becomes dangerous.

    Raises:
        BadFile: after everything that could be read came out.
    """
    total = path.stat().st_size
    if total == 0:
        raise _empty()
    with path.open("rb") as file:
        for member in members(file, limits):
            for basket in _read_member(member, format, start_after, batch, limits):
                yield basket.empty(read_bytes=file.tell(), total_bytes=total)


def _read_member(
    member: Member, name: str, start_after: int, batch: int, limits: Limits
) -> Iterator[_Basket]:
    head, blocks = _peek(without_bom(member.blocks))
    if not head.strip(b" \t\r\n\0"):
        raise _empty()
    lines = lines_of(blocks, limit=limits.line_bytes)
    basket = _Basket(formats()["native"], member.name)
    yield from _read_native(lines, basket, start_after, batch)


def _read_native(
    lines: Iterable[list[bytes]], basket: _Basket, start_after: int, batch: int
) -> Iterator[_Basket]:
    """Read our own form as fast as typed decoding goes; only a doubtful line takes the long way."""
    keep = basket.posts.append
    for chunk in lines:
        for line in chunk:
            basket.line += 1
            if basket.line <= start_after:
                continue
            try:
                keep(checked(_native(line)))
            except _BROKEN:
                number = basket.line
                for piece in pieces_of_lines([[line]], start_after=0, latin=None):
                    basket.add((number, *piece[1:]))
            if len(basket) >= batch:
                yield basket
                keep = basket.posts.append
    if len(basket):
        yield basket


def _peek(blocks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Look at the first blocks and put them back, with the error that stopped them if any."""
    seen: list[bytes] = []
    trouble: BadFile | None = None
    try:
        while sum(map(len, seen)) < HEAD_BYTES:
            seen.append(next(blocks))
    except StopIteration:
        pass
    except BadFile as stopped:
        trouble = stopped

    def again() -> Iterator[bytes]:
        yield from seen
        if trouble:
            raise trouble
        yield from blocks

    return b"".join(seen), again()


def _empty() -> BadFile:
    return BadFile(say("The file is empty."), say("Make the export again, then import it."))
