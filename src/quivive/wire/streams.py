"""Long-lived connections: frames of a WebSocket or of server-sent events, until one of us hangs up.

Resuming is not this file's business: the plug-in puts its cursor into the address, and who
listens asks for a new connection after a pause that grows.
"""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from quivive.listen.sourcing import OPENED, Frame, Subscription
from quivive.listen.unreadable import refused, web_page
from quivive.vocabulary.requests import OK
from quivive.wire import refusals
from quivive.wire.courier import AGENT

LARGEST_FRAME = 5_000_000
"""Bytes of one frame; the largest that Bluesky sends is 5 MB (com.atproto.sync.subscribeRepos)."""

WAITING_FRAMES = 512
"""Frames kept while we are busy; then the server has to wait, which TCP tells it."""


async def frames(asked: Subscription) -> AsyncGenerator[Frame, None]:
    """Yield frames for as long as the connection lives, the first when it is made.

    Raises:
        NoAnswer: it could not be opened, broke, or was silent for too long.
    """
    refusals.check_address(asked.url, {"ws", "wss", "http", "https"})
    heard = _websocket(asked) if urlsplit(asked.url).scheme in {"ws", "wss"} else _events(asked)
    try:
        async for frame in heard:
            yield frame
    except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, InvalidURI) as trouble:
        if isinstance(trouble, InvalidStatus) and trouble.response.status_code == OK:
            raise web_page(asked.url) from trouble
        if isinstance(trouble, InvalidStatus):
            raise refused(asked.url, trouble.response.status_code) from trouble
        raise refusals.no_answer(asked.url, trouble) from trouble
    except UnicodeEncodeError as trouble:
        raise refusals.odd_key(asked.url, trouble) from trouble
    except (httpx.HTTPError, httpx.InvalidURL) as trouble:
        raise refusals.no_answer(asked.url, trouble) from trouble


async def _websocket(asked: Subscription) -> AsyncGenerator[Frame, None]:
    async with connect(
        asked.url,
        additional_headers=asked.headers,
        user_agent_header=AGENT,
        max_size=LARGEST_FRAME,
        max_queue=WAITING_FRAMES,
        open_timeout=20,
        close_timeout=3,
        ping_interval=20,
        ping_timeout=30,
    ) as connection:
        yield _opened()
        while True:
            async with asyncio.timeout(asked.silence_s):
                data = await connection.recv()
            body = data.encode() if isinstance(data, str) else data
            yield Frame(data=body, at=datetime.now(UTC))


async def _events(asked: Subscription) -> AsyncGenerator[Frame, None]:
    """Read lines that are messages, or server-sent events (HTML Living Standard, 9.2).

    Of the latter a blank line ends an event.
    """
    patience = httpx.Timeout(20.0, read=asked.silence_s)
    kind = "application/json" if asked.lines else "text/event-stream"
    headers = {"User-Agent": AGENT, "Accept": kind, **asked.headers}
    async with (
        httpx.AsyncClient(timeout=patience) as client,
        client.stream("GET", asked.url, headers=headers) as answer,
    ):
        if answer.status_code != OK:
            raise refused(asked.url, answer.status_code)
        if answer.headers.get("content-type", "").startswith("text/html"):
            raise web_page(asked.url)
        yield _opened()
        reader = EventReader()
        async for line in answer.aiter_lines():
            if asked.lines:
                yield Frame(data=line.encode(), at=datetime.now(UTC))
                continue
            event = reader.take(line, now=datetime.now(UTC))
            if event is not None:
                yield event


def _opened() -> Frame:
    return Frame(data=b"", event=OPENED, at=datetime.now(UTC))


class EventReader:
    r"""Puts the lines of server-sent events together.

    >>> reader = EventReader()
    >>> lines = ["event: update", "data: a", "data: b", ": still here", ""]
    >>> [reader.take(line, now=datetime.now(UTC)) for line in lines][-1].data
    b'a\nb'
    """

    def __init__(self) -> None:
        """Begin with an empty event."""
        self._event, self._id = "", ""
        self._data: list[str] = []
        self._size = 0

    def take(self, line: str, *, now: datetime) -> Frame | None:
        """Take one line without its end; return the event that it ends, if any."""
        if line:
            self._field(line)
            return None
        data, event = self._data, self._event
        self._data, self._event, self._size = [], "", 0
        if not data:
            return None
        return Frame(data="\n".join(data).encode(), event=event, id=self._id, at=now)

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data" and self._size + len(value) <= LARGEST_FRAME:
            self._data.append(value)
            self._size += len(value)
        elif name == "event":
            self._event = value
        elif name == "id":
            self._id = value
