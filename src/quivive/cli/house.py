"""Opens the house for commands that need rows: settings, database, migrations.

Django is imported inside functions on purpose: commands that need no rows never load it.
"""

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

import quivive
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.wire.house import data_folder, is_full

SCHEMA = "schema.sha256"
"""Remembers which shape the database was brought to, so that the next start need not look."""

ADDRESS = "address.txt"
"""Remembers where the room was last opened."""

WITH_TABLES = ("django", "django-allauth", "django-axes")


def choose_house(data: Path | None, *, url: str | None = None) -> Path:
    """Say where the room's things are, for this process and those it starts.

    Without ``url`` the links of commands lead to where the room was last started.
    """
    if data is not None:
        os.environ["QUIVIVE_DATA"] = str(data.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quivive.web.settings")
    folder = data_folder()
    if url is not None:
        (folder / ADDRESS).write_text(url)
    if known := url or last_address(folder):
        os.environ.setdefault("QUIVIVE_URL", known)
    return folder


def last_address(folder: Path) -> str | None:
    """Return the address at which ``quivive up`` last opened a room; None when it never did."""
    place = folder / ADDRESS
    return place.read_text() if place.exists() else None


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
    from django.db import DatabaseError

    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as trouble:
        if is_full(folder):
            raise
        raise NotAllowed(
            say("The database could not be brought up to date: {reason}.", reason=str(trouble)),
            say(
                "No row was lost. If its server does not answer, start that; else keep a copy of "
                "{folder}, start the version that was there before, and tell us both versions.",
                folder=str(folder),
            ),
        ) from trouble
    (folder / SCHEMA).write_text(_schema())


def is_embedded() -> bool:
    """Tell whether the rows lie in the data folder, not on a database server."""
    return os.environ.get("DATABASE_URL", "sqlite").startswith("sqlite")


def embedded_folder(folder: Path) -> Path:
    """Return the folder of a room on the embedded database.

    Raises:
        NotAllowed: its rows are on another server, which has its own way to keep them.
    """
    if is_embedded():
        return folder
    raise NotAllowed(
        say("This room's rows are on a database server (DATABASE_URL)."),
        say(
            "Keep them with pg_dump and bring them back with pg_restore; copy {folder} beside.",
            folder=str(folder),
        ),
    )


def known_shape() -> frozenset[str]:
    """Return the names of the migrations this program knows."""
    import django

    django.setup()
    from django.db.migrations.loader import MigrationLoader

    return frozenset(f"{app}/{name}" for app, name in MigrationLoader(None).disk_migrations)


def program_version() -> str:
    """Return the version of this program."""
    return version("quivive")


def _schema() -> str:
    """Name the database and every migration that shapes it."""
    ours = Path(quivive.__file__).parent.glob("web/*/migrations/*.py")
    parts = [
        os.environ.get("DATABASE_URL", ""),
        *(f"{name} {version(name)}" for name in WITH_TABLES),
        *sorted(f"{path.parent.parent.name}/{path.name}" for path in ours),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
