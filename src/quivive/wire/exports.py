"""Writes posts as files: our own NDJSON, CSV that no spreadsheet will run, Parquet."""

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from quivive.listen.mapping import FIELDS
from quivive.vocabulary.posts import Post

KINDS = ("ndjson", "csv", "parquet")
_GROUP_ROWS = 50_000
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")


def write_posts(posts: Iterable[Post], path: Path, kind: str) -> int:
    """Write posts to a file; return how many.

    Args:
        posts: read once, in order.
        path: replaced if it exists.
        kind: ``ndjson``, ``csv`` or ``parquet``, all in the form ``quivive import`` reads back.
    """
    if kind == "ndjson":
        return _write_ndjson(posts, path)
    if kind == "csv":
        return _write_csv(posts, path)
    if kind == "parquet":
        return _write_parquet(posts, path)
    raise ValueError(f"There is no kind {kind}. Use one of: {', '.join(KINDS)}.")


def _write_ndjson(posts: Iterable[Post], path: Path) -> int:
    encode = msgspec.json.Encoder().encode
    written = 0
    with path.open("wb") as file:
        for post in posts:
            file.write(encode(post) + b"\n")
            written += 1
    return written


def _write_csv(posts: Iterable[Post], path: Path) -> int:
    """Write with a byte order mark, without which spreadsheets read accents wrong."""
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        for post in posts:
            row = flat_post(post)
            writer.writerow([_safe(row.get(name)) for name in FIELDS])
            written += 1
    return written


def flat_post(post: Post) -> dict[str, Any]:
    """Lay a post out as columns: ``attributed_to.handle`` and so on; lists stay lists."""
    row: dict[str, Any] = msgspec.to_builtins(post)
    account = row.pop("attributed_to")
    return row | {f"attributed_to.{name}": value for name, value in account.items()}


def _safe(value: Any) -> str:
    """Write a cell so that no spreadsheet takes it for a formula (OWASP, CSV injection)."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return msgspec.json.encode(value).decode()
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if _DANGEROUS.match(text) else text


def _write_parquet(posts: Iterable[Post], path: Path) -> int:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([(name, _arrow_type(pa, name)) for name in FIELDS])
    written = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for group in _groups(posts):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            written += len(group)
    return written


def _arrow_type(pa: Any, name: str) -> Any:
    field = name.rsplit(".", 1)[-1]
    if field in {"likes", "reposts", "replies", "views", "followers", "following", "posts"}:
        return pa.int64()
    if field in {"verified", "has_avatar"}:
        return pa.bool_()
    if field in {"hashtags", "mentions", "media", "links"}:
        return pa.list_(pa.string())
    return pa.string()


def _groups(posts: Iterable[Post]) -> Iterator[list[dict[str, Any]]]:
    stream = iter(posts)
    while group := [flat_post(post) for post in islice(stream, _GROUP_ROWS)]:
        yield group
