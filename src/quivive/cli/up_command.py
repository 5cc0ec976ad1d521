"""``quivive up``: the room and its workers, started and stopped together."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console

from quivive.cli.house import choose_house, is_up_to_date, last_address, open_house
from quivive.cli.speech import LANGUAGE
from quivive.cli.speech import gettext as _
from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import say
from quivive.wire.heartbeat import HEARD_AT, TOO_LONG_S, Listener
from quivive.wire.house import (
    answers,
    asks_setup_code,
    data_folder,
    end_with,
    room_address,
    setup_code,
    take,
    wait_for_port,
)

PROCESSES = ("pages", "engine", "notices", "collector")
"""Pages first: they are what a person waits for."""

PARENT = "QUIVIVE_PARENT"
"""Names the process that started the others: they end when it does."""

HUNG = "QUIVIVE_HUNG"
"""Set for a process that is started because the one before stood still: it notes that."""

SMALL_PIECES = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "262144"}
"""Has the C library (glibc; others do not ask) give freed memory back, not keep it in pieces.

The collector needs it, for it reads short-lived texts in several threads without end, and notices,
for they pack megabytes again and again. Whoever computes on large arrays would be a tenth slower.
"""

STOP_S = 8.0
"""Seconds a process has to end by itself before it is ended."""


def register(app: typer.Typer) -> None:
    """Add the commands: ``up`` for people, ``work`` for the processes it starts."""
    app.command("up", help=_("Start the room: pages and workers on this machine."))(up)
    app.command("work", hidden=True)(work)


def up(
    host: Annotated[str, typer.Option(help=_("Address to listen on."))] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=_("Port to listen on."), min=1, max=65535)] = 8000,
    data: Annotated[Path | None, typer.Option(help=_("Data folder of the room."))] = None,
    demo: Annotated[
        bool,
        typer.Option("--demo", help=_("Open a room with a rehearsed crisis that unfolds live.")),
    ] = False,
    story: Annotated[
        Path | None, typer.Option(help=_("Posts to rehearse with, instead of our own story."))
    ] = None,
    query: Annotated[
        str | None, typer.Option(help=_("What the room watches in that story."))
    ] = None,
    speed: Annotated[
        float, typer.Option(help=_("How much faster than life the story unfolds."), min=0.1)
    ] = 6.0,
) -> None:
    """Start everything, wait, stop everything."""
    url = room_address(host, port)
    folder = data or (data_folder().with_name("quivive-demo") if demo else data_folder())
    os.environ.setdefault("QUIVIVE_HOSTS", f"localhost,127.0.0.1,[::1],{urlsplit(url).hostname}")
    if answers(host, port):
        raise _runs_already(url) if last_address(folder) == url else _taken(port)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not take(folder):
        raise _runs_elsewhere(last_address(folder) or url)
    console = Console(highlight=False)
    choose_house(folder, url=url)
    if demo:
        _rehearse(console, story=story, query=query, speed=speed)
    else:
        _bring_up_to_date(console, folder)
    _run(console, url=url, host=host, port=port)


def _rehearse(console: Console, *, story: Path | None, query: str | None, speed: float) -> None:
    os.environ.setdefault("QUIVIVE_LANGUAGE", LANGUAGE)
    open_house()
    from quivive.web.room.rehearsal import prepare

    secret = prepare(story=story, query=query, speed=speed)
    console.print(_("Sign in as {email} with the password {password}").format(**secret))


def _bring_up_to_date(console: Console, folder: Path) -> None:
    """Load Django only when the database may need work, or when the room is not set up yet.

    The setup code proves, on a first visit from another machine, that one can read this terminal.
    """
    if is_up_to_date(folder) and not asks_setup_code(folder):
        return
    open_house()
    from quivive.web.people.queries import is_set_up

    if not is_set_up():
        words = _("Setup code, asked for when the first visit is from another machine: {code}")
        console.print(words.format(code=f"[bold]{setup_code(folder)}[/]"))


def _run(console: Console, *, url: str, host: str, port: int) -> None:
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, _interrupt)
    parts = {name: _Part(name, host=host, port=port) for name in PROCESSES}
    try:
        parts["pages"].start()
        if not wait_for_port(host, port, alive=lambda: parts["pages"].is_running):
            raise _taken(port)
        console.print(_("Qui-vive is ready: [bold]{url}[/]  (Ctrl-C stops it)").format(url=url))
        while True:
            for part in parts.values():
                part.look_after(console)
            time.sleep(1)
    except KeyboardInterrupt:
        console.print(_("Stopping."))
    finally:
        _stop([part.process for part in parts.values() if part.process])


def _runs_already(url: str) -> Trouble:
    return Trouble(
        say("Something answers at {url} already: most likely this room, started before.", url=url),
        say("Open it in a browser, or stop it and start it again."),
    )


def _runs_elsewhere(url: str) -> Trouble:
    return Trouble(
        say("This room runs already, at {url}.", url=url),
        say("Open it in a browser; or stop that one, then start it here."),
    )


def _taken(port: int) -> Trouble:
    return Trouble(
        say("The pages cannot start: port {port} may be taken.", port=str(port)),
        say("Stop what uses it, or choose another one: --port 8001, or make run PORT=8001."),
    )


class _Part:
    """One process of the room, started again when it ended or hangs."""

    def __init__(self, name: str, *, host: str, port: int) -> None:
        """Start nothing yet."""
        self._name = name
        place = ("--host", host, "--port", str(port)) if name == "pages" else ()
        self._command = [sys.executable, "-m", "quivive", "work", name, *place]
        self._heart: Listener | None = None
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look_after(self, console: Console) -> None:
        """Start it where it does not run; end it first, and say so, where it hangs."""
        if self.process and self.is_running and self._heart and self._heart.hangs():
            console.print(
                _(
                    "The process {name} did nothing for {minutes} minutes. It is started again; "
                    "please report it."
                ).format(name=self._name, minutes=round(TOO_LONG_S / 60))
            )
            self.process.kill()
            self.process.wait()
            self.start(hung=True)
        elif not self.is_running:
            self.start()

    def start(self, *, hung: bool = False) -> None:
        """Start it, in a group of its own; ``hung``: the one before was ended for standing still.

        Ctrl-C reaches this process only, which then stops the others in order. Should this process
        be killed, they see that their parent is gone and stop by themselves.
        """
        if self._heart:
            self._heart.close()
        self._heart = Listener()
        far = self._heart.far
        env = {**os.environ, PARENT: str(os.getpid()), HEARD_AT: str(far)}
        if hung:
            env[HUNG] = self._name
        if self._name in ("collector", "notices"):
            env = SMALL_PIECES | env
        self.process = subprocess.Popen(  # noqa: S603 - our own
            self._command, start_new_session=True, env=env, pass_fds=(far,)
        )


def _stop(processes: list["subprocess.Popen[bytes]"]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_S
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def work(
    kind: str,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option()] = 8000,
) -> None:
    """Run one part of the room.

    ``pages`` answers people, ``collector`` asks networks, ``engine`` detects, ``notices`` tells.
    """
    end_with(int(os.environ.get(PARENT, "0")))
    if os.environ.pop(HUNG, ""):
        _note_hung(kind)
    if kind == "pages":
        _answer(host, port)
        return
    open_house()
    holder = f"{kind}-{os.getpid()}"
    if kind == "collector":
        from quivive.web.listen.collecting import collect

        collect(holder=holder)
        return
    from quivive.web.room.worker import work as loop

    loop(kind, holder=holder)


def _note_hung(kind: str) -> None:
    """Note it where people look; where the database hangs too, the terminal alone told it."""
    open_house()
    from django.db import DatabaseError
    from django.utils import timezone

    from quivive.web.listen.mishaps import note_hung

    with suppress(DatabaseError):
        note_hung(kind, now=timezone.now())


def _answer(host: str, port: int) -> None:
    import uvicorn

    uvicorn.run(
        "quivive.web.asgi:application",
        host=host,
        port=port,
        lifespan="off",
        log_level="warning",
        timeout_graceful_shutdown=3,
    )
