"""Reads every real file of posts at hand and says what became of it.

The files are not part of the repository: give their folder, ``python -m bench.import_shared DATA``.
"""

import sys
import time
from collections import Counter
from pathlib import Path

from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import in_english, render
from quivive.wire.files import look_at, read_posts

WANTED = {".csv", ".gz", ".json", ".jsonl", ".ndjson", ".txt", ".tsv", ".xz"}


def main() -> None:
    """Print a line a file: format, posts, lines set aside with the commonest reason."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("data")
    files = [path for path in sorted(folder.rglob("*")) if path.suffix in WANTED]
    if not files:
        print(f"No file in {folder}: nothing to measure.")
        return
    without: Counter[str] = Counter()
    for path in files:
        found = line_for(path, folder)
        if found:
            print(" | ".join(found), flush=True)
        else:
            without[str(path.parent.relative_to(folder))] += 1
    print("No text with a date, and said so:")
    print(", ".join(f"{name} ({count})" for name, count in without.items()))


def line_for(path: Path, folder: Path) -> list[str]:
    """Read one file whole."""
    look = look_at(path)
    posts = aside = 0
    reasons: Counter[str] = Counter()
    stop = ""
    start = time.perf_counter()
    try:
        for batch in read_posts(path):
            posts += len(batch.posts)
            aside += len(batch.quarantined)
            reasons.update(render(one.what, in_english)[:90] for one in batch.quarantined)
    except BadFile as trouble:
        stop = f"stops: {render(trouble.what, in_english)[:110]}"
    took = time.perf_counter() - start
    if stop and not posts + aside:
        return []
    common = "; ".join(f"{count} x {reason}" for reason, count in reasons.most_common(1))
    name = str(path.relative_to(folder))
    kind = f"{look.container} {look.format or '?'} {look.encoding} {look.delimiter!r}"
    return [name, kind, f"{posts} posts", f"{aside} aside", f"{posts / took:.0f}/s", common or stop]


if __name__ == "__main__":
    main()
