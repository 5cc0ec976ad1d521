"""Train the models that foresee cascades and volumes: same data, same weights, same hash.

    python -m bench.train_forecast DATA

Data: the retweet cascades of TiDeH (SEISMIC's, KDD 2015; MIT), the streams of CrisisLexT26 (MIT)
and of three false stories of 2019 (CC-BY). Only thresholds and means leave this script.
"""

import hashlib
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from bench.train_sentiment import pack
from sklearn.ensemble import ExtraTreesRegressor

from quivive.assess.forecast.cascade import OLDEST_S, YOUNGEST_S, CascadeModel, Expert
from quivive.assess.forecast.features import TIMES, describe
from quivive.assess.forecast.forest import Blend, Forest, Reach

TARGET = Path(__file__).parents[1] / "src/quivive/wire/models"
AGES = np.geomspace(YOUNGEST_S, OLDEST_S, 36)
WEEK_S = 7 * 86_400.0
FOLDS = 6
TREES = 80
LEAF, SMALL_LEAF = 5, 20
COPIES = 60
"""Thinned copies of each cascade, which teach what small ones do."""
NEIGHBOURS = 5
"""Ages, or sizes, on each side that are pooled when quantiles are measured."""
LEVELS = (0.1, 0.5, 0.9)
WIDER_LEVELS = (0.085, 0.5, 0.915)
"""Levels measured so that 60 cascades promise 0.1 and 0.9 of the next (conformal: 0.9 x 61/60)."""


class Cascade(NamedTuple):
    """One post and its reposts: seconds, followers (the author's first)."""

    name: str
    times: np.ndarray
    followers: np.ndarray


class Lessons(NamedTuple):
    """Rows to learn from.

    ``described`` (rows, features), ``seen`` and ``total`` reposts, ``age`` in seconds and
    ``cascade``, the place of the cascade in its list.
    """

    described: np.ndarray
    seen: np.ndarray
    total: np.ndarray
    age: np.ndarray
    cascade: np.ndarray

    @property
    def target(self) -> np.ndarray:
        """What trees learn: log of final over observed size."""
        return np.log((self.total + 1) / (self.seen + 1))


def main() -> None:
    """Train, write and print the hashes."""
    data = Path(sys.argv[1])
    cascades = read_cascades(data / "tideh_cascades")
    packed = pack(flatten(train_cascades(cascades)))
    (TARGET / "cascade.npz").write_bytes(packed)
    print(f"{len(cascades)} cascades, {len(packed) / 1e6:.2f} MB")
    print(f"cascade.npz sha256 {hashlib.sha256(packed).hexdigest()}")


def read_cascades(folder: Path) -> list[Cascade]:
    """Read the collection, in the order of file names."""
    found = []
    for file in sorted(folder.glob("RT*.txt")):
        rows = np.loadtxt(file, skiprows=1, ndmin=2)
        found.append(Cascade(file.stem, rows[1:, 0], rows[:, 1]))
    return found


def lessons(cascades: list[Cascade], ages: np.ndarray) -> Lessons:
    """Look at each cascade at each age."""
    return gather([(one, age, place) for place, one in enumerate(cascades) for age in ages])


def gather(looks: list[tuple[Cascade, float, int]], *, reach: bool = True) -> Lessons:
    """Describe each look."""
    described, seen = [], []
    for one, age, _ in looks:
        count = int(np.searchsorted(one.times, age, side="right"))
        known = one.followers[: count + 1] if reach else None
        described.append(describe(one.times[:count], known, age))
        seen.append(count)
    total = np.array([len(one.times) for one, _, _ in looks])
    age = np.array([age for _, age, _ in looks])
    place = np.array([place for _, _, place in looks])
    return Lessons(np.array(described), np.array(seen), total, age, place)


def thin(cascades: list[Cascade], *, seed: int) -> Lessons:
    """Make small cascades: keep each repost by chance, slow it all down or speed it up."""
    rng = np.random.default_rng(seed)
    looks = []
    for place, one in enumerate(cascades):
        for _ in range(COPIES):
            wanted = np.exp(rng.uniform(np.log(0.5), np.log(1_000)))
            pace = np.exp(rng.uniform(np.log(0.5), np.log(4)))
            age = np.exp(rng.uniform(np.log(YOUNGEST_S), np.log(OLDEST_S)))
            times = one.times[rng.random(len(one.times)) < wanted / len(one.times)] * pace
            looks.append((Cascade(one.name, times[times <= WEEK_S], one.followers), age, place))
    return gather(looks, reach=False)


