"""The loops that work while people sleep: one listens and detects, one tells people."""

import gc
import logging
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cache
from types import FrameType
from typing import TypeAlias

import msgspec
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from quivive.detect.episodes import align, begun_after, begun_before, graft
from quivive.engines.local import live_turn, rerun
from quivive.flow.steps import FlowState, advance, minute_of, start
from quivive.flow.watch import Watch, watch_for
from quivive.vocabulary.chance import special
from quivive.web.assess.worker import foresee_open, reassess_open
from quivive.web.coordinate.services.enquiries import ring_enquiries
from quivive.web.coordinate.services.mornings import plan_mornings
from quivive.web.coordinate.services.outages import is_deaf, watch_outages
from quivive.web.coordinate.worker import deliver_due, escalate_due
from quivive.web.detect.negative_services import ring_negative
from quivive.web.detect.worker import follow_claims
from quivive.web.listen import checkpoints
from quivive.web.listen import services as listen
from quivive.web.listen import worker as rows
from quivive.web.listen.placing import place_posts
from quivive.web.listen.queries import watched_topics
from quivive.web.people.panel_queries import known_to_us
from quivive.web.privacy.queries import complete_since
from quivive.web.privacy.services import purge_if_due
from quivive.web.respond.worker import keep_inbox
from quivive.web.room.sink import LiveSink, RebuildSink
from quivive.web.room.sources import heard_since
from quivive.web.waiting.database import Reachability, what_ails
from quivive.web.waiting.services import forget_old_changes
from quivive.wire.files import formats
from quivive.wire.heartbeat import beat
from quivive.wire.models import load_sentiment
from quivive.wire.pulse import Pulse

log = logging.getLogger("quivive.worker")

PAUSE_S = 1.0
"""Seconds between two looks at what waits."""

READS_FOR_S = 1.0
"""Seconds a file is read for before live sources are looked at again."""

TRIES = 3
"""Turns in a row that one file, or one topic detected anew, may make fail: others wait behind it.
"""

NO_FAULT_OF_POSTS = (OperationalError, InterfaceError, OSError, checkpoints.LostLease)
"""What database, disk or another process refuse: the same posts are taken in as soon as it ends."""


Suspect: TypeAlias = tuple[int, str]
"""An arrival that could not be taken in alone, and why."""


