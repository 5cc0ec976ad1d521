"""Several people doing the same thing at the same moment, on a real database of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from tests.postgresql import EMPTY_ROOM

from quivive.cli.house import SCHEMA

PREPARE = """
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from quivive.cli.house import open_house
open_house()
from django.db import connections
"""

RUN = """
start = Barrier({times})

def one_of_them(me):
    start.wait()
    try:
        return act(me)
    finally:
        connections.close_all()

with ThreadPoolExecutor({times}) as crowd:
    outcomes = list(crowd.map(one_of_them, range({times})))
print(json.dumps([outcomes, look()]))
"""


def own_database(kind: str, request: pytest.FixtureRequest) -> str:
    """Return the address of an empty room's database; nothing for a file in ``tmp_path``."""
    folder = request.getfixturevalue("tmp_path")
    if kind == "sqlite":
        request.getfixturevalue("new_room")(folder)
        return ""
    server = request.getfixturevalue("postgresql_url")
    shutil.copyfile(request.getfixturevalue("postgresql_files") / SCHEMA, folder / SCHEMA)
    name = f"crowd_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as rows:
        rows.execute(f"create database {name} template {EMPTY_ROOM}")
    return str(server.replace("/postgres?", f"/{name}?"))


def all_at_once(script: str, *, times: int, folder: Path, database: str = "") -> list[object]:
    """Let ``act(me)`` of the script run ``times`` times at once, then ``look()`` once.

    A process of its own, because tests share one connection. Returns what both returned.
    """
    environment = {**os.environ, "QUIVIVE_DATA": str(folder)}
    environment.pop("DATABASE_URL", None)
    if database:
        environment["DATABASE_URL"] = database
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PREPARE + script + RUN.format(times=times)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))
