"""What services promise on the embedded database, they promise on PostgreSQL.

Pages and the API's description ask the same queries, and are tried once, on the embedded database;
backups are of the embedded database alone.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow(seconds=240)
class TestEveryTestOfRows:
    def test_passes_on_postgresql_too(self, postgresql_server, tmp_path):
        room = {"DATABASE_URL": postgresql_server.empty_room_url, "QUIVIVE_DATA": str(tmp_path)}

        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider",
             "--no-header", "--tb=short", "--ignore-glob=*pages*", "--ignore-glob=*permissions*",
             "--ignore=tests/web/api/test_contract.py",
             "--deselect=tests/web/privacy/test_erasing.py::TestABackupOfBefore", "tests/web",
             "tests/web/listen/two_writers.py"],
            cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, **room},
        )  # fmt: skip

        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
