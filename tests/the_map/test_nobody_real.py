"""Nobody real is in the repository: numbers and addresses are those kept for fiction (LR-28)."""

import re

import pytest
from tests.the_map.test_tree import IN_GIT, ROOT

WRITTEN = (".py", ".md", ".html", ".txt", ".po", ".toml", ".ndjson", ".csv", ".js", ".yml", ".json")
LEFT_OUT = ("requirements", "package-lock", "src/quivive/wire/gazetteers", "tests/networks/")
PHONE = re.compile(r"(?<![\w.])(?:\+33 ?|0)([1-9](?:[ .]?\d{2}){4})(?![\w.]*\d)")
FICTION = ("19900", "26191", "35301", "46571", "53649", "63998")
"""How French numbers begin that no operator gives to anybody (ARCEP, national numbering plan)."""
ADDRESS = re.compile(r"[\w.+-]+@((?:[a-z0-9-]+\.)+[a-z]{2,})\b", re.IGNORECASE)
RESERVED = re.compile(r"(?:\.example|example\.(?:org|com|net)|\.test|\.invalid|\.here)$")
"""Names that nobody can own (RFC 2606), and one that says where to type."""


def written() -> list[str]:
    return [name for name in IN_GIT if name.endswith(WRITTEN) and not name.startswith(LEFT_OUT)]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    found = ((name, ROOT / name) for name in written())
    return {name: file.read_text("utf-8", "replace") for name, file in found if file.is_file()}


class TestNobodyReal:
    def test_has_a_telephone_number_here(self, texts):
        real = {
            (name, number[0])
            for name, text in texts.items()
            for number in PHONE.finditer(text)
            if not re.sub(r"\D", "", number[1]).startswith(FICTION)
            and not re.fullmatch(r"0?123456789", re.sub(r"\D", "", number[0]))
        }

        assert real == set()

    def test_has_a_mail_address_here(self, texts):
        real = {
            (name, address[0])
            for name, text in texts.items()
            for address in ADDRESS.finditer(text)
            if not RESERVED.search(address[1])
        }

        assert real == set()
