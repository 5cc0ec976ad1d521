"""How many posts a second meet 100, 1,000 and 10,000 topics, next to merely decoding them.

Run: ``python -m bench.matching [posts]``. Posts and topics are made up: words of a Zipf-like
vocabulary with accents, elisions, hashtags and emoji; each topic names its organisation, the way
people write topics, and a few common words around it.
"""

import json
import math
import random
import sys
import time
from datetime import UTC, datetime
from itertools import accumulate

import msgspec

from quivive.listen.known import Known
from quivive.listen.matching import Matcher, compile_watch
from quivive.listen.query import parse
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.posts import Post
from quivive.wire.models import tell_language

SYLLABLES = (
    "ba",
    "cé",
    "do",
    "fu",
    "gri",
    "lé",
    "mon",
    "na",
    "or",
    "pi",
    "ra",
    "sé",
    "tan",
    "vou",
    "eau",
    "ché",
    "dre",
    "li",
)
SIZES = (100, 1_000, 10_000)
BATCH = 2_000
ROUNDS = 5


def vocabulary(chance: random.Random, size: int, syllables: int) -> list[str]:
    """Invent distinct words."""
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(chance.choices(SYLLABLES, k=chance.randint(1, syllables)))] = None
    return list(words)


def made_posts(chance: random.Random, count: int, words: list[str], names: list[str]) -> list[Post]:
    """About 140 characters each; one post in five names one of the 10,000 organisations."""
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(words))))
    posts = []
    for number in range(count):
        said = chance.choices(words, cum_weights=weights, k=20)
        if chance.random() < 0.2:
            said.insert(chance.randrange(20), chance.choice(names))
        said[3] = f"l’{said[3]}"
        text = f"{' '.join(said).capitalize()}. {chance.choice(['', '🔥', '#' + said[5]])}"
        posts.append(
            Post(
                id=f"https://example.org/{number}",
                network="example",
                published=datetime(2026, 1, 1, tzinfo=UTC),
                attributed_to=Account(id=f"a{number % 5000}", handle=f"person{number % 5000}"),
                content=text,
                language="fr",
            )
        )
    return posts


def made_topics(chance: random.Random, words: list[str], names: list[str]) -> dict[str, str]:
    """Four shapes of query, one after the other."""
    topics = {}
    for number, name in enumerate(names):
        a, b, c, d = chance.sample(words[50:2_000], 4)
        topics[f"t{number}"] = (
            f"{name} ({a} OR {b} OR {c}*) -{d}",
            f'{name} OR #{name} OR "{name} {a}"',
            f'"{name} {a}" OR ({name} AND ({b} OR {c}))\nfrom:{name}',
            f"({a} OR {b}) {name}* NOT ({c} {d})",
        )[number % 4]
    return topics


def rich_topics(chance: random.Random, words: list[str], names: list[str]) -> dict[str, str]:
    """Five shapes with distances, sentences, fields and slips of the pen, one after the other."""
    topics = {}
    for number, name in enumerate(names):
        a, b, c, d = chance.sample(words[50:2_000], 4)
        topics[f"t{number}"] = (
            f"{name} NEAR/5 ({a} OR {b}) -SENTENCE({c} {d})",
            f"SENTENCE({name} {a}) OR hashtag:{name} followers:>10",
            f"{name}~1 ({a} OR {b} OR {c})",
            f'"{name} {a}"~4 lang:fr type:(post, reply)',
            f"title:{name} OR {name}* ONEAR/3 ({a} OR {b}*)\nmention:{name} {c}",
        )[number % 5]
    return topics


def best(rounds: int, work: object) -> float:
    """Processor seconds of the fastest round: other work on the machine counts less."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()  # type: ignore[operator]
        times.append(time.process_time() - begun)
    return min(times)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40_000
    chance = random.Random(7)
    words = vocabulary(chance, 20_000, 4)
    names = [f"{a}{b}" for a, b in zip(*[iter(vocabulary(chance, 20_000, 5))] * 2, strict=True)]
    chance.shuffle(names)
    posts = made_posts(chance, count, words, names)
    lines = [msgspec.json.encode(post) for post in posts]
    size = sum(len(post.content) for post in posts) / count
    print(f"{count} posts of {size:.0f} characters on average, {len(lines[0])} bytes a line")
    decode = msgspec.json.Decoder(Post).decode
    print(f"decode, msgspec typed {count / best(ROUNDS, lambda: [*map(decode, lines)]):>10,.0f}/s")
    print(
        f"decode, json          {count / best(ROUNDS, lambda: [*map(json.loads, lines)]):>10,.0f}/s"
    )
    for title, make in (("plain", made_topics), ("rich", rich_topics)):
        ratio = measured(list(make(chance, words, names).items()), posts)
        print(f"{title}: 10,000 topics against 100: {ratio:.2f} times the time")


def measured(topics: list[tuple[str, str]], posts: list[Post]) -> float:
    """Print the pace with more and more topics; return the time of most over that of fewest.

    They take turns, so that what else the machine does slows all of them.
    """
    count = len(posts)
    batches = [posts[at : at + BATCH] for at in range(0, count, BATCH)]
    watches: dict[int, Matcher] = {}
    seconds = dict.fromkeys(SIZES, math.inf)
    for size in SIZES:
        begun = time.process_time()
        asked = {name: parse(text) for name, text in topics[:size]}
        watches[size] = compile_watch(asked, Known(language="fr", tell=tell_language))
        compiled = time.process_time() - begun
        caught = sum(len(watches[size].match(batch)) for batch in batches)
        print(f"{size:>6} topics: compiled in {compiled:.1f} s, {caught} posts caught")
    for _ in range(ROUNDS):
        for size, watch in watches.items():
            took = best(1, lambda: [watch.match(batch) for batch in batches])  # noqa: B023
            seconds[size] = min(seconds[size], took)
    for size, took in seconds.items():
        print(f"{size:>6} topics: {count / took:>10,.0f}/s  {took / count * 1e6:5.1f} µs a post")
    return seconds[SIZES[-1]] / seconds[SIZES[0]]


if __name__ == "__main__":
    main()