def grow(rows: np.ndarray, target: np.ndarray, leaf: int) -> Forest:
    """Grow a forest and lay its trees end to end."""
    fitted = ExtraTreesRegressor(
        n_estimators=TREES, min_samples_leaf=leaf, max_features=1.0, random_state=7
    ).fit(rows, target)
    trees = [one.tree_ for one in fitted.estimators_]
    sizes = [tree.node_count for tree in trees]
    for tree in trees:
        inner = np.flatnonzero(tree.children_left >= 0)
        assert (tree.children_left[inner] == inner + 1).all()
    jumps = [
        np.where(tree.children_right >= 0, tree.children_right - np.arange(size), 0)
        for tree, size in zip(trees, sizes, strict=True)
    ]
    return Forest(
        roots=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64),
        feature=np.concatenate([np.maximum(tree.feature, -1) for tree in trees]).astype(np.int16),
        threshold=np.concatenate([tree.threshold for tree in trees]).astype(np.float32),
        jump=np.concatenate(jumps).astype(np.int32),
        mean=halves([tree.value[:, 0, 0] for tree in trees]),
        variance=halves([tree.impurity for tree in trees]),
    )


def halves(parts: list[np.ndarray]) -> np.ndarray:
    """Round to half precision, which is what is stored."""
    return np.concatenate(parts).astype(np.float16).astype(np.float32)


def measure(
    rows: np.ndarray,
    target: np.ndarray,
    group: np.ndarray,
    place: np.ndarray,
    learn: Callable[[np.ndarray, np.ndarray], Forest | Blend],
    *,
    levels: tuple[float, float, float] = LEVELS,
) -> Reach:
    """Measure quantiles of the errors on groups left out, pooled over neighbouring places."""
    error = np.zeros(len(target))
    for part in range(FOLDS):
        out = np.isin(group, shuffled(group)[part::FOLDS])
        learnt = learn(rows[~out], target[~out])
        for row in np.flatnonzero(out):
            mean, sd = learnt.read(rows[row])
            error[row] = (target[row] - mean) / max(sd, 1e-3)
    marks = np.unique(np.quantile(place, np.linspace(0, 1, 25)).round(6))
    steps = [np.quantile(error[near(place, marks, mark)], levels) for mark in range(len(marks))]
    return Reach(place=marks, steps=np.array(steps).T)


def shuffled(group: np.ndarray) -> np.ndarray:
    """Put the groups into one fixed order of chance."""
    return np.random.default_rng(1).permutation(np.unique(group))


def near(place: np.ndarray, marks: np.ndarray, mark: int) -> np.ndarray:
    """Say which rows lie around a mark."""
    low, high = marks[max(mark - NEIGHBOURS, 0)], marks[min(mark + NEIGHBOURS, len(marks) - 1)]
    return (place >= low) & (place <= high)


def train_cascades(cascades: list[Cascade]) -> CascadeModel:
    """Train the three experts, and note which sizes the big collection covers."""
    large, small = lessons(cascades, AGES), thin(cascades, seed=4)
    by_age = large.seen.reshape(len(cascades), len(AGES))
    aged, sized = np.log(large.age), np.log(small.seen + 1.0)
    return CascadeModel(
        reaching=expert(large.described, large, aged, LEAF),
        timing=expert(large.described[:, :TIMES], large, aged, LEAF),
        small=expert(small.described, small, sized, SMALL_LEAF),
        ages=np.log(AGES),
        low=np.log(np.quantile(by_age, 0.1, axis=0) + 1),
        high=np.log(by_age.max(axis=0) + 1),
    )


def expert(rows: np.ndarray, seen: Lessons, place: np.ndarray, leaf: int) -> Expert:
    """Grow a forest on everything; measure its quantiles on what is left out."""
    learn = partial(grow, leaf=leaf)
    reach = measure(rows, seen.target, seen.cascade, place, learn, levels=WIDER_LEVELS)
    return Expert(learn(rows, seen.target), reach)


def flatten(model: CascadeModel) -> dict[str, np.ndarray]:
    """Name every array of a model."""
    held = {"ages": model.ages, "low": model.low, "high": model.high}
    for name in ("reaching", "timing", "small"):
        held |= flatten_expert(name, getattr(model, name))
    return held


def flatten_expert(name: str, one: Expert) -> dict[str, np.ndarray]:
    """Name the arrays of one expert; means and variances need no more than half precision."""
    forest = one.learnt.forest if isinstance(one.learnt, Blend) else one.learnt
    held = {
        f"{name}_roots": forest.roots,
        f"{name}_feature": forest.feature.astype(np.int8),
        f"{name}_threshold": forest.threshold,
        f"{name}_jump": forest.jump,
        f"{name}_mean": forest.mean.astype(np.float16),
        f"{name}_variance": forest.variance.astype(np.float16),
        f"{name}_place": one.reach.place,
        f"{name}_steps": one.reach.steps,
    }
    if isinstance(one.learnt, Blend):
        held[f"{name}_slopes"] = one.learnt.slopes
        held[f"{name}_line"] = np.array([one.learnt.level, one.learnt.low, one.learnt.high])
    return held


if __name__ == "__main__":
    main()
