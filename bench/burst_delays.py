"""How long after a burst began each rule rings, at the same number of false alarms.

    python -m bench.burst_delays DATA

Background: Numenta's brands thinned to 5, 50, 500 and 5,000 posts a day, labelled windows apart.
Bursts, thinned to 4 to 500 posts and added from the fourth week on, one in twelve days: real
retweet cascades (``tideh_cascades``), and the first day of real crises (``crisislex_t26``), begun
where an hour first held a tenth of the busiest. First with one threshold a rule for all series,
where the background without bursts rings as often as we accept; then with a threshold a series,
chosen in hindsight so that each series has its share of false alarms: a favour that nobody has
online. Brands, cascades and crises we look at while developing are apart from those that validate.
"""

import csv
import gzip
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from bench.burst_peers import NEVER, peers
from bench.bursts import DEVELOP, STEP_S, labelled_rows, read_brand

from quivive.detect.burst_state import empty
from quivive.detect.bursts import BurstSettings, observe

STEPS_A_WEEK = 2016
LEARN = 3 * STEPS_A_WEEK
APART = 12 * 288
LOOKED_FOR = 288
EPISODE = 72
ACCEPTED = (1.0, 0.2)
LEVELS = (5, 50, 500, 5000)
MOST_SIZE = 500


def main(data: Path) -> None:
    """Print both halves, for both kinds of bursts."""
    rules = {"ours": ours, **peers()}
    for half in ("developed on", "kept aside"):
        rng = np.random.default_rng(17)
        quiet, outside = background(data / "nab_realtweets", half, rng)
        scored = {name: rule(quiet) for name, rule in rules.items()}
        for kind, shapes in (("cascades", cascades(data, half)), ("crises", crises(data, half))):
            loud, onsets, sizes = with_bursts(quiet, outside, shapes, rng)
            print(f"\n{half}: {len(quiet)} series, {len(sizes)} {kind} of 4 to 500 posts")
            print(
                f"median delay [95 %], rung in 1 h, 24 h; at {ACCEPTED} false alarms a series-week,"
                " one threshold,\nand the worst series' own rate; then one a series in hindsight"
            )
            for name, rule in rules.items():
                show(name, scored[name], rule(loud), outside, onsets)


def background(folder: Path, half: str, rng) -> tuple[np.ndarray, np.ndarray]:
    """Return thinned counts, shape (series, intervals), and which lie outside labelled windows."""
    series, outside = [], []
    for file in sorted((folder / "realTweets").glob("*.csv")):
        if (file.stem.rsplit("_", 1)[1] in DEVELOP) != (half == "developed on"):
            continue
        times, values = read_brand(file)
        free = np.ones(len(values), bool)
        for first, last in labelled_rows(folder, file, times):
            free[first : last + 1] = False
        a_day = values.mean() * 288
        for level in LEVELS:
            for _ in range(4 if level < 5000 else 1):
                series.append(rng.binomial(values, min(1.0, level / a_day))[:15_800])
                outside.append(free[:15_800])
    return np.array(series), np.array(outside)


