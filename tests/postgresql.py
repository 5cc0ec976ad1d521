"""A private PostgreSQL for the tests that need one, gone when they end."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.needs import need


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """``DATABASE_URL`` of an empty database on a private server, on a socket in a temporary folder.

    The server refuses to run as root, so root lends it the account that Debian made for it.
    """
    programs = need("postgresql").parent
    account = _account()
    house = Path(tempfile.mkdtemp(prefix="qv-pg-", dir="/tmp"))  # short: sockets allow 107 bytes
    if account:
        shutil.chown(house, account, account)
    rows = house / "rows"
    options = f"-k {house} -c listen_addresses='' -c fsync=off -c unix_socket_permissions=0777"
    house.chmod(0o755)
    try:
        _run(account, programs / "initdb", "-D", rows, "-U", "quivive", "-A", "trust", "-E", "UTF8")
        log = house / "server.log"
        _run(account, programs / "pg_ctl", "-D", rows, "-l", log, "-o", options, "-w", "start")
        yield f"postgres://quivive@/postgres?host={house}"
    finally:
        if (rows / "postmaster.pid").exists():
            _run(account, programs / "pg_ctl", "-D", rows, "-m", "immediate", "-w", "stop")
        shutil.rmtree(house, ignore_errors=True)


def _account() -> str | None:
    """Return whom the server runs as: nobody else than us, unless we are root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _run(account: str | None, *command: str | Path) -> None:
    options: dict[str, Any] = {"user": account, "extra_groups": []} if account else {}
    done = subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would stay open in the server and never end
        stderr=subprocess.DEVNULL,
        check=False,
        **options,
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))} failed"
