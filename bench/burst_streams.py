"""Whether what is promised happens, and what is found, on many more streams than the labelled ones.

    python -m bench.burst_streams DATA

Background, eight weeks of 1 to 5,000 posts a day, each stream with a rhythm, a level and a noise
of its own: plain noise; a rate that drifts by itself; clusters (1.5 to 5 posts, over ten minutes
to two hours); posts that call forth posts (Hawkes, power-law waits, branching 0.2 to 0.8); and
Numenta's brands, thinned, outside their labelled windows. To a copy of each we add bursts from the
fourth week on, one in twelve days: real cascades (``tideh_cascades``, ``twitter15_16``), first days
of real crises (``crisislex_t26``), and slow storms that grow over half a day to two days (gamma
shaped); from 6 posts to twenty times that, more on busy streams. Streams and shapes are apart by
half.

Printed for each kind, and by posts a day: alarms a stream-week from the third week on, at three
promises, with a 95 % bootstrap interval over streams. Then beside the peers, each with one
threshold for all streams at which the background rings as often: median delay, rung within an hour,
and within a day (slow storms: three).
"""

import csv
import lzma
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from bench.burst_delays import cascades, crises, ours
from bench.burst_peers import NEVER, peers
from bench.bursts import DEVELOP, labelled_rows, read_brand

A_DAY, A_WEEK = 288, 2016
STEPS = 8 * A_WEEK
SKIPPED, LEARN, APART = 2 * A_WEEK, 3 * A_WEEK, 12 * A_DAY
CALM = 72
HALVES = {"developed on": (101, 7), "kept aside": (202, 8)}
PROMISED = (0.1, 0.4, 1.0)
VOLUMES = (0, 5, 20, 100, 500, 5000)
EACH = 48
LONGEST = {"cascades": A_DAY, "crises": A_DAY, "slow storms": 3 * A_DAY}


def main(data: Path) -> None:
    """Print both halves."""
    for half, (background_seed, burst_seed) in HALVES.items():
        kinds, counts, free = background(data, half, np.random.default_rng(background_seed))
        rng = np.random.default_rng(burst_seed)
        loud, bursts = with_bursts(counts, free, shapes(data, half, rng), rng)
        n = len(counts)
        print(f"\n{half}: {n} streams, {len(bursts)} bursts; promised {PROMISED} a week")
        for name, rule in {"ours": ours, **peers()}.items():
            score = scored(rule, np.concatenate([counts, loud]), 1 if name == "ours" else 16)
            if name == "ours":
                show_promises(score[:n], kinds, counts, free)
                print(f"rule, accepted | all | {' | '.join(LONGEST)}: median, 1 h, at all")
            show_found(name, score[:n], score[n:], free, bursts)


def scored(rule, counts: np.ndarray, parts: int) -> np.ndarray:
    """Return a rule's scores, some streams at a time, for some rules hold many copies."""
    return np.concatenate([rule(part).astype(np.float32) for part in np.array_split(counts, parts)])


