"""Long lists a page at a time, by place and not by number: new rows never shift what one reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

SIZE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some rows of a list, newest first.

    Attributes:
        newest, older: query strings of the first and the next page; empty where there is none.
    """

    items: Sequence[Any]
    newest: str
    older: str


def page_of(rows: QuerySet[Any], *, by: str, query: QueryDict, size: int = SIZE) -> Page:
    """Cut a page out of ``rows``, in falling order of the moment ``by``, then of the key.

    The address carries the last row of the page before as ``before=<moment>~<key>``; one that
    cannot be read shows the first page.
    """
    rows = rows.order_by(f"-{by}", "-pk")
    before = _place(query.get("before", ""))
    if before:
        moment, key = before
        rows = rows.filter(Q(**{f"{by}__lt": moment}) | Q(**{by: moment, "pk__lt": key}))
    found = list(rows[: size + 1])
    items = found[:size]
    rest = query.copy()
    rest.pop("before", None)
    older = rest.copy()
    if len(found) > size:
        older["before"] = f"{getattr(items[-1], by).isoformat()}~{items[-1].pk}"
    return Page(
        items=items,
        newest=f"?{rest.urlencode()}" if before else "",
        older=f"?{older.urlencode()}" if len(found) > size else "",
    )


def _place(text: str) -> tuple[datetime, int] | None:
    moment, _, key = text.partition("~")
    try:
        place = datetime.fromisoformat(moment), int(key)
    except ValueError:
        return None
    return place if place[0].tzinfo else None
