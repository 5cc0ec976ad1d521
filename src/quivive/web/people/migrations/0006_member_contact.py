"""How an account of a panel is reached."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0005_append_only")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="panelmember",
            name="contact",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        )
    ]