def background(data: Path, half: str, rng) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the kind of each stream, its counts, and where it is free of labelled bursts."""
    drawn = {"plain": plain, "drifting": drifting, "clusters": clusters, "Hawkes": hawkes}
    parts = {kind: draw(rng) for kind, draw in drawn.items()}
    brands, free = thinned_brands(data / "nab_realtweets", half, rng)
    kinds = np.repeat([*parts, "brands"], [EACH] * len(parts) + [len(brands)])
    simulated = np.concatenate([*parts.values()])
    everywhere = np.ones(simulated.shape, bool)
    return kinds, np.concatenate([simulated, brands]), np.concatenate([everywhere, free])


def rates(rng) -> np.ndarray:
    """Draw due posts an interval: a level, a rhythm of the day and a weekend for each stream."""
    level = np.exp(rng.uniform(np.log(1), np.log(3000), EACH))[:, None]
    hours = np.arange(STEPS) / 12
    swing, noon = rng.uniform(0.2, 0.9, EACH)[:, None], rng.uniform(0, 24, EACH)[:, None]
    second = rng.uniform(0, 0.3, EACH)[:, None]
    turn = 2 * np.pi * (hours - noon) / 24
    rhythm = np.exp(1.3 * swing * np.sin(turn) + second * np.sin(2 * turn))
    weekend = np.arange(STEPS) // A_DAY % 7 >= 5
    rhythm *= np.where(weekend, rng.uniform(0.4, 1.2, EACH)[:, None], 1.0)
    return level / A_DAY * rhythm / rhythm.mean(axis=1, keepdims=True)


def plain(rng) -> np.ndarray:
    """Draw independent posts."""
    return rng.poisson(rates(rng))


def drifting(rng) -> np.ndarray:
    """Draw posts at a rate that wanders by 10 to 40 %, over five hours to five days."""
    due, spread = rates(rng), rng.uniform(0.1, 0.4, EACH)
    keeps = np.exp(-1 / (A_DAY * np.exp(rng.uniform(np.log(0.2), np.log(5), EACH))))
    leaps = rng.normal(0, 1, (EACH, STEPS)) * (spread * np.sqrt(1 - keeps**2))[:, None]
    wandered = rng.normal(0, 1, EACH) * spread
    for step in range(STEPS):
        wandered = keeps * wandered + leaps[:, step]
        due[:, step] *= np.exp(wandered - spread**2 / 2)
    return rng.poisson(due)


def clusters(rng) -> np.ndarray:
    """Draw posts that bring others soon after, once."""
    size = rng.uniform(1.5, 5, EACH)
    wait = np.exp(rng.uniform(np.log(2), np.log(24), EACH))
    counts = rng.poisson(rates(rng) / size[:, None])
    row, at = np.nonzero(counts)
    brought = rng.negative_binomial(counts[row, at], 1 / size[row])
    row, at = np.repeat(row, brought), np.repeat(at, brought)
    put(counts, row, at + rng.exponential(wait[row]).astype(int))
    return counts


def hawkes(rng) -> np.ndarray:
    """Draw posts that bring others, which bring others."""
    branching = rng.uniform(0.2, 0.8, EACH)
    counts = rng.poisson(rates(rng) * (1 - branching[:, None]))
    row, at = (np.repeat(axis, counts[np.nonzero(counts)]) for axis in np.nonzero(counts))
    while len(row):
        brought = rng.poisson(branching[row])
        row, at = np.repeat(row, brought), np.repeat(at, brought)
        waits = rng.uniform(size=len(row)) ** (-1 / 1.1) - 1
        row, at = put(counts, row, at + np.minimum(waits, STEPS).astype(int))
    return counts


def put(counts: np.ndarray, row: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add posts, in place, and return those within the time."""
    inside = at < counts.shape[1]
    np.add.at(counts, (row[inside], at[inside]), 1)
    return row[inside], at[inside]


def thinned_brands(folder: Path, half: str, rng) -> tuple[np.ndarray, np.ndarray]:
    """Return twelve thinned copies of each brand, and where they are outside labelled windows."""
    found, free = [], []
    for file in sorted((folder / "realTweets").glob("*.csv")):
        if file.stem.endswith(DEVELOP) != (half == "developed on"):
            continue
        times, values = read_brand(file)
        outside = np.zeros(STEPS, bool)
        outside[: len(values)] = True
        for first, last in labelled_rows(folder, file, times):
            outside[first : last + 1] = False
        a_day = values.mean() * A_DAY
        for level in np.exp(rng.uniform(np.log(3), np.log(min(a_day, 5000)), 12)):
            counts = np.zeros(STEPS, int)
            counts[: len(values)] = rng.binomial(values, level / a_day)[:STEPS]
            found.append(counts)
            free.append(outside)
    return np.array(found), np.array(free)


def shapes(data: Path, half: str, rng) -> dict[str, list[np.ndarray]]:
    """Return the intervals of each burst's posts, by kind."""
    spread = retweet_trees(data / "twitter15_16/twitter15_trees.tsv.xz", half)
    spread = [spread[place] for place in rng.permutation(len(spread))[:120]]
    return {
        "cascades": cascades(data, half) + spread,
        "crises": crises(data, half),
        "slow storms": [slow_storm(rng) for _ in range(60)],
    }


