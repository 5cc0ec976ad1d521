"""Help pages speak the user's language throughout, what the library writes around ours too."""

import gettext as catalogues
from importlib.resources import files

import pytest
from typer.testing import CliRunner

from quivive.cli import build, speech


@pytest.fixture
def french(monkeypatch):
    folder = str(files("quivive") / "locale")
    found = catalogues.translation("django", folder, languages=["fr"])
    monkeypatch.setattr(speech, "_CATALOGUE", found)


@pytest.mark.parametrize("typed", [["--help"], ["match", "--help"]])
class TestAHelpPage:
    def test_is_french_throughout(self, typed, french):
        told = CliRunner().invoke(build(typed), typed).stdout.replace("\xa0", " ")

        assert "Utilisation : quivive" in told or "Utilisation : match" in told
        assert "Afficher cette page." in told
        assert not {"Usage", "Show", "COMMAND"} & {*told.replace(":", " ").split()}

    def test_is_english_throughout(self, typed):
        told = CliRunner().invoke(build(typed), typed).stdout

        assert "Usage:" in told
        assert "Show this page." in told
