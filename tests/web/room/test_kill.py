"""A process that is killed at any moment loses and doubles nothing."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.processes import wait_until

START = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
"""Past all ringing, and no longer ago: each silent hour up to now is learned from."""
QUERY = "lift OR ascenseur"


def posts(*, busy_hour: int, ordinary: int) -> list[dict[str, object]]:
    """Some ordinary days, then an hour in which many people speak; half of it is off topic."""
    draw = random.Random(7)
    said = []
    for number in range(ordinary):
        at = START - timedelta(minutes=draw.uniform(0, 10 * 24 * 60))
        said.append((at, f"ordinary{number}", number % 2 == 0, None))
    for number in range(busy_hour):  # in time order: nobody reposts what is not written yet
        at = START + timedelta(minutes=60 * (number + draw.random()) / busy_hour)
        original = f"busy{draw.randrange(number)}" if number > 5 and number % 4 == 0 else None
        said.append((at, f"busy{number}", True, original))
    return [
        {
            "id": key,
            "network": "test",
            "published": at.isoformat(),
            "attributed_to": {"id": f"author-{key}", "handle": key, "followers": 10},
            "content": "" if original else ("the lift is broken" if on_topic else "nice weather"),
            "repost_of": original,
        }
        for at, key, on_topic, original in sorted(said)
    ]


def write(path: Path, said: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in said))
    return path


def room(folder: Path) -> dict[str, str]:
    """Set up a room that watches the topic; returns the environment its processes need."""
    environment = {**os.environ, "QUIVIVE_DATA": str(folder)}
    environment.pop("DATABASE_URL", None)
    script = (
        "from quivive.cli.house import open_house; open_house();"
        "from django.utils.timezone import now;"
        "from quivive.web.listen.models import Topic;"
        "from quivive.web.people.models import Organisation;"
        "Organisation.objects.create(name='Co-op', set_up_at=now(), basis_confirmed_at=now(),"
        " legal_basis='legitimate-interest');"
        f"Topic.objects.create(slug='lift', name='Lift', query={QUERY!r}, created_at=now())"
    )
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
    return environment


def rows(folder: Path, *, until: datetime | None = None) -> dict[str, list[tuple[object, ...]]]:
    """All that must be the same, whatever was killed: without row numbers and storing times.

    Args:
        until: what was found later is left out: two rooms that end at different times have heard
            silence for different times, and say so.
    """
    found = f"where found_at <= '{until:%Y-%m-%d %H:%M:%S}'" if until else ""
    with sqlite3.connect(folder / "quivive.sqlite3") as base:
        return {
            "posts": base.execute(
                "select uid, heard_at, content from listen_post order by uid"
            ).fetchall(),
            "matches": base.execute(
                "select uid, relayed from listen_match join listen_post on post_id = listen_post.id"
                " order by uid"
            ).fetchall(),
            "found": base.execute(
                "select uid from listen_words_index join listen_postwords"
                " on place = listen_words_index.rowid join listen_post on post_id = listen_post.id"
                " where listen_words_index match 'wlift' order by uid"
            ).fetchall(),
            "minutes": base.execute(
                "select minute, voices, originals, reposts from listen_minute"
                " where originals + reposts > 0 order by minute"  # the usual band goes on to now
            ).fetchall(),
            "half hours": base.execute(
                "select start, voices, originals, reposts from listen_halfhour"
                " where originals + reposts > 0 order by start"
            ).fetchall(),
            "signals": base.execute(
                f"select key, rang_at, observed from detect_signal {found} order by key"
            ).fetchall(),
            "alerts": base.execute(
                "select key from detect_alert join detect_signal on signal_id = detect_signal.id"
                f" {found} order by key"
            ).fetchall(),
            "quarantine": base.execute(
                "select line, raw from listen_quarantinedline order by line"
            ).fetchall(),
        }


def wait_for_import(folder: Path) -> None:
    """Wait until the file is queued: only from then on must nothing be lost."""
    with sqlite3.connect(folder / "quivive.sqlite3", timeout=30) as base:
        queued = "select 1 from listen_import where state != 'draft'"
        wait_until(lambda: base.execute(queued).fetchone())


def kill_when(command: list[str], environment: dict[str, str], *, told: Callable[[], bool]) -> bool:
    """Run a command, kill -9 it as soon as something is told; False when it ended before."""
    process = subprocess.Popen(
        command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True
    )
    while process.poll() is None and not told():
        time.sleep(0.02)
    ended = process.poll() is not None
    if not ended:
        time.sleep(random.uniform(0, 0.05))  # anywhere between two looks at the file
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return not ended


def run_until_killed(
    command: list[str], environment: dict[str, str], *, after_s: float
) -> int | None:
    """Run a command, kill -9 it after a while; returns its code when it ended before."""
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(after_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None


@pytest.mark.slow
class TestAnImportThatIsKilled:
    def test_ends_with_the_rows_of_one_that_ran_through(self, tmp_path, new_room) -> None:
        said = posts(busy_hour=400, ordinary=3_000)
        file = write(tmp_path / "posts.ndjson", said)
        with file.open("a") as lines:
            lines.write('{"id": "bad", "network": "test"}\n')
        quiet, killed = (room(new_room(tmp_path / name)) for name in ("quiet", "killed"))
        command = [sys.executable, "-m", "quivive", "import", str(file)]
        subprocess.run(command, env=quiet, check=True, stdout=subprocess.DEVNULL)
        resume = [sys.executable, "-c", RESUME]

        started = subprocess.Popen(command, env=killed, stdout=subprocess.DEVNULL)
        wait_for_import(tmp_path / "killed")
        started.kill()
        started.wait()
        begun, _ = progress(tmp_path / "killed")
        places = sorted(random.sample(range(begun + 1, len(said)), 3)) if begun < 2_500 else []
        kills = [
            kill_when(
                resume, killed, told=lambda line=line: progress(tmp_path / "killed")[0] >= line
            )
            for line in places
        ]
        kills.append(
            kill_when(resume, killed, told=lambda: progress(tmp_path / "killed")[1] == "done")
        )
        subprocess.run(resume, env=killed, check=True)

        assert any(kills)
        told = START + timedelta(hours=12)
        assert rows(tmp_path / "killed", until=told) == rows(tmp_path / "quiet", until=told)
        assert rows(tmp_path / "quiet", until=told)["signals"]


def progress(folder: Path) -> tuple[int, str]:
    """Return the last line whose posts are kept, and the state of the import."""
    with sqlite3.connect(folder / "quivive.sqlite3", timeout=30) as base:
        line, state = base.execute("select line, state from listen_import").fetchone()
        return int(line), str(state)


RESUME = """
from quivive.cli.house import open_house; open_house()
from quivive.web.listen.services import imports
imports.READ = imports.BATCH = 200  # so that there are many transactions to be killed in
from django.utils import timezone
from quivive.web.listen.models import Import
from quivive.web.listen.worker import topics_to_rebuild
from quivive.web.room.worker import Engine
import time
engine = Engine(holder="resume")  # the same each time: nobody waits for the hold of the dead
while Import.objects.exclude(state__in=["done", "stopped"]).exists() or topics_to_rebuild():
    if not engine.step(now=timezone.now()):
        time.sleep(0.2)
