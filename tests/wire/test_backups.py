"""A room is kept whole while it works, and comes back only where nothing is lost by it."""

import os
import sqlite3
import threading
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from quivive.vocabulary.errors import BadFile, NotAllowed
from quivive.wire.backups import DATABASE, MANIFEST, bring_back, forget_aside, keep

NOW = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
KNOWN = frozenset({"people/0001_initial"})


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "room"
    (made / "imports").mkdir(parents=True)
    (made / "imports" / "calls.csv").write_text("date,text\n")
    (made / "imports" / "half.part").write_text("not whole yet")
    (made / "secret.key").write_text("s3cret")
    with closing(room(made)) as opened:
        opened.execute("CREATE TABLE django_migrations (app TEXT, name TEXT)")
        opened.execute("INSERT INTO django_migrations VALUES ('people', '0001_initial')")
        opened.execute("CREATE TABLE posts (number INTEGER, twin INTEGER)")
        opened.commit()
    return made


def room(folder):
    opened = sqlite3.connect(folder / DATABASE, timeout=20)
    opened.execute("PRAGMA journal_mode=WAL")
    return opened


def rows(folder):
    with closing(sqlite3.connect(folder / DATABASE)) as opened:
        return opened.execute("SELECT number, twin FROM posts").fetchall()


def kept(folder, target, *, replace=False):
    return keep(folder, target, version="1", now=NOW, replace=replace)


def restored(source, folder, *, replace=False, known=KNOWN):
    return bring_back(source, folder, known=known, replace=replace, now=NOW)


class TestKeepingARoom:
    def test_that_is_at_work_gives_one_moment_of_it(self, folder, tmp_path):
        stop = threading.Event()

        def work():
            with closing(room(folder)) as opened:
                for number in range(1_000_000):
                    if stop.is_set():
                        return
                    opened.execute("INSERT INTO posts VALUES (?, NULL)", (number,))
                    opened.execute("UPDATE posts SET twin = ? WHERE number = ?", (number, number))
                    opened.commit()

        worker = threading.Thread(target=work)
        worker.start()
        try:
            for number in range(5):
                kept(folder, tmp_path / f"{number}.zip")
        finally:
            stop.set()
            worker.join()

        restored(tmp_path / "4.zip", tmp_path / "there")
        found = rows(tmp_path / "there")
        assert all(number == twin for number, twin in found)
        assert [number for number, _ in found] == list(range(len(found)))
        assert len(rows(folder)) >= len(found)

    def test_takes_its_secret_and_the_files_people_brought(self, folder, tmp_path):
        manifest = kept(folder, tmp_path / "kept.zip")

        assert set(manifest.digests) == {DATABASE, "secret.key", "imports/calls.csv"}
        assert os.stat(tmp_path / "kept.zip").st_mode & 0o077 == 0
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []

    def test_replaces_no_file_unasked(self, folder, tmp_path):
        target = tmp_path / "kept.zip"
        target.write_text("something dear")

        with pytest.raises(NotAllowed, match="--force"):
            kept(folder, target)
        assert target.read_text() == "something dear"
        kept(folder, target, replace=True)
        assert zipfile.is_zipfile(target)

    def test_that_is_not_there_is_told(self, tmp_path):
        with pytest.raises(BadFile, match="no room"):
            kept(tmp_path, tmp_path / "kept.zip")

    def test_that_finds_no_room_to_read_in_is_not_called_damaged(
        self, folder, tmp_path, monkeypatch
    ):
        (folder / DATABASE).unlink()
        (folder / DATABASE).mkdir()  # cannot be opened, as where a disk is full
        monkeypatch.setattr("quivive.wire.backups.is_full", lambda _: True)

        with pytest.raises(sqlite3.OperationalError):
            kept(folder, tmp_path / "kept.zip")

    def test_that_is_damaged_writes_nothing(self, folder, tmp_path):
        (folder / DATABASE).write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)

        with pytest.raises(BadFile, match="damaged"):
            kept(folder, tmp_path / "kept.zip")
        assert not (tmp_path / "kept.zip").exists()


class TestBringingARoomBack:
    @pytest.fixture
    def backup(self, folder, tmp_path):
        kept(folder, tmp_path / "kept.zip")
        return tmp_path / "kept.zip"

    def test_gives_what_was_kept(self, backup, tmp_path):
        there = tmp_path / "there"

        _, aside = restored(backup, there)

        assert aside is None
        assert rows(there) == []
        assert (there / "secret.key").read_text() == "s3cret"
        assert (there / "imports" / "calls.csv").exists()
        assert os.stat(there / "secret.key").st_mode & 0o077 == 0

    def test_refuses_where_a_room_is(self, backup, folder):
        with pytest.raises(NotAllowed, match="--force"):
            restored(backup, folder)

    def test_moves_that_room_aside_when_told_to(self, backup, folder):
        with closing(room(folder)) as opened:
            opened.execute("INSERT INTO posts VALUES (7, 7)")
            opened.commit()

        _, aside = restored(backup, folder, replace=True)

        assert rows(folder) == []
        assert rows(aside) == [(7, 7)]

    def test_refuses_while_that_room_runs(self, backup, folder):
        with closing(room(folder)) as running:
            running.execute("SELECT * FROM posts").fetchall()
            with pytest.raises(NotAllowed, match="running"):
                restored(backup, folder, replace=True)

        assert rows(folder) == []

    def test_refuses_what_a_newer_program_made(self, backup, tmp_path):
        with pytest.raises(BadFile, match="newer"):
            restored(backup, tmp_path / "there", known=frozenset())

    def test_refuses_what_was_changed_or_cut(self, backup, folder, tmp_path):
        cut = tmp_path / "cut.zip"
        cut.write_bytes(backup.read_bytes()[:-200])
        changed = tmp_path / "changed.zip"
        with zipfile.ZipFile(backup) as old, zipfile.ZipFile(changed, "w") as new:
            for name in old.namelist():
                new.writestr(name, b"other" if name == "secret.key" else old.read(name))

        for source in (cut, changed, folder / "secret.key", tmp_path / "none.zip"):
            with pytest.raises(BadFile):
                restored(source, folder, replace=True)
            assert rows(folder) == []
            assert (folder / "secret.key").read_text() == "s3cret"

    def test_writes_nowhere_but_in_its_folder(self, backup, tmp_path):
        hostile = tmp_path / "hostile.zip"
        with zipfile.ZipFile(backup) as old, zipfile.ZipFile(hostile, "w") as new:
            said = msgspec.json.decode(old.read(MANIFEST))
            said["digests"] = {"imports/../../evil": "0"}
            new.writestr(MANIFEST, msgspec.json.encode(said))
            new.writestr("imports/../../evil", "x")

        with pytest.raises(BadFile):
            restored(hostile, tmp_path / "deep" / "there")
        assert not list(tmp_path.rglob("evil"))


class TestARoomThatWasMovedAside:
    def test_is_deleted_once_it_is_old_and_nothing_else_is(self, folder, tmp_path):
        target = tmp_path / "room.zip"
        kept(folder, target)
        _, aside = restored(target, folder, replace=True)
        others = [folder / "before-restore-mine", folder / "before-restore-20010101-000000"]
        for other in others:
            other.mkdir()

        assert forget_aside(folder, moved_before=NOW) == 0
        assert aside.exists()
        assert forget_aside(folder, moved_before=NOW + timedelta(seconds=1)) == 1

        assert not aside.exists()
        assert all(other.exists() for other in others)
        assert rows(folder) == []
