"""What a topic rings in its first hours and its first week, before much is known of it.

    python -m bench.burst_beginnings

Topics as the simulation of ``bench.bursts`` draws them, made at 06:00, 17:00 and midnight: false
alarms a topic on the first day and on the six days after, at 0.1 a week. Then a storm begins in a
topic made at 17:00, after six minutes to a day: 100 or 400 voices, most of them in the first three
hours (gamma shaped); median minutes until it rings, and the share that rings within three hours.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
from bench.bursts import STEP_S, draw

from quivive.detect.burst_state import empty
from quivive.detect.bursts import BurstSettings, Readings, observe
from quivive.detect.episodes import GUESS_PER_HOUR

TOPICS = 60
MINUTES_A_DAY = 1440
MADE_AT = (6, 17, 0)
EVENING = 17
STORM_AFTER_H = (0.1, 1, 3, 6, 24)
SIZES = (100, 400)
LOOKED_FOR_MIN = 180
SETTINGS = BurstSettings(false_alarms_per_week=0.1)


def main() -> None:
    """Print one line a kind of topic."""
    print(
        "noise, a day | false: first day, six days after | 100 voices | 400 voices, after", end=""
    )
    print(f" {STORM_AFTER_H} h")
    for clustered in (False, True):
        for per_day in (2, 12, 100, 500):
            wrong = np.mean(
                [false_alarms(per_day, hour, clustered=clustered) for hour in MADE_AT], axis=0
            )
            found = " | ".join(
                " ".join(
                    told(delays(per_day, size, after, clustered=clustered))
                    for after in STORM_AFTER_H
                )
                for size in SIZES
            )
            name = "clusters" if clustered else "Poisson"
            print(f"{name} {per_day} | {wrong[0]:.2f} {wrong[1]:.2f} | {found}", flush=True)


def minutes(per_day: int, hour: int, days: int, *, clustered: bool) -> np.ndarray:
    """Draw voices by the minute of topics made at an hour, shape (topics, minutes)."""
    weeks = -(-(days + 1) // 7)
    slots = draw(per_day, TOPICS, weeks, clustered=clustered, seed=21 + hour)
    first = hour * 3600 // STEP_S
    slots = slots[:, first : first + days * 86_400 // STEP_S]
    topic, slot = (np.repeat(axis, slots[slots > 0]) for axis in np.nonzero(slots))
    within = np.random.default_rng(22).integers(0, STEP_S // 60, len(slot))
    counts = np.zeros((TOPICS, days * MINUTES_A_DAY), np.int64)
    np.add.at(counts, (topic, slot * (STEP_S // 60) + within), 1)
    return counts


def readings(counts: np.ndarray, hour: int) -> Iterator[tuple[int, Readings]]:
    """Yield each minute somebody is heard in, and what it showed."""
    made = datetime(2026, 1, 5, hour, tzinfo=UTC)
    names, guesses = [str(topic) for topic in range(len(counts))], [GUESS_PER_HOUR] * len(counts)
    state = empty(names, step_s=60, start=made, guesses=guesses)
    for minute in np.flatnonzero(counts.any(axis=0)).tolist():
        at = made + timedelta(minutes=minute)
        state, seen = observe(state, counts[:, minute], at=at, settings=SETTINGS)
        yield minute, seen


def false_alarms(per_day: int, hour: int, *, clustered: bool) -> np.ndarray:
    """Count alarms a topic, on the first day and on the six days after."""
    found = np.zeros(2)
    for minute, seen in readings(minutes(per_day, hour, 7, clustered=clustered), hour):
        found[int(minute >= MINUTES_A_DAY)] += seen.alarm.sum()
    return found / TOPICS


def delays(per_day: int, size: int, after_h: float, *, clustered: bool) -> np.ndarray:
    """Return minutes until each storm rings, infinite where it does not in time."""
    onset = int(after_h * 60)
    counts = minutes(per_day, EVENING, 2, clustered=clustered)[:, : onset + 2 * LOOKED_FOR_MIN]
    rng = np.random.default_rng(23)
    for row in counts:
        later = rng.gamma(1.6, 75, size)
        later = (later - later.min()).astype(int)
        np.add.at(row, onset + later[later < 2 * LOOKED_FOR_MIN], 1)
    rang = np.full(TOPICS, np.inf)
    for minute, seen in readings(counts, EVENING):
        if minute >= onset:
            rang[seen.alarm & np.isinf(rang)] = minute - onset + 1
    return np.where(rang <= LOOKED_FOR_MIN, rang, np.inf)


def told(found: np.ndarray) -> str:
    """Say the median delay and the share that rings."""
    median = np.median(found)
    return f"{'-' if np.isinf(median) else round(float(median))}({np.isfinite(found).mean():.0%})"


if __name__ == "__main__":
    main()
