"""Reads many rows a page at a time, with nothing held open between two pages.

An open cursor holds a view of the file as it was, and SQLite refuses at once to write out of a view
that another process has made old: whoever writes while reading has to read like this.
"""

from array import array
from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)

PAGE = 2_000


def in_pages(rows: QuerySet[Row]) -> Iterator[Row]:
    """Yield rows in the order they have now; those that go meanwhile are left out.

    Of each row a number of eight bytes is in memory, and of one page the rows.
    """
    numbers = array("q", rows.values_list("pk", flat=True).iterator(chunk_size=PAGE))
    unordered = rows.order_by()
    for start in range(0, len(numbers), PAGE):
        page = numbers[start : start + PAGE].tolist()
        found = unordered.in_bulk(page)
        yield from (found[number] for number in page if number in found)