def cascades(data: Path, half: str) -> list[np.ndarray]:
    """Return the intervals of each real cascade's reposts in its first day."""
    found = []
    for file in sorted((data / "tideh_cascades").glob("RT*.txt")):
        if (int(file.stem[2:]) % 2 == 0) != (half == "developed on"):
            continue
        rows = file.read_text().splitlines()[1:]
        seconds = np.array([float(row.split()[0]) for row in rows])
        found.append((seconds[seconds < 86_400] // STEP_S).astype(int))
    return found


def crises(data: Path, half: str) -> list[np.ndarray]:
    """Return the intervals of each real crisis' posts in its first day."""
    found = []
    for place, folder in enumerate(sorted((data / "crisislex_t26").glob("20*"))):
        streams = sorted(folder.glob("*tweetids_entire_period.csv*"))
        if not streams or (place % 2 == 0) != (half == "developed on"):
            continue
        seconds = np.sort(_seconds(streams[0]))
        hours = np.bincount(((seconds - seconds[0]) // 3600).astype(int))
        begun = seconds[0] + 3600 * int(np.argmax(hours >= hours.max() / 10))
        later = seconds[(seconds >= begun) & (seconds < begun + 86_400)]
        if len(later) > MOST_SIZE:
            found.append(((later - later[0]) // STEP_S).astype(int))
    return found


def _seconds(file: Path) -> np.ndarray:
    """Read when each post of a crisis was written: its id tells."""
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as lines:
        ids = [int(row[1]) for row in csv.reader(lines) if len(row) > 1 and row[1].isdigit()]
    return ((np.array(ids) >> 22) + 1288834974657) / 1000


def with_bursts(quiet, outside, shapes, rng):
    """Add a thinned cascade every four days or so; return counts, onsets (series, place), sizes."""
    loud, onsets, sizes = quiet.copy(), [], []
    for row in range(len(quiet)):
        for slot in range(LEARN, quiet.shape[1] - APART, APART):
            place = slot + int(rng.integers(0, APART - LOOKED_FOR))
            size = int(np.exp(rng.uniform(np.log(4), np.log(MOST_SIZE))))
            if not outside[row, place : place + LOOKED_FOR].all():
                continue
            shape = shapes[int(rng.integers(len(shapes)))]
            later = rng.choice(shape, size, replace=False)
            np.add.at(loud[row], place + later - later.min(), 1)
            onsets.append((row, place))
            sizes.append(size)
    return loud, onsets, sizes


def ours(counts: np.ndarray) -> np.ndarray:
    """Return the product's scores."""
    start = datetime(2026, 1, 5, tzinfo=UTC)
    state = empty([str(row) for row in range(len(counts))], step_s=STEP_S, start=start)
    score = np.full(counts.shape, NEVER)
    for place in range(counts.shape[1]):
        at = start + timedelta(seconds=place * STEP_S)
        state, seen = observe(state, counts[:, place], at=at, settings=BurstSettings())
        score[:, place] = np.where(counts[:, place] > 0, seen.score, NEVER)
    return score


def show(name, quiet, loud, outside, onsets) -> None:
    """Print one rule's delays."""
    kept, rows = np.where(outside, quiet, NEVER)[:, LEARN:], range(len(quiet))
    weeks = outside[:, LEARN:].sum(axis=1) / STEPS_A_WEEK
    told = []
    for accepted in ACCEPTED:
        same = threshold_for(quiet, outside, accepted)
        worst = max(episodes(kept[n : n + 1], same) / weeks[n] for n in rows)
        told.append(f"{told_of(loud, onsets, np.full(len(quiet), same))} {worst:4.1f}")
    for accepted in ACCEPTED:
        each = [threshold_for(quiet[n : n + 1], outside[n : n + 1], accepted) for n in rows]
        told.append(told_of(loud, onsets, np.array(each)))
    print(f"{name:36} " + " | ".join(told), flush=True)


def told_of(loud, onsets, thresholds) -> str:
    """Say the median delay with its bootstrap interval, and what rings within 1 h and a day."""
    delays = np.array([delay(loud[row, place:], thresholds[row]) for row, place in onsets])
    counted = np.minimum(delays, 9999.0)
    drawn = np.median(np.random.default_rng(1).choice(counted, (500, len(counted))), axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    soon, ever = (delays <= 60).mean(), np.isfinite(delays).mean()
    return f"{np.median(counted):5.0f} min [{low:.0f}, {high:.0f}] {soon:4.0%} {ever:4.0%}"


def delay(score: np.ndarray, threshold: float) -> float:
    """Return minutes to the first ring within a day, infinite without one."""
    rings = np.flatnonzero(score[:LOOKED_FOR] >= threshold)
    return float((rings[0] + 1) * STEP_S / 60) if len(rings) else np.inf


def threshold_for(quiet: np.ndarray, outside: np.ndarray, accepted: float) -> float:
    """Return the lowest threshold at which the background rings no more often than accepted."""
    weeks = outside[:, LEARN:].sum() / STEPS_A_WEEK
    tried = np.unique(np.quantile(quiet[:, LEARN:], 1 - np.geomspace(1e-6, 0.2, 300)))
    kept = np.where(outside, quiet, NEVER)[:, LEARN:]
    good = [t for t in tried if t > NEVER and episodes(kept, t) <= accepted * weeks]
    return float(min(good, default=np.inf))


def episodes(score: np.ndarray, threshold: float) -> int:
    """Count runs of rings, merged within six hours."""
    row, place = np.nonzero(score >= threshold)
    joined = (np.diff(row) == 0) & (np.diff(place) <= EPISODE)
    return len(row) - int(joined.sum())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
