"""Add up to half hours what an earlier version counted minute by minute."""

from typing import Any

from django.db import migrations

SUMMED = ("voices", "originals", "reposts", "negatives", "positives", "own")
STARTS = {
    "sqlite": (
        "substr(minute, 1, 14) || case when substr(minute, 15, 2) < '30' then '00:00'"
        " else '30:00' end"
    ),
    "postgresql": "to_timestamp(floor(extract(epoch from minute) / 1800) * 1800)",
}


def add_up_what_is_stored(apps: Any, schema_editor: Any) -> None:
    """Add up the minutes that an earlier version counted."""
    start = STARTS[schema_editor.connection.vendor]
    schema_editor.connection.cursor().execute(
        f"insert into listen_halfhour (topic_id, start, {', '.join(SUMMED)}, minutes, expected,"
        f" upper) select topic_id, {start}, {', '.join(f'sum({name})' for name in SUMMED)},"
        " count(*), avg(expected), avg(upper) from listen_minute group by 1, 2"
    )


class Migration(migrations.Migration):
    dependencies = [("listen", "0011_half_hours")]
    operations = [migrations.RunPython(add_up_what_is_stored, migrations.RunPython.noop)]
