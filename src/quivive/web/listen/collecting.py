"""The collector's process: one coroutine a source, started again when it fails.

It asks sources through the courier, keeps what speaks of a topic as arrivals for the engine, and
never detects anything itself. Rows are read and written in a thread, so that a slow disk stops
no connection.
"""

import asyncio
import logging
import random
import signal
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from datetime import datetime, timedelta

import msgspec
from django.utils import timezone

from quivive.listen.sourcing import OPENED, Asked, Frame, Page, Quota, Source
from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import Message
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import NEEDS_A_PERSON, NoAnswer
from quivive.web.listen import source_queries as queries
from quivive.web.listen.ears import Ears
from quivive.web.listen.rows import in_thread
from quivive.web.listen.services import collecting as rows
from quivive.web.waiting.database import Reachability
from quivive.wire.courier import Courier
from quivive.wire.heartbeat import beat
from quivive.wire.house import local_targets_allowed
from quivive.wire.plugins import sources
from quivive.wire.streams import frames
from quivive.wire.turns import turn

log = logging.getLogger("quivive.collector")

LOOK_S = 2.0
"""Seconds between two looks at which sources there are."""

GATHER_S, GATHER_MOST = 1.0, 500
"""A stream's frames are kept together: after a second, or as soon as there are many."""

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 900.0
RARELY_S = 3600.0
"""What only a person can mend is tried again each hour: they may have mended it elsewhere."""

TURN_S = 600.0
"""Seconds after which a turn is given up: a hung one must not look like calm."""

LIVE = timedelta(minutes=15)
"""After a longer gap than this (or thrice the usual pause), what comes is dated as written."""


