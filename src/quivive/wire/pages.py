"""Takes a picture of a public page with a browser of this machine, for evidence.

The page is a stranger's program, so the browser has one way out alone: a proxy of ours on this
machine, which looks up every name itself, refuses what lies inside and connects to the very address
it checked (CWE-918). Redirects, frames and scripts go the same way. The browser signs in nowhere,
starts from an empty profile and forgets it.
"""

import asyncio
import os
import shutil
import signal
import socket
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import Kind, NoAnswer
from quivive.wire import refusals
from quivive.wire.targets import InsideRefused, is_inside

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")

PATIENCE_S, CONNECT_S = 30.0, 10.0
SETTLE_MS = 10_000
"""Time of the page's own clock it gets to draw itself."""

LARGEST_TRAFFIC = 40_000_000
"""Bytes a page may load in all; after that its connections end."""

LONGEST_HEAD = 32_768
PORTS = frozenset({80, 443})
WIDE, HIGH = 1280, 1800
"""Of the picture, in pixels: a post with what stands around it."""

FLAGS = (
    "--headless=new",
    "--hide-scrollbars",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--mute-audio",
    "--deny-permission-prompts",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    f"--window-size={WIDE},{HIGH}",
    f"--virtual-time-budget={SETTLE_MS}",
)


def browser_for(wish: str) -> Path | None:
    """Return the browser to use; None where this machine has none.

    Args:
        wish: the path of one, or ``1`` for whichever is found.
    """
    names = NAMES if wish == "1" else (wish,)
    found = filter(None, map(shutil.which, names))
    return next(map(Path, found), None)


def picture_of_page(url: str, *, browser: Path, local_allowed: bool) -> bytes:
    """Return a picture (PNG) of what a stranger sees at an address; takes seconds.

    Raises:
        NoAnswer: it leads inside this network, does not answer, or is no page.
        Trouble: the browser gave no picture in time.
    """
    return asyncio.run(_picture(url, browser, _WayOut(local_allowed=local_allowed)))


async def _picture(url: str, browser: Path, way: "_WayOut") -> bytes:
    host = urlsplit(url).hostname or ""
    if urlsplit(url).scheme not in {"http", "https"} or not host:
        raise _no_page()
    server = await asyncio.start_server(way.lead, "127.0.0.1", 0, limit=LONGEST_HEAD)
    port = server.sockets[0].getsockname()[1]
    try:
        with TemporaryDirectory(prefix="quivive-page-", ignore_cleanup_errors=True) as folder:
            body = await _drawn(url, browser, Path(folder), port)
    finally:
        server.close()
        way.close()
    if way.refused:
        raise refusals.no_answer(url, InsideRefused(way.refused))
    if host not in way.reached:
        raise NoAnswer(
            say("{host} does not answer.", host=host),
            say("Try again, or make the picture yourself and add it."),
            kind=Kind.UNREACHABLE,
        )
    if not body:
        raise Trouble(
            say(
                "The browser gave no picture of the page in {seconds} seconds.", seconds=PATIENCE_S
            ),
            say("Try again, or make the picture yourself and add it."),
        )
    return body


async def _drawn(url: str, browser: Path, folder: Path, port: int) -> bytes:
    """Run the browser once; empty when it was not done in time."""
    picture = folder / "page.png"
    # A browser started by root has no sandbox to give; rooms are run by a user of their own.
    bare = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    process = await asyncio.create_subprocess_exec(
        browser, *FLAGS, *bare,
        f"--proxy-server=http://127.0.0.1:{port}",
        f"--user-data-dir={folder / 'profile'}",
        f"--screenshot={picture}",
        url,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE_S):
            await process.wait()
    except TimeoutError:
        return b""
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    return picture.read_bytes() if picture.exists() else b""


def _no_page() -> NoAnswer:
    return NoAnswer(
        say("This post has no public address to look at."),
        say("Make the picture yourself and add it."),
        kind=Kind.SETTINGS,
    )


class _WayOut:
    """The proxy (RFC 9110, 9.3.6, and absolute addresses): the browser's only way out.

    Attributes:
        reached: hosts that were connected to.  refused: the last place inside that was not.
    """

    def __init__(self, *, local_allowed: bool) -> None:
        self._local_allowed = local_allowed
        self._left = LARGEST_TRAFFIC
        self._tasks: set[asyncio.Task[None]] = set()
        self.reached: set[str] = set()
        self.refused = ""

    def close(self) -> None:
        """End what still runs."""
        for task in self._tasks:
            task.cancel()

    async def lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Lead one connection of the browser out."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError, ValueError, EOFError, TimeoutError, asyncio.LimitOverrunError):
                await self._lead(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        line, _, fields = head.partition(b"\r\n")
        method, target, _version = line.decode("ascii").split(" ")
        tunnel = method == "CONNECT"
        address = urlsplit(f"//{target}" if tunnel else target)
        host, port = address.hostname or "", address.port or 80
        try:
            there, back = await self._connected(host, port)
        except (OSError, TimeoutError):
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                path = address._replace(scheme="", netloc="").geturl() or "/"
                back.write(f"{method} {path} HTTP/1.1\r\nConnection: close\r\n".encode())
                back.write(_without_hops(fields))
            # A proxied plain request may be followed by one to another host: only tunnels go on.
            going = asyncio.create_task(self._pour(reader, back)) if tunnel else None
            await self._pour(there, writer)
            if going:
                going.cancel()
        finally:
            back.close()

    async def _connected(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to an address of a host that was checked; never by its name again."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECT_S):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            places = [str(place[0]) for *_, place in found]
            if not self._local_allowed and (port not in PORTS or any(map(is_inside, places))):
                self.refused = host
                raise OSError(host)
            there, back = await asyncio.open_connection(places[0], port)
        self.reached.add(host)
        return there, back

    async def _pour(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while self._left > 0 and (block := await reader.read(65_536)):
            self._left -= len(block)
            writer.write(block)
            await writer.drain()


def _without_hops(fields: bytes) -> bytes:
    """Leave out what a browser says to its proxy alone."""
    lines = fields.split(b"\r\n")
    hops = (b"connection:", b"proxy-connection:", b"keep-alive:")
    return b"\r\n".join(line for line in lines if not line.lower().startswith(hops))
