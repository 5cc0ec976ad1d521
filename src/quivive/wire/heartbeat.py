"""Lets who started a process see that it still goes on: a beat each turn, through a pipe.

A process that ended is started again at once. One that hangs looks well from outside, and nobody
would be told of anything until somebody wondered why.
"""

import os
import time
from contextlib import suppress

HEARD_AT = "QUIVIVE_HEARTBEAT"
"""Names the end of the pipe that a process beats into."""

TOO_LONG_S = 900.0
"""Seconds between two beats after which a process hangs: the longest step takes a few minutes."""


def beat() -> None:
    """Say that this process goes on; nobody may be there to hear."""
    if number := os.environ.get(HEARD_AT):
        with suppress(OSError, ValueError):  # nobody reads, for now: the pipe is full
            os.write(int(number), b".")


class Listener:
    """Hears one process beat; one that never does is never taken to hang."""

    def __init__(self) -> None:
        """Open the pipe; its far end is inherited by whoever is given ``far``."""
        self._near, self.far = os.pipe()
        os.set_blocking(self._near, False)
        os.set_blocking(self.far, False)
        self._last: float | None = None

    def hangs(self, *, now_s: float | None = None) -> bool:
        """Tell whether the process beat before, and long ago."""
        now_s = time.monotonic() if now_s is None else now_s
        with suppress(BlockingIOError):
            while os.read(self._near, 65_536):
                self._last = now_s
        return self._last is not None and now_s - self._last > TOO_LONG_S

    def close(self) -> None:
        """Hear no more."""
        os.close(self._near)
        os.close(self.far)
