"""Sends what a page shows as a file: one way for every table of the room."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.http import FileResponse
from django.utils import timezone

from quivive.listen.pseudonyms import Pseudonyms
from quivive.vocabulary.posts import Post
from quivive.web.listen.services.keys import note_export
from quivive.wire.exports import write_rows
from quivive.wire.secrets import pseudonym_keys

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
"""Kind of file → its media type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows that a page shows, by column; see :func:`quivive.wire.exports.write_rows`."""

    columns: Mapping[str, type]
    rows: Iterable[Mapping[str, Any]]


def hidden(posts: Iterable[Post]) -> Iterator[Post]:
    """Put authors, and whoever is spoken to, under pseudonyms that only our key leads back from."""
    note_export(now=timezone.now())
    return map(Pseudonyms(pseudonym_keys()[0]).hide, posts)


def send_table(table: Table, name: str, kind: str) -> FileResponse:
    """Send a table as ``name.kind``."""
    return send(lambda path: write_rows(table.rows, table.columns, path, kind), name, kind)


def send(write: Callable[[Path], int], name: str, kind: str) -> FileResponse:
    """Send what ``write`` puts in a file that vanishes once it is sent."""
    with NamedTemporaryFile(suffix=f".{kind}", delete=False) as place:
        path = Path(place.name)
    try:
        write(path)
        file = path.open("rb")
    finally:
        path.unlink()  # an open file outlives its name
    return FileResponse(
        file, as_attachment=True, filename=f"{name}.{kind}", content_type=TYPES[kind]
    )
