"""Keeps a room in one file and brings it back: the database as it stood, its secret, its files.

The database is copied by SQLite's own online backup, so a running room is copied whole, as it
stood at one moment. What comes back is checked before anything that is there is touched.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from quivive.vocabulary.errors import BadFile, NotAllowed
from quivive.vocabulary.messages import say
from quivive.wire.house import is_full

DATABASE = "quivive.sqlite3"
KEPT = ("secret.key",)
"""Single files beside the database that a room cannot do without."""

FOLDERS = ("imports", "screenshots")
"""What people brought: files that still wait to be read, and pictures that prove what they saw."""

MANIFEST = "manifest.json"
_ASIDE = "before-restore-%Y%m%d-%H%M%S"
_BLOCK = 1 << 20
_LEFT_BY_SQLITE = ("-wal", "-shm", "-journal")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself.

    Attributes:
        shape: names of the migrations the database went through.
        folder: where the room lay; rows name brought files by it.
        digests: SHA-256 of each file.
    """

    version: str
    made_at: datetime
    shape: tuple[str, ...]
    folder: str
    digests: dict[str, str]


def keep(folder: Path, target: Path, *, version: str, now: datetime, replace: bool) -> Manifest:
    """Write a room to one file, readable by its owner only: it holds the room's secret.

    Args:
        folder: the data folder; the room may be running.
        target: the file; it is there whole or not at all.
        version: of the program.
        now: when.
        replace: whether a file that is there may be replaced.

    Raises:
        NotAllowed: the target is there already.
        BadFile: there is no database in the folder, or it is damaged.
    """
    if target.exists() and not replace:
        raise NotAllowed(
            say("{name} is there already.", name=str(target)),
            say("Choose another name, or add --force to replace it."),
        )
    if not (folder / DATABASE).exists():
        raise BadFile(
            say("There is no room in {folder}.", folder=str(folder)),
            say("Name its folder with --data, or with QUIVIVE_DATA."),
        )
    with _scratch(target.parent) as scratch:
        copy = scratch / DATABASE
        _copy_database(folder / DATABASE, copy)
        named = {DATABASE: copy, **dict(_beside(folder))}
        manifest = Manifest(
            version=version,
            made_at=now,
            shape=_shape(copy),
            folder=str(folder.resolve()),
            digests={name: _digest(path) for name, path in named.items()},
        )
        packed = scratch / "packed"
        descriptor = os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(descriptor, "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            archive.writestr(MANIFEST, msgspec.json.encode(manifest))
            for name, path in named.items():
                archive.write(path, name)
        packed.replace(target)
    return manifest


def bring_back(
    source: Path, folder: Path, *, known: frozenset[str], replace: bool, now: datetime
) -> tuple[Manifest, Path | None]:
    """Put a backup in a folder; return what it says of itself, and where the old room was moved.

    Args:
        source: a file that :func:`keep` wrote.
        folder: the data folder; the room must not be running.
        known: names of the migrations this program knows.
        replace: whether a room that is there may be moved aside. Nothing is deleted now.
        now: names the folder of what is moved aside.

    Raises:
        NotAllowed: a room is there, or one is running there.
        BadFile: the file is no backup, damaged, or made by a newer program.
    """
    occupied = (folder / DATABASE).exists()
    if occupied and not replace:
        raise NotAllowed(
            say("There is a room in {folder} already.", folder=str(folder)),
            say("Choose another folder with --data, or add --force to move that room aside."),
        )
    if occupied:
        _nobody_inside(folder / DATABASE)
    folder.mkdir(parents=True, exist_ok=True)
    with _scratch(folder) as scratch:
        manifest = _unpack(source, scratch, known)
        aside = _move_aside(folder, now) if occupied else None
        for path in scratch.iterdir():
            path.replace(folder / path.name)
    return manifest, aside


# --- keeping --------------------------------------------------------------------------------------
def _copy_database(source: Path, copy: Path) -> None:
    try:
        with closing(_opened(source)) as room, closing(sqlite3.connect(copy)) as kept:
            room.backup(kept, pages=2_000)
            kept.execute("PRAGMA journal_mode=DELETE")
            _check(kept, source.name)
    except sqlite3.DatabaseError as trouble:
        if isinstance(trouble, sqlite3.OperationalError) and is_full(source.parent):
            raise  # nothing is damaged: there is no room to read in
        raise _damaged(source.name, str(trouble)) from trouble


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path.resolve()}?mode=rw", uri=True, timeout=20)


def _check(database: sqlite3.Connection, name: str) -> None:
    said = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":
        raise _damaged(name, str(said))


