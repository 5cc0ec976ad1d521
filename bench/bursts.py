"""How often bursts ring falsely, how many real ones they catch, how soon, and the NAB score.

    python -m bench.bursts DATA

First the simulation of field.md 5.2: mentions with a daily rhythm, Poisson or in clusters (mean 3,
over 20 minutes), no crisis; alarms per topic-week against what was promised, and the chance that
4 or 8 extra mentions within an hour ring in that hour. Then the first hours of new topics
(``bench.burst_beginnings``) and Numenta's realTweets with the scoring rules of NAB: three brands we
develop on and two kept aside, whole and thinned to fewer posts.
Last the delays of ``bench.burst_delays``, the many streams of ``bench.burst_streams`` beside
published rules, and the first days of such streams (``bench.burst_first_days``).
Without DATA, only the first two.
"""

import csv
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from quivive.detect.burst_state import empty
from quivive.detect.bursts import BurstSettings, observe

STEP_S = 300
STEPS_A_WEEK = 604_800 // STEP_S
STEPS_AN_HOUR = 3600 // STEP_S
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
DEVELOP = ("AAPL", "CRM", "GOOG")
PROFILES = {"standard": (1.0, 0.11), "low FP": (1.0, 0.22), "low FN": (2.0, 0.11)}
EPISODE = timedelta(hours=6)
ACCEPTED = (0.1, 0.25, 0.4, 0.5)
THINNED = (500, 1500, 5000)
"""Posts a day to which brands are thinned: labels stay, noise grows, and there are more draws."""
DRAWS = 3


def main() -> None:
    """Print all tables."""
    from bench import burst_beginnings, burst_delays, burst_first_days, burst_streams

    simulate()
    burst_beginnings.main()
    if len(sys.argv) > 1:
        data = Path(sys.argv[1])
        nab(data / "nab_realtweets")
        burst_delays.main(data)
        burst_streams.main(data)
        burst_first_days.main(data)
    else:
        print("NAB, delays and many streams: give the folder of data.")


def simulate(topics: int = 60, weeks: int = 4) -> None:
    """Print false alarms promised and happened, and power after two quiet weeks."""
    print(
        "noise    a day | 0.1 promised: week 1, later | 1 promised: week 1, later | 4 ring | 8 ring"
    )
    for clustered in (False, True):
        for per_day in (2, 12, 48, 500):
            noise = draw(per_day, topics, weeks, clustered=clustered, seed=11)
            happened = [false_alarms(noise, promised) for promised in (0.1, 1.0)]
            caught = [power(per_day, extra, topics, clustered=clustered) for extra in (4, 8)]
            name = "clusters" if clustered else "Poisson"
            told = " | ".join(f"{week[0]:6.2f} {week[1:].mean():6.2f}" for week in happened)
            print(f"{name:9} {per_day:5} | {told} | {caught[0]:.2f} | {caught[1]:.2f}", flush=True)


def draw(per_day: int, topics: int, weeks: int, *, clustered: bool, seed: int) -> np.ndarray:
    """Draw counts with a daily rhythm, shape (topics, intervals)."""
    rng = np.random.default_rng(seed)
    rhythm = 1 + 0.8 * np.sin((np.arange(24) - 9) / 24 * 2 * np.pi)
    rate = per_day * STEP_S / 86_400 * np.repeat(np.tile(rhythm, weeks * 7), STEPS_AN_HOUR)
    if not clustered:
        return rng.poisson(rate, (topics, len(rate)))
    counts = rng.poisson(rate / 3, (topics, len(rate)))
    topic, at = np.nonzero(counts)
    many = counts[topic, at]
    children = rng.negative_binomial(many, 1 / 3)  # geometric clusters of mean 3
    later = np.repeat(at, children) + rng.exponential(1200 / STEP_S, children.sum()).astype(int)
    inside = later < len(rate)
    np.add.at(counts, (np.repeat(topic, children)[inside], later[inside]), 1)
    return counts


def readings(counts: np.ndarray, promised: float):
    """Yield the place of each interval with posts and what it showed."""
    state = empty([str(topic) for topic in range(len(counts))], step_s=STEP_S, start=MONDAY)
    for place in np.flatnonzero(counts.any(axis=0)).tolist():
        at = MONDAY + timedelta(seconds=place * STEP_S)
        state, seen = observe(
            state, counts[:, place], at=at, settings=BurstSettings(false_alarms_per_week=promised)
        )
        yield place, seen


