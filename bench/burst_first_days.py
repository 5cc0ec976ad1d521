"""What streams of many kinds ring in their first four days, and which storms are found in them.

    python -m bench.burst_first_days DATA

Four days from anywhere in the background of ``bench.burst_streams``, each as the first of a topic
(a vague guess) and of a plain series (none): false alarms on the first day and on the three after,
at 0.1 a week. Then a storm in a copy, as many posts as the stream has in a day (20 at least), most
of them within three hours: the share that rings within three hours, by posts a day.
"""

import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
from bench.burst_streams import A_DAY, HALVES, VOLUMES, background

from quivive.detect.burst_state import empty
from quivive.detect.bursts import BurstSettings, observe
from quivive.detect.episodes import GUESS_PER_HOUR

LENGTH = 4 * A_DAY
EACH_STREAM = 2
TRIES = 20
STORM_AFTER_H = (1, 3, 6, 12, 24, 30)
SMALLEST, LOOKED_FOR = 20, 36
BEGUN = datetime(2026, 1, 5, tzinfo=UTC)
SETTINGS = BurstSettings(false_alarms_per_week=0.1)


def main(data: Path) -> None:
    """Print both halves."""
    for half, (seed, _) in HALVES.items():
        kinds, counts, free = background(data, half, np.random.default_rng(seed))
        rng = np.random.default_rng(seed + 5)
        kinds, first_days = slices(kinds, counts, free, rng)
        for guess, name in ((GUESS_PER_HOUR, "a topic"), (0.0, "a plain series")):
            print(f"\n{half}, {name}: false alarms on day 1; on days 2 to 4 (0.04 promised)")
            show(kinds, first_days, guess, rng)


def slices(
    kinds: np.ndarray, counts: np.ndarray, free: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Cut stretches out of each stream that are free of labelled bursts, with their kinds."""
    cut = []
    for stream in range(len(counts)):
        for _ in range(EACH_STREAM):
            begins = rng.integers(0, counts.shape[1] - LENGTH, TRIES)
            calm = [b for b in begins if free[stream, b : b + LENGTH].all()]
            cut += [(stream, b) for b in calm[:1]]
    first_days = np.stack([counts[stream, b : b + LENGTH] for stream, b in cut])
    return kinds[[stream for stream, _ in cut]], first_days


def show(kinds: np.ndarray, counts: np.ndarray, guess: float, rng: np.random.Generator) -> None:
    """Print false alarms by kind and by volume, then the share of storms found by volume."""
    a_day = counts.mean(axis=1) * A_DAY
    volumes = {
        f"{low} to {high} a day": (a_day >= low) & (a_day < high) for low, high in pairwise(VOLUMES)
    }
    rang = alarms(counts, guess)
    for name, of in ({kind: kinds == kind for kind in dict.fromkeys(kinds)} | volumes).items():
        first, later = rang[of, :A_DAY].sum(axis=1).mean(), rang[of, A_DAY:].sum(axis=1).mean()
        print(f"{name:18} {of.sum():4} | {first:.2f} | {later:.2f}", flush=True)
    for after in STORM_AFTER_H:
        begins = after * A_DAY // 24
        loud = with_storms(counts, begins, np.maximum(SMALLEST, a_day.astype(int)), rng)
        found = alarms(loud, guess)[:, begins : begins + LOOKED_FOR].any(axis=1)
        told = " | ".join(f"{name}: {found[of].mean():.0%}" for name, of in volumes.items())
        print(f"storm after {after} h | {told}", flush=True)


def alarms(counts: np.ndarray, guess: float) -> np.ndarray:
    """Tell where each stream rings, same shape."""
    names, guesses = [str(row) for row in range(len(counts))], [guess] * len(counts)
    state = empty(names, step_s=300, start=BEGUN, guesses=guesses)
    rang = np.zeros(counts.shape, bool)
    for step in np.flatnonzero(counts.any(axis=0)).tolist():
        at = BEGUN + timedelta(seconds=300 * step)
        state, seen = observe(state, counts[:, step], at=at, settings=SETTINGS)
        rang[:, step] = seen.alarm
    return rang


def with_storms(
    counts: np.ndarray, begins: int, sizes: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return a copy with a storm in each stream."""
    loud = counts.copy()
    for row, size in zip(loud, sizes, strict=True):
        later = rng.gamma(1.6, 15, size)
        later = (later - later.min()).astype(int)
        np.add.at(row, begins + later[later < 2 * LOOKED_FOR], 1)
    return loud


if __name__ == "__main__":
    main(Path(sys.argv[1]))
