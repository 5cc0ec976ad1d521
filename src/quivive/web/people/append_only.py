"""Tables whose rows the database itself keeps from being changed or taken away.

What the chain of hashes shows afterwards, this refuses beforehand: a query that forgets the models,
a tool beside the program, somebody with a password of the database but not the right to alter it.
"""

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("people_auditline", "coordinate_logline", "detect_alertmove")
"""The audit log, the logs of crises, what was done with alerts."""

_SQLITE = (
    "CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    "CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
    " BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION people_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME"
    " USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER {table}_unchanged BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION people_append_only()",
    "CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION people_append_only()",
)


def keep(connection: BaseDatabaseWrapper, tables: Iterable[str] = TABLES) -> None:
    """Let the database refuse every change of these tables but new rows."""
    statements = _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL
    _run(connection, tables, statements)


def release(connection: BaseDatabaseWrapper, tables: Iterable[str] = TABLES) -> None:
    """Let them be changed again: only for emptying a whole room."""
    on = "" if connection.vendor == "sqlite" else " ON {table}"
    _run(
        connection, tables, [f"DROP TRIGGER {{table}}_{name}{on}" for name in ("unchanged", "kept")]
    )


def _run(connection: BaseDatabaseWrapper, tables: Iterable[str], statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            for statement in statements:
                cursor.execute(statement.replace("{table}", table))
