"""Opens the house for commands that need rows: settings, database, migrations."""

import os
from pathlib import Path


def open_house(data: Path | None = None, *, url: str | None = None) -> None:
    """Load Django on the data folder and bring its database up to date.

    Imported late on purpose: commands that need no rows never load Django.
    """
    if data is not None:
        os.environ["QUIVIVE_DATA"] = str(data.resolve())
    if url is not None:
        os.environ.setdefault("QUIVIVE_URL", url)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quivive.web.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