def false_alarms(counts: np.ndarray, promised: float) -> np.ndarray:
    """Count alarms per topic in each week."""
    weeks = np.zeros(counts.shape[1] // STEPS_A_WEEK)
    for place, seen in readings(counts, promised):
        weeks[place // STEPS_A_WEEK] += seen.alarm.sum()
    return weeks / len(counts)


def power(per_day: int, extra: int, topics: int, *, clustered: bool) -> float:
    """Return the share of topics where extra mentions ring within their hour, at 0.1 a week."""
    counts = draw(per_day, topics, 3, clustered=clustered, seed=12)[:, : 2 * STEPS_A_WEEK + 288]
    rng = np.random.default_rng(13)
    onset = 2 * STEPS_A_WEEK + rng.integers(0, 288 - STEPS_AN_HOUR, topics)
    for topic in range(topics):
        places = onset[topic] + rng.integers(0, STEPS_AN_HOUR, extra)
        np.add.at(counts[topic], places, 1)
    rang = np.zeros(topics, bool)
    for place, seen in readings(counts, 0.1):
        rang |= seen.above & (place >= onset) & (place < onset + STEPS_AN_HOUR)
    return float(rang.mean())


def nab(folder: Path) -> None:
    """Print NAB scores and false episodes of both halves, whole and thinned, at each setting."""
    files = sorted((folder / "realTweets").glob("*.csv"))
    rng = np.random.default_rng(3)
    for accepted in ACCEPTED:
        for half in (True, False):
            part = [file for file in files if file.stem.endswith(DEVELOP) == half]
            whole = [(file, *read_brand(file)) for file in part]
            thin = [
                (file, times, rng.binomial(values, level / (values.mean() * 288)))
                for file, times, values in whole
                for level in THINNED
                for _ in range(DRAWS)
                if level < values.mean() * 288
            ]
            name = "developed on" if half else "kept aside"
            for kind, brands in (("whole", whole), ("thinned", thin)):
                told = told_of(score_brands(folder, brands, accepted))
                print(f"NAB at {accepted} a week, {name}, {kind}: {told}", flush=True)


def told_of(scored: list[dict[str, float]]) -> str:
    """Say the scores of some brands together."""
    windows_of = sum(one["windows"] for one in scored)
    found = sum(one["found"] for one in scored)
    wrong = sum(one["false"] for one in scored) / sum(one["weeks"] for one in scored)
    points_of = {
        name: 100
        * (sum(one[name] for one in scored) + weight * windows_of)
        / ((1 + weight) * windows_of)
        for name, (weight, _) in PROFILES.items()
    }
    told = ", ".join(f"{name} {value:.1f}" for name, value in points_of.items())
    return f"{told}; {found}/{windows_of} windows, {wrong:.2f} false episodes a brand-week"


def read_brand(file: Path) -> tuple[list[datetime], np.ndarray]:
    """Return the times and counts of one brand."""
    with file.open() as lines:
        rows = [(datetime.fromisoformat(r["timestamp"]), r["value"]) for r in csv.DictReader(lines)]
    return [at for at, _ in rows], np.array([int(value) for _, value in rows])


def labelled_rows(folder: Path, file: Path, times: list[datetime]) -> list[tuple[int, int]]:
    """Return first and last row of each labelled window."""
    labels = json.loads((folder / "labels/combined_windows.json").read_text())
    windows = []
    for pair in labels[f"realTweets/{file.name}"]:
        first, last = (datetime.fromisoformat(end) for end in pair)
        inside = [place for place, at in enumerate(times) if first <= at <= last]
        windows.append((inside[0], inside[-1]))
    return windows


def alarms_of(brands: list[np.ndarray], accepted: float) -> list[list[int]]:
    """Return the rows of each brand that ring, as ``quivive bursts`` would say it."""
    counts = np.zeros((len(brands), max(map(len, brands))), np.int64)
    for row, values in enumerate(brands):
        counts[row, : len(values)] = values
    found: list[list[int]] = [[] for _ in brands]
    for place, seen in readings(counts, accepted):
        for row in np.flatnonzero(seen.alarm).tolist():
            if place < len(brands[row]):
                found[row].append(place)
    return found


def score_brands(folder: Path, brands: list, accepted: float) -> list[dict[str, float]]:
    """Score brands with the rules of NAB (sweeper of numenta/NAB)."""
    rang = alarms_of([values for _, _, values in brands], accepted)
    return [
        score_brand(labelled_rows(folder, file, times), times, alarms)
        for (file, times, _), alarms in zip(brands, rang, strict=True)
    ]


def score_brand(
    windows: list[tuple[int, int]], times: list[datetime], rang: list[int]
) -> dict[str, float]:
    """Score the alarms of one brand."""
    skipped = min(0.15 * len(times), 750)
    alarms = [place for place in rang if place >= skipped]
    outside = [p for p in alarms if not any(a <= p <= b for a, b in windows)]
    result = {name: points(alarms, windows, *weights) for name, weights in PROFILES.items()}
    return {
        **result,
        "windows": len(windows),
        "found": sum(any(a <= p <= b for p in alarms) for a, b in windows),
        "false": sum(
            1 for i, p in enumerate(outside) if not i or times[p] - times[outside[i - 1]] > EPISODE
        ),
        "weeks": (times[-1] - times[int(skipped)]) / timedelta(weeks=1),
    }


def points(alarms: list[int], windows: list[tuple[int, int]], missed: float, wrong: float) -> float:
    """Add up rewards for the first alarm of each window, misses and false alarms."""
    total = 0.0
    for first, last in windows:
        inside = [place for place in alarms if first <= place <= last]
        if inside:
            relative = -(last - inside[0] + 1) / (last - first + 1)
            total += sigmoid(relative) / sigmoid(-1.0)
        else:
            total -= missed
    for place in alarms:
        if any(first <= place <= last for first, last in windows):
            continue
        before = [window for window in windows if window[1] < place]
        if not before:
            total -= wrong
            continue
        first, last = max(before)
        total += wrong * sigmoid((place - last) / (last - first))
    return total


def sigmoid(relative: float) -> float:
    """NAB's scaled sigmoid; far behind a window a false alarm costs in full."""
    return -1.0 if relative > 3 else 2 / (1 + np.exp(5 * relative)) - 1


if __name__ == "__main__":
    main()
