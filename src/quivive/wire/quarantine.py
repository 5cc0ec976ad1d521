"""What a read of a file gives: batches of posts, and the lines set aside with their reason."""

from collections.abc import Iterable
from typing import Protocol

import msgspec

from quivive.listen.records import Deletion
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.messages import Message
from quivive.vocabulary.posts import Post
from quivive.wire.lines import KEPT_BYTES


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """One line set aside, with all one needs to correct and replay it.

    Attributes:
        line: where it begins, from 1, in its own file when that is inside a zip; a row number in
            Parquet, an element in a JSON array.
        raw: the line as text, at most 64 kB of it; ``truncated`` tells when it was longer.
        field: the field at fault, empty when the line as a whole is.
        member: the file inside the zip; empty otherwise.
        header: the table's header line, without which ``raw`` means nothing; empty for JSON.
    """

    line: int
    raw: str
    what: Message
    remedy: Message
    field: str = ""
    truncated: bool = False
    member: str = ""
    header: str = ""


class Batch(msgspec.Struct, kw_only=True):
    """What a few thousand lines gave.

    Attributes:
        line: the last line that is done, counted through all files of a zip;
            give it as ``start_after`` to read exactly the rest.
        read_bytes: how far the disk was read.  total_bytes: the file's size.
    """

    posts: list[Post]
    quarantined: list[Quarantined]
    deletions: list[Deletion]
    line: int
    read_bytes: int
    total_bytes: int


def set_aside(
    raw: bytes, trouble: BadRecord, *, line: int, member: str = "", header: str = ""
) -> Quarantined:
    """Keep a bad line with its reason; bytes that are not UTF-8 show as the sign �."""
    return Quarantined(
        line=line,
        raw=raw[:KEPT_BYTES].decode("utf-8", "replace"),
        what=trouble.what,
        remedy=trouble.remedy,
        field=trouble.field,
        truncated=len(raw) >= KEPT_BYTES,
        member=member,
        header=header,
    )


class BadLine(Protocol):
    """A line set aside, here or in a store: the line, and its table's header if it has one."""

    @property
    def header(self) -> str: ...

    @property
    def raw(self) -> str: ...


def as_file(quarantined: Iterable[BadLine]) -> bytes:
    r"""Write lines of one table, or of any JSON, as a file one can correct and import again.

    >>> bad = BadRecord(Message(text="no date"), Message(text="add it"))
    >>> as_file([set_aside(b"?;bonjour", bad, line=2, header="date;texte")])
    b'date;texte\n?;bonjour\n'
    """
    lines: list[str] = []
    for one in quarantined:
        if one.header and one.header not in lines[:1]:
            lines.append(one.header)
        lines.append(one.raw)
    return "".join(f"{line}\n" for line in lines).encode()
