"""Reads a file of posts in batches: container, lines, records, posts, each in its turn.

Whatever the size of a file, a few megabytes of it are in memory. A bad line goes to quarantine
and never stops the rest; a file that cannot be read any further says so after all that could be.
"""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np

from quivive.listen.mapping import Mapping
from quivive.listen.records import SURPRISES, Deletion, Format, Record, holds_nul, sound
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.wire.archives import PARQUET, USUAL, Limits, Member, members
from quivive.wire.documents import opened
from quivive.wire.envelopes import pieces_of_envelope
from quivive.wire.jsonlines import Piece, piece_of_line, pieces_of_lines, pieces_of_stream
from quivive.wire.lines import Charset, bared, lines_of, runs_of, split
from quivive.wire.parquet import pieces_of_parquet, records_of, rows_in
from quivive.wire.plans import SAMPLE, Plan, plan, plan_for_parquet
from quivive.wire.quarantine import Batch, Quarantined, set_aside
from quivive.wire.tables import after_header, pieces_of_table, rows_of

HEAD_BYTES = 1 << 18
"""How much of a file is looked at to tell what it is."""

_native = msgspec.json.Decoder(Post).decode
_native_lines = msgspec.json.Decoder(Post).decode_lines
_NUL = b"\\u0000"
_may_hold_nul = re.compile(re.escape(_NUL)).search  # twice as fast as ``in`` over a block
_find_nul = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000").search  # not a backslash that is spelt out
_BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError, BadRecord)


class _Basket:
    """Gathers what records give until there is enough for a batch."""

    def __init__(self, how: Plan, member: str, line: int) -> None:
        self.how, self.member = how, member
        self.base = self.line = line  # lines are counted through all files of a zip
        self._reset()

    def _reset(self) -> None:
        self.posts: list[Post] = []
        self.quarantined: list[Quarantined] = []
        self.deletions: list[Deletion] = []

    def __len__(self) -> int:
        return len(self.posts) + len(self.quarantined) + len(self.deletions)

    def add(self, piece: Piece, *, start_after: int) -> None:
        """Read one record; whatever is wrong with it is set aside."""
        first, last, raw, record = piece
        self.line = self.base + last
        if self.line <= start_after:
            return
        try:
            if isinstance(record, BadRecord):
                raise record
            if b"\0" in raw or _find_nul(raw):
                raise holds_nul()
            parts = list(self.how.plug_in.split(record))
        except BadRecord as trouble:
            self._set_aside(raw, trouble, first)
            return
        except SURPRISES as surprise:
            self._set_aside(raw, _beyond(self.how.plug_in, surprise), first)
            return
        for part in parts:
            self._add_part(part, raw if part is record else b"", first)

    def _add_part(self, part: Record, raw: bytes, line: int) -> None:
        try:
            found = self.how.plug_in.posts(part)
        except BadRecord as trouble:
            self._set_aside(raw or _as_json(part), trouble, line)
            return
        except SURPRISES as surprise:
            beyond = _beyond(self.how.plug_in, surprise)
            self._set_aside(raw or _as_json(part), beyond, line)
            return
        for one in found:
            if isinstance(one, Deletion):
                self.deletions.append(one)
            else:
                self.posts.append(one)

    def _set_aside(self, raw: bytes, trouble: BadRecord, line: int) -> None:
        header = self.how.header_line
        aside = set_aside(raw, trouble, line=line, member=self.member, header=header)
        self.quarantined.append(aside)

    def give(self, *, read_bytes: int, total_bytes: int) -> Batch:
        """Give what there is as a batch, and begin the next one."""
        batch = Batch(
            posts=self.posts,
            quarantined=self.quarantined,
            deletions=self.deletions,
            line=self.line,
            read_bytes=read_bytes,
            total_bytes=total_bytes,
        )
        self._reset()
        return batch


def _beyond(plug_in: Format, surprise: Exception) -> BadRecord:
    """Say that a plug-in met what its author had not foreseen; the rest of the file goes on."""
    return BadRecord(
        say(
            "The format {name} did not foresee such a record: {reason}.",
            name=plug_in.name,
            reason=f"{type(surprise).__name__} {surprise}"[:200],
        ),
        say("Keep the line and tell the people who look after this format."),
    )


