"""Train the model that foresees a topic's volume: same data, same weights, same hash.

    python -m bench.train_volume DATA

Data: times of the posts of CrisisLexT26 (MIT) and of three false stories of 2019 (CC-BY), and how
often five brands were named (Numenta, MIT): crises fade, and brands show what does not.
"""

import csv
import gzip
import hashlib
import sys
from pathlib import Path

import numpy as np
from bench.train_forecast import TARGET, Expert, flatten_expert, grow, measure
from bench.train_sentiment import pack
from sklearn.linear_model import HuberRegressor

from quivive.assess.forecast.forest import Blend
from quivive.assess.forecast.volume import (
    HISTORY,
    HOURS,
    STEP_S,
    STEPS_AN_HOUR,
    VolumeModel,
    as_before,
    describe_volume,
    factor_of,
)

BRAND = "brand"
"""First word of the name of such a stream."""
LEAF = 25
SHRINKAGE = 10.0
"""How far the slopes of the line are held back; from 1 to 100 nothing changes."""
MOMENTS = 120
"""Moments drawn from each stream, busy hours first."""
TWITTER_EPOCH_MS = 1_288_834_974_657


def main() -> None:
    """Train, write and print the hash."""
    streams = read_streams(Path(sys.argv[1]))
    model = train_volume(list(streams.values()))
    held: dict[str, np.ndarray] = {}
    for hours, expert in zip(HOURS, model.experts, strict=True):
        held |= flatten_expert(f"h{hours}", expert)
    packed = pack(held)
    (TARGET / "volume.npz").write_bytes(packed)
    print(f"{len(streams)} streams, {len(packed) / 1e6:.2f} MB")
    print(f"volume.npz sha256 {hashlib.sha256(packed).hexdigest()}")


def read_streams(data: Path) -> dict[str, np.ndarray]:
    """Count each stream in steps of ten minutes, from its first post on; brands come counted."""
    times: dict[str, np.ndarray] = {}
    for file in sorted(data.glob("crisislex_t26/*/*tweetids_entire_period.csv*")):
        with opened(file) as lines:
            ids = [row[1].strip() for row in csv.reader(lines) if len(row) > 1]
        moments = [((int(one) >> 22) + TWITTER_EPOCH_MS) / 1000 for one in ids if one.isdigit()]
        times[file.parent.name] = np.array(moments)
    for file in sorted(data.glob("fakenews2019_streams/*.csv.gz")):
        with opened(file) as lines:
            moments = [int(row["time_ms"]) / 1000 for row in csv.DictReader(lines)]
        times[file.name.split(".")[0]] = np.array(moments)
    counted = {name: count(moments) for name, moments in times.items()}
    for file in sorted(data.glob("nab_realtweets/realTweets/*.csv")):
        with file.open() as lines:
            fives = np.array([float(row["value"]) for row in csv.DictReader(lines)])
        whole = len(fives) // (2 * STEPS_AN_HOUR) * 2 * STEPS_AN_HOUR
        counted[f"{BRAND} {file.stem}"] = fives[:whole].reshape(-1, 2).sum(axis=1)
    return counted


def opened(file: Path):
    """Open a file, packed or not."""
    return gzip.open(file, "rt") if file.suffix == ".gz" else file.open()


def count(moments: np.ndarray) -> np.ndarray:
    """Count posts in each step, whole hours."""
    first = moments.min() // 3600 * 3600
    steps = ((moments - first) // STEP_S).astype(int)
    hours = steps.max() // STEPS_AN_HOUR + 1
    return np.bincount(steps, minlength=hours * STEPS_AN_HOUR).astype(float)


def looks(streams: list[np.ndarray], hours: int, *, seed: int):
    """Draw moments and thinned copies: descriptions, targets, streams, sizes of the last hours."""
    rng = np.random.default_rng(seed)
    rows, target, group = [], [], []
    for place, full in enumerate(streams):
        for copy in range(2):
            share = 1.0 if copy == 0 else np.exp(rng.uniform(np.log(0.01), 0))
            counts = rng.binomial(full.astype(int), share).astype(float)
            for end in moments(counts, hours, rng):
                past = counts[max(end - HISTORY, 0) : end]
                future = counts[end : end + hours * STEPS_AN_HOUR].sum()
                rows.append(describe_volume(past, hours))
                target.append(factor_of(future, as_before(past, hours)))
                group.append(place)
    described = np.array(rows)
    return described, np.array(target), np.array(group), described[:, 0]


def moments(counts: np.ndarray, hours: int, rng: np.random.Generator) -> np.ndarray:
    """Draw ends of the past: two in three where the last hour was busy, the others anywhere."""
    ends = np.arange(STEPS_AN_HOUR, len(counts) - hours * STEPS_AN_HOUR + 1)
    if not len(ends):
        return ends
    total = np.concatenate([[0.0], np.cumsum(counts)])
    lately = total[ends] - total[ends - STEPS_AN_HOUR]
    weight = np.where(lately >= 20, 1.0, 0.0)
    weight = weight / max(weight.sum(), 1.0) * 2 + 1 / len(ends)
    return rng.choice(ends, size=min(MOMENTS, len(ends)), replace=False, p=weight / weight.sum())


def train_volume(streams: list[np.ndarray]) -> VolumeModel:
    """Train one expert a horizon; quantiles are measured on streams left out."""
    experts = []
    for hours in HOURS:
        rows, target, group, size = looks(streams, hours, seed=hours)
        reach = measure(rows, target, group, size, blend)
        experts.append(Expert(blend(rows, target), reach))
    return VolumeModel(tuple(experts))


def blend(rows: np.ndarray, target: np.ndarray) -> Blend:
    """Grow trees and fit a line beside them, on numbers of equal spread."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    fitted = HuberRegressor(alpha=SHRINKAGE, max_iter=1_000).fit((rows - mean) / spread, target)
    slopes = fitted.coef_ / spread
    return Blend(
        forest=grow(rows, target, LEAF),
        slopes=slopes,
        level=float(fitted.intercept_ - mean @ slopes),
        low=float(target.min()),
        high=float(target.max()),
    )


if __name__ == "__main__":
    main()
