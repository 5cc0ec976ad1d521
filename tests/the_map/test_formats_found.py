"""Every format is told to people, in both languages."""

from pathlib import Path

import pytest

from quivive.listen import formats as folder
from quivive.listen.mapping import FIELDS
from quivive.wire.files import formats

RECIPES = Path(__file__).parents[2] / "docs/recipes"


class TestEveryFormat:
    def test_is_found_by_its_file_alone(self):
        files = [path for path in Path(folder.__path__[0]).glob("*.py") if path.stem != "__init__"]

        assert len(formats()) == len(files) > 0

    @pytest.mark.parametrize("page", ["import.md", "import.fr.md"])
    def test_has_its_row_in_the_recipe(self, page):
        text = (RECIPES / page).read_text()

        assert [name for name in formats() if f"| `{name}` |" not in text] == []

    @pytest.mark.parametrize("page", ["import.md", "import.fr.md"])
    def test_can_fill_fields_that_the_recipe_lists(self, page):
        text = (RECIPES / page).read_text()

        assert [name for name in FIELDS if name.split(".")[-1] not in text] == []
