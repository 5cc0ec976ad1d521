"""What README and CONTRIBUTING say of the tree is so."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "src" / "quivive"
IN_GIT = tuple(
    subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")[:-1]
)  # fmt: skip


def drawn(page: str, first_line: str) -> set[str]:
    """Names drawn as branches of the tree that starts with ``first_line``."""
    text = (ROOT / page).read_text()
    tree = text[text.index(f"```\n{first_line}\n") :].split("```")[1]
    return {name for line in tree.split("\n") for name in re.findall(r"[├└]── (\S+)", line)}


class TestTheReadmesTree:
    @pytest.mark.parametrize("page", ["README.md", "README.fr.md"])
    def test_names_every_folder_of_the_program(self, page):
        folders = {
            f"{Path(name).parts[2]}/"
            for name in IN_GIT
            if name.startswith("src/quivive/") and len(Path(name).parts) > 3
        }

        assert drawn(page, "src/quivive/") == folders


class TestContributingsTree:
    def test_names_only_what_exists(self):
        missing = [name for name in drawn("CONTRIBUTING.md", ".") if not any(ROOT.glob(name))]

        assert missing == []

    def test_names_every_folder_that_git_holds(self):
        folders = {f"{Path(name).parts[0]}/" for name in IN_GIT if len(Path(name).parts) > 1}
        said = {f"{name.split('/')[0]}/" for name in drawn("CONTRIBUTING.md", ".") if "/" in name}

        assert {name for name in folders if not name.startswith(".")} == said


class TestEveryCommand:
    def test_is_a_file_and_every_such_file_a_command(self):
        from quivive.cli import COMMANDS

        files = {path.name.removesuffix("_command.py") for path in PROGRAM.glob("cli/*_command.py")}

        assert files == {name.replace("-", "_") for name in COMMANDS}


class TestEveryFile:
    def test_of_the_program_has_fewer_than_500_lines(self):
        long = [
            name
            for name in IN_GIT
            if name.startswith("src/") and name.endswith(".py") and (ROOT / name).exists()
            if len((ROOT / name).read_text().split("\n")) > 500
        ]

        assert long == []

    def test_opens_with_a_line_that_tells_its_place(self):
        silent = [
            name
            for name in IN_GIT
            if name.startswith("src/") and name.endswith(".py") and "/migrations/" not in name
            if (ROOT / name).exists() and not (ROOT / name).read_text().startswith('"""')
        ]

        assert silent == []

    def test_names_no_machine_and_no_place_to_download_from(self):
        # Locks work with any mirror, and pages ask no other site for anything.
        private = ("/wo" + "rk/", "/ro" + "ot/", "/Us" + "ers/")
        mirrors = (
            "files.python" + "hosted", "py" + "pi.org", "registry.npm" + "js", "deb.deb" + "ian",
            "uni" + "pkg.com", "jsde" + "livr", "cdn" + "js.", "fonts.google" + "apis",
        )  # fmt: skip
        found = [
            (name, word)
            for name in IN_GIT
            if (ROOT / name).is_file()
            for word in (*private, *mirrors)
            if word.encode() in (ROOT / name).read_bytes()
        ]

        assert found == []
