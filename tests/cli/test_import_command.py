"""``quivive import`` as people run it: what came in, what did not, and where to look."""

import json
import os
import subprocess
import sys

import pytest
import typer
from tests.processes import PATIENCE_S
from typer.testing import CliRunner

from quivive.cli import import_command

TABLE = "date,auteur,texte\n2026-01-01 12:00,Awa,Bonjour\nsoon,Léo,Quand ?\n"


def run(*words):
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "quivive", "import", *map(str, words)],
        env={**kept, "LANGUAGE": "en"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.mark.slow
class TestImport:
    def test_of_a_room_without_topics_counts_and_says_that_nothing_is_kept(self, tmp_path):
        file = tmp_path / "calls.csv"
        file.write_text(TABLE, "utf-8")

        room = tmp_path / "room"
        room.mkdir()
        (room / "address.txt").write_text("http://localhost:8123")  # as its last start left it

        done = run(file, "--data", room, "--json")

        told = json.loads(done.stdout)
        assert (told["posts"], told["matched"], told["quarantined"]) == (1, 0, 1)
        assert "No topic is watched" in done.stderr
        assert told["quarantine"].startswith("http://localhost:8123/")
        assert done.returncode == 0
        assert "by the clock of UTC" in done.stderr  # of no organisation yet


class TestTheZone:
    def test_has_a_name_that_is_known(self):
        app = typer.Typer()
        import_command.register(app)

        done = CliRunner().invoke(app, ["x.csv", "--timezone", "Paris"])

        assert done.exit_code == 2
        assert "is no zone" in " ".join(done.output.split())
