"""The page of the query language names every field, as the table of fields has it."""

from pathlib import Path

import pytest

from quivive.listen.query.fields import FIELDS

PATHWAY = Path(__file__).parents[2] / "docs" / "pathway"


@pytest.mark.parametrize("page", ["query.md", "query.fr.md"])
class TestThePageOfTheQueryLanguage:
    def test_shows_every_field_with_its_example(self, page):
        text = (PATHWAY / page).read_text(encoding="utf-8")

        assert [kind.example for kind in FIELDS.values() if f"`{kind.example}`" not in text] == []

    def test_shows_every_choice_of_a_field(self, page):
        text = (PATHWAY / page).read_text(encoding="utf-8")
        choices = {choice for kind in FIELDS.values() for choice in kind.choices}

        assert {choice for choice in choices if f"`{choice}`" not in text} == set()
