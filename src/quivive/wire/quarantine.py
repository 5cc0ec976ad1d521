"""What a read of a file gives: batches of posts, and the lines set aside with their reason."""

import msgspec

from quivive.listen.records import Deletion
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.messages import Message
from quivive.vocabulary.posts import Post
from quivive.wire.lines import KEPT_BYTES


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """One line set aside, with all one needs to correct and replay it.

    Attributes:
        line: where it begins, from 1; a row number in Parquet, an element in a JSON array.
        raw: the line as text, at most 64 kB of it; ``truncated`` tells when it was longer.
        field: the field at fault, empty when the line as a whole is.
        member: the file inside the zip; empty otherwise.
    """

    line: int
    raw: str
    what: Message
    remedy: Message
    field: str = ""
    truncated: bool = False
    member: str = ""


class Batch(msgspec.Struct, kw_only=True):
    """What a few thousand lines gave.

    Attributes:
        line: the last line that is done; give it as ``start_after`` to read exactly the rest.
        read_bytes: how far the disk was read.  total_bytes: the file's size.
    """

    posts: list[Post]
    quarantined: list[Quarantined]
    deletions: list[Deletion]
    line: int
    read_bytes: int
    total_bytes: int


def set_aside(raw: bytes, trouble: BadRecord, *, line: int, member: str = "") -> Quarantined:
    """Keep a bad line with its reason; bytes that are not UTF-8 show as the sign �."""
    return Quarantined(
        line=line,
        raw=raw[:KEPT_BYTES].decode("utf-8", "replace"),
        what=trouble.what,
        remedy=trouble.remedy,
        field=trouble.field,
        truncated=len(raw) >= KEPT_BYTES,
        member=member,
    )
