"""Care of the house: ``doctor``, ``backup``, ``restore``, each as people run it."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

QUIET = ("DATABASE_URL", "QUIVIVE_SMTP_HOST", "QUIVIVE_SECRET_KEY")


def run(*words):
    kept = {name: value for name, value in os.environ.items() if name not in QUIET}
    return subprocess.run(
        [sys.executable, "-m", "quivive", *map(str, words)],
        env={**kept, "LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=False,
    )


def findings(folder):
    done = run("doctor", "--data", folder, "--json")
    return done, {one["about"]: one for one in map(json.loads, done.stdout.splitlines())}


@pytest.mark.slow
class TestCare:
    def test_keeps_a_room_brings_it_back_elsewhere_and_finds_it_sound(self, tmp_path):
        calls = tmp_path / "calls.csv"
        calls.write_text("date,auteur,texte\n2026-01-01 12:00,Awa,Bonjour\n", "utf-8")
        room, there, kept = tmp_path / "room", tmp_path / "there", tmp_path / "kept.zip"
        assert run("import", calls, "--data", room).returncode == 0

        assert run("backup", kept, "--data", room).returncode == 0
        assert run("backup", kept, "--data", room).returncode == 2
        assert run("restore", kept, "--data", room).returncode == 2
        brought = run("restore", kept, "--data", there, "--json")
        assert json.loads(brought.stdout)["folder"] == str(there)
        assert json.loads(brought.stdout)["forgotten_again"] is None
        done, found = findings(there)

        assert done.returncode == 1
        assert {about for about, one in found.items() if one["state"] == "bad"} == set()
        assert found["database"]["state"] == "fine"
        assert found["set-up"]["remedy"].startswith("Start it with quivive up")
        assert (there / "secret.key").read_text() == (room / "secret.key").read_text()

    def test_says_what_is_wrong_with_a_room_and_what_to_do(self, tmp_path):
        (tmp_path / "quivive.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)
        (tmp_path / "secret.key").write_text("s3cret")
        (tmp_path / "secret.key").chmod(0o644)

        done, found = findings(tmp_path)

        assert done.returncode == 1
        assert found["database"]["state"] == found["secret"]["state"] == "bad"
        assert "quivive restore" in found["database"]["remedy"]
        assert found["secret"]["remedy"].endswith(f"chmod 600 {tmp_path / 'secret.key'}")

    def test_tells_a_database_that_it_cannot_bring_up_to_date(self, tmp_path):
        with closing(sqlite3.connect(tmp_path / "quivive.sqlite3")) as rows:
            rows.execute("create table people_person (something_else text)")

        done = run("let-in", "ana@example.org", "--data", tmp_path)

        assert done.returncode == 2
        assert "could not be brought up to date" in done.stderr
        assert "No row was lost" in done.stderr
        assert "Traceback" not in done.stderr