"""


@pytest.mark.slow
class TestALiveRunThatIsKilled:
    def test_ends_with_the_rows_of_one_that_ran_through(self, tmp_path, new_room) -> None:
        story = write(tmp_path / "story.ndjson", posts(busy_hour=300, ordinary=1_000))
        speed = 400.0
        began = datetime.now(UTC) + timedelta(seconds=3)
        environments = {}
        for name in ("quiet", "killed"):
            environments[name] = room(new_room(tmp_path / name))
            listen_to(story, environments[name], began=began, speed=speed)
        work, close = [sys.executable, "-c", LIVE], [sys.executable, "-c", CLOSE]
        quiet = subprocess.Popen(work, env=environments["quiet"], stderr=subprocess.DEVNULL)
        over = began + timedelta(hours=1) / speed + timedelta(seconds=15)

        draw = random.Random()
        kills = 0
        while datetime.now(UTC) < over or kills < 3:  # slow machines begin more slowly
            code = run_until_killed(work, environments["killed"], after_s=draw.uniform(2, 5))
            kills += code is None
        quiet.kill()
        quiet.wait()
        for environment in environments.values():
            subprocess.run(close, env=environment, check=True)

        assert kills >= 3
        assert rows(tmp_path / "killed") == rows(tmp_path / "quiet")
        assert rows(tmp_path / "quiet")["signals"]


LIVE = """
from quivive.cli.house import open_house; open_house()
from django.utils import timezone
from quivive.web.room.worker import Engine
import time
engine = Engine(holder="engine")  # the same each time: nobody waits for the hold of the dead
while True:
    engine.step(now=timezone.now())
    time.sleep(0.2)
"""

CLOSE = """
from quivive.cli.house import open_house; open_house()
from datetime import timedelta
from django.utils import timezone
from quivive.web.room.worker import Engine
engine = Engine(holder="engine")
later = timezone.now() + timedelta(minutes=2)
for _ in range(3):
    engine.step(now=later)
"""
"""Hear what nobody had time to hear, and close the last minute without waiting for it."""


def listen_to(story: Path, environment: dict[str, str], *, began: datetime, speed: float) -> None:
    settings = {
        "path": str(story),
        "start": START.isoformat(),
        "began_at": began.isoformat(),
        "speed": str(speed),
    }
    script = (
        "from quivive.cli.house import open_house; open_house();"
        "from quivive.web.listen.models import Source;"
        f"Source.objects.create(name='story', kind='rehearsal', settings={settings!r})"
    )
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
