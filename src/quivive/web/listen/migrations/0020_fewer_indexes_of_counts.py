"""Drop two indexes that only repeat the beginning of a constraint's: each row was written there too.

The tables stay as they are: Django itself would write them anew under SQLite, which takes minutes.
"""

import django.db.models.deletion
from django.db import migrations, models

INDEXES = {
    "listen_minute_topic_id_459717c0": "listen_minute",
    "listen_halfhour_topic_id_d4d95cae": "listen_halfhour",
}



class Migration(migrations.Migration):
    dependencies = [("listen", "0019_likes_taken_back")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"drop index if exists {index}", f"create index {index} on {table} (topic_id)"
                )
                for index, table in INDEXES.items()
            ],
            state_operations=[
                migrations.AlterField(
                    "halfhour",
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="listen.topic",
                        related_name="half_hours",
                        db_index=False,
                    ),
                ),
                migrations.AlterField(
                    "minute",
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="listen.topic",
                        related_name="minutes",
                        db_index=False,
                    ),
                ),
            ],
        )
    ]
