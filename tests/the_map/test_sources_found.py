"""Every source is told to people, in both languages."""

from pathlib import Path

import pytest

from quivive.wire.plugins import sources

FOLDER = Path(__file__).parents[2] / "docs/sources"


class TestEverySource:
    @pytest.mark.parametrize("ending", [".md", ".fr.md"])
    @pytest.mark.parametrize("kind", list(sources()))
    def test_has_its_page(self, kind, ending):
        french = ending == ".fr.md"
        pages = [page for page in FOLDER.glob("*.md") if page.name.endswith(".fr.md") == french]

        assert any(f"`{kind}`" in page.read_text() for page in pages), f"write docs/sources{ending}"
