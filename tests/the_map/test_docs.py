"""Documentation follows the code, in both languages."""

import enum
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import msgspec
import pytest

from quivive import vocabulary

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
STAGES = (
    "prevent", "listen", "detect", "actors", "assess", "coordinate", "respond", "watch", "learn",
    "activate",
)  # fmt: skip


def words() -> set[str]:
    """Public types of the vocabulary: values, choices and errors."""
    found = set()
    for info in pkgutil.iter_modules(vocabulary.__path__):
        module = importlib.import_module(f"quivive.vocabulary.{info.name}")
        for name, thing in inspect.getmembers(module, inspect.isclass):
            ours = thing.__module__ == module.__name__ and not name.startswith("_")
            if ours and issubclass(thing, msgspec.Struct | enum.Enum | Exception):
                found.add(name)
    return found


class TestEveryStage:
    @pytest.mark.parametrize("ending", ["md", "fr.md"])
    def test_has_its_page(self, ending):
        stages = [stage for stage in STAGES if (ROOT / "src/quivive" / stage).exists()]

        missing = [stage for stage in stages if not (DOCS / f"pathway/{stage}.{ending}").exists()]

        assert missing == []

    @pytest.mark.parametrize("page", ["index.md", "index.fr.md"])
    def test_is_on_the_first_page(self, page):
        text = (DOCS / page).read_text()

        missing = [s for s in STAGES if (ROOT / "src/quivive" / s).exists() and s not in text]

        assert missing == []


class TestTheGlossary:
    @pytest.mark.parametrize("page", ["glossary.md", "glossary.fr.md"])
    def test_has_every_word_of_the_vocabulary_and_no_lost_one(self, page):
        explained = set(re.findall(r"^\| `(\w+)` \|", (DOCS / page).read_text(), re.MULTILINE))

        assert explained == words()


class TestEveryPageForPeople:
    def test_is_written_in_both_languages(self):
        english = {
            page.relative_to(DOCS)
            for folder in map(DOCS.joinpath, ("", "pathway", "measures", "recipes", "sources"))
            for page in folder.glob("*.md")
            if not page.name.endswith(".fr.md")
        }
        french = {
            page.relative_to(DOCS).with_name(page.name.replace(".fr.md", ".md"))
            for page in DOCS.rglob("*.fr.md")
        }

        assert english == french
