"""The first command on a machine that lacks something says what, and what to do next."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ANY_PYTHON = "#!/bin/sh\n"
PYTHON_3_14 = '#!/bin/sh\ncase "$2" in *">= (3, 14)"*) exit 1;; esac\n'
DEBIAN, INTEL_MAC = '#!/bin/sh\necho "Linux x86_64"\n', '#!/bin/sh\necho "Darwin x86_64"\n'


class TestTheFirstCommand:
    @pytest.mark.parametrize(
        ("programs", "told"),
        [
            ({"uname": DEBIAN}, "has none on its PATH"),
            ({"uname": DEBIAN, "python3": PYTHON_3_14}, "Install Python 3.13, or a compiler"),
            ({"uname": INTEL_MAC, "python3": ANY_PYTHON}, "brew install rust"),
        ],
        ids=["no Python", "Python 3.14 and no compiler", "Intel Mac and no Rust"],
    )
    def test_says_what_is_missing_and_how_to_get_it(self, tmp_path, programs, told):
        shutil.copyfile(ROOT / "Makefile", tmp_path / "Makefile")
        for name, text in programs.items():
            (tmp_path / name).write_text(text)
            (tmp_path / name).chmod(0o755)

        done = subprocess.run(
            [shutil.which("make"), ".venv/.done-venv"],
            cwd=tmp_path, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False,
        )  # fmt: skip

        assert done.returncode != 0
        assert told in done.stderr
        assert "run the same command again" in done.stderr
        assert not (tmp_path / ".venv").exists()
