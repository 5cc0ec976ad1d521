"""How claims and stories are grouped: real tweets of crises, and our own pairs, beside peers.

    python -m bench.claims DATA

Stories: NMI and ARI of CrisisLex T26 tweets against the event they are of, nobody being told how
many there are, in the order they were written; peers are told. Constants were chosen on the
development events. Claims: each pair of ours as posts of one topic. Intervals: 95 %, 50 draws.
"""

import csv
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
from bench.train_stance import PAIR_STANCES, PAIRS
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.preprocessing import normalize

from quivive.detect.claims import Reader, together
from quivive.detect.clusters import Claims
from quivive.detect.copies import Copies, place, saying_of
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.claims import FoundClaim
from quivive.vocabulary.folding import fold
from quivive.vocabulary.matches import Match
from quivive.vocabulary.posts import Post
from quivive.vocabulary.topics import Topic
from quivive.wire.models import load_encoder, load_sentiment, load_stance

TOPIC = Topic(id="bench", name="bench", query="")
TWITTER_EPOCH_MS = 1288834974657
DRAWS = 50
MEANINGS = 100


def main() -> None:
    """Print stories, copies, claims and speed."""
    tweets = crisislex(Path(sys.argv[1]))
    events = sorted({event for event, _ in tweets})
    for name, chosen in (
        ("development", events[::2]),
        ("validation", events[1::2]),
        ("all", events),
    ):
        some = [one for one in tweets if one[0] in chosen]
        print(f"{name}: {len(some):,} tweets of {len(chosen)} events")
        _stories(some, len(chosen))
    _copies(tweets)
    for part in ("develop", "aside"):
        _pairs(part)
        _across(part)


