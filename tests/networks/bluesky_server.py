"""A real Bluesky network in a process of its own, and a wire to it that can be cut."""

import asyncio
import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from tests.needs import need

FOLDER = Path(__file__).parent
REMEDY = "The Bluesky test server is not installed. To run this test: make networks."


def free_ports() -> int:
    """Find a port that is free, with the next one."""
    for _ in range(50):
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            with contextlib.suppress(OSError, OverflowError):
                two.bind(("127.0.0.1", port + 1))
                return port
    raise AssertionError("no two free ports side by side")


@contextlib.contextmanager
def redis() -> Generator[str, None, None]:
    """Run a Redis that keeps nothing, for as long as the block; gives its host and port."""
    program = need("redis")
    port = str(free_ports())
    keeping = ("--save", "", "--appendonly", "no")
    process = subprocess.Popen(
        [str(program), "--port", port, "--bind", "127.0.0.1", *keeping],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def bluesky_network(database_url: str, redis_host: str) -> Generator[int, None, None]:
    """Run a server of posts and the network's index for as long as the block.

    Gives the port of the server, which passes questions about the whole network on to the index.
    """
    node = need("node")
    if not (FOLDER / "node_modules/.done").exists():
        pytest.skip(REMEDY)
    port = free_ports()
    process = subprocess.Popen(
        [str(node), "serve.mjs", str(port), database_url],
        cwd=FOLDER,
        env={**os.environ, "REDIS_HOST": redis_host},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    # What it logs is read away, or its pipe would fill and stop it.
    reading = threading.Thread(target=process.stdout.read, daemon=True)
    try:
        assert any(line.strip() == "ready" for line in process.stdout), "the server ended early"
        reading.start()
        yield port
    finally:
        process.kill()
        process.wait()
        if reading.is_alive():
            reading.join(10)
        process.stdin.close()
        process.stdout.close()


class Wire:
    """Leads from a port of its own to another, and can be cut: every connection breaks at once."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._lead, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        self.connections = 0

    def cut(self) -> None:
        """Break every connection; new ones may be made at once."""
        self._run(self._break())

    def close(self) -> None:
        self._run(self._break())
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _break(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _lead(self, reader, writer) -> None:
        self.connections += 1
        there, back = await asyncio.open_connection("127.0.0.1", self._to_port)
        self._open |= {writer, back}
        await asyncio.gather(_pour(reader, back), _pour(there, writer))
        self._open -= {writer, back}


async def _pour(reader, writer) -> None:
    with contextlib.suppress(OSError):
        while block := await reader.read(65_536):
            writer.write(block)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.close()
