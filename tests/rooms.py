"""Rooms that nobody has set up; making their database takes seconds, so tests copy one."""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from quivive.cli.house import SCHEMA

DATABASE = "quivive.sqlite3"


@pytest.fixture(scope="session")
def empty_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a room to copy."""
    return made_once(tmp_path_factory, "empty-room", _make)


@pytest.fixture(scope="session")
def new_room(empty_room: Path) -> Callable[[Path], Path]:
    """Make a folder a room that is as new: ``new_room(tmp_path / "room")``."""

    def make(folder: Path) -> Path:
        folder.mkdir(exist_ok=True)
        for name in (DATABASE, SCHEMA):
            shutil.copyfile(empty_room / name, folder / name)
        return folder

    return make


def filled(database: str, room: Path) -> closing[sqlite3.Connection]:
    """Fill a database in memory with a room's; it lasts until the connection is closed."""
    memory = sqlite3.connect(database, uri=True)
    with closing(sqlite3.connect(room / DATABASE)) as made:
        made.backup(memory)
    return closing(memory)


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that the first process of a run that asks makes for all."""
    shared = factory.getbasetemp()
    folder = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_suffix(".making")
            make(making)
            making.rename(folder)
    return folder


def bring_up_to_date(house: dict[str, str]) -> None:
    """Make all tables of the database that an environment names."""
    opening = "from quivive.cli.house import open_house; open_house()"
    subprocess.run([sys.executable, "-W", "ignore", "-c", opening], env=house, check=True)


def _make(folder: Path) -> None:
    house = {**os.environ, "QUIVIVE_DATA": str(folder)}
    house.pop("DATABASE_URL", None)
    bring_up_to_date(house)
    with closing(sqlite3.connect(folder / DATABASE)) as rows:
        rows.execute("pragma journal_mode = delete")  # one file, that also fits in memory