def retweet_trees(file: Path, half: str) -> list[np.ndarray]:
    """Return the intervals of the reposts of each post that had 500 on its first day."""
    trees: dict[str, list[float]] = {}
    with lzma.open(file, "rt") as lines:
        for line in csv.DictReader(lines, delimiter="\t"):
            if 0 <= float(line["delay_min"]) < 1440:
                trees.setdefault(line["tree_id"], []).append(float(line["delay_min"]))
    return [
        (np.array(delays) // 5).astype(int)
        for name, delays in sorted(trees.items())
        if len(delays) >= 500 and (int(name) % 2 == 0) == (half == "developed on")
    ]


def slow_storm(rng) -> np.ndarray:
    """Draw a storm that grows over half a day to two days, and return its first two days."""
    later = rng.gamma(2.5, rng.uniform(12, 48) * 12 / 2.5, 4000)
    return later[later < 2 * A_DAY].astype(int)


def with_bursts(counts, free, shapes, rng) -> tuple[np.ndarray, list[tuple[int, int, str]]]:
    """Add bursts; return the counts, and row, place and kind of each."""
    loud, bursts, names = counts.copy(), [], [*shapes]
    noise = np.sqrt(counts.sum(axis=1) / (STEPS / A_DAY))
    for row in range(len(counts)):
        for slot in range(LEARN, STEPS - APART, APART):
            place = slot + int(rng.integers(0, APART - 3 * A_DAY))
            kind = names[int(rng.integers(len(names)))]
            if not free[row, place : place + A_DAY].all():
                continue
            shape = shapes[kind][int(rng.integers(len(shapes[kind])))]
            size = (6 + 2 * noise[row]) * np.exp(rng.uniform(0, np.log(20)))
            later = rng.choice(shape, min(int(size), len(shape)), replace=False)
            put(loud, np.full(len(later), row), place + later - later.min())
            bursts.append((row, place, kind))
    return loud, bursts


def show_promises(quiet: np.ndarray, kinds: np.ndarray, counts: np.ndarray, free) -> None:
    """Print how often each part of the background rings at what we promise, our threshold."""
    weeks = free[:, SKIPPED:].sum(axis=1) / A_WEEK
    rng = np.random.default_rng(1)
    a_day = counts.mean(axis=1) * A_DAY
    parts = {kind: kinds == kind for kind in dict.fromkeys(kinds.tolist())}
    for low, high in pairwise(VOLUMES):
        parts[f"{low} to {high} a day"] = (a_day >= low) & (a_day < high)
    for part, chosen in parts.items():
        rows = np.flatnonzero(chosen)
        drawn = rng.choice(rows, (500, len(rows)))
        told = []
        for promised in PROMISED:
            rang = alarms(quiet, free, -np.log10(promised))
            rates = rang[drawn].sum(axis=1) / weeks[drawn].sum(axis=1)
            low, high = np.quantile(rates, (0.025, 0.975))
            told.append(f"{rang[rows].sum() / weeks[rows].sum():.2f} [{low:.2f}, {high:.2f}]")
        print(f"{part:17} {len(rows):3} streams | " + " | ".join(told), flush=True)


def alarms(quiet: np.ndarray, free: np.ndarray, threshold: float) -> np.ndarray:
    """Count each stream's alarms from the third week on; six hours without end a run."""
    row, place = np.nonzero(quiet >= threshold)
    first = np.r_[True, (np.diff(row) > 0) | (np.diff(place) > CALM)][: len(row)]
    row, place = row[first], place[first]
    counted = (place >= SKIPPED) & free[row, place]
    return np.bincount(row[counted], minlength=len(quiet))


def show_found(name: str, quiet, loud, free, bursts) -> None:
    """Print what one rule finds, and how late."""
    weeks = free[:, SKIPPED:].sum() / A_WEEK
    told_of = np.where(free, quiet, NEVER)[:, SKIPPED:]
    tried = np.unique(np.quantile(told_of[told_of > NEVER], 1 - np.geomspace(1e-6, 0.3, 250)))
    tried = np.append(tried, np.inf)  # a rule that cannot ring so seldom may not ring
    for accepted in PROMISED:
        least, most = 0, len(tried) - 1
        while least < most:  # the more is asked, the fewer ring
            middle = (least + most) // 2
            enough = alarms(quiet, free, tried[middle]).sum() <= accepted * weeks
            least, most = (least, middle) if enough else (middle + 1, most)
        delays = np.array(
            [delay(loud[row, place:], kind, tried[least]) for row, place, kind in bursts]
        )
        of = np.array([kind for _, _, kind in bursts])
        told = [found(delays), *(found(delays[of == kind]) for kind in LONGEST)]
        print(f"{name:34} {accepted:4} | " + " | ".join(told), flush=True)


def delay(score: np.ndarray, kind: str, threshold: float) -> float:
    """Return minutes to the first ring, infinite without one in time."""
    rings = np.flatnonzero(score[: LONGEST[kind]] >= threshold)
    return float((rings[0] + 1) * 5) if len(rings) else np.inf


def found(delays: np.ndarray) -> str:
    """Say the median delay with its 95 % bootstrap interval, and what rings in an hour and ever."""
    counted = np.minimum(delays, 9999.0)
    drawn = np.median(np.random.default_rng(1).choice(counted, (500, len(counted))), axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    soon, ever = (delays <= 60).mean(), np.isfinite(delays).mean()
    return f"{np.median(counted):5.0f} [{low:.0f}, {high:.0f}] {soon:4.0%} {ever:4.0%}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
