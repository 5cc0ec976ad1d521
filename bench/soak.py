"""A day of bad luck in little time: what is lost, doubled or leaked while everything breaks.

A producer on this machine speaks Jetstream at 500 events a second to a whole room (``quivive up``).
Some of them like what was said of the topic, or take a like back. At random it breaks connections
and moves its clock, and the room's collector and engine are killed. At the end every event that
speaks of the topic has to be stored once and counted once, every like that stands too, what was
taken back has to be forgotten, and memory has to be where it was.

    python -m bench.soak                    an hour
    python -m bench.soak --minutes 10       shorter
    python -m bench.soak --spare            kill nobody: what memory does in processes that live
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict, deque
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

ROOM = """
from quivive.cli.house import open_house; open_house()
from django.utils.timezone import now
from quivive.web.listen.models import Source, Topic
from quivive.web.people.models import Organisation
Organisation.objects.create(name='Co-op', set_up_at=now(), basis_confirmed_at=now(),
                            legal_basis='legitimate-interest')
Topic.objects.create(slug='lift', name='Lift', query='ascenseur OR lift', created_at=now())
Source.objects.create(name='Soak', kind='bluesky-jetstream',
                      settings={'server': 'ws://localhost:%d/subscribe'})
"""
POST, LIKE = "app.bsky.feed.post", "app.bsky.feed.like"

GONE, LIKED, UNLIKED = 0.002, 0.05, 0.005
"""Shares of events that take a post back, like one of the topic, and take such a like back."""

RECENT = 500
"""Posts and likes of late that others like or take back."""

SKEW_S = 3.0
"""How far the producer's clock may stand from the true one: servers of one network differ."""

REMEMBERED = 400_000
"""Events the producer can send again: at 500 a second, thirteen minutes."""

TICK_S = 0.05
SAMPLE_S = 5.0
PATIENCE_S = 240.0

WORKERS = ("collector", "engine", "notices")
KILLING, SETTLED = 0.75, 0.78
"""Shares of the time: until when processes are killed, and from when memory is read after it."""

LAST_MINUTES = 20.0
"""How much of the end is read when nobody was killed."""


def _taken_back(uri):
    did, kind, key = uri.removeprefix("at://").split("/")
    return did, {"operation": "delete", "collection": kind, "rkey": key}


class Promised(NamedTuple):
    """What has to come of all that was said of the topic."""

    wanted: set
    gone: set
    liked: dict


class Producer:
    """Speaks Jetstream: events as they happen, and from a cursor on those that happened before."""

    def __init__(self, draw, *, rate, share):
        self.draw, self.rate, self.share = draw, rate, share
        self.events = deque(maxlen=REMEMBERED)  # (number, time_us, text)
        self.number = 0
        self.wanted, self.gone = set(), set()
        self.likes = defaultdict(set)  # of each post, those that were not taken back
        self.recent, self.liked = deque(maxlen=RECENT), deque(maxlen=RECENT)
        self.skew_s = 0.0
        self.cuts = self.connections = 0
        self._open = set()
        self._loop = asyncio.new_event_loop()
        self._stopping = threading.Event()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self.port = self._run(self._start())

    def forget(self):
        """Forget what was said before anybody listened: it was promised to nobody."""
        for each in (self.wanted, self.gone, self.likes, self.recent, self.liked):
            each.clear()

    def promised(self):
        likes = {post: len(likes) for post, likes in self.likes.items() if post not in self.gone}
        return Promised(set(self.wanted), set(self.gone), likes)

    def cut(self):
        self.cuts += 1
        self._loop.call_soon_threadsafe(self._break)

    def stop(self):
        self._stopping.set()

    def _break(self):
        for connection in list(self._open):
            connection.transport.abort()

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _start(self):
        self._server = await serve(self._speak, "127.0.0.1", 0, ping_interval=None)
        self._loop.create_task(self._happen())
        return self._server.sockets[0].getsockname()[1]

    async def _happen(self):
        begun, made = time.monotonic(), 0
        while not self._stopping.is_set():
            due = int((time.monotonic() - begun) * self.rate) - made
            for _ in range(due):
                self._one()
            made += due
            await asyncio.sleep(TICK_S)

    def _one(self):
        self.number += 1
        time_us = int((time.time() + self.skew_s) * 1e6)
        did, commit = self._commit(self.draw.random())
        event = {"did": did, "time_us": time_us, "kind": "commit", "commit": commit}
        self.events.append((self.number, time_us, json.dumps(event)))

    def _commit(self, kind):
        if self.recent and kind < GONE:
            uri = self.draw.choice(self.recent)
            self.gone.add(uri)
            return _taken_back(uri)
        if self.recent and kind < GONE + LIKED:
            return self._like(self.draw.choice(self.recent))
        if self.liked and kind < GONE + LIKED + UNLIKED:
            at = self.draw.randrange(len(self.liked))
            self.liked.rotate(-at)
            like, post = self.liked.popleft()
            self.likes[post].discard(like)
            return _taken_back(like)
        speaks = self.draw.random() < self.share
        words = "L’ascenseur est en panne" if speaks else "Beau temps sur le port"
        record = {"text": f"{words}, {self.number}", "langs": ["fr"]}
        uri, *told = self._created(POST, record)
        if speaks:
            self.wanted.add(uri)
            self.recent.append(uri)
        return told

    def _like(self, post):
        subject = {"uri": post, "cid": "bafyreia"}
        uri, *told = self._created(LIKE, {"subject": subject})
        self.likes[post].add(uri)
        self.liked.append((uri, post))
        return told

    def _created(self, kind, record):
        did, key = f"did:plc:p{self.number % 5000}", f"k{self.number}"
        written = {"$type": kind, "createdAt": datetime.now(UTC).isoformat(), **record}
        commit = {"operation": "create", "collection": kind, "rkey": key, "record": written}
        return f"at://{did}/{kind}/{key}", did, commit

    async def _speak(self, connection):
        self.connections += 1
        self._open.add(connection)
        try:
            _, _, cursor = connection.request.path.partition("cursor=")
            sent = self.number if not cursor else 0
            since = int(cursor or 0)
            with contextlib.suppress(ConnectionClosed):
                while True:
                    waiting = [one for one in self.events if one[0] > sent]
                    for number, time_us, text in waiting:
                        sent = number
                        if time_us >= since:
                            await connection.send(text)
                    since = 0
                    await asyncio.sleep(TICK_S)
        finally:
            self._open.discard(connection)


