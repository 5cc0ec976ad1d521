"""Writes tables as Excel workbooks, which a double click opens well in any country."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from itertools import chain, islice
from pathlib import Path
from typing import Any

import msgspec
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
"""Rows of one sheet, its header among them; a longer table goes on in the next sheet."""
_FIRST_YEAR = 1900
_WIDTHS: Mapping[type, int] = {str: 24, list: 24, datetime: 20, bool: 10}
_NARROW = 12


def write_workbook(
    rows: Iterable[Mapping[str, Any]],
    columns: Mapping[str, type],
    path: Path,
    *,
    zone: tzinfo = UTC,
    most_rows: int = MOST_ROWS,
) -> int:
    """Write rows as a workbook, one row at a time; return how many.

    A text stays a text, whatever it begins with: no formula runs and no link is made. Excel knows
    no zones, so the head of a column of dates names the reader's, and a read of the file trusts it.

    Args:
        rows, columns: as :func:`quivive.wire.exports.write_rows`; a moment may be ISO 8601.
        zone: of the dates in the cells.
    """
    heads = [_head(name, holds, zone) for name, holds in columns.items()]
    stream = iter(rows)
    written = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        write = _writer(book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}), zone)
        while True:
            sheet = _sheet(book.add_worksheet(), heads, [*columns.values()], bold)
            for number, row in enumerate(islice(stream, most_rows - 1), start=1):
                for column, (name, holds) in enumerate(columns.items()):
                    if (value := row.get(name)) is not None:
                        write(sheet, number, column, value, holds)
                written += 1
            following = next(stream, None)
            if following is None:
                return written
            stream = chain((following,), stream)


def _head(name: str, holds: type, zone: tzinfo) -> str:
    return f"{name} ({zone})" if holds is datetime else name


def _sheet(sheet: Worksheet, heads: list[str], holds: list[type], bold: Format) -> Worksheet:
    sheet.freeze_panes(1, 0)
    for column, (head, kind) in enumerate(zip(heads, holds, strict=True)):
        sheet.set_column(column, column, max(_WIDTHS.get(kind, _NARROW), len(head) + 2))
        sheet.write_string(0, column, head, bold)
    return sheet


def _writer(moments: Format, zone: tzinfo) -> Callable[[Worksheet, int, int, Any, type], None]:
    def write(sheet: Worksheet, row: int, column: int, value: Any, holds: type) -> None:
        if holds is datetime and isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime) and value.year > _FIRST_YEAR:
            local = value.astimezone(zone).replace(tzinfo=None)
            sheet.write_datetime(row, column, local, moments)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, _text(value))

    return write


def _text(value: Any) -> str:
    """Write a cell's text; one in ``<r>…</r>`` gets a space, or it would be taken for markup.

    >>> _text(["#eau"]), _text("<r>&</r>"), _text("=1+1")
    ('["#eau"]', '<r>&</r> ', '=1+1')
    """
    if isinstance(value, datetime):
        return value.isoformat()
    text = msgspec.json.encode(value).decode() if isinstance(value, list | tuple) else str(value)
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
