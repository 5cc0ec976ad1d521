"""The built wheel is the whole product: installed in an empty environment, it opens the room."""

import os
import signal
import subprocess
import sys
import urllib.request
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from tests.processes import PATIENCE_S, free_port, wait_until

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.slow]


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def programs(wheel, tmp_path_factory):
    """Programs of an environment that holds the wheel and what it asks for, nothing else."""
    home = tmp_path_factory.mktemp("empty")
    uv = [sys.executable, "-m", "uv"]  # as pip would, in a tenth of the time
    run(*uv, "venv", "--quiet", "--clear", "--python", sys.executable, home)
    into = [*uv, "pip", "install", "--quiet", "--python", home / "bin" / "python"]
    run(*into, "--require-hashes", "-r", ROOT / "requirements.txt")
    run(*into, "--no-deps", "--no-index", wheel)
    return home / "bin"


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


class TestTheWheel:
    def test_carries_every_file_of_the_program(self, wheel):
        listed = run("git", "ls-files", "src/quivive").split("\n")[:-1]
        ours = {name.removeprefix("src/") for name in listed if (ROOT / name).exists()}

        assert ours - names_in(wheel) == set()

    def test_carries_the_files_that_git_does_not_hold(self, wheel):
        catalogues = (ROOT / "src").rglob("django.po")
        compiled = {str(path.with_suffix(".mo").relative_to(ROOT / "src")) for path in catalogues}
        vendor = "quivive/web/room/static/vendor"

        carried = names_in(wheel)

        assert compiled
        assert compiled <= carried
        assert {f"{vendor}/pico.min.css", f"{vendor}/htmx.min.js", f"{vendor}/icons.svg"} <= carried


class TestAnEmptyEnvironment:
    def test_gets_a_command_that_explains_itself(self, programs, tmp_path):
        assert "replay" in run(programs / "quivive", "--help", cwd=tmp_path)

    @pytest.mark.enable_socket
    def test_opens_the_room_and_closes_it_when_asked(self, programs, tmp_path):
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        said = tmp_path / "said.txt"
        with said.open("w") as ear:
            room = subprocess.Popen(
                [programs / "quivive", "up", "--data", tmp_path / "data", "--port", str(port)],
                cwd=tmp_path, env=clean_environment(), stdout=ear, stderr=ear,
            )  # fmt: skip
        try:
            page = first_page(address, room, said)
            style = read(f"{address}/static/vendor/pico.min.css")
            room.send_signal(signal.SIGINT)
            room.wait(PATIENCE_S)
        finally:
            room.kill()
            room.wait()

        assert "Qui-vive" in page
        assert ":root" in style
        assert (room.returncode, "Traceback" in said.read_text()) == (0, False), said.read_text()


def clean_environment() -> dict[str, str]:
    """Our environment without what points Python or Qui-vive at this checkout."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("QUIVIVE_", "DJANGO_", "PYTHON", "DATABASE_", "PYTEST"))
    }


def first_page(url: str, room: "subprocess.Popen[bytes]", said: Path) -> str:
    """Ask until the room answers; tell what it said when it ends instead."""

    def asked() -> str:
        assert room.poll() is None, said.read_text()
        with suppress(OSError):
            return read(url)
        return ""

    return wait_until(asked, told=said.read_text)


def read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
        return answer.read().decode()
