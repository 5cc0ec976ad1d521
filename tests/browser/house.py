"""A whole room as people start it: ``quivive up``, pages and workers, on a free port."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import PATIENCE_S, free_port, wait_until


@dataclass
class House:
    """A room in a folder of its own, with nobody in it yet.

    Attributes:
        more: what ``quivive up`` is told besides the folder and the port.
    """

    folder: Path
    more: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the room, without the last slash."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start everything and wait until pages answer."""
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        command = (sys.executable, "-m", "quivive", "up")
        with (self.folder / "said.log").open("wb") as said:
            self.process = subprocess.Popen(
                [*command, "--data", str(self.folder), "--port", str(self.port), *self.more],
                env=kept,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        wait_until(self._answers, told=self.said)

    def stop(self) -> None:
        """Stop as Ctrl-C does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE_S)
            self.process = None

    def said(self) -> str:
        """Return what the room wrote to its terminal."""
        return (self.folder / "said.log").read_text("utf-8", "replace")

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/setup/", timeout=PATIENCE_S).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True
