"""Writes rows as files: NDJSON, CSV that no spreadsheet will run, Excel, Parquet."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from quivive.listen.mapping import FIELDS
from quivive.vocabulary.posts import Post
from quivive.wire.cells import guarded
from quivive.wire.workbooks import write_workbook

KINDS = ("ndjson", "csv", "xlsx", "parquet")
_GROUP_ROWS = 50_000


def write_posts(posts: Iterable[Post], path: Path, kind: str, *, zone: tzinfo = UTC) -> int:
    """Write posts to a file; return how many.

    Args:
        posts: read once, in order.
        path: replaced if it exists.
        kind: ``ndjson``, ``csv``, ``xlsx`` or ``parquet``; ``quivive import`` reads all back.
        zone: of the dates in a workbook; the others name theirs.
    """
    if kind == "ndjson":
        return _write_ndjson(posts, path)
    columns = {**POST_COLUMNS, **POST_MOMENTS} if kind == "xlsx" else POST_COLUMNS
    return write_rows(map(flat_post, posts), columns, path, kind, zone=zone)


def write_rows(
    rows: Iterable[Mapping[str, Any]],
    columns: Mapping[str, type],
    path: Path,
    kind: str,
    *,
    zone: tzinfo = UTC,
) -> int:
    """Write rows to a file; return how many.

    Args:
        rows: cells by column; one that is absent is empty. NDJSON takes rows as they are.
        columns: what each column holds: ``str``, ``int``, ``float``, ``bool``, ``datetime`` or
            ``list`` (of texts).
        path, kind, zone: as :func:`write_posts`.
    """
    if kind == "ndjson":
        return _write_ndjson(rows, path)
    if kind == "csv":
        return _write_csv(rows, columns, path)
    if kind == "xlsx":
        return write_workbook(rows, columns, path, zone=zone)
    if kind == "parquet":
        return _write_parquet(rows, columns, path)
    raise ValueError(f"There is no kind {kind}. Use one of: {', '.join(KINDS)}.")


def _write_ndjson(rows: Iterable[Any], path: Path) -> int:
    encode = msgspec.json.Encoder().encode
    written = 0
    with path.open("wb") as file:
        for row in rows:
            file.write(encode(row) + b"\n")
            written += 1
    return written


def _write_csv(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, type], path: Path) -> int:
    """Write with a byte order mark, without which spreadsheets read accents wrong."""
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_told(row.get(name)) for name in columns])
            written += 1
    return written


def flat_post(post: Post) -> dict[str, Any]:
    """Lay a post out as columns: ``attributed_to.handle`` and so on; lists stay lists."""
    row: dict[str, Any] = msgspec.to_builtins(post)
    account = row.pop("attributed_to")
    return row | {f"attributed_to.{name}": value for name, value in account.items()}


def _told(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return guarded(msgspec.json.encode(value).decode())
    return guarded(str(value).lower() if isinstance(value, bool) else str(value))


def _write_parquet(
    rows: Iterable[Mapping[str, Any]], columns: Mapping[str, type], path: Path
) -> int:
    import pyarrow as pa
    from pyarrow import parquet

    types = {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        datetime: pa.timestamp("us", tz="UTC"),
        list: pa.list_(pa.string()),
    }
    schema = pa.schema([(name, types[holds]) for name, holds in columns.items()])
    written = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for group in _groups(rows):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            written += len(group)
    return written


def _groups(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    stream = iter(rows)
    while group := list(islice(stream, _GROUP_ROWS)):
        yield group


def _holds(field: str) -> type:
    name = field.rsplit(".", 1)[-1]
    if name in {
        "likes",
        "reposts",
        "replies",
        "quotes",
        "views",
        "followers",
        "following",
        "posts",
    }:
        return int
    if name in {"verified", "has_avatar"}:
        return bool
    return list if name in {"hashtags", "mentions", "media", "links"} else str


POST_COLUMNS: Mapping[str, type] = {field: _holds(field) for field in FIELDS}
POST_MOMENTS: Mapping[str, type] = dict.fromkeys(("published", "deleted_at", "seen_at"), datetime)
"""Columns that only a workbook tells as dates; elsewhere they are ISO 8601 with their zone."""