def _damaged(name: str, reason: str) -> BadFile:
    return BadFile(
        say("{name} is damaged: {reason}.", name=name, reason=reason),
        say("Keep it as it is, and bring an earlier backup back with quivive restore."),
    )


def _shape(database: Path) -> tuple[str, ...]:
    with closing(sqlite3.connect(database)) as opened:
        rows = opened.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return tuple(f"{app}/{name}" for app, name in rows)


def _beside(folder: Path) -> Iterator[tuple[str, Path]]:
    for name in KEPT:
        if (folder / name).is_file():
            yield name, folder / name
    for inside in FOLDERS:
        for path in sorted((folder / inside).glob("*")):
            if path.is_file() and path.suffix != ".part":
                yield f"{inside}/{path.name}", path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- bringing back --------------------------------------------------------------------------------
def _nobody_inside(database: Path) -> None:
    """Refuse while a process of the room holds the database open."""
    try:
        with closing(_opened(database)) as opened:
            opened.execute("PRAGMA locking_mode=EXCLUSIVE")
            opened.execute("PRAGMA busy_timeout=500")
            opened.execute("BEGIN EXCLUSIVE")
            opened.execute("ROLLBACK")
    except sqlite3.OperationalError as busy:
        raise NotAllowed(
            say("A room is running in {folder}.", folder=str(database.parent)),
            say("Stop it first (Ctrl-C where quivive up runs), then restore."),
        ) from busy
    except sqlite3.DatabaseError:
        return  # damaged: what a backup is for


def _unpack(source: Path, scratch: Path, known: frozenset[str]) -> Manifest:
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = msgspec.json.decode(archive.read(MANIFEST), type=Manifest)
            _made_by_us(manifest, known)
            for name, digest in manifest.digests.items():
                _unpack_one(archive, name, digest, scratch)
    except OSError as trouble:
        raise BadFile(
            say("{name} cannot be opened: {reason}.", name=str(source), reason=str(trouble)),
            say("Check its name, and that you may read it."),
        ) from trouble
    except (zipfile.BadZipFile, KeyError, msgspec.DecodeError, EOFError) as trouble:
        raise _no_backup(source) from trouble
    with closing(sqlite3.connect(scratch / DATABASE)) as opened:
        _check(opened, DATABASE)
    return manifest


def _made_by_us(manifest: Manifest, known: frozenset[str]) -> None:
    newer = sorted(set(manifest.shape) - known)
    if newer:
        raise BadFile(
            say(
                "This backup was made by a newer version ({version}): it knows {name}.",
                version=manifest.version,
                name=newer[-1],
            ),
            say("Update Qui-vive, then restore."),
        )


def _unpack_one(archive: zipfile.ZipFile, name: str, digest: str, scratch: Path) -> None:
    folder, _, plain = name.rpartition("/")
    if name not in {DATABASE, *KEPT} and (folder not in FOLDERS or plain in {"", ".", ".."}):
        raise KeyError(name)
    path = scratch / name
    path.parent.mkdir(exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with archive.open(name) as packed, os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(packed, file, _BLOCK)
    if _digest(path) != digest:
        raise BadFile(
            say("{name} in this backup is not what was kept.", name=name),
            say("Copy the backup again from where it was made, or take an earlier one."),
        )


def _no_backup(source: Path) -> BadFile:
    return BadFile(
        say("{name} is no whole backup of a room.", name=str(source)),
        say("Take a file that quivive backup wrote, copied to its end."),
    )


def _move_aside(folder: Path, now: datetime) -> Path:
    aside = folder / now.strftime(_ASIDE)
    aside.mkdir()
    left = [f"{DATABASE}{end}" for end in ("", *_LEFT_BY_SQLITE)]
    for name in (*left, *KEPT, *FOLDERS):
        if (folder / name).exists():
            (folder / name).replace(aside / name)
    return aside


def forget_aside(folder: Path, *, moved_before: datetime) -> int:
    """Delete rooms that were moved aside long ago: they hold people's words like any (LR-05).

    Only folders that :func:`bring_back` made and that hold a room; returns how many.
    """
    gone = 0
    for aside in folder.glob("before-restore-*"):
        try:
            moved_at = datetime.strptime(aside.name, _ASIDE).replace(tzinfo=UTC)
        except ValueError:
            continue
        if moved_at < moved_before and (aside / DATABASE).is_file() and not aside.is_symlink():
            shutil.rmtree(aside, ignore_errors=True)
            gone += not aside.exists()
    return gone


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """Give a folder on the same disk, so that moving out of it is one step; it goes in any case."""
    with tempfile.TemporaryDirectory(prefix=".quivive-", dir=beside) as made:
        yield Path(made)
