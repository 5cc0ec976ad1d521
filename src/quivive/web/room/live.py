"""Live updates: one look at the rows each second for all open pages, sent as server-sent events."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from types import FrameType
from typing import Any
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async

from quivive.web.waiting import queries
from quivive.web.waiting.queries import Note

LOOK_S = 1.0
"""Seconds between two looks at the rows."""

HEARTBEAT_S = 15.0
"""Seconds of silence after which a comment shows that the line still stands."""

LIFE_S = 15 * 60.0
"""Seconds a stream lasts: then the browser comes back and is asked again who it is."""

MOST_OF_A_PERSON = 24
"""Streams somebody holds at once, more than people open pages: each costs memory and a place."""

CROWDED = b"retry: 60000\n\n"
"""Asks a browser to come back in a minute."""

OVERLAP = 50
"""Rows looked at again: on PostgreSQL a lower id may become visible after a higher one."""

_END = None


class Hub:
    """All open streams of one event loop, fed by one task that lives while anybody listens."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._queues: dict[asyncio.Queue[Note | None], int] = {}
        self._task: asyncio.Task[None] | None = None
        self._looking = asyncio.Event()
        self._closing = False

    @asynccontextmanager
    async def listening(self, person: int) -> AsyncIterator[asyncio.Queue[Note | None]]:
        """Lend a queue of the notes from now on; ``None`` in it means that the server stops."""
        queue: asyncio.Queue[Note | None] = asyncio.Queue()
        self._queues[queue] = person
        if self._closing:
            queue.put_nowait(_END)
        else:
            if self._task is None or self._task.done():
                self._looking.clear()
                self._task = asyncio.create_task(self._watch())
            await self._looking.wait()
        try:
            yield queue
        finally:
            self._queues.pop(queue, None)
            if not self._queues and self._task is not None:
                self._task.cancel()

    def crowded(self, person: int) -> bool:
        """Tell whether somebody holds as many streams as one person may."""
        return sum(holder == person for holder in self._queues.values()) >= MOST_OF_A_PERSON

    def close(self) -> None:
        """End every stream, so that the server can stop at once."""
        self._closing = True
        for queue in self._queues:
            queue.put_nowait(_END)

    async def _watch(self) -> None:
        latest = await sync_to_async(queries.latest_change)()
        known = await sync_to_async(queries.changes_after)(latest - OVERLAP)
        sent = {note.id for note in known}  # a lower id that is missing may still come
        self._looking.set()
        while True:
            await asyncio.sleep(LOOK_S)
            notes = await sync_to_async(queries.changes_after)(latest - OVERLAP)
            for note in notes:
                if note.id not in sent:
                    self._tell(note)
            sent = {one for one in sent if one > latest - OVERLAP}
            sent |= {note.id for note in notes}
            latest = max([latest, *sent])

    def _tell(self, note: Note) -> None:
        for queue in self._queues:
            queue.put_nowait(note)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """Return this event loop's hub; the first call also hears when the server is told to stop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
        _hear_the_end(loop, _hubs[loop].close)
    return _hubs[loop]


def _hear_the_end(loop: asyncio.AbstractEventLoop, close: Callable[[], None]) -> None:
    """Close streams on Ctrl-C: the server waits for open answers and does not tell them."""
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)

        def told(signum: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(close)
            if callable(before):
                before(signum, frame)

        if callable(before):
            with suppress(ValueError):  # not the main thread: whoever owns it closes us
                signal.signal(number, told)


async def stream(
    after: int | None, *, person: int, resumes: bool, outside: bool = False
) -> AsyncIterator[bytes]:
    """Yield the events after note ``after``: what was missed first, then what happens.

    A stream too many of one person ends at once.

    Args:
        after: id of the last note the page knows; None for a page that knows none.
        person: the key of who reads.
        outside: they may not learn how topics are called.
        resumes: the page held a stream before, so what it missed may be older than we keep.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + LIFE_S
    if hub().crowded(person):
        yield CROWDED
        return
    async with hub().listening(person) as queue:
        yield b"retry: 2000\n\n"
        missed = await sync_to_async(_backlog)(after, resumes=resumes)
        told = {earlier.id for earlier in missed}  # not up to the last: a lower one may come late
        for earlier in missed:
            yield written(earlier, outside=outside)
        while (left := ends - loop.time()) > 0:
            try:
                note = await asyncio.wait_for(queue.get(), min(HEARTBEAT_S, left))
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if note is _END:
                return
            if note.id not in told:
                yield written(note, outside=outside)


def _backlog(after: int | None, *, resumes: bool) -> Sequence[Note]:
    """Return the notes that bring a page to what is known now."""
    if after is None:
        return []
    latest, notes = queries.latest_change(), queries.changes_after(after)
    forgotten = resumes and after and not queries.still_kept(after)
    if forgotten or len(notes) == queries.MOST:
        return [Note(id=latest, kind="reload", subject="")]
    return notes


def written(note: Note, *, outside: bool = False) -> bytes:
    r"""Write a note as an event; one for a reader from outside names nothing but numbers.

    >>> written(Note(id=7, kind="alert", subject="12"))
    b'id: 7\nevent: alert\ndata: 12\n\n'
    """
    subject = note.subject.replace("\n", " ")
    if outside and not subject.isdecimal():
        subject = ""
    return f"id: {note.id}\nevent: {note.kind}\ndata: {subject}\n\n".encode()
