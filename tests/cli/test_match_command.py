"""``quivive match`` on small files."""

import json
import os
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from quivive.cli import main, match_command
from quivive.vocabulary.errors import BadQuery

POSTS = [
    {"id": "p1", "content": "Le CHAUFFAGE est en panne"},
    {"id": "p2", "content": "Rien à dire"},
    {"id": "p3", "content": "", "repost_of": "p1"},
    {"id": "p4", "content": "Panne \x1b[31mde #chauffage"},
    {"id": "p1", "content": "Le CHAUFFAGE est en panne"},
]


@pytest.fixture
def file(tmp_path):
    usual = {
        "network": "example",
        "published": "2026-01-01T08:00:00Z",
        "attributed_to": {"id": "example:ana", "handle": "ana"},
    }
    path = tmp_path / "posts.ndjson"
    lines = [json.dumps({**usual, **post}) for post in POSTS]
    path.write_text("\n".join([*lines, "{broken"]), encoding="utf-8")
    return path


def run(*words):
    app = typer.Typer()
    match_command.register(app)
    return CliRunner().invoke(app, [str(word) for word in words])


class TestMatch:
    def test_prints_ids_one_a_line_and_each_once(self, file):
        done = run("chauffage panne", file, "--ids")

        assert done.stdout == "p1\np4\n"
        assert done.exit_code == 0

    def test_reads_the_places_that_words_name_as_the_room_does(self, file):
        with file.open("a") as more:
            far = json.loads(file.read_text().splitlines()[0]) | {"id": "p9"}
            more.write("\n" + json.dumps(far | {"content": "Toujours rien à Marseille."}) + "\n")

        assert run("city:Marseille", file, "--ids").stdout == "p9\n"

    def test_says_on_standard_error_what_was_read(self, file):
        done = run("chauffage", file, "--ids")

        assert "2 posts matched out of 5; lines that could not be read: 1." in done.stderr
        assert "Line 6: The line is not whole JSON" in done.stderr

    def test_says_why_lines_could_not_be_read_a_kind_at_a_time(self, file):
        with file.open("a") as more:
            more.write("\n{again\n{and again\n")

        told = run("chauffage", file, "--ids").stderr.splitlines()

        assert [line for line in told if "not whole JSON" in line] == [
            line for line in told if line.startswith("Line 6, and 2 more like it:")
        ]

    @pytest.mark.parametrize("date", ["2026-13-01T10:00:00Z", "0001-01-01T00:00:00Z"])
    def test_repeats_a_date_that_is_none_as_it_stands(self, file, date):
        with file.open("a") as more:
            more.write(f'\n{{"id": "9", "text": "a", "created_at": "{date}", "author_id": "1"}}')
            more.write(f'\n{{"id": "9", "network": "n", "published": "{date}", "content": "a"}}')

        assert run("chauffage", file, "--ids").exit_code == 0

    def test_prints_native_json(self, file):
        lines = run("rien OR panne", file, "--json").stdout.splitlines()

        assert [json.loads(line)["id"] for line in lines] == ["p1", "p2", "p4"]

    def test_explains_in_json(self, file):
        (line,) = run("rien*", file, "--json", "--explain").stdout.splitlines()

        clause = {"text": "rien*", "start": 0, "end": 5, "words": ["Rien"]}
        assert json.loads(line)["clauses"] == [clause]

    def test_shows_posts_to_people_with_reasons(self, file):
        shown = run("chauffage", file, "--explain").stdout

        assert "@ana" in shown
        assert "chauffage  ←  CHAUFFAGE" in shown
        assert "\x1b" not in shown

    def test_prints_ids_that_drive_no_terminal(self, file):
        first = json.loads(file.read_text().splitlines()[0])
        with file.open("a") as more:
            more.write("\n" + json.dumps({**first, "id": "p\x1b[31m6"}))

        assert "p [31m6" in run("chauffage", file, "--ids").stdout.splitlines()

    def test_is_fine_with_finding_nothing(self, file):
        done = run("introuvable", file)

        assert (done.exit_code, done.stdout) == (0, "")

    def test_warns_of_an_operator_in_small_letters(self, file):
        assert "write OU in capitals" in run("gaz ou eau", file).stderr
        assert "capitals" not in run('gaz "ou" eau', file).stderr


class TestABadQuery:
    def test_is_shown_with_a_caret_under_the_mistake(self, file):
        done = run("panne\nchauffage OR OR gaz", file)

        assert isinstance(done.exception, BadQuery)
        assert "Line 2, column 14:" in done.stderr
        assert "  chauffage OR OR gaz\n               ^" in done.stderr

    def test_stays_readable_when_it_is_long(self, file):
        done = run("chauffage " * 5_000 + "(gaz", file)

        assert len(done.stderr) < 1_000
        assert "(gaz" in done.stderr


class TestInFrench:
    def run(self, *words):
        return subprocess.run(
            [sys.executable, "-m", "quivive", "match", *map(str, words)],
            env={**os.environ, "LANGUAGE": "fr", "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_reads_french_operators_and_says_what_was_read(self, file):
        done = self.run("chauffage ET panne SAUF rien", file, "--ids")

        assert done.stdout == "p1\np4\n"
        assert "2 messages retenus sur 5" in done.stderr

    def test_says_what_to_write_instead(self, file):
        done = self.run("gaz ou eau OU OU feu", file)

        assert done.returncode == 2
        assert "Ligne 1, colonne" in done.stderr
        assert "Écrivez un mot avant OU" in done.stderr


class TestTheCommand:
    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (["gaz OR", "FILE"], 2),
            (["[/]", "FILE"], 2),
            (["gaz", "absent.ndjson"], 3),
            (["gaz", "FILE"], 0),
        ],
    )
    def test_ends_with_the_code_that_scripts_rely_on(self, file, monkeypatch, words, code):
        words = [str(file) if word == "FILE" else word for word in words]
        monkeypatch.setattr("quivive.cli.COMMANDS", ("match", "replay"))
        monkeypatch.setattr("sys.argv", ["quivive", "match", *words])

        with pytest.raises(SystemExit) as ended:
            main()

        assert (ended.value.code or 0) == code