class Room:
    """``quivive up`` on a folder of its own, whose processes may be killed."""

    def __init__(self, folder, producer_port):
        self.base = folder / "quivive.sqlite3"
        self.environment = {
            **os.environ,
            "QUIVIVE_DATA": str(folder),
            "QUIVIVE_ALLOW_LOCAL_TARGETS": "1",
        }
        self.environment.pop("DATABASE_URL", None)
        subprocess.run(
            [sys.executable, "-c", ROOM % producer_port], env=self.environment, check=True
        )
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "quivive", "up", "--data", str(folder), "--port", str(port)],
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )
        self.kills = 0

    def workers(self):
        """Return number and memory (MB) of each process, by what it does."""
        told = subprocess.run(
            ["ps", "-axo", "pid=,ppid=,rss=,command="], capture_output=True, text=True, check=True
        ).stdout
        found = {}
        for line in told.splitlines():
            pid, parent, rss, command = line.split(None, 3)
            name = command.rpartition(" work ")[2].strip()
            if int(parent) == self.process.pid and name in WORKERS:
                found[name] = (int(pid), int(rss) / 1024)
        return found

    def kill(self, name):
        if name in (workers := self.workers()):
            os.kill(workers[name][0], signal.SIGKILL)
            self.kills += 1

    def ask(self, question):
        with sqlite3.connect(self.base, timeout=60) as base:
            return base.execute(question).fetchall()

    def stored(self):
        return dict(self.ask("select uid, content from listen_post"))

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        if self.process.poll() is None:
            self.process.kill()


def soak(*, minutes, rate, share, seed, spare):
    draw = random.Random(seed)
    producer = Producer(random.Random(seed + 1), rate=rate, share=share)
    with tempfile.TemporaryDirectory(prefix="quivive-soak-") as folder:
        room = Room(Path(folder), producer.port)
        try:
            _wait(lambda: room.ask("select 1 from listen_source where cursor <> ''"), "first frame")
            producer.forget()
            memory = _break_things(
                room, producer, draw, seconds=minutes * 60, kill_until=0 if spare else KILLING
            )
            producer.stop()
            promised = producer.promised()
            took_s = _wait(
                lambda: promised.wanted <= room.stored().keys(), "the last post", hard=False
            )
            _wait(lambda: not _kept(room, promised.gone), "the last deletion", hard=False)
            _wait(lambda: _counted(room) == len(_matched(room)), "the counts", hard=False)
            _wait(lambda: not _miscounted(room, promised.liked), "the last like", hard=False)
            since = max(minutes - LAST_MINUTES, 0) if spare else SETTLED * minutes
            _told_memory(memory, since_s=since * 60)
            _told(room, producer, promised, minutes=minutes, took_s=took_s)
        finally:
            room.stop()


