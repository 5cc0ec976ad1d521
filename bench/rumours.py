"""Which claims become rumour candidates, on conversations whose rumours journalists marked.

    python -m bench.rumours DATA

Two events of PHEME (Zubiaga and others 2016), each thread marked rumour or not. The streams lack
what a post answers; it is taken to answer whom of its thread it names. A claim is a rumour when
half of its posts are of such threads. It holds a thread whose first post it holds, and that post
takes a stand or only comments. Peers: every claim, and each with an enquiry post (Zhao, Resnick and
Mei 2015). Intervals: 95 %, 1,000 draws of claims. Nothing is trained; words and rules were chosen
with both events in sight.
"""

import csv
import gzip
import re
import sys
from collections.abc import Set
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from bench.claims import follow

from quivive.detect.claims import Reader
from quivive.detect.cues import bare
from quivive.detect.enquiry import enquires
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.claims import FoundClaim, Stance
from quivive.vocabulary.folding import fold
from quivive.vocabulary.posts import Post
from quivive.wire.models import load_stance

DRAWS = 1_000
_LINK = re.compile(r"https?://\S+")
_NAME = re.compile(r"@(\w+)")


class Talk:
    """Posts of one event, oldest first; the thread of each, and which threads are rumours."""

    def __init__(self, file: Path) -> None:
        """Read the file; what stands in it twice is read once."""
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            rows = list({tuple(row.items()): row for row in csv.DictReader(lines)}.values())
        self.posts: dict[str, Post] = {}
        self.thread: dict[str, str] = {}
        self.rumours: set[str] = set()
        people: dict[str, str] = {}
        thread, begun, marked = "", 0.0, ""
        for place, row in enumerate(row for row in rows if row["created"]):
            name, at = str(place), float(row["created"]) / 1000
            told = [one.lower() for one in _NAME.findall(row["text"])]
            answered = next((people[one] for one in told if one in people), None)
            if answered is None or at < begun or row["is_rumor"] != marked:
                thread, begun, marked, answered, people = name, at, row["is_rumor"], None, {}
            people.setdefault(row["user.handle"].lower(), name)
            self.thread[name] = thread
            self.rumours |= {thread} if marked == "1" else set()
            self.posts[name] = Post(
                id=name,
                network="x",
                published=datetime.fromtimestamp(at, UTC),
                attributed_to=Account(id=row["user.handle"]),
                content=row["text"],
                in_reply_to=answered,
                links=tuple(_LINK.findall(row["text"])),
            )


def main() -> None:
    """Print a line a rule and event."""
    for file in sorted((Path(sys.argv[1]) / "pheme_stream").glob("*.csv.gz")):
        talk = Talk(file)
        threads = set(talk.thread.values())
        print(f"{file.name}: {len(threads):,} threads, {len(talk.rumours):,} rumours")
        ordered = sorted(
            talk.posts.values(), key=lambda one: (one.published, bool(one.in_reply_to), one.id)
        )
        _, found = follow(ordered, Reader(load_stance()))
        claims = list(found.values())
        tell("rumour candidates", [claim for claim in claims if claim.rumour_at], talk)
        tell("an enquiry among its posts", [claim for claim in claims if asked(claim, talk)], talk)
        tell("every claim", claims, talk)


def asked(claim: FoundClaim, talk: Talk) -> bool:
    """Say whether one of its posts asks if something is true."""
    texts = (talk.posts[one.post].content for one in claim.standings)
    return any(enquires(bare(fold(text))) for text in texts)


def tell(name: str, chosen: list[FoundClaim], talk: Talk) -> None:
    """Print how many of the claims are rumours, and how many threads began in one of them."""
    right = np.array(
        [
            np.mean([talk.thread[one.post] in talk.rumours for one in claim.standings]) >= 0.5
            for claim in chosen
        ]
    )
    drawn = np.random.default_rng(0).choice(right, (DRAWS, len(right))).mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    threads = set(talk.thread.values())
    stances = {one.post: one.stance for claim in chosen for one in claim.standings}
    begun = stances.keys() & threads
    stood = {post for post in begun if stances[post] is not Stance.COMMENTS}
    rumours, others = talk.rumours, threads - talk.rumours
    print(
        f"  {name:28}{len(chosen):5,} claims, {right.mean():.2f} ({low:.2f} to {high:.2f}) "
        f"rumours; holds {_share(rumours, begun)} of the threads that are rumours, "
        f"{_share(others, begun)} of the others; where the first post takes a stand "
        f"{_share(rumours, stood)}, {_share(others, stood)}",
        flush=True,
    )


def _share(threads: set[str], held: Set[str]) -> str:
    return f"{len(threads & held) / len(threads):.2f}"


if __name__ == "__main__":
    main()
