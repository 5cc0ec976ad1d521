"""Let the database itself keep what was done with alerts append-only."""

from typing import Any

from django.db import migrations

from quivive.web.people import append_only

TABLES = ("detect_alertmove",)


def keep(apps: Any, schema_editor: Any) -> None:
    append_only.keep(schema_editor.connection, TABLES)


def release(apps: Any, schema_editor: Any) -> None:
    append_only.release(schema_editor.connection, TABLES)


class Migration(migrations.Migration):
    dependencies = [("detect", "0003_late_claims")]
    operations = [migrations.RunPython(keep, release)]
