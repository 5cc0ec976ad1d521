"""Locks and import contracts hold what they promise."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]
LOCKS = {
    "requirements.txt": PROJECT["project"]["dependencies"],
    "requirements-build.txt": [*GROUPS["build"], *PROJECT["build-system"]["requires"]],
    "requirements-node.txt": GROUPS["node"],
    "requirements-postgres.txt": PROJECT["project"]["optional-dependencies"]["postgres"],
    "requirements-dev.txt": [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["postgres"],
        *GROUPS["test"], *GROUPS["check"], *GROUPS["build"],
    ],
}  # fmt: skip


def asked(requirement: str) -> str:
    return re.split(r"[\s<>=~!\[;]", requirement)[0].lower().replace("_", "-")


def pinned(lock: str) -> dict[str, set[str]]:
    """Name → versions that a lock pins (more than one where machines differ)."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)(?:\[\S+\])?==(\S+)", lock, re.MULTILINE):
        found.setdefault(name.lower(), set()).add(version)
    return found


class TestALock:
    @pytest.mark.parametrize("name", LOCKS)
    def test_pins_everything_that_pyproject_asks_for(self, name):
        missing = {asked(line) for line in LOCKS[name]} - set(pinned((ROOT / name).read_text()))

        assert missing == set(), "type make lock"

    @pytest.mark.parametrize(
        "name", [*LOCKS, "package-lock.json", "tests/networks/package-lock.json"]
    )
    def test_names_no_address(self, name):
        assert "://" not in (ROOT / name).read_text()

    @pytest.mark.parametrize("name", LOCKS)
    def test_has_a_hash_for_each_package(self, name):
        lines = (ROOT / name).read_text().replace("\\\n", " ").split("\n")

        assert [line for line in lines if line.strip() and "--hash=sha256:" not in line] == []

    def test_agrees_with_the_one_that_people_install(self):
        ours = pinned((ROOT / "requirements.txt").read_text())
        tested = pinned((ROOT / "requirements-dev.txt").read_text())

        assert {name: tested.get(name) for name in ours} == ours

    def test_of_front_end_files_names_no_address(self):
        packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

        assert [name for name, entry in packages.items() if "resolved" in entry] == []


class TestImportContracts:
    def test_match_something_with_every_pattern(self):
        # import-linter keeps a pattern that matches nothing in silence.
        patterns = {
            name
            for contract in PROJECT["tool"]["importlinter"]["contracts"]
            for key in ("modules", "source_modules", "protected_modules", "allowed_importers")
            for name in contract.get(key, ())
            if name.startswith("quivive")
        }
        later = {"quivive.web.*.worker", "quivive.web.*.admin"}

        lost = {name for name in patterns - later if not any(self.places(name))}

        assert lost == set()

    def test_name_every_stage(self):
        layers = " ".join(PROJECT["tool"]["importlinter"]["contracts"][0]["layers"])
        folders = {path.parent.name for path in (ROOT / "src/quivive").glob("*/__init__.py")}

        assert folders <= set(re.findall(r"\w+", layers))

    @staticmethod
    def places(pattern):
        path = pattern.replace(".", "/")
        yield from (ROOT / "src").glob(f"{path}.py")
        yield from (ROOT / "src").glob(f"{path}/__init__.py")
