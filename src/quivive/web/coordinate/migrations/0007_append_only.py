"""Let the database itself keep the logs of crises append-only."""

from typing import Any

from django.db import migrations

from quivive.web.people import append_only

TABLES = ("coordinate_logline",)


def keep(apps: Any, schema_editor: Any) -> None:
    append_only.keep(schema_editor.connection, TABLES)


def release(apps: Any, schema_editor: Any) -> None:
    append_only.release(schema_editor.connection, TABLES)


class Migration(migrations.Migration):
    dependencies = [("coordinate", "0006_speaker")]
    operations = [migrations.RunPython(keep, release)]
