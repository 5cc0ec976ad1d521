"""The weights in the package are those that the pages tell of."""

import hashlib
from importlib.resources import files
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "docs/pathway"
WEIGHTS = sorted(
    one.name for one in (files("quivive") / "wire" / "models").iterdir() if one.name.endswith("npz")
)


class TestWeightsThatShip:
    """What a training printed ..."""

    @pytest.mark.parametrize("name", WEIGHTS)
    def test_is_written_down_in_both_languages(self, name: str) -> None:
        packed = (files("quivive") / "wire" / "models" / name).read_bytes()
        told = hashlib.sha256(packed).hexdigest()[:8]

        english = [page for page in PAGES.glob("*.md") if not page.name.endswith(".fr.md")]
        for pages in (english, list(PAGES.glob("*.fr.md"))):
            assert any(told in page.read_text(encoding="utf-8") for page in pages), (
                f"Write the new hash of {name}, {told}…, beside its training."
            )
