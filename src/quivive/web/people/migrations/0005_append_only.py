"""Let the database itself keep the audit log append-only."""

from typing import Any

from django.db import migrations

from quivive.web.people import append_only

TABLES = ("people_auditline",)


def keep(apps: Any, schema_editor: Any) -> None:
    append_only.keep(schema_editor.connection, TABLES)


def release(apps: Any, schema_editor: Any) -> None:
    append_only.release(schema_editor.connection, TABLES)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_agreement_and_naming")]
    operations = [migrations.RunPython(keep, release)]
