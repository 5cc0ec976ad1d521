"""``quivive bench``: finds the measurements of a checkout and hands them their words."""

import sys

import pytest
import typer
from typer.testing import CliRunner

from quivive.cli import bench_command
from quivive.vocabulary.errors import Trouble

ECHO = '"""Says what it was given.\n\n    quivive bench echo DATA\n"""\nimport sys\n'
MAIN = 'if __name__ == "__main__":\n    print("given", *sys.argv[1:])\n'


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Ask in a checkout that holds one measurement and one file of helpers."""
    folder = tmp_path / "bench"
    folder.mkdir()
    (folder / "echo.py").write_text(ECHO + MAIN)
    (folder / "helpers.py").write_text('"""Helps."""\n')
    monkeypatch.setattr(bench_command.quivive, "__file__", str(tmp_path / "src/quivive/x.py"))
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in [name for name in sys.modules if name.split(".")[0] == "bench"]:
        monkeypatch.delitem(sys.modules, name)
    app = typer.Typer()
    bench_command.register(app)
    yield lambda *words: CliRunner().invoke(app, list(words), catch_exceptions=False)
    for name in [name for name in sys.modules if name.split(".")[0] == "bench"]:
        del sys.modules[name]


class TestBench:
    def test_lists_what_can_be_run(self, ask):
        said = ask().stdout

        assert "echo" in said
        assert "Says what it was given." in said
        assert "helpers" not in said

    def test_hands_on_the_words_that_follow(self, ask):
        assert (
            ask("echo", "some/folder", "--rounds", "3").stdout == "given some/folder --rounds 3\n"
        )

    @pytest.mark.parametrize("words", [("nothing",), ("echo",)])
    def test_says_what_to_do_when_it_cannot_run(self, ask, words):
        with pytest.raises(Trouble):
            ask(*words)

    def test_says_that_an_installed_program_has_none(self, ask, monkeypatch, tmp_path):
        monkeypatch.setattr(bench_command.quivive, "__file__", str(tmp_path / "a/b/c/d.py"))

        with pytest.raises(Trouble):
            ask()
