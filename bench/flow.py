"""The whole embedded flow next to a bare JSON decode loop over the same file, in the same run.

Run: ``python -m bench.flow [posts]``. Decode → match 1,000 topics → enrich → count → detect →
store (SQLite), on one core; memory is the highest resident size of a process of its own.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from bench.matching import made_posts, made_topics, vocabulary

TOPICS = 1_000
CHUNK = 20_000
DAYS = 14


def main() -> None:
    """Print rates, ratios and memory."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        for size in (count, 10 * count):
            file = made_file(Path(folder) / f"{size}.ndjson", size)
            print(f"{size:,} posts, {file.stat().st_size / size:.0f} bytes each, {TOPICS:,} topics")
            loops = {
                "json.loads, the standard library": _standard,
                "msgspec, untyped": _untyped,
            }
            rates = {name: _rate(size, loop, file) for name, loop in loops.items()}
            seconds, peak = _measured_apart(file)
            flow = size / seconds
            for name, rate in rates.items():
                print(f"  {name:34} {rate:10,.0f} posts/s   flow is {flow / rate:.2f} of it")
            print(f"  {'flow with storing':34} {flow:10,.0f} posts/s   peak {peak:,.0f} MiB")


def _words() -> tuple[random.Random, list[str], list[str]]:
    chance = random.Random(7)
    words = vocabulary(chance, 20_000, 4)
    names = [f"{a}{b}" for a, b in zip(*[iter(vocabulary(chance, 20_000, 5))] * 2, strict=True)]
    return chance, words, names


def made_file(path: Path, count: int) -> Path:
    """Write posts of two weeks, in time order; one in fifty names a watched organisation."""
    chance, words, names = _words()
    first = datetime.now(UTC) - timedelta(days=DAYS)
    with path.open("wb") as file:
        for start in range(0, count, CHUNK):
            for number, post in enumerate(made_posts(chance, CHUNK, words, names), start):
                at = first + timedelta(days=DAYS) * (number / count)
                told = msgspec.structs.replace(
                    post, id=f"https://example.org/{number}", published=at
                )
                file.write(msgspec.json.encode(told) + b"\n")
    return path


def made_queries(count: int) -> list[str]:
    """Return the queries of the first topics."""
    chance, words, names = _words()
    return list(made_topics(chance, words, names[:count]).values())


def _standard(file: Path) -> None:
    with file.open("rb") as lines:
        for line in lines:
            json.loads(line)


def _untyped(file: Path) -> None:
    decode = msgspec.json.Decoder().decode
    with file.open("rb") as lines:
        for line in lines:
            decode(line)


def _rate(size: int, loop: Callable[[Path], None], file: Path) -> float:
    started = time.perf_counter()
    loop(file)
    return size / (time.perf_counter() - started)


def _measured_apart(file: Path) -> tuple[float, float]:
    """Run the flow in a process of its own; returns seconds and peak MiB."""
    out = subprocess.run(
        [sys.executable, "-m", "bench.flow", "--flow", str(file)],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, peak = out.stdout.split()[-2:]
    return float(seconds), float(peak)


@contextmanager
def _room() -> Iterator[None]:
    """A room with 1,000 topics in a folder that vanishes."""
    from quivive.cli.house import open_house

    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("DATABASE_URL", None)
        open_house(Path(folder))
        from django.utils import timezone

        from quivive.web.listen.models import Topic

        Topic.objects.bulk_create(
            Topic(slug=f"t{number}", name=f"t{number}", query=query, created_at=timezone.now())
            for number, query in enumerate(made_queries(TOPICS))
        )
        yield


def _flow(file: Path) -> None:
    with _room():
        from django.utils import timezone

        from quivive.web.listen import services
        from quivive.web.listen.queries import import_report
        from quivive.web.listen.worker import topics_to_rebuild
        from quivive.web.room.worker import Engine

        row = services.bring_path(name=file.name, path=file, person=None, now=timezone.now())
        services.queue_import(
            import_id=row, file_format="native", mapping=None, person=None, now=timezone.now()
        )
        engine = Engine(holder="bench")
        engine.step(now=timezone.now())
        started = time.perf_counter()
        while not import_report(row).over or topics_to_rebuild():
            engine.step(now=timezone.now())
        seconds = time.perf_counter() - started
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    if "--flow" in sys.argv:
        _flow(Path(sys.argv[-1]))
    else:
        main()