def _break_things(room, producer, draw, *, seconds, kill_until):
    """Cut and skew all the time, and kill for a share of it: what comes after shows memory."""
    memory = []
    begun = time.monotonic()
    next_cut, next_kill, next_skew, next_sample = 10.0, 25.0, 15.0, 0.0
    while (at := time.monotonic() - begun) < seconds:
        if at >= next_cut:
            producer.cut()
            next_cut = at + draw.expovariate(1 / 20)
        if at >= next_kill and at < kill_until * seconds:
            room.kill(draw.choice(["collector", "engine"]))
            next_kill = at + draw.expovariate(1 / 60)
        if at >= next_skew:
            producer.skew_s = draw.uniform(-SKEW_S, SKEW_S)
            next_skew = at + draw.expovariate(1 / 30)
        if at >= next_sample:
            memory.append((at, {name: size for name, (_pid, size) in room.workers().items()}))
            next_sample = at + SAMPLE_S
        time.sleep(0.2)
    return memory


def _kept(room, gone):
    """Count posts that were taken back and whose words are still there."""
    return sum(1 for uri, words in room.stored().items() if words and uri in gone)


def _miscounted(room, liked):
    """Return the posts whose likes are not counted as often as they stand: theirs and the true."""
    rows = room.ask("select uid, json_extract(document, '$.post.likes') from listen_post")
    counted = {uid: count or 0 for uid, count in rows}
    return [
        (counted.get(post, 0), true) for post, true in liked.items() if counted.get(post, 0) != true
    ]


def _matched(room):
    return room.ask("select post_id from listen_match")


def _counted(room):
    [[count]] = room.ask("select coalesce(sum(originals), 0) from listen_minute")
    return count


def _wait(holds, what, *, hard=True):
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE_S:
        with contextlib.suppress(sqlite3.OperationalError):
            if holds():
                return time.monotonic() - begun
        time.sleep(1)
    if hard:
        raise SystemExit(f"{what} did not come within {PATIENCE_S:.0f} s")
    return None


def _told_memory(memory, *, since_s):
    for name in WORKERS:
        quiet = [(at, told[name]) for at, told in memory if name in told and at > since_s]
        if len(quiet) > 3:
            slope = statistics.linear_regression(*zip(*quiet, strict=True)).slope * 60
            sizes = [size for _at, size in quiet]
            print(
                f"memory of the {name:<11} {min(sizes):.0f} to {max(sizes):.0f} MB over the last "
                f"{(quiet[-1][0] - quiet[0][0]) / 60:.1f} min without a kill, {slope:+.2f} MB/min"
            )


def _told(room, producer, promised, *, minutes, took_s):
    wanted, gone, liked = promised
    stored = room.stored()
    matches = _matched(room)
    words = _kept(room, gone)
    lost = len(wanted - stored.keys())
    early = len(stored.keys() - wanted)
    doubled = len(matches) - len(set(matches))
    print(f"duration                  {minutes:g} min at {producer.rate} events/s")
    print(f"events                    {producer.number}, of which {len(wanted)} speak of the topic")
    print(f"broken on purpose         {producer.cuts} connections, {room.kills} processes killed")
    print(f"lost                      {lost}")
    print(f"doubled (stored)          {doubled}")
    print(f"counted - stored          {_counted(room) - len(matches)}")
    print(f"of {len(gone)} taken back, kept   {words}")
    miscounted = _miscounted(room, liked)
    print(f"likes that stand          {sum(liked.values())} of {len(liked)} posts")
    print(f"counted wrongly           {len(miscounted)} posts {miscounted[:5] or ''}")
    print(f"said before, heard too    {early}")
    print(f"caught up after           {'never' if took_s is None else f'{took_s:.0f} s'}")
    if lost or doubled or words or miscounted:
        raise SystemExit(1)


def main():
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--rate", type=int, default=500, help="events a second")
    asked.add_argument("--share", type=float, default=0.05, help="of events that match")
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked.add_argument("--spare", action="store_true", help="kill no process")
    given = asked.parse_args()
    print(f"seed                      {given.seed}")
    soak(
        minutes=given.minutes,
        rate=given.rate,
        share=given.share,
        seed=given.seed,
        spare=given.spare,
    )


if __name__ == "__main__":
    main()
