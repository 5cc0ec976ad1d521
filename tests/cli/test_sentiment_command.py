"""``quivive sentiment``: one object for each line, in order."""

import json

import pytest
import typer
from typer.testing import CliRunner

from quivive.cli import sentiment_command
from quivive.vocabulary.errors import BadFile, BadRecord


@pytest.fixture
def app():
    app = typer.Typer()
    sentiment_command.register(app)
    return app


def run(app, *words):
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


class TestSentiment:
    def test_reads_accents_as_old_windows_programs_write_them(self, app, tmp_path):
        table, texts = tmp_path / "old.csv", tmp_path / "old.txt"
        table.write_bytes("texte;date\nVoilà une panne;2025-01-01\n".encode("cp1252"))
        texts.write_bytes("Voilà une panne\n".encode("cp1252"))

        assert "Voilà" in run(app, table).stdout
        assert "Voilà" in run(app, texts).stdout

    def test_reads_nested_brackets_as_the_text_they_are(self, app, tmp_path):
        file = tmp_path / "deep.txt"
        file.write_text('{"a":' * 100_000, "utf-8")

        assert len(run(app, file, "--json").stdout.splitlines()) == 1

    def test_answers_each_line_in_order(self, app, tmp_path):
        file = tmp_path / "texts.txt"
        file.write_text("C'est une honte, service nul !\n\nThank you, great work!\n", "utf-8")

        found = [json.loads(line) for line in run(app, file, "--json").stdout.splitlines()]

        assert [one["label"] for one in found] == ["negative", "uncertain", "positive"]
        assert [one["language"] for one in found] == ["fr", "und", "en"]
        assert set(found[0]) == {
            *("language", "label", "p", "interval", "anger", "irony", "enquiry", "plea"),
            "support",
            "reasons",
        }
        assert sum(found[0]["p"].values()) == pytest.approx(1, abs=1e-3)

    def test_reads_the_texts_of_a_table(self, app, tmp_path):
        file = tmp_path / "posts.csv"
        rows = ('2026-03-02;"C\'est une honte,\nservice nul !"', "2026-03-03;Merci, super équipe !")
        file.write_text("\n".join(("date;Texte", *rows)), "utf-8")

        found = [json.loads(line) for line in run(app, file, "--json").stdout.splitlines()]

        assert [one["label"] for one in found] == ["negative", "positive"]

    def test_reads_native_posts(self, app, tmp_path):
        file = tmp_path / "posts.ndjson"
        posts = [{"id": "1", "content": "Merci, super équipe !", "language": "fr"}] * 3
        file.write_text("\n".join(map(json.dumps, posts)), "utf-8")

        found = [json.loads(line) for line in run(app, file, "--json").stdout.splitlines()]

        assert [one["label"] for one in found] == ["positive"] * 3

    def test_reads_a_few_words_in_the_language_of_the_file(self, app, tmp_path):
        file = tmp_path / "texts.txt"
        file.write_text("Toujours pas d'eau chaude depuis lundi\nChauffage HS\n", encoding="utf-8")

        found = [json.loads(line) for line in run(app, file, "--json").stdout.splitlines()]

        assert [one["language"] for one in found] == ["fr", "fr"]

    def test_names_the_line_that_is_no_post(self, app, tmp_path):
        file = tmp_path / "posts.ndjson"
        file.write_text('{"content": "bonjour"}\nbonsoir\n', "utf-8")

        with pytest.raises(BadRecord, match="Line 2"):
            run(app, file, "--json")

    def test_refuses_a_file_that_is_not_there(self, app, tmp_path):
        with pytest.raises(BadFile, match="There is no file"):
            run(app, tmp_path / "nothing.txt")
