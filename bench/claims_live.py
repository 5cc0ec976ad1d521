"""How far behind reading for claims is on one busy topic, whose posts come a little late.

    python -m bench.claims_live FERGUSON.csv.gz [SECONDS] [A_SECOND]

Every simulated second ``A_SECOND`` texts of a PHEME stream (``text``, ``user.handle``) are stored,
each heard up to half a minute late, and reading has one turn. Printed each minute: what a turn
costs, posts unread, memory; at last, how fast all is read anew. Turns of less than a second are
never behind. Run it with ``MALLOC_MMAP_THRESHOLD_=262144``, as the room runs its processes.
"""

import csv
import gzip
import os
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import islice

LATE_S = 30
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Run it in a folder of its own."""
    file, *numbers = sys.argv[1:]
    seconds, a_second = (int(one) for one in (*numbers, "600", "25")[:2])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QUIVIVE_DATA"] = folder
        os.environ.pop("DATABASE_URL", None)
        from quivive.cli.house import open_house

        open_house()
        _run(file, seconds, a_second)


def _run(file: str, seconds: int, a_second: int) -> None:
    from quivive.vocabulary.matches import Match
    from quivive.web.detect.claim_queries import behind
    from quivive.web.detect.models import ClaimReading
    from quivive.web.detect.worker import follow_claims
    from quivive.web.listen.models import Topic
    from quivive.web.listen.worker import store_matches
    from quivive.web.people.models import Organisation

    Organisation.objects.create(
        name="B", set_up_at=BEGUN, basis_confirmed_at=BEGUN, legal_basis="legitimate-interest"
    )
    topic = Topic.objects.create(slug="t", name="T", query="t", created_at=BEGUN)
    drawn, posts = random.Random(1), _posts(file)
    turns: list[float] = []
    for second in range(seconds):
        now = BEGUN + timedelta(seconds=second)
        some = [
            next(posts)(now - timedelta(seconds=LATE_S * drawn.random() ** 4))
            for _ in range(a_second)
        ]
        store_matches([Match(post=post, topics=("t",)) for post in some], now=now)
        begun = time.perf_counter()
        follow_claims(now=now)
        turns.append(time.perf_counter() - begun)
        if (second + 1) % 60 == 0:
            unread = behind(topic, now=now + timedelta(hours=1))
            print(
                f"{(second + 1) // 60:>3} min  a turn {1e3 * sum(turns) / len(turns):>5.0f} ms,"
                f" slowest {1e3 * max(turns):>5.0f}  unread {unread.posts if unread else 0:>6}"
                f"  memory {_resident_mb()} MB, most {_most_mb()}",
                flush=True,
            )
            turns.clear()
    ClaimReading.objects.update(
        heard_at=None, post_id=0, blob=b"", stamp="", late=[], due=True, read_at=None
    )
    begun, read = time.process_time(), 0
    while follow_claims(now=now + timedelta(seconds=(read := read + 1))):
        pass
    rate = seconds * a_second / (time.process_time() - begun)
    print(f"all read anew: {rate:,.0f} posts a second of processor time")


def _posts(file: str):
    from quivive.vocabulary.accounts import Account
    from quivive.vocabulary.posts import Post

    number = 0
    while True:
        with gzip.open(file, "rt", errors="replace") as lines:
            for row in islice(csv.DictReader(lines), None):
                number += 1
                author = Account(id=row["user.handle"] or "x", handle=row["user.handle"] or "x")
                said = f"{row['text']} {number // 24_000 or ''}"
                yield lambda at, n=number, a=author, t=said: Post(
                    id=f"p{n}", network="x", published=at, attributed_to=a, content=t
                )


def _resident_mb() -> int:
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * resource.getpagesize() // 2**20


def _most_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
