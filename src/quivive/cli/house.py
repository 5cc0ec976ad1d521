"""Opens the house for commands that need rows: settings, database, migrations.

Django is imported inside functions on purpose: commands that need no rows never load it.
"""

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

import quivive
from quivive.wire.house import data_folder

SCHEMA = "schema.sha256"
"""Remembers which shape the database was brought to, so that the next start need not look."""

WITH_TABLES = ("django", "django-allauth", "django-axes")


def choose_house(data: Path | None, *, url: str | None = None) -> Path:
    """Say where the room's things are, for this process and those it starts."""
    if data is not None:
        os.environ["QUIVIVE_DATA"] = str(data.resolve())
    if url is not None:
        os.environ.setdefault("QUIVIVE_URL", url)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quivive.web.settings")
    return data_folder()


def is_up_to_date(folder: Path) -> bool:
    """Tell whether this program brought this database up to date before."""
    stamp = folder / SCHEMA
    return stamp.exists() and stamp.read_text() == _schema()


def open_house(data: Path | None = None, *, url: str | None = None) -> None:
    """Load Django on the data folder and bring its database up to date."""
    folder = choose_house(data, url=url)
    import django

    django.setup()
    if is_up_to_date(folder):
        return
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    (folder / SCHEMA).write_text(_schema())


def _schema() -> str:
    """Name the database and every migration that shapes it."""
    ours = Path(quivive.__file__).parent.glob("web/*/migrations/*.py")
    parts = [
        os.environ.get("DATABASE_URL", ""),
        *(f"{name} {version(name)}" for name in WITH_TABLES),
        *sorted(f"{path.parent.parent.name}/{path.name}" for path in ours),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
