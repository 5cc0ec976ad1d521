"""Sends what a page shows as a file: one way for every table of the room."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.http import FileResponse
from django.utils import timezone

from quivive.wire.exports import write_rows

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
"""Kind of file → its media type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows that a page shows, by column; see :func:`quivive.wire.exports.write_rows`."""

    columns: Mapping[str, type]
    rows: Iterable[Mapping[str, Any]]


def send_table(table: Table, name: str, kind: str) -> FileResponse:
    """Send a table as ``name.kind``."""
    zone = timezone.get_current_timezone()
    return send(
        lambda path: write_rows(table.rows, table.columns, path, kind, zone=zone), name, kind
    )


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
