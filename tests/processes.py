"""What tests share that start other programs: a free port, and waiting for what shows."""

import socket
import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

PATIENCE_S = 300
"""Ends a test that hangs. A busy machine takes minutes to start a room: no test measures time."""


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], Answer], *, told: Callable[[], object] = str) -> Answer:
    """Ask until the answer is true, and return it; ``told`` says more where it never is."""
    give_up = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up:
        if answer := holds():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"Not so after {PATIENCE_S} s. {told()}")
