"""A private PostgreSQL for the tests that need one, gone when they end.

Bringing its tables up to date takes seconds, so the first process of a run makes the files of a
server for all, with a database :data:`EMPTY_ROOM` that others copy.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.needs import need
from tests.rooms import bring_up_to_date, made_once

EMPTY_ROOM = "empty_room"
"""A database with the tables of a room that nobody has set up."""


class Server:
    """One server on a socket in a temporary folder.

    It refuses to run as root, so root lends it the account that Debian made for it.

    Attributes:
        rows: the folder of its files.
    """

    def __init__(self, house: Path, made: Path | None = None) -> None:
        """Make its folder and its files, or copy those of a server that has stopped."""
        self._programs = need("postgresql").parent
        self._account = _account()
        self._house, self.rows = house, house / "rows"
        if self._account:
            shutil.chown(house, self._account, self._account)
        house.chmod(0o755)
        if made is None:
            owner = ("-U", "quivive", "-A", "trust", "-E", "UTF8")
            self._run("initdb", "--no-sync", "-D", self.rows, *owner)
        else:
            subprocess.run(["cp", "-a", made / "rows", self.rows], check=True)

    @property
    def url(self) -> str:
        """``DATABASE_URL`` of a database without tables."""
        return f"postgres://quivive@/postgres?host={self._house}"

    @property
    def empty_room_url(self) -> str:
        """``DATABASE_URL`` of the database that others copy."""
        return f"postgres://quivive@/{EMPTY_ROOM}?host={self._house}"

    def start(self) -> None:
        """Begin to answer."""
        options = f"-k {self._house} -c listen_addresses='' -c unix_socket_permissions=0777"
        options += " -c fsync=off -c full_page_writes=off"  # nothing here outlives the machine
        log = self._house / "server.log"
        self._run("pg_ctl", "-D", self.rows, "-l", log, "-o", options, "-w", "start")

    def stop(self, *, how: str = "immediate") -> None:
        """Go away, whoever is connected; ``fast`` leaves files that may be copied."""
        if (self.rows / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self.rows, "-m", how, "-w", "stop")

    def _run(self, program: str, *arguments: str | Path) -> None:
        lent: dict[str, Any] = {"user": self._account, "extra_groups": []} if self._account else {}
        command = (self._programs / program, *arguments)
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would stay open in the server and never end
            stderr=subprocess.DEVNULL,
            check=False,
            **lent,
        )
        assert done.returncode == 0, f"{' '.join(map(str, command))} failed"


@pytest.fixture(scope="session")
def postgresql_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a server that has stopped, for others to copy."""
    need("postgresql")
    return made_once(tmp_path_factory, "postgresql", _make)


@pytest.fixture(scope="session")
def postgresql_server(postgresql_files: Path) -> Iterator[Server]:
    """A server that many tests share."""
    with _running(postgresql_files) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: Server) -> str:
    """``DATABASE_URL`` of a database without tables on the shared server."""
    return postgresql_server.url


@pytest.fixture
def postgresql(postgresql_files: Path) -> Iterator[Server]:
    """A server of one's own, that may be stopped and started."""
    with _running(postgresql_files) as server:
        yield server


def _make(folder: Path) -> None:
    """Make the files of a server with the database that others copy."""
    with _running() as server:
        with closing(psycopg.connect(server.url, autocommit=True)) as rows:
            rows.execute(f"create database {EMPTY_ROOM}")
        house = {**os.environ, "QUIVIVE_DATA": str(folder), "DATABASE_URL": server.empty_room_url}
        bring_up_to_date(house)
        server.stop(how="fast")
        subprocess.run(["cp", "-a", server.rows, folder / "rows"], check=True)


@contextmanager
def _running(made: Path | None = None) -> Iterator[Server]:
    house = Path(tempfile.mkdtemp(prefix="qv-pg-", dir="/tmp"))  # short: sockets allow 107 bytes
    server = None
    try:
        server = Server(house, made)
        server.start()
        yield server
    finally:
        if server:
            server.stop()
        shutil.rmtree(house, ignore_errors=True)


def _account() -> str | None:
    """Return whom the server runs as: nobody else than us, unless we are root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