def _as_json(record: Record) -> bytes:
    return msgspec.json.encode(record, enc_hook=str)


class _Job(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller of one read asked for."""

    format: str
    mapping: Mapping | None
    start_after: int
    batch: int
    limits: Limits


def read_posts(
    path: Path,
    *,
    format: str = "auto",  # noqa: A002  the word people type
    mapping: Mapping | None = None,
    start_after: int = 0,
    batch: int = 2_000,
    limits: Limits = USUAL,
) -> Iterator[Batch]:
    """Read a file of posts, whatever its container and format.

    Args:
        path: the file.
        format: a name among :func:`formats`, ``csv`` for a table by mapping, or ``auto``.
        mapping: how to read a table; guessed when the format is not one we know.
        start_after: the ``line`` of the last batch that was kept; reading goes on right after it.
        batch: how many posts a batch holds, about.
        limits: where a file becomes dangerous.

    Raises:
        BadFile: after everything that could be read came out.
    """
    job = _Job(format=format, mapping=mapping, start_after=start_after, batch=batch, limits=limits)
    try:
        with path.open("rb") as file:
            if file.read(len(PARQUET)) == PARQUET:
                yield from _read_parquet(path, job)
            else:
                yield from _read(file, path.stat().st_size, job)
    except OSError as trouble:
        raise BadFile(
            say("{name} cannot be opened: {reason}.", name=path.name, reason=str(trouble)),
            say("Check its name, and that you may read it."),
        ) from trouble


def read_bytes(
    data: bytes,
    *,
    format: str = "auto",  # noqa: A002  the word people type
    mapping: Mapping | None = None,
    limits: Limits = USUAL,
) -> Iterator[Batch]:
    """Read posts from memory: a corrected quarantine (see :func:`as_file`), or what was pasted."""
    job = _Job(format=format, mapping=mapping, start_after=0, batch=2_000, limits=limits)
    return _read(BytesIO(data), len(data), job)


def _read(file: BinaryIO, total: int, job: _Job) -> Iterator[Batch]:
    line = 0
    troubles: list[BadFile] = []
    for member in members(file, job.limits):
        try:
            for basket in _read_member(member, job, line):
                line = basket.line
                so_far = int(member.share() * total) if member.share else file.tell()
                yield basket.give(read_bytes=so_far, total_bytes=total)
        except BadFile as trouble:
            troubles.append(trouble)
    if total == 0 and not troubles:
        raise _empty()
    if troubles:
        raise troubles[0]


def _read_member(member: Member, job: _Job, line: int) -> Iterator[_Basket]:
    head, blocks = peek(opened(bared(member.blocks)))
    if not head.strip(b" \t\r\n\0"):
        for _ in blocks:  # an error may wait behind the emptiness
            pass
        raise _empty()
    whole = len(head) < HEAD_BYTES
    how = usable(plan(head, whole=whole, format=job.format, mapping=job.mapping))
    basket = _Basket(how, member.name, line)
    if how.shape == "lines" and how.plug_in.name == "native":
        yield from _read_native(blocks, basket, job)
    else:
        yield from _fill(basket, _pieces(how, blocks, job.limits.line_bytes), job)


def _pieces(how: Plan, blocks: Iterator[bytes], limit: int) -> Iterator[Piece]:
    charset = Charset(latin=how.latin)
    if how.shape == "envelope":
        return pieces_of_envelope(blocks, charset, how.path, limit=limit)
    if how.shape == "stream":
        return pieces_of_stream(blocks, charset, limit=limit)
    lines = lines_of(blocks, limit=limit)
    if how.shape == "lines":
        return pieces_of_lines(lines, charset)
    rows = rows_of(lines, charset, delimiter=how.delimiter, limit=limit)
    _, _, below = after_header(rows)
    return pieces_of_table(below, how.header)


def _fill(basket: _Basket, pieces: Iterable[Piece], job: _Job) -> Iterator[_Basket]:
    """Yield the basket each time it is full, and at the end, even one that is cut short."""
    trouble: BadFile | None = None
    try:
        for piece in pieces:
            basket.add(piece, start_after=job.start_after)
            if len(basket) >= job.batch:
                yield basket
    except BadFile as stopped:
        trouble = stopped
    if len(basket) or basket.line > basket.base:
        yield basket
    if trouble:
        raise trouble


def _read_native(blocks: Iterator[bytes], basket: _Basket, job: _Job) -> Iterator[_Basket]:
    """Read our own form as fast as typed decoding goes."""
    charset = Charset(latin=basket.how.latin)
    trouble: BadFile | None = None
    try:
        for run in runs_of(blocks, limit=job.limits.line_bytes):
            for _ in _read_run(run, basket, charset, job):
                if len(basket) >= job.batch:
                    yield basket
    except BadFile as stopped:
        trouble = stopped
    yield basket
    if trouble:
        raise trouble


def _read_run(run: bytes, basket: _Basket, charset: Charset, job: _Job) -> Iterator[None]:
    """Read a run of lines, with a pause wherever a batch may end."""
    posts = _posts_of(run, job.limits) if basket.line >= job.start_after else None
    if posts is not None:
        for start in range(0, len(posts), job.batch):
            some = posts[start : start + job.batch]
            basket.posts += some
            basket.line += len(some)
            yield
        return
    lines = split(run, limit=job.limits.line_bytes)
    for start in range(0, len(lines), job.batch):
        some_lines = lines[start : start + job.batch]
        before = basket.line - basket.base
        skipped = max(job.start_after - basket.line, 0)
        _read_lines(some_lines[skipped:], basket, charset, after=before + skipped)
        basket.line = basket.base + before + len(some_lines)
        yield


def _posts_of(run: bytes, limits: Limits) -> list[Post] | None:
    """Read a run of lines at once; None when any of them has to be looked at by itself."""
    if (b"\\" in run and _may_hold_nul(run)) or len(run) > limits.line_bytes:
        return None
    lines = _lines_of_objects(run)
    try:
        posts = [sound(post) for post in _native_lines(run)] if lines else []
    except _BROKEN:
        return None
    return posts if lines and len(posts) == lines else None


def _lines_of_objects(run: bytes) -> int:
    """Count the lines of a run; 0 where one seems to hold anything but one object.

    The decoder would take two objects on a line, or one on two, without a word.
    """
    if not (run.startswith(b"{") and run.endswith(b"}")):
        return 0
    signs = np.frombuffer(run, np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    tidy = (signs[ends - 1] == ord("}")).all() and (signs[ends + 1] == ord("{")).all()
    return len(ends) + 1 if tidy else 0


def _read_lines(lines: list[bytes], basket: _Basket, charset: Charset, *, after: int) -> None:
    """Read the lines that follow line ``after``; what is wrong with one is set aside."""
    for number, line in enumerate(lines, start=after + 1):
        try:
            if _find_nul(line):
                raise holds_nul()
            basket.posts.append(sound(_native(line)))
        except _BROKEN:
            if line.strip():
                basket.add(piece_of_line(number, line, charset), start_after=0)


def _read_parquet(path: Path, job: _Job) -> Iterator[Batch]:
    total = path.stat().st_size
    batches = records_of(path, job.limits)
    first = next(batches, [])
    if not first:
        raise _empty()
    how = usable(plan_for_parquet(first[:SAMPLE], format=job.format, mapping=job.mapping))
    basket, rows = _Basket(how, "", 0), rows_in(path)
    for full in _fill(basket, pieces_of_parquet(chain([first], batches)), job):
        yield full.give(read_bytes=total * full.line // rows, total_bytes=total)


def peek(blocks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
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


def usable(how: Plan) -> Plan:
    """Return the plan.

    Raises:
        BadFile: it cannot be carried out as it is.
    """
    if how.trouble:
        raise how.trouble
    return how


def _empty() -> BadFile:
    return BadFile(say("The file is empty."), say("Make the export again, then import it."))