class Collector:
    """Runs all sources this process could lease."""

    def __init__(self, *, holder: str, courier: Courier) -> None:
        """Begin with no source running."""
        self.holder = holder
        self.courier = courier
        self.ears = Ears()
        self.database = Reachability()
        self._sessions: dict[int, str] = {}
        self._running: dict[int, tuple[queries.Collected, asyncio.Task[None]]] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Keep a coroutine alive for each source until told to stop."""
        try:
            while not stopping.is_set():
                beat()
                try:
                    await self.look()
                except Exception as fault:
                    if not await self._away(fault):
                        log.exception("The list of sources could not be read; tried again at once.")
                else:
                    self.database.turned(now=timezone.now())
                await _sleep_or(stopping, LOOK_S)
        finally:
            await self._stop_all()
            await in_thread(rows.free_sources, holder=self.holder)

    async def _away(self, fault: Exception) -> bool:
        return await in_thread(self.database.explains, fault, now=timezone.now())

    async def look(self) -> None:
        """Start what is new, stop what is gone or changed, start again what ended."""
        await in_thread(self.ears.listen_for_topics)
        now = timezone.now()
        wanted: dict[int, queries.Collected] = {}
        if self.ears.are_open:
            held = await in_thread(
                rows.hold_sources, kinds=asked_kinds(), holder=self.holder, now=now
            )
            wanted = {one.id: one for one in await in_thread(queries.collected, held)}
        for key, (source, task) in list(self._running.items()):
            if wanted.get(key) != source or task.done():
                await _end(task)
                del self._running[key]
        for key, source in wanted.items():
            if key not in self._running:
                task = asyncio.create_task(self._live(source), name=source.name)
                self._running[key] = (source, task)

    async def _stop_all(self) -> None:
        for _source, task in self._running.values():
            await _end(task)
        self._running.clear()

    async def _live(self, source: queries.Collected) -> None:
        """Run one source for as long as it is wanted; whatever fails is told and tried again."""
        plug_in = sources()[source.kind]
        while True:
            try:
                if plug_in.is_stream:
                    await self._hear(source, plug_in)
                else:
                    await self._ask(source, plug_in)
            except rows.LostSource:
                return
            except Trouble as trouble:
                await self._rest(source, trouble)
            except Exception as error:
                if await self._away(error):
                    return  # started again once the database answers
                log.exception("Source %s failed; it is started again.", source.name)
                await self._rest(source, rows.surprised(f"{type(error).__name__}: {error}"))

    async def _rest(self, source: queries.Collected, trouble: Trouble) -> None:
        state = await in_thread(queries.source_state, source.id)
        pause_s = pause_after(trouble, failures=state.failures)
        now = timezone.now()
        await in_thread(
            rows.note_trouble,
            trouble,
            source_id=source.id,
            holder=self.holder,
            wake_at=now + timedelta(seconds=pause_s),
            now=now,
        )
        await asyncio.sleep(pause_s)

    async def _ask(self, source: queries.Collected, plug_in: Source) -> None:
        """Take one turn, then pause as long as the source wants."""
        state = await in_thread(queries.source_state, source.id)
        await asyncio.sleep(seconds_until(state.wake_at, now=timezone.now()))
        asked = await self._asked(source, plug_in, state)
        assert plug_in.collect is not None
        async with asyncio.timeout(TURN_S):
            page = await turn(plug_in.collect(asked), self.courier)
        self._sessions[source.id] = page.session
        notes = page.notes + self.ears.unseen(plug_in)
        page = msgspec.structs.replace(page, notes=notes)
        now = timezone.now()
        every_s = getattr(asked.settings, "every_min", 0) * 60 or plug_in.every_s
        live = is_live(state.last_run_at, every_s=every_s, now=now)
        page = dated(page, last_run_at=state.last_run_at, live=live, now=now)
        wake_at = now if page.more else now + timedelta(seconds=every_s)
        await self._keep(source, page, wake_at=wake_at, before=asked.quota, now=now)

    async def _hear(self, source: queries.Collected, plug_in: Source) -> None:
        """Listen until the connection breaks; a server that hangs up in peace is asked anew."""
        state = await in_thread(queries.source_state, source.id)
        asked = await self._asked(source, plug_in, state)
        notes = await self._prepare(source, plug_in, asked)
        assert plug_in.subscribe is not None
        subscription = plug_in.subscribe(asked)
        async with aclosing(gathered(frames(subscription))) as heard:
            async for some in heard:
                page = take_all(plug_in, asked, some, begins=subscription.begins)
                page = msgspec.structs.replace(page, notes=notes + page.notes)
                meter = await self._keep(
                    source, page, wake_at=None, before=asked.quota, now=timezone.now()
                )
                asked = msgspec.structs.replace(
                    asked, cursor=page.cursor, quota=meter or asked.quota
                )
                if page.ends or self.ears.searches(plug_in) != asked.searches:
                    return  # to be prepared anew: for other topics, or to be told that it is over
        await asyncio.sleep(SHORTEST_PAUSE_S)

    async def _prepare(
        self, source: queries.Collected, plug_in: Source, asked: Asked[msgspec.Struct]
    ) -> tuple[Message, ...]:
        """Ask what a stream needs before it is opened; return what it cannot hear."""
        unseen = self.ears.unseen(plug_in)
        if plug_in.prepare is None:
            return unseen
        async with asyncio.timeout(TURN_S):
            page = await turn(plug_in.prepare(asked), self.courier)
        return page.notes + unseen

    async def _asked(
        self, source: queries.Collected, plug_in: Source, state: queries.SourceState
    ) -> Asked[msgspec.Struct]:
        settings = await in_thread(queries.source_settings, source.id)
        return Asked(
            settings=settings,
            cursor=state.cursor,
            session=self._sessions.get(source.id, ""),
            searches=self.ears.searches(plug_in),
            quota=state.quota,
            fates=await in_thread(queries.fates, source.id),
            followed=await self._followed(plug_in),
            now=timezone.now(),
        )

    async def _followed(self, plug_in: Source) -> tuple[str, ...]:
        if not plug_in.follows:
            return ()
        return await in_thread(queries.followed, plug_in.network, now=timezone.now())

    async def _keep(
        self,
        source: queries.Collected,
        page: Page,
        *,
        wake_at: datetime | None,
        before: Quota | None,
        now: datetime,
    ) -> Quota | None:
        page = rows.marked(page, sources()[source.kind])
        caught = await in_thread(self.ears.hear, page.posts + page.around)
        return await in_thread(
            rows.keep_page,
            page,
            source_id=source.id,
            holder=self.holder,
            caught=caught,
            engagements=await in_thread(self.ears.about_ours, page.engagements),
            lag_s=rows.lag_s(page.posts, now=now),
            wake_at=wake_at,
            before=before,
            now=now,
        )


def asked_kinds() -> list[str]:
    """Return the kinds of sources that somebody has to ask; others are called."""
    return [kind for kind, plug_in in sources().items() if not plug_in.is_called]


def collect(*, holder: str) -> None:
    """Run the collector until told to stop."""

    async def run() -> None:
        stopping = asyncio.Event()
        for asked in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(asked, stopping.set)
        async with Courier(local_allowed=local_targets_allowed()) as courier:
            await Collector(holder=holder, courier=courier).run(stopping)

    asyncio.run(run())


def pause_after(trouble: Trouble, *, failures: int) -> float:
    """Return the seconds to wait after a failure: as asked, else longer each time, never in step.

    >>> from quivive.listen.unreadable import refused
    >>> pause_after(refused("https://a.example", 429, retry_s=70), failures=0)
    70
    >>> pause_after(refused("https://a.example", 401), failures=0)
    3600.0
    """
    if isinstance(trouble, NoAnswer):
        if trouble.retry_s:
            return trouble.retry_s
        if trouble.kind in NEEDS_A_PERSON:
            return RARELY_S
    pause_s = min(LONGEST_PAUSE_S, SHORTEST_PAUSE_S * 2.0 ** min(failures, 10))
    return pause_s * random.uniform(0.7, 1.0)  # noqa: S311 - spreads questions, keeps no secret


def seconds_until(moment: datetime | None, *, now: datetime) -> float:
    """Return how long to sleep until a moment; none when there is no such moment."""
    return max(0.0, (moment - now).total_seconds()) if moment else 0.0


def is_live(last_run_at: datetime | None, *, every_s: float, now: datetime) -> bool:
    """Tell whether the source was read so lately that what is new was written just now."""
    if last_run_at is None:
        return False
    return now - last_run_at <= max(LIVE, timedelta(seconds=3 * every_s))


def dated(page: Page, *, last_run_at: datetime | None, live: bool, now: datetime) -> Page:
    """Say when each post could first be heard.

    What was written since the last look is heard now, when that was lately. Everything older is
    heard when its network took it in: a first look, a gap that is filled or a search for a new
    topic must not be taken for a burst.
    """

    def heard(post: Post) -> datetime:
        told = min(post.seen_at or post.published, now)
        fresh = live and last_run_at is not None and told >= last_run_at - LIVE
        return now if fresh else told

    posts = tuple(msgspec.structs.replace(post, seen_at=heard(post)) for post in page.posts)
    return msgspec.structs.replace(page, posts=posts)


def take_all(
    plug_in: Source, asked: Asked[msgspec.Struct], some: list[Frame], *, begins: str = ""
) -> Page:
    """Read frames in order into one page; the cursor is that of the last which has one.

    Args:
        begins: the cursor where there is none yet.
    """
    assert plug_in.take is not None
    pages: list[Page] = []
    cursor, quota = asked.cursor or begins, asked.quota
    for frame in some:
        if frame.event == OPENED:
            continue
        turn_of_frame = msgspec.structs.replace(asked, cursor=cursor, quota=quota, now=frame.at)
        page = plug_in.take(turn_of_frame, frame)
        cursor, quota = page.cursor or cursor, page.quota or quota
        pages.append(page)
    posts = tuple(_not_before_heard(post, some[-1].at) for page in pages for post in page.posts)
    return Page(
        posts=posts,
        deletions=tuple(gone for page in pages for gone in page.deletions),
        engagements=tuple(one for page in pages for one in page.engagements),
        unread=tuple(bad for page in pages for bad in page.unread),
        notes=tuple(note for page in pages for note in page.notes),
        cursor=cursor,
        quota=quota,
        ends=any(page.ends for page in pages),
    )


def _not_before_heard(post: Post, now: datetime) -> Post:
    """Give a post of a stream its moment: the network's own if it tells, never after now."""
    return msgspec.structs.replace(post, seen_at=min(post.seen_at or now, now))


async def gathered(heard: AsyncIterator[Frame]) -> AsyncGenerator[list[Frame], None]:
    """Group frames by the second, or as soon as there are many: a row costs less in company."""
    queue: asyncio.Queue[Frame | None] = asyncio.Queue(maxsize=GATHER_MOST)

    async def fill() -> None:
        try:
            async for frame in heard:
                await queue.put(frame)
        finally:
            await queue.put(None)

    filling = asyncio.create_task(fill())
    pause_s = 0.0  # that we hear, and from where on, is told at once
    try:
        while True:
            first = await queue.get()
            if first is None:
                break
            await asyncio.sleep(pause_s if queue.qsize() < GATHER_MOST // 2 else 0)
            pause_s = GATHER_S
            some, ended = _all_waiting(first, queue)
            yield some
            if ended:
                break
        await filling
    finally:
        await _end(filling)


def _all_waiting(first: Frame, queue: "asyncio.Queue[Frame | None]") -> tuple[list[Frame], bool]:
    some = [first]
    while not queue.empty():
        frame = queue.get_nowait()
        if frame is None:
            return some, True
        some.append(frame)
    return some, False


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _sleep_or(stopping: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stopping.wait()
