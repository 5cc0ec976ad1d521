"""Minute counts added up in the database, so that a page costs the same whatever is stored."""

from typing import Any, ClassVar

from django.db.models import Func, IntegerField


class Bucket(Func):
    """The number of a moment's slice of ``width_s`` seconds, counted from 1970."""

    output_field: ClassVar[Any] = IntegerField()
    arity = 1

    def __init__(self, moment: str, width_s: int) -> None:
        """Cut at whole multiples of ``width_s``."""
        super().__init__(moment, width_s=int(width_s))

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """SQLite keeps moments as UTC text."""
        return self.as_sql(
            compiler,
            connection,
            template="(CAST(strftime('%%%%s', %(expressions)s) AS INTEGER) / %(width_s)s)",
            **extra,
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """PostgreSQL keeps moments as moments."""
        return self.as_sql(
            compiler,
            connection,
            template="FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / %(width_s)s)::integer",
            **extra,
        )
