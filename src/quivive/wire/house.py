"""Where this installation keeps its things: the data folder and its secrets."""

import fcntl
import os
import secrets
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path

LEAST_BYTES = 1 << 20

EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - told apart, not listened on

CLEAR_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What nobody mistakes for something else when typing it from a terminal."""


def data_folder() -> Path:
    """Return the data folder, made if need be: ``QUIVIVE_DATA`` or the platform's usual place.

    Nobody else on the machine may look into one we make: it holds what people said.
    """
    folder = Path(os.environ.get("QUIVIVE_DATA") or user_data_path("quivive", appauthor=False))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def is_full(folder: Path) -> bool:
    """Tell whether a folder's disk has no room left for the database to work in."""
    return shutil.disk_usage(folder).free < LEAST_BYTES


def now_utc() -> datetime:
    """Return this moment, for commands that need no rows."""
    return datetime.now(UTC)


def screenshot_path(digest: str) -> Path:
    """Return where the picture with that SHA-256, brought by a person, lies."""
    return data_folder() / "screenshots" / digest


def secret_key(folder: Path) -> str:
    """Return this installation's secret, made once and readable by its owner only."""
    if given := os.environ.get("QUIVIVE_SECRET_KEY"):
        return given
    return _made_once(folder / "secret.key", secrets.token_urlsafe(50))


def old_secret_keys() -> list[str]:
    """Return secrets this installation had before, newest first: ``QUIVIVE_OLD_SECRET_KEYS``."""
    return [key for key in os.environ.get("QUIVIVE_OLD_SECRET_KEYS", "").split(",") if key]


def setup_code(folder: Path) -> str:
    """Return the code that proves a first visitor can read this machine, e.g. ``K7QM-2XPA-9RTV``.

    ``quivive up`` prints it until the room is set up.
    """
    groups = ("".join(secrets.choice(CLEAR_LETTERS) for _ in range(4)) for _ in range(3))
    return _made_once(folder / "setup.code", "-".join(groups))


def asks_setup_code(folder: Path) -> bool:
    """Tell whether a code was made and the room not set up since."""
    return (folder / "setup.code").exists()


def forget_setup_code(folder: Path) -> None:
    """Drop the code once the room is set up."""
    (folder / "setup.code").unlink(missing_ok=True)


def local_targets_allowed() -> bool:
    """Say whether addresses people typed may lead into our own network: the office's server."""
    return os.environ.get("QUIVIVE_ALLOW_LOCAL_TARGETS") == "1"


def _made_once(place: Path, value: str) -> str:
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(value)
    except FileExistsError:
        pass
    return place.read_text()


def room_address(host: str, port: int) -> str:
    """Return the address to open a room at that listens on ``host``.

    Who listens everywhere is reached by this machine's own address: ``0.0.0.0`` is no place a link
    could lead to.
    """
    if host in EVERYWHERE:
        host = own_address() or "localhost"
    elif host == "127.0.0.1":
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def own_address() -> str | None:
    """Return the address by which others reach this machine, e.g. ``192.168.1.12``.

    Nothing is sent: connecting a datagram socket only asks the system which way it would take.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return str(way.getsockname()[0])


def answers(host: str, port: int) -> bool:
    """Tell whether something answers at a port of this machine."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def take(folder: Path) -> bool:
    """Take a room for this process until it ends, however it ends; False where another has it."""
    held = os.open(folder / "running.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        return False
    return True  # left open: the system gives the room free with this process


def end_with(parent: int) -> None:
    """Stop this process, as if asked to, soon after the one that started it is gone.

    A terminal that is closed or a program that is killed leaves nothing behind that way.

    Args:
        parent: number of that process; 0 when this one was started by itself.
    """
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def wait_for_port(
    host: str, port: int, *, alive: Callable[[], bool], patience_s: float = 30
) -> bool:
    """Wait until something answers at a port of this machine.

    Args:
        alive: tells whether the process that should answer still runs.

    Returns:
        False when it died or stayed silent for ``patience_s`` seconds.
    """
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and alive():
        if answers(host, port):
            return True
        time.sleep(0.1)
    return False
