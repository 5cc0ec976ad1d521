"""Whether topics ring because clocks changed, on the clock on the wall and on that of Greenwich.

    python -m bench.clock_change

Sixty topics in Paris, two weeks before and two after the last Sunday of March, after four weeks of
learning; the rhythm of ``bench.bursts``, or that of an office (14 times as much from 9 to 18 as
else). Plain noise, no crisis; alarms a topic-week at one a week. Last, as a control, topics where
no clock changes: what they ring more in the same weeks is their age.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from quivive.detect.burst_state import empty
from quivive.detect.bursts import BurstSettings, observe
from quivive.detect.listening import live_in

PARIS = ZoneInfo("Europe/Paris")
CHANGE = datetime(2026, 3, 29, tzinfo=UTC)
TOPICS, WEEKS, STEP = 60, 8, timedelta(minutes=5)
A_DAY, A_WEEK = 288, 2016
SETTING = BurstSettings(false_alarms_per_week=1.0)


def main() -> None:
    """Print one line a rhythm, level and clock."""
    first = CHANGE - timedelta(weeks=6)
    moments = [first + place * STEP for place in range(WEEKS * A_WEEK)]
    in_paris, unchanged = slots([at.astimezone(PARIS) for at in moments]), slots(moments)
    hours = np.arange(A_DAY) / 12
    rhythms = {
        "sine": 1 + 0.8 * np.sin((hours - 9) / 24 * 2 * np.pi),
        "office": np.where((hours >= 9) & (hours < 18), 2.4, 0.17),
    }
    rng, steady = np.random.default_rng(5), np.random.default_rng(6)
    print("rhythm, a day, clock | two weeks before, two after")
    for name, rhythm in rhythms.items():
        for per_day in (48, 500):
            due, shape = per_day / A_DAY * rhythm, (TOPICS, len(moments))
            counts, control = (
                rng.poisson(due[in_paris], shape),
                steady.poisson(due[unchanged], shape),
            )
            for clock, drawn, zone in (
                ("UTC", counts, UTC),
                ("on the wall", counts, PARIS),
                ("no change", control, UTC),
            ):
                rang = alarms(drawn, moments, zone)
                before, after = rang[4:6].mean(), rang[6:].mean()
                print(f"{name} {per_day} {clock} | {before:.2f} {after:.2f}", flush=True)


def slots(moments: list[datetime]) -> np.ndarray:
    """Return which five minutes of the day each moment is in."""
    return np.array([at.hour * 12 + at.minute // 5 for at in moments])


def alarms(counts: np.ndarray, moments: list[datetime], zone) -> np.ndarray:
    """Return alarms a topic in each week."""
    state = empty([str(topic) for topic in range(TOPICS)], step_s=300, start=moments[0])
    live_in(state, zone)
    weeks = np.zeros(WEEKS)
    for place, at in enumerate(moments):
        state, seen = observe(state, counts[:, place], at=at, settings=SETTING)
        weeks[place // A_WEEK] += seen.alarm.sum()
    return weeks / TOPICS


if __name__ == "__main__":
    main()
