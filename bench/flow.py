"""The whole embedded flow next to bare JSON decode loops over the same file, in the same run.

Run: ``python -m bench.flow [posts] [rounds]``. Decode → match 1,000 topics → enrich → count →
detect → store (SQLite). Each loop has a process of its own, the loops take turns, and the fastest
round of each counts: in processor time of all threads together, which is what one core would take,
for other work on the machine blurs the clock on the wall. Memory is the highest resident size.
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
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
from bench.matching import made_posts, made_topics, vocabulary

TOPICS = 1_000
CHUNK = 20_000
A_DAY = 100_000
"""Posts a day: the flow also pays for the minutes that go by, whatever is said in them."""


class Took(msgspec.Struct):
    """What a process of its own used.

    Attributes:
        cpu: processor seconds.
        wall: seconds on the clock.
        peak: MiB of resident memory at most.
        parts: processor seconds of each part, where there are parts.
        stored: posts stored.
    """

    cpu: float
    wall: float
    peak: float
    parts: dict[str, float] = {}
    stored: int = 0


def main() -> None:
    """Print rates, ratios and memory at one size and at ten times as much."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        for size, times in ((count, rounds), (10 * count, 1)):
            file = made_file(Path(folder) / f"{size}.ndjson", size)
            print(f"{size:,} posts, {file.stat().st_size / size:.0f} bytes each, {TOPICS:,} topics")
            _compare(file, size, times)
            file.unlink()


def _compare(file: Path, size: int, rounds: int) -> None:
    took = {name: [] for name in LOOPS}
    for _ in range(rounds):
        for name in LOOPS:
            took[name].append(_apart(name, file))
    best = {name: min(some, key=lambda one: one.cpu) for name, some in took.items()}
    flow = best["flow"]
    for name, one in best.items():
        print(
            f"  {name:16} {size / one.cpu:9,.0f} posts/s of processor time, "
            f"{size / one.wall:9,.0f} on the clock, {one.peak:4.0f} MiB; "
            f"the flow is {one.cpu / flow.cpu:.2f} of it",
            flush=True,
        )
    parts = ", ".join(f"{name} {spent / size * 1e6:.1f}" for name, spent in flow.parts.items())
    print(f"  the flow in µs a post: {parts}; {flow.stored:,} posts stored", flush=True)


def made_file(path: Path, count: int) -> Path:
    """Write posts in time order, up to now, as full as networks give them.

    One post in five names an organisation, one in fifty an organisation that is watched.
    """
    chance, words, names = _words()
    span = timedelta(days=count / A_DAY)
    first = datetime.now(UTC) - span
    with path.open("wb") as file:
        for start in range(0, count, CHUNK):
            size = min(CHUNK, count - start)
            for number, post in enumerate(made_posts(chance, size, words, names), start):
                at = first + span * (number / count)
                told = msgspec.structs.replace(
                    post,
                    id=f"https://micro.example/@{post.attributed_to.handle}/{number}",
                    published=at,
                    attributed_to=msgspec.structs.replace(
                        post.attributed_to,
                        name="Une personne inventée",
                        followers=number % 900,
                        created=date(2019, 5, 11),
                        verified=False,
                    ),
                    likes=number % 40,
                    reposts=number % 9,
                    url=f"https://micro.example/@{post.attributed_to.handle}/{number}",
                )
                file.write(msgspec.json.encode(told) + b"\n")
    return path


def _words() -> tuple[random.Random, list[str], list[str]]:
    chance = random.Random(7)
    words = vocabulary(chance, 20_000, 4)
    names = [f"{a}{b}" for a, b in zip(*[iter(vocabulary(chance, 20_000, 5))] * 2, strict=True)]
    chance.shuffle(names)
    return chance, words, names


def made_queries(count: int) -> list[str]:
    """Return the queries of the first topics."""
    chance, words, names = _words()
    return list(made_topics(chance, words, names[:count]).values())


def _apart(name: str, file: Path) -> Took:
    """Run one loop in a process of its own."""
    out = subprocess.run(
        [sys.executable, "-m", "bench.flow", "--loop", name, str(file)],
        check=True,
        capture_output=True,
        text=True,
    )
    return msgspec.json.decode(out.stdout.splitlines()[-1], type=Took)


def _loop(name: str, file: Path) -> None:
    took = LOOPS[name](file)
    took.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(msgspec.json.encode(took).decode())


def _decode(decode: Callable[[bytes], object], file: Path) -> Took:
    cpu, wall = time.process_time(), time.perf_counter()
    with file.open("rb") as lines:
        for line in lines:
            decode(line)
    return Took(cpu=time.process_time() - cpu, wall=time.perf_counter() - wall, peak=0)


def _flow(file: Path) -> Took:
    """Import the file as the engine of a room does, from its first line to the last signal."""
    with _room():
        from django.utils import timezone

        from quivive.web.listen import services
        from quivive.web.listen.models import Import, ImportState, Post
        from quivive.web.listen.worker import topics_to_rebuild
        from quivive.web.room.worker import Engine

        engine = Engine(holder="bench")
        engine.step(now=timezone.now())
        row = services.bring_path(name=file.name, path=file, person=None, now=timezone.now())
        services.queue_import(
            import_id=row, file_format="native", mapping=None, person=None, now=timezone.now()
        )
        ended = (ImportState.DONE, ImportState.STOPPED)
        rest = Import.objects.filter(pk=row).exclude(state__in=ended)
        begun = cpu = time.process_time()
        wall = time.perf_counter()
        parts = {"import": 0.0, "detect": 0.0}
        while (reads := rest.exists()) or topics_to_rebuild():
            kind = "import" if reads else "detect"
            engine.step(now=timezone.now())
            now = time.process_time()
            parts[kind] += now - cpu
            cpu = now
        return Took(
            cpu=time.process_time() - begun,
            wall=time.perf_counter() - wall,
            peak=0,
            parts=parts,
            stored=Post.objects.count(),
        )


@contextmanager
def _room() -> Iterator[None]:
    """A room with 1,000 topics in a folder that vanishes."""
    from quivive.cli.house import open_house

    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("DATABASE_URL", None)
        open_house(Path(folder))
        from django.utils import timezone

        from quivive.web.listen.models import Topic
        from quivive.web.people.models import Organisation

        now = timezone.now()
        Organisation.objects.create(
            name="Bench", legal_basis="legitimate-interest", set_up_at=now, basis_confirmed_at=now
        )
        Topic.objects.bulk_create(
            Topic(
                slug=f"t{number}",
                name=f"t{number}",
                query=query,
                matched_query=query,  # a settled room: nothing was stored before
                created_at=now,
            )
            for number, query in enumerate(made_queries(TOPICS))
        )
        yield


LOOPS: dict[str, Callable[[Path], Took]] = {
    "json.loads": lambda file: _decode(json.loads, file),
    "msgspec, untyped": lambda file: _decode(msgspec.json.Decoder().decode, file),
    "flow": _flow,
}


if __name__ == "__main__":
    if "--loop" in sys.argv:
        _loop(sys.argv[-2], Path(sys.argv[-1]))
    else:
        main()