def crisislex(data: Path) -> list[tuple[str, Post]]:
    """Read labelled tweets that are about their event, in time order; ids carry the time."""
    tweets = []
    for file in sorted((data / "crisislex_t26").glob("*/*labeled.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.reader(lines) if len(row) > 4][1:]
        tweets += [
            (file.parent.name, _post(row[0].strip('"'), row[1]))
            for row in rows
            if row[4].strip() != "Not related"
        ]
    return sorted(tweets, key=lambda one: (one[1].published, one[1].id))


def _post(name: str, text: str) -> Post:
    written = datetime.fromtimestamp(((int(name) >> 22) + TWITTER_EPOCH_MS) / 1000, UTC)
    author = Account(id=f"author of {name}")
    return Post(id=name, network="x", published=written, attributed_to=author, content=text)


def follow(posts: list[Post], reader: Reader) -> tuple[dict[str, str], dict[str, FoundClaim]]:
    """Return the story of each post, by its claim, and each claim whole."""
    claims, parts, story_of = Claims(), [], {}
    for first in range(0, len(posts), 500):
        turn = posts[first : first + 500]
        matches = [Match(post=post, topics=(TOPIC.id,)) for post in turn]
        for found in reader.take(claims, matches, TOPIC):
            parts.append(found)
            story_of |= {standing.post: found.story for standing in found.standings}
    return story_of, {claim.id: claim for claim in together(parts)}


def _stories(tweets: list[tuple[str, Post]], known: int) -> None:
    truth = np.array([event for event, _ in tweets])
    posts = [post for _, post in tweets]
    begun = time.process_time()
    story_of, whole = follow(posts, Reader(load_stance()))
    spent = time.process_time() - begun
    _tell("ours, online, k unknown", truth, np.array([story_of[post.id] for post in posts]))
    claim_of = {one.post: claim.id for claim in whole.values() for one in claim.standings}
    _tell("  by claim instead of story", truth, np.array([claim_of[post.id] for post in posts]))
    story_of, _ = follow(_without_time(posts), Reader(load_stance()))
    _tell("  all at once, in any order", truth, np.array([story_of[post.id] for post in posts]))
    for name, peer in _peers(known).items():
        _tell(name, truth, peer([post.content for post in posts]))
    rumours = sum(claim.rumour_at is not None for claim in whole.values())
    print(
        f"  {len(whole):,} claims, {rumours:,} rumour candidates; {len(posts) / spent:,.0f} posts/s"
    )


def _without_time(posts: list[Post]) -> list[Post]:
    """The same posts as if written in one hour, in any order."""
    mixed = random.Random(0).sample(posts, len(posts))
    begun = posts[0].published
    step = timedelta(hours=1) / len(posts)
    return [
        msgspec.structs.replace(post, published=begun + place * step)
        for place, post in enumerate(mixed)
    ]


def _peers(known: int) -> dict[str, Callable[[list[str]], np.ndarray]]:
    def words(texts: list[str]) -> np.ndarray:
        vectors = TfidfVectorizer(min_df=3, sublinear_tf=True, stop_words="english", max_df=0.3)
        meanings = TruncatedSVD(MEANINGS, random_state=0)
        return np.asarray(normalize(meanings.fit_transform(vectors.fit_transform(texts))))

    return {
        "k-means on TF-IDF and SVD, k told": lambda texts: np.asarray(
            KMeans(known, n_init=3, random_state=0).fit_predict(words(texts))
        ),
        "one story": lambda texts: np.zeros(len(texts), int),
    }


def _tell(name: str, truth: np.ndarray, found: np.ndarray) -> None:
    chance = np.random.default_rng(0)
    drawn = []
    for _ in range(DRAWS):
        some = chance.integers(0, len(truth), len(truth))
        drawn.append(normalized_mutual_info_score(truth[some], found[some]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    print(
        f"  {name:36} NMI {normalized_mutual_info_score(truth, found):.3f} "
        f"({low:.3f} to {high:.3f})  ARI {adjusted_rand_score(truth, found):.3f}  "
        f"{len(set(found)):,} groups",
        flush=True,
    )


def _copies(tweets: list[tuple[str, Post]]) -> None:
    copies = Copies()
    begun = time.process_time()
    firsts = {place(copies, post.id, saying_of(fold(post.content))) for _, post in tweets}
    spent = time.process_time() - begun
    print(
        f"copies: {len(tweets):,} tweets are {len(firsts):,} sayings; "
        f"{len(tweets) / spent:,.0f} posts/s"
    )


def _post_at(name: str, seconds: int, text: str) -> Post:
    return Post(
        id=name,
        network="x",
        published=datetime(2026, 3, 1, 8, tzinfo=UTC) + timedelta(seconds=seconds),
        attributed_to=Account(id=f"author of {name}"),
        content=text,
    )


def _pairs(part: str) -> None:
    """Tell of each kind how many are copies, how many join the claim, and how many another one."""
    rows = [
        msgspec.json.decode(line, type=dict[str, str])
        for line in (PAIRS / f"{part}.jsonl").read_bytes().splitlines()
    ]
    others = [(row, kind) for row in range(len(rows)) for kind in PAIR_STANCES if kind != "claim"]
    order = [(row, "claim") for row in range(len(rows))]
    order += random.Random(0).sample(others, len(others))
    posts = [
        _post_at(f"{row} {kind}", 20 * number, rows[row][kind])
        for number, (row, kind) in enumerate(order)
    ]
    _, whole = follow(posts, Reader(load_stance(), load_encoder()))
    placed = {one.post: (claim.id, one) for claim in whole.values() for one in claim.standings}
    for kind in PAIR_STANCES:
        if kind == "claim":
            continue
        homes = [placed[f"{row} claim"] for row in range(len(rows))]
        found = [placed[f"{row} {kind}"] for row in range(len(rows))]
        both = list(zip(found, homes, strict=True))
        print(
            f"pairs, {part}, {kind:10} copies {sum(f[1].copy_of == h[1].post for f, h in both)}, "
            f"in the claim {sum(f[0] == h[0] for f, h in both)}, "
            f"in another {sum(f[0] not in (h[0], f[1].post) for f, h in both)}, "
            f"stance right {sum(f[1].stance is PAIR_STANCES[kind] for f, _ in both)} "
            f"of {len(rows)}"
        )


def _across(part: str) -> None:
    """Tell how many claims are found again in the other language, and how many are mixed up."""
    rows = [
        msgspec.json.decode(line, type=dict[str, str])
        for line in (PAIRS / "across.jsonl").read_bytes().splitlines()
    ]
    rows = [row for row in rows if row["part"] == part]
    for first, then in (("french", "english"), ("english", "french")):
        told = [(row, first) for row in range(len(rows))]
        told += random.Random(0).sample([(row, then) for row in range(len(rows))], len(rows))
        texts = [rows[row][language] for row, language in told]
        read = load_sentiment().read(texts)
        matches = [
            Match(
                post=_post_at(f"{row} {language}", 20 * place, text),
                topics=(TOPIC.id,),
                sentiment=sentiment,
            )
            for place, ((row, language), text, sentiment) in enumerate(
                zip(told, texts, read, strict=True)
            )
        ]
        claim_of = {
            standing.post: found.id
            for found in Reader(load_stance(), load_encoder()).take(Claims(), matches, TOPIC)
            for standing in found.standings
        }
        found = [claim_of[f"{row} {then}"] for row in range(len(rows))]
        right = sum(one == f"{row} {first}" for row, one in enumerate(found))
        alone = sum(one == f"{row} {then}" for row, one in enumerate(found))
        print(
            f"{first} claims, {part}, said again in {then}: found {right}, taken for another "
            f"{len(rows) - right - alone} of {len(rows)}"
        )


if __name__ == "__main__":
    main()