class Engine:
    """Runs the flow over live sources and brought files, one step after the other."""

    def __init__(self, *, holder: str, without_topics: bool = False) -> None:
        """Begin with nothing loaded: what is needed is read when the lease is held.

        Args:
            holder: who holds the lease.
            without_topics: read files even while nothing is watched; every post is then counted
                and forgotten. A room waits for its first topic instead.
        """
        self.holder = holder
        self._without_topics = without_topics
        self._reader = load_sentiment()
        formats()  # read now, as models are, and not while somebody waits for their first file
        special()
        self._watched: tuple[object, ...] = ()
        self._watch: Watch | None = None
        self._state: FlowState | None = None
        self._reading: listen.Reading | None = None
        self._failed: Counter[int | str] = Counter()  # turns in a row, by file or topic
        self._most = listen.MOST  # arrivals a turn takes: fewer, until one at fault stands alone
        self._suspect: Suspect | None = None

    def step(self, *, now: datetime) -> bool:
        """Do what is due; False when another process runs the flow or nothing is set up."""
        if not checkpoints.hold_engine(holder=self.holder, now=now):
            self._state = self._reading = None
            return False
        watch = self.watch()
        if watch is None:
            checkpoints.free_engine(holder=self.holder)  # a command may read all the same
            return False
        if self._reading is None:  # a file asks with every batch: once it is read is soon enough
            self._rebuild_if_asked(watch, now)
        self._hear(watch, now)
        until = time.monotonic() + READS_FOR_S
        while self._read_on(watch, timezone.now()) and time.monotonic() < until:
            pass
        return True

    def watch(self) -> Watch | None:
        """Compile the topics, again only when one changed."""
        topics, known = watched_topics(), known_to_us()
        wanted = bool(topics) or self._without_topics
        if (topics, known) != self._watched or (wanted and self._watch is None):
            self._watched = topics, known
            gc.disable()  # looking for cycles among what only grows took two thirds of the time
            try:
                watch = watch_for(topics, self._reader, known) if wanted else None
            finally:
                gc.enable()
            if watch is not None and (self._watch is None or watch.ours != self._watch.ours):
                rows.mark_own()
            self._watch = watch
            gc.freeze()  # compiled topics are many objects that stay: never look for cycles there
        return self._watch

    def _hear(self, watch: Watch, now: datetime) -> None:
        """Take in what came; an arrival that cannot be must not keep the others out for ever.

        A turn that fails is tried again with half as many. The one that fails alone is put aside
        as soon as a turn without it goes well: before, the fault may be another's.
        """
        try:
            turned = self._listen(watch, now)
        except Exception as fault:
            if not isinstance(fault, NO_FAULT_OF_POSTS):
                some = listen.next_arrivals(self._most)
                self._suspect = (some[0], _in_short(fault)) if len(some) == 1 else None
                self._most = len(some) // 2 if some else 1
            raise
        if self._suspect is not None:
            if not turned:
                return
            log.error("A post could not be taken in and is put aside: %s", self._suspect[1])
            listen.put_aside(*self._suspect)
            self._suspect = None
        self._most = min(listen.MOST, max(1, self._most * 2))

    def _listen(self, watch: Watch, now: datetime) -> bool:
        """Take in what came and close past minutes; False when there was nothing to do."""
        heard = heard_since(now=now, most=self._most)
        state = self._flow(watch, now)
        if not heard and state.detect.clock >= minute_of(now).timestamp():
            return False
        self._state = None  # unknown until this turn is kept
        if any(post.heard_at.timestamp() < state.detect.clock for post in heard.posts):
            listen.keep_late(
                heard.posts,
                around=heard.around,
                engagements=heard.engagements,
                deletions=heard.deletions,
                cursors=heard.cursors,
                arrivals=heard.arrivals,
                watch=watch,
                now=now,
            )
            return True
        self._state = live_turn(
            heard.posts,
            now=now,
            watch=watch,
            state=state,
            sink=LiveSink(holder=self.holder, now=now, heard=heard),
            stored=rows.topics_of,  # some came in behind the clock
        )
        return True

    def _flow(self, watch: Watch, now: datetime) -> FlowState:
        state = self._state or checkpoints.load_state()
        if state is None:
            self._state = start(watch, now=minute_of(now))
            return self._state
        detect = align(state.detect, watch.topics)
        self._state = FlowState(detect=detect, caught=state.caught)
        return self._state

    def _rebuild_if_asked(self, watch: Watch, now: datetime) -> None:
        """Detect anew what changed; a topic that fails again and again goes on without its past."""
        asked = rows.topics_to_rebuild()
        if any(self._failed[slug] for slug in asked):  # one after the other, to see which it is
            slug = min(asked, key=lambda slug: (self._failed[slug], slug))
            asked = {slug: asked[slug]}
        if not asked:
            return
        try:
            self._rebuild(watch, asked, now)
        except Exception as fault:
            if isinstance(fault, NO_FAULT_OF_POSTS):
                raise
            log.exception("Topics could not be detected anew: %s.", ", ".join(asked))
            self._failed.update(asked.keys())
            if len(asked) == 1 and self._failed[slug := next(iter(asked))] >= TRIES:
                rows.give_up_rebuilding(slug, _in_short(fault))
        else:
            for slug in asked:
                self._failed.pop(slug, None)

    def _rebuild(self, watch: Watch, asked: Mapping[str, int], now: datetime) -> None:
        rows.match_anew(watch, asked)
        state = self._flow(watch, now)
        self._state = None  # unknown until all of it is kept
        complete = complete_since()
        since, anew = self._to_do_anew(watch, state, asked, complete=complete, now=now)
        whole_from = max(since, complete) if since and complete else complete
        topics = frozenset(topic.id for topic in anew.topics)
        sink = RebuildSink(holder=self.holder, topics=topics, since=whole_from)
        matches = rows.stored_matches(topics, since=whole_from)
        again = rerun(matches, watch=anew, sink=sink, since=since) or start(
            anew, now=since or minute_of(now)
        )
        last = advance((), until=now, watch=anew, state=again)
        others = advance((), until=now, watch=watch, state=state)
        whole = last.state.detect
        if len(anew.topics) < len(watch.topics):
            whole = graft(others.state.detect, whole)
        others = msgspec.structs.replace(others, state=FlowState(detect=whole, caught={}))
        sink.store(last, others, asked=asked, now=now)
        self._state = others.state

    def _to_do_anew(
        self,
        watch: Watch,
        state: FlowState,
        asked: Collection[str],
        *,
        complete: datetime | None,
        now: datetime,
    ) -> tuple[datetime | None, Watch]:
        """Return what to detect anew and since when: all, where posts came before the beginning.

        Args:
            complete: from when on no post was purged; None when none ever was.
        """
        first = rows.first_heard()
        since = begun_before(state.detect, first) if first else None
        if since is None:
            return complete, watch
        if complete is not None and complete > since:
            since = begun_after(state.detect, complete, until=now)
        return since, watch.only(asked)

    def _read_on(self, watch: Watch, now: datetime) -> bool:
        """Keep what the file at hand gives next, or what the next file gives."""
        reading = self._reading or listen.next_reading()
        if reading is None:
            return False
        self._reading = None  # should this turn fail, it is read again
        try:
            self._keep_next(reading, watch, now)
        except Exception as fault:
            if not self._is_given_up(reading.row.pk, fault):
                raise
            log.exception("A file failed again and again; it is given up.")
            trouble = listen.unforeseen(_in_short(fault))
            listen.finish_import(reading.row, trouble=trouble, now=now)
        return True

    def _keep_next(self, reading: listen.Reading, watch: Watch, now: datetime) -> None:
        found = reading.find(watch=watch, now=now)
        kept = listen.keep_found(reading.row, found, watch=watch, now=now)
        if reading.over:
            listen.finish_import(reading.row, trouble=reading.trouble, now=now)
        elif kept:
            self._reading = reading
        self._failed.pop(reading.row.pk, None)

    def _is_given_up(self, number: int, fault: Exception) -> bool:
        """Tell whether a file failed too often."""
        if isinstance(fault, NO_FAULT_OF_POSTS):
            return False
        self._failed[number] += 1
        return self._failed[number] >= TRIES


