"""How fast and how flat our own NDJSON is read, against bare decoding of the same lines.

``python -m bench.reading``. Peers: ``json.loads``, and a typed msgspec decode of the lines of the
file one by one, which is the most reading could reach. Seconds are of processor time, as other
work on the machine would blur others; memory is the peak of a process that only reads.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from quivive.vocabulary.posts import Post
from quivive.wire.files import read_posts

SIZES = (100_000, 1_000_000)


def main() -> None:
    """Print lines a second, ratios, and peak memory at each size."""
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"{size}.ndjson"
            _write(path, size)
            for reader in READERS:
                print(_measure(path, size, reader), flush=True)


def _write(path: Path, size: int) -> None:
    """Write invented posts of about 450 bytes."""
    with path.open("w", encoding="utf-8") as file:
        for at in range(size):
            post = {
                "id": f"micro:{at}",
                "network": "micro",
                "published": f"2025-11-18T{at // 3600 % 24:02}:{at // 60 % 60:02}:{at % 60:02}Z",
                "language": "fr",
                "attributed_to": {
                    "id": f"micro:user{at % 5000}",
                    "handle": f"user{at % 5000}",
                    "name": "Une personne inventée",
                    "followers": at % 900,
                    "created": "2019-05-11",
                    "verified": False,
                },
                "content": f"Toujours pas d'eau chaude dans le bâtiment {at % 7} 🥶 #panne " * 2,
                "hashtags": ["#panne"],
                "likes": at % 40,
                "reposts": at % 9,
                "url": f"https://micro.example/user{at % 5000}/{at}",
            }
            file.write(json.dumps(post, ensure_ascii=False) + "\n")


def _measure(path: Path, size: int, reader: str) -> str:
    command = [sys.executable, __file__, reader, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, lines, peak_kb = done.stdout.split()
    if int(lines) != size:
        raise SystemExit(f"{reader} read {lines} of {size} lines")
    rate = size / float(seconds)
    return f"{size:>9,} lines | {reader:<14} | {rate:>9,.0f}/s | peak {int(peak_kb) / 1024:.0f} MB"


def _quivive(path: Path) -> int:
    return sum(len(batch.posts) for batch in read_posts(path))


def _bare(path: Path) -> int:
    decode = msgspec.json.Decoder(Post).decode
    count = 0
    with path.open("rb") as file:
        for line in file:
            decode(line)
            count += 1
    return count


def _json(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for line in file if json.loads(line))


READERS: dict[str, Callable[[Path], int]] = {
    "json.loads": _json,
    "msgspec typed": _bare,
    "read_posts": _quivive,
}


def child() -> None:
    """Run one reader in its own process, so that its memory is its own."""
    reader, path = READERS[sys.argv[1]], Path(sys.argv[2])
    start = time.process_time()
    lines = reader(path)
    took = time.process_time() - start
    print(took, lines, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    child() if len(sys.argv) > 1 else main()
