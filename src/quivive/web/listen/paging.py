"""Reads many rows a page at a time, with nothing held open between two pages.

An open cursor holds a view of the file as it was, and SQLite refuses at once to write out of a view
that another process has made old: whoever writes while reading has to read like this.
"""

from array import array
from collections.abc import Iterator
from typing import Any

from django.db.models import Expression, QuerySet

PAGE = 500
"""Rows a page: under SQLite's bound on parameters."""


def in_pages(rows: QuerySet[Any], *columns: str | Expression) -> Iterator[tuple[Any, ...]]:
    """Yield columns of rows in the order they have now; rows that go meanwhile are left out.

    Of each row a number of eight bytes is in memory, and of one page the columns: Django's objects
    would cost as much as what is read of them.
    """
    numbers = array("q", rows.values_list("pk", flat=True).iterator(chunk_size=PAGE))
    unordered = rows.order_by().values_list("pk", *columns)
    for start in range(0, len(numbers), PAGE):
        page = numbers[start : start + PAGE].tolist()
        found = {number: told for number, *told in unordered.filter(pk__in=page)}
        yield from (tuple(found[number]) for number in page if number in found)