def _in_short(fault: Exception) -> str:
    """Say what went wrong as a row keeps it."""
    return f"{type(fault).__name__}: {fault}".replace("\0", "")[:200]


STEPS: tuple[Callable[..., object], ...] = (
    escalate_due,
    watch_outages,
    plan_mornings,
    ring_enquiries,
    ring_negative,
    deliver_due,
    place_posts,
    reassess_open,
    foresee_open,
    follow_claims,
    keep_inbox,
    purge_if_due,
    listen.stamp_due,
)
"""What is done in each turn, those who wait first; a step is True while more of it waits."""


def tell(*, now: datetime) -> bool:
    """Tell people what rings; place posts; keep what is open up to date; forget.

    A step that fails stops no other: what cannot be assessed must not keep people from being told.

    Returns whether posts still wait to be read for claims.

    Raises:
        ExceptionGroup: what failed, after all else was done; the watchman outside is not told then
            that the room lives.
    """
    faults: list[Exception] = []
    more = False
    for step in STEPS:
        beat()
        try:
            more = (step(now=now) is True) or more
        except Exception as fault:
            if what_ails(fault):
                raise  # every other step would wait for the database too
            faults.append(fault)
    if faults:
        raise ExceptionGroup("Steps of telling people failed", faults)
    _pulse().beat(alive=lambda: not is_deaf(now=now))
    return more


@cache
def _pulse() -> Pulse:
    return Pulse(settings.ALIVE_URL)


def work(kind: str, *, holder: str) -> None:
    """Run one loop until told to stop; a failing turn is logged and the next one tried."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    engine = Engine(holder=holder) if kind == "engine" else None
    database = Reachability()
    while not stopping.is_set():
        beat()
        busy = _turn(engine, database)
        close_old_connections()
        stopping.wait(PAUSE_S if not busy else 0.2)
    if engine is not None:
        checkpoints.free_engine(holder=holder)


def _turn(engine: Engine | None, database: Reachability) -> bool:
    now = timezone.now()
    try:
        busy = _do(engine, now)
    except Exception as fault:
        if not database.explains(fault, now=timezone.now()):
            log.exception("This turn failed; the next one starts from the last checkpoint.")
        return False
    database.turned(now=timezone.now())
    return busy


def _do(engine: Engine | None, now: datetime) -> bool:
    if engine is not None:
        return engine.step(now=now)
    forget_old_changes(now=now)
    return tell(now=now)
