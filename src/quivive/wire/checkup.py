"""Looks at the ground a room stands on: its disk, its secret, its database, its mail server."""

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from pathlib import Path

import msgspec

from quivive.vocabulary.messages import Message, say
from quivive.wire.backups import DATABASE
from quivive.wire.house import answers, is_full

LOW_DISK = 1 << 30
"""Bytes free below which a busy day may fill the disk."""

OWNER_ONLY = 0o077
"""Rights that nobody but the owner of a secret should have."""


class State(StrEnum):
    """How something fares."""

    FINE = "fine"
    WARN = "warn"
    BAD = "bad"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at.

    Attributes:
        about: short and stable, for programs.  remedy: what to do; None when all is well.
    """

    about: str
    state: State
    what: Message
    remedy: Message | None = None


def check_ground(folder: Path, *, embedded: bool) -> Iterator[Finding]:
    """Look at the data folder, and at the database when it lies there."""
    yield _disk(folder)
    yield _secret(folder)
    if embedded:
        yield _database(folder / DATABASE)


def check_mail(host: str, port: int, *, ready: bool) -> Finding:
    """Say whether e-mail can leave: a server is named, and something answers there."""
    if not ready:
        return Finding(
            about="mail",
            state=State.WARN,
            what=say("No mail server is named: nobody is told by e-mail."),
            remedy=say("Set QUIVIVE_SMTP_HOST and its like, or give people another way."),
        )
    place = f"{host}:{port}"
    if answers(host, port):
        return Finding(
            about="mail",
            state=State.FINE,
            what=say("The mail server {place} answers.", place=place),
        )
    return Finding(
        about="mail",
        state=State.BAD,
        what=say("The mail server {place} does not answer.", place=place),
        remedy=say("Check its name and port, and that this machine may reach it."),
    )


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    gigabytes = round(free / 1e9, 1)
    what = say("{free} GB are free for {folder}.", free=gigabytes, folder=str(folder))
    if free >= LOW_DISK:
        return Finding(about="disk", state=State.FINE, what=what)
    remedy = say("Make room, or move the folder to a larger disk.")
    return Finding(about="disk", state=State.BAD, what=what, remedy=remedy)


def _secret(folder: Path) -> Finding:
    path = folder / "secret.key"
    if not path.exists() or not stat.S_IMODE(path.stat().st_mode) & OWNER_ONLY:
        return Finding(
            about="secret",
            state=State.FINE,
            what=say("The room's secret is readable by its owner only."),
        )
    return Finding(
        about="secret",
        state=State.BAD,
        what=say("Others on this machine can read the room's secret."),
        remedy=say("Take the right from them: chmod 600 {path}", path=str(path)),
    )


def _database(path: Path) -> Finding:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as opened:
            said = str(opened.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as trouble:
        if isinstance(trouble, sqlite3.OperationalError) and is_full(path.parent):
            return Finding(
                about="database",
                state=State.BAD,
                what=say("The database cannot be looked at: the disk is full."),
                remedy=say("Make room, or move the folder to a larger disk."),
            )
        said = str(trouble)
    if said == "ok":
        size = round(path.stat().st_size / 1e6, 1)
        what = say("The database is whole ({size} MB).", size=size)
        return Finding(about="database", state=State.FINE, what=what)
    return Finding(
        about="database",
        state=State.BAD,
        what=say("The database is damaged: {reason}.", reason=said[:200]),
        remedy=say("Stop the room and bring the last backup back with quivive restore."),
    )
