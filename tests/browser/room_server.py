"""A room of one's own for a browser test: the real server, on a free port, with invented rows."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import PATIENCE_S, free_port, wait_until

ROOT = Path(__file__).parents[2]

PREPARE = """
import json, sys, warnings
warnings.simplefilter("ignore")
import django
django.setup()
from django.utils import timezone
from tests.browser import sample_rows
now = timezone.now()
person = sample_rows.people(now)
topics = sample_rows.quiet(now, days=7, person=person)
if "ringing" in sys.argv[1:]:
    sample_rows.ringing(topics, now)
print(json.dumps(sample_rows.session_of(person)))
"""

DO = """
import warnings
warnings.simplefilter("ignore")
import django
django.setup()
from django.utils import timezone
now = timezone.now()
"""


@dataclass
class RoomServer:
    """The web process of a room, with one signed-in person.

    Attributes:
        folder: of a room that nobody has set up.
        session: value of the cookie ``sessionid`` of that person.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    session: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the lookout, without the last slash."""
        return f"http://localhost:{self.port}"

    def prepare(self, *states: str) -> None:
        """Make the rows: ``ringing`` adds an alert that rings."""
        self.session = json.loads(self.run(PREPARE, *states))

    def run(self, script: str, *arguments: str) -> str:
        """Run a script on the room's rows, in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def do(self, script: str) -> str:
        """Run a script with Django ready and ``now`` at hand."""
        return self.run(DO + script)

    def start(self) -> None:
        """Start the web process and wait until it answers."""
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "quivive.web.asgi:application"),
                *("--lifespan", "off", "--port", str(self.port), "--log-level", "warning"),
            ],
            env=self._environment(),
        )
        wait_until(self._answers)

    def stop(self) -> None:
        """Stop as Ctrl-C does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(PATIENCE_S)
            self.process = None

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/static/room/mark.svg", timeout=PATIENCE_S).close()
        except OSError:
            return False
        return True

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "quivive.web.settings",
            "QUIVIVE_DATA": str(self.folder),
            "QUIVIVE_URL": self.url,
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }
