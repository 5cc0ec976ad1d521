"""Many rows written at once, without Django's objects in between: they cost more than the rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model


def write(
    model: type[Model],
    rows: Sequence[Mapping[str, Any]],
    *,
    unique: str = "",
    revised: Sequence[str] = (),
) -> None:
    """Insert rows; one that is there already stays, but for what is revised.

    Args:
        rows: values by column, of all columns but the key; JSON as text.
        unique: the column that tells rows apart, where some are revised.
        revised: columns that take the new value.
    """
    if not rows:
        return
    names = ", ".join(rows[0])
    places = ", ".join(["%s"] * len(rows[0]))
    changes = ", ".join(f"{name} = excluded.{name}" for name in revised)
    conflict = f"({unique}) do update set {changes}" if revised else "do nothing"
    told = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            f"insert into {model._meta.db_table} ({names}) values ({places})"  # noqa: S608  our words
            f" on conflict {conflict}",
            [
                [told(one) if isinstance(one, datetime) else one for one in row.values()]
                for row in rows
            ],
        )
