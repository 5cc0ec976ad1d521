"""Every sentence has its French, and the French has the same holes."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages import pofile
from tests.needs import need

ROOT = Path(__file__).parents[2]
CATALOGUE = Path("locale/fr/LC_MESSAGES/django.po")


def sentences(path: Path) -> dict[str, pofile.Message]:
    """Sentence (with its context) → entry of a catalogue."""
    with path.open("rb") as file:
        entries = [entry for entry in pofile.read_po(file, locale="fr") if entry.id]
    return {repr((entry.context, entry.id)): entry for entry in entries}


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def holes(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)[^{}]*\}|%\((\w+)\)", text))


@pytest.fixture(scope="module")
def french():
    return sentences(ROOT / "src/quivive" / CATALOGUE)


class TestTheFrenchCatalogue:
    def test_translates_every_sentence(self, french):
        untold = [key for key, entry in french.items() if not all(forms(entry.string))]

        assert untold == []

    def test_has_a_header_of_ours_that_every_tool_reads(self):
        with (ROOT / "src/quivive" / CATALOGUE).open("rb") as file:
            read = pofile.read_po(file, locale="fr")

        assert (read.project, read.fuzzy) == ("quivive", False)

    def test_guesses_nothing(self, french):
        assert [key for key, entry in french.items() if entry.fuzzy] == []

    def test_fills_the_same_holes(self, french):
        wrong = []
        for key, entry in french.items():
            known = set().union(*(holes(text) for text in forms(entry.id)))
            for text in forms(entry.string):
                said = holes(text)
                # A plural form may leave its number out: “une personne”.
                if not said <= known or (len(forms(entry.id)) == 1 and said != known):
                    wrong.append(key)

        assert wrong == []

    def test_holds_the_sentences_of_the_code_and_no_other(self, french, tmp_path):
        need("gettext")
        program = tmp_path / "src" / "quivive"
        shutil.copytree(
            ROOT / "src" / "quivive", program,
            ignore=shutil.ignore_patterns("vendor", "__pycache__", "*.mo", "*.npz", "data"),
        )  # fmt: skip
        settings = {"DJANGO_SETTINGS_MODULE": "quivive.web.settings", "QUIVIVE_DATA": str(tmp_path)}

        subprocess.run(
            [sys.executable, "-m", "django", "makemessages", "--locale", "fr"],
            cwd=program, check=True, stdout=subprocess.DEVNULL,
            env={**os.environ, **settings, "PYTHONPATH": str(ROOT / "src")},
        )  # fmt: skip

        found = sentences(program / CATALOGUE)
        assert set(found) - set(french) == set(), "type make messages, then translate"
        assert set(french) - set(found) == set(), "type make messages"
