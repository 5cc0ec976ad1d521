"""Commands take what is there or what is poured in, and say what is wrong without a traceback."""

import gzip
import io
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import typer
from tests.processes import PATIENCE_S
from typer.testing import CliRunner

from quivive.cli import _lacks_room, _of_the_system, import_command, sentiment_command
from quivive.cli.given import given
from quivive.vocabulary.errors import BadFile, BadRecord

POST = (
    '{"id": "p1", "network": "example", "published": "2026-01-01T08:00:00Z", '
    '"attributed_to": {"id": "example:ana"}, "content": "Le chauffage est en panne"}\n'
)


class TestAFileThatIsGiven:
    def test_may_come_on_standard_input(self, monkeypatch):
        poured = io.TextIOWrapper(io.BytesIO(POST.encode()))
        monkeypatch.setattr("sys.stdin", poured)

        assert given(Path("-")).read_text() == POST

    def test_may_come_by_a_pipe_which_can_be_read_once(self, tmp_path):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        pouring = threading.Thread(target=pipe.write_text, args=(POST,))
        pouring.start()

        found = given(pipe)

        pouring.join()
        assert [found.read_text(), found.read_text()] == [POST, POST]

    def test_is_no_folder(self, tmp_path):
        with pytest.raises(BadFile, match="is a folder"):
            given(tmp_path)


class TestATroubleOnTheWay:
    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
    def test_of_a_disk_that_is_full_is_told_in_a_sentence(self, tmp_path):
        file = tmp_path / "posts.ndjson"
        file.write_text(POST)

        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "quivive", "match", "chauffage", str(file), "--json"],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=PATIENCE_S,
                check=False,
                env={**os.environ, "LANGUAGE": "en"},
            )

        assert done.returncode == 4
        assert done.stderr.startswith("Stopped. There is no room left")

    def test_of_a_database_that_could_not_be_written_is_a_sentence_too(self):
        wrapped = RuntimeError("Django's own")
        wrapped.__cause__ = sqlite3.OperationalError("disk I/O error")

        told = _of_the_system(wrapped)

        assert told is not None
        assert told.what.text == "The disk did not take what was written to the database."

    @pytest.mark.parametrize("full", [True, False])
    def test_of_a_database_is_one_of_the_disk_where_that_is_full(self, full, monkeypatch):
        monkeypatch.setattr("quivive.cli.is_full", lambda _: full)
        wrapped = RuntimeError("as Django passes it on")
        wrapped.__cause__ = sqlite3.OperationalError("disk I/O error")

        assert _lacks_room(wrapped) == full

    @pytest.mark.parametrize("held", ["{}", "not JSON", '{"columns": 3}'])
    def test_of_a_mapping_that_is_none_names_its_file(self, held, tmp_path):
        mapping = tmp_path / "mine.json"
        mapping.write_text(held)
        app = typer.Typer()
        import_command.register(app)

        done = CliRunner().invoke(app, [str(mapping), "--mapping", str(mapping)])

        assert isinstance(done.exception, BadFile)
        assert "mine.json holds no mapping of columns" in str(done.exception)

    def test_of_a_folder_that_is_not_there_names_it(self, tmp_path):
        told = _of_the_system(FileNotFoundError(2, "No such file", str(tmp_path / "gone")))

        assert str(tmp_path / "gone") in str(told)

    def test_that_nobody_foresaw_stays_what_it_is(self):
        assert _of_the_system(OSError(5, "an error without a file")) is None

    def test_of_a_packed_file_is_not_read_as_if_it_were_texts(self, tmp_path):
        file = tmp_path / "texts.gz"
        file.write_bytes(gzip.compress(b"Plus de chauffage\n"))
        app = typer.Typer()
        sentiment_command.register(app)

        done = CliRunner().invoke(app, [str(file)])

        assert isinstance(done.exception, BadFile)

    def test_of_json_without_words_is_not_read_as_if_it_were_a_text(self, tmp_path):
        file = tmp_path / "tweets.ndjson"
        file.write_text('{"id": 1, "full_text": "Plus de chauffage"}\n')
        app = typer.Typer()
        sentiment_command.register(app)

        done = CliRunner().invoke(app, [str(file)])

        assert isinstance(done.exception, BadRecord)
