"""A private PostgreSQL for the tests that need one, gone when they end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.needs import need


class Server:
    """One server on a socket in a temporary folder.

    It refuses to run as root, so root lends it the account that Debian made for it.
    """

    def __init__(self, house: Path) -> None:
        """Make its folder and its files."""
        self._programs = need("postgresql").parent
        self._account = _account()
        self._house, self._rows = house, house / "rows"
        if self._account:
            shutil.chown(house, self._account, self._account)
        house.chmod(0o755)
        self._run(
            "initdb", "--no-sync", "-D", self._rows, "-U", "quivive", "-A", "trust", "-E", "UTF8"
        )

    @property
    def url(self) -> str:
        """``DATABASE_URL`` of its one database, which is empty."""
        return f"postgres://quivive@/postgres?host={self._house}"

    def start(self) -> None:
        """Begin to answer."""
        options = f"-k {self._house} -c listen_addresses='' -c unix_socket_permissions=0777"
        options += " -c fsync=off -c full_page_writes=off"  # nothing here outlives the machine
        log = self._house / "server.log"
        self._run("pg_ctl", "-D", self._rows, "-l", log, "-o", options, "-w", "start")

    def stop(self) -> None:
        """Go away at once, whoever is connected."""
        if (self._rows / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self._rows, "-m", "immediate", "-w", "stop")

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
def postgresql_url() -> Iterator[str]:
    """``DATABASE_URL`` of an empty database on a server that many tests share."""
    with _running() as server:
        yield server.url


@pytest.fixture
def postgresql() -> Iterator[Server]:
    """A server of one's own, that may be stopped and started."""
    with _running() as server:
        yield server


@contextmanager
def _running() -> Iterator[Server]:
    need("postgresql")
    house = Path(tempfile.mkdtemp(prefix="qv-pg-", dir="/tmp"))  # short: sockets allow 107 bytes
    server = None
    try:
        server = Server(house)
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
