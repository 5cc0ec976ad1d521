"""Looks at the beginning of a file, so that a person sees what an import would make of it."""

from pathlib import Path

import msgspec

from quivive.listen.guesses import flat
from quivive.listen.mapping import Mapping
from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import Message
from quivive.vocabulary.posts import Post
from quivive.wire.archives import USUAL, container_of, members
from quivive.wire.documents import opened
from quivive.wire.lines import bared
from quivive.wire.parquet import records_of
from quivive.wire.plans import Plan, plan, plan_for_parquet
from quivive.wire.quarantine import Quarantined
from quivive.wire.reading import HEAD_BYTES, peek, read_posts


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What a file is and how its first posts read: what a preview shows before an import.

    Attributes:
        container: plain, gzip, zstd, bzip2, xz, zip, xls, tar or parquet.
        format: name of the format, ``csv`` for a table or JSON with a mapping, empty when unknown.
        title: the format's name for people.
        shape: lines, stream, table or parquet (see :class:`quivive.wire.plans.Plan`).
        encoding: utf-8 or cp1252.
        header: columns of a table, or fields of JSON records, nested ones as ``user.name``.
        rows: the first records, cells in the order of ``header``.
        mapping: the one that would be used, guessed if none was given; None when none is needed.
        trouble, remedy: why the file cannot be read, or not to its end, as far as we looked.
    """

    container: str
    total_bytes: int
    format: str = ""
    title: Message | None = None
    shape: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    posts: tuple[Post, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    mapping: Mapping | None = None
    trouble: Message | None = None
    remedy: Message | None = None


def look_at(
    path: Path,
    *,
    limit: int = 50,
    format: str = "auto",  # noqa: A002  the word people type
    mapping: Mapping | None = None,
) -> Look:
    """Look at the beginning of a file, of the first one in a zip.

    Bad files raise nothing: ``trouble`` and ``remedy`` say what is wrong, and a table whose
    columns could not be guessed still shows its header and first rows.
    """
    with path.open("rb") as file:
        start = file.read(512)
    look = Look(container=container_of(start), total_bytes=path.stat().st_size)
    try:
        how = _plan(path, look.container, format=format, mapping=mapping)
        look = _with_plan(look, how, limit)
        batch = next(read_posts(path, format=format, mapping=mapping, batch=limit), None)
    except BadFile as trouble:
        return msgspec.structs.replace(look, trouble=trouble.what, remedy=trouble.remedy)
    return msgspec.structs.replace(
        look,
        posts=tuple(batch.posts[:limit]) if batch else (),
        quarantined=tuple(batch.quarantined[:limit]) if batch else (),
    )


def _plan(path: Path, container: str, *, format: str, mapping: Mapping | None) -> Plan:  # noqa: A002
    if container == "parquet":
        sample = next(records_of(path, USUAL), [])
        return plan_for_parquet(sample, format=format, mapping=mapping)
    with path.open("rb") as file:
        for member in members(file):
            head, _ = peek(opened(bared(member.blocks)))
            whole = len(head) < HEAD_BYTES
            return plan(head, whole=whole, format=format, mapping=mapping)
    return plan(b"", whole=True, format=format, mapping=mapping)


def _with_plan(look: Look, how: Plan, limit: int) -> Look:
    rows = [
        tuple("" if laid.get(name) is None else str(laid[name]) for name in how.header)
        for laid in map(flat, how.sample[:limit])
    ]
    return msgspec.structs.replace(
        look,
        format="" if how.trouble else how.plug_in.name,
        title=None if how.trouble else how.plug_in.title,
        shape=how.shape,
        encoding="cp1252" if how.latin else "utf-8",
        delimiter=how.delimiter,
        header=how.header,
        rows=tuple(rows),
        mapping=how.mapping,
    )
