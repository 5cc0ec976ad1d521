"""``quivive up``: everything starts, everything stops, and a taken port is told."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from rich.console import Console
from tests.processes import PATIENCE_S, free_port, wait_until

from quivive.cli import up_command
from quivive.wire.heartbeat import TOO_LONG_S
from quivive.wire.house import take

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1", "localhost", "::1"]), pytest.mark.slow]


def start(folder: Path, port: int) -> subprocess.Popen[str]:
    house = {**os.environ, "LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}
    house.pop("DATABASE_URL", None)
    return subprocess.Popen(
        [sys.executable, "-m", "quivive", "up", "--data", str(folder), "--port", str(port)],
        env=house,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def first_page(port: int) -> tuple[int, str]:
    """Ask until the room answers; returns its status, and where it sends us."""

    def asked() -> tuple[int, str] | None:
        with suppress(OSError), closing(http.client.HTTPConnection("127.0.0.1", port)) as line:
            line.request("GET", "/")
            with line.getresponse() as answer:
                return answer.status, answer.getheader("Location", "")
        return None

    return wait_until(asked)


def children(process: int) -> set[int]:
    """Return all processes below one, from ``/proc``."""
    found: set[int] = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number, _, rest = entry.read_text().partition(" ")
            if int(rest.rpartition(")")[2].split()[1]) == process:
                found |= {int(number)} | children(int(number))
    return found


def collector(room: int, *, but: int = 0) -> int:
    """Wait for the collector of a room, or for another than one that died."""

    def found() -> int:
        for one in children(room) - {but}:
            with suppress(OSError):
                if Path(f"/proc/{one}/cmdline").read_bytes().rstrip(b"\0").endswith(b"collector"):
                    return one
        return 0

    return wait_until(found)


def runs(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.fixture
def up(tmp_path: Path):
    started: list[subprocess.Popen[str]] = []

    def starting(port: int) -> subprocess.Popen[str]:
        started.append(start(tmp_path, port))
        return started[-1]

    yield starting
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_S)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Reads processes from /proc.")
class TestARoomThatIsStarted:
    def test_sends_the_first_visitor_to_the_setup_mends_itself_and_leaves_nothing_running(self, up):
        port = free_port()
        up_at_first = up(port)
        status, place = first_page(port)
        died = collector(up_at_first.pid)
        os.kill(died, signal.SIGKILL)
        assert collector(up_at_first.pid, but=died)
        below = children(up_at_first.pid)
        up_at_first.send_signal(signal.SIGINT)
        up_at_first.wait(PATIENCE_S)

        assert (status, place.startswith("/setup")) == (302, True), place
        assert len(below) >= 3
        assert [one for one in below if runs(one)] == []

        again = up(port)
        first_page(port)
        again.send_signal(signal.SIGHUP)  # as a terminal does that is closed
        assert again.wait(PATIENCE_S) == 0

    def test_leaves_nothing_running_even_when_it_is_killed(self, up, tmp_path, new_room):
        new_room(tmp_path)
        port = free_port()
        process = up(port)
        first_page(port)
        below = children(process.pid)
        process.kill()

        wait_until(lambda: not any(map(runs, below)))


class TestAPortThatIsTaken:
    def test_is_told_with_what_to_do(self, up):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            process = up(port)
            said, _ = process.communicate(timeout=PATIENCE_S)

        assert process.returncode == 2, said
        assert str(port) in said
        assert "--port" in said

    def test_by_the_same_room_is_told_apart(self, up, tmp_path):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            (tmp_path / "address.txt").write_text(f"http://localhost:{port}")
            said, _ = up(port).communicate(timeout=PATIENCE_S)

        assert "started before" in said


class TestARoomThatRunsAlready:
    def test_is_not_started_a_second_time_on_another_port(self, up, tmp_path):
        (tmp_path / "address.txt").write_text("http://localhost:8123")
        assert take(tmp_path)
        process = up(free_port())
        said, _ = process.communicate(timeout=PATIENCE_S)

        assert process.returncode == 2, said
        assert "runs already, at http://localhost:8123" in " ".join(said.split())
        assert not take(tmp_path)


SLEEPS = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]


class TestAPartOfTheRoom:
    def test_that_hangs_is_started_again_and_people_are_told(self, capsys):
        part = up_command._Part("notices", host="127.0.0.1", port=1)
        part._command = SLEEPS
        part.look_after(Console())
        hanging = part.process
        os.write(part._heart.far, b".")
        part._heart.hangs(now_s=time.monotonic() - 2 * TOO_LONG_S)

        part.look_after(Console())

        assert hanging.returncode == -signal.SIGKILL
        assert part.is_running
        assert "notices" in capsys.readouterr().out
        up_command._stop([part.process])

    def test_that_hung_learns_so_when_it_is_started_again(self, tmp_path):
        told = tmp_path / "told.txt"
        part = up_command._Part("notices", host="127.0.0.1", port=1)
        part._command = SLEEPS
        part.look_after(Console())
        os.write(part._heart.far, b".")
        part._heart.hangs(now_s=time.monotonic() - 2 * TOO_LONG_S)

        note = "import os, sys; open(sys.argv[1], 'w').write(os.environ['QUIVIVE_HUNG'])"
        part._command = [sys.executable, "-S", "-c", note, str(told)]
        part.look_after(Console())

        assert part.process.wait(PATIENCE_S) == 0
        assert told.read_text() == "notices"
