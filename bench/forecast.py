"""How near forecasts come, on cascades and topics the models have not seen, beside peers.

    python -m bench.forecast DATA [rounds]

"seen" is scored on what was trained on; "unseen" leaves out a sixth of the cascades, or streams, at
a time and trains anew, ranges included; "authors" leaves out all cascades of an author together;
"other" are streams of other kinds that no training has seen. Errors are averaged over rounds, each
with other folds; intervals are bootstraps over cascades, or over streams and their days, 95 %.
Peers, run on the same folds: SEISMIC (Zhao et al., KDD 2015) and the ratio of logs (Szabo and
Huberman 2010), re-implemented from the papers, and scikit-learn's random forest over 11 plain
features; of streams, "as the last three hours" and half of it.
"""

import csv
import math
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from bench.train_forecast import FOLDS, Cascade, read_cascades, train_cascades
from bench.train_volume import BRAND, count, opened, read_streams, train_volume
from sklearn.ensemble import RandomForestRegressor

from quivive.assess.forecast.cascade import forecast_cascade
from quivive.assess.forecast.features import reacted
from quivive.assess.forecast.volume import HOURS, STEPS_AN_HOUR, as_before, forecast_volume
from quivive.wire.models import load_cascade, load_volume

AGES = {
    "5 min": 300, "15 min": 900, "1 h": 3600, "3 h": 10_800, "6 h": 21_600, "24 h": 86_400,
}  # fmt: skip
BUSY = 20
"""Posts in the last hour from which a topic's forecast is scored."""
FALSE_STORIES = ("abolish", "lionhunter", "sonictrans")
PHEME = "pheme"
DRAWS = 1_000
NO_END = 1e9
"""Stands for a method that says the cascade will never end."""
N_STAR = 100.0
"""SEISMIC's mean followers of a reader who passes on."""
Method = Callable[[Cascade, float], tuple[float, float, float]]


def main() -> None:
    """Print the table of cascades, then that of topics."""
    data = Path(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    cascades = read_cascades(data / "tideh_cascades")
    print(
        f"{len(cascades)} cascades: median absolute error over the final size [95 %], held in 80 %"
    )
    tell("seen", [score_all(cascades, list(range(len(cascades))), {"quivive": shipped()})])
    tell("unseen", [validate(cascades, shuffle(cascades, seed)) for seed in range(rounds)])
    tell("authors", [validate(cascades, by_author(cascades))])
    one_more(data / "seismic_tweet/tweet.csv")
    streams = read_streams(data)
    topics("seen", dict(scored_streams(streams, load_volume())))
    topics("unseen", averaged([validate_streams(streams, seed) for seed in range(rounds)]))
    topics("other", dict(scored_streams(read_others(data), load_volume())))


def shuffle(cascades: list[Cascade], seed: int) -> list[np.ndarray]:
    """Part cascades by chance."""
    order = np.random.default_rng(100 + seed).permutation(len(cascades))
    return [order[part::FOLDS] for part in range(FOLDS)]


def by_author(cascades: list[Cascade]) -> list[np.ndarray]:
    """Part cascades so that no author is on both sides: followers within 3 % are one author."""
    own = np.log(np.array([one.followers[0] for one in cascades]))
    order = np.argsort(own)
    author = np.empty(len(own), int)
    author[order] = np.concatenate([[0], np.cumsum(np.diff(own[order]) > 0.03)])
    names = np.random.default_rng(100).permutation(np.unique(author))
    return [np.flatnonzero(np.isin(author, names[part::FOLDS])) for part in range(FOLDS)]


def validate(cascades: list[Cascade], parts: list[np.ndarray]) -> dict[tuple[str, str], np.ndarray]:
    """Train on all parts but one, score that one, for each."""
    found: dict[tuple[str, str], np.ndarray] = {}
    for out in parts:
        known = [one for place, one in enumerate(cascades) if place not in out]
        scored = score_all(cascades, out.tolist(), methods(known))
        for key, rows in scored.items():
            whole = found.setdefault(key, np.full((len(cascades), 2), np.nan))
            whole[out] = rows
    return found


def methods(known: list[Cascade]) -> dict[str, Method]:
    """Train ours and the peers."""
    model = train_cascades(known)
    return {
        "quivive": ours(model, reach=True),
        "without followers": ours(model, reach=False),
        "SEISMIC": seismic,
        "ratio": ratio(known),
        "forest of 11": plain_forest(known),
    }


def ours(model, *, reach: bool) -> Method:
    """Forecast with our model."""

    def method(one: Cascade, age: float) -> tuple[float, float, float]:
        followers = one.followers if reach else None
        final = forecast_cascade(model, one.times, followers, at_s=age).final
        return final.p10, final.p50, final.p90

    return method


def shipped() -> Method:
    """Forecast with the weights of the package."""
    return ours(load_cascade(), reach=True)


def seismic(one: Cascade, age: float) -> tuple[float, float, float]:
    """SEISMIC: reposts owed by the readers reached, each bringing its own; no range is given."""
    seen = one.times[one.times <= age]
    followers = one.followers[: len(seen) + 1]
    ages = age - np.concatenate([[0.0], seen])
    window = min(max(age / 2, 300.0), 7200.0)
    moved = reacted(ages) - reacted(ages - window)
    # the triangular weight of the paper, at four moments of the window
    weights = np.array([0.25, 0.5, 0.75, 1.0])
    edges = age - window * np.array([1.0, 0.75, 0.5, 0.25, 0.0])
    reposts = weights @ np.histogram(seen, edges)[0]
    done = [followers @ (reacted(ages - (age - end)) - reacted(ages - (age - start)))
            for start, end in pairwise(edges)]  # fmt: skip
    rate = reposts / max(float(weights @ np.array(done)), 1e-9) if moved.any() else 0.0
    owed = rate * float(followers @ (1 - reacted(ages)))
    final = len(seen) + owed / (1 - rate * N_STAR) if rate * N_STAR < 1 else math.inf
    return final, final, final


def ratio(known: list[Cascade]) -> Method:
    """Szabo and Huberman: the mean log ratio at this age."""

    def method(one: Cascade, age: float) -> tuple[float, float, float]:
        grown = np.mean([np.log((len(c.times) + 1) / (np.sum(c.times <= age) + 1)) for c in known])
        final = float((np.sum(one.times <= age) + 1) * np.exp(grown))
        return final, final, final

    return method


def plain_forest(known: list[Cascade]) -> Method:
    """Train a random forest an age on logs of counts, times and followers."""
    grown: dict[float, RandomForestRegressor] = {}
    for age in AGES.values():
        rows = np.array([plain(one, age) for one in known])
        target = np.log([(len(one.times) + 1) / (np.sum(one.times <= age) + 1) for one in known])
        grown[age] = RandomForestRegressor(200, min_samples_leaf=2, random_state=0)
        grown[age].fit(rows, target)

    def method(one: Cascade, age: float) -> tuple[float, float, float]:
        grew = grown[age].predict(plain(one, age)[None])[0]
        final = float((np.sum(one.times <= age) + 1) * np.exp(grew))
        return final, final, final

    return method


def plain(one: Cascade, age: float) -> np.ndarray:
    """Describe a cascade by eleven plain numbers."""
    seen = one.times[one.times <= age]
    passed_on = one.followers[1 : len(seen) + 1]
    counts = [np.sum(seen <= age * part) for part in (1.0, 0.75, 0.5, 0.25, 0.125)]
    middle, last = (np.median(seen), seen[-1]) if len(seen) else (age, 0.0)
    return np.array(
        [
            *np.log(np.array(counts) + 1.0),
            np.log(middle + 1),
            np.log(age - last + 1),
            np.log(one.followers[0] + 1),
            np.log(passed_on.sum() + 1),
            np.log(passed_on.max(initial=0) + 1),
            np.log(passed_on + 1).mean() if len(seen) else 0.0,
        ]
    )


def score_all(
    cascades: list[Cascade], places: list[int], known: dict[str, Method]
) -> dict[tuple[str, str], np.ndarray]:
    """Score each method at each age: shape (cascades, 2), error and whether the range held."""
    found = {}
    for name, method in known.items():
        for told, age in AGES.items():
            rows = []
            for place in places:
                final = len(cascades[place].times)
                p10, p50, p90 = np.minimum(method(cascades[place], age), NO_END)
                error = abs(p50 - final) / final
                rows.append((error, math.floor(p10) <= final <= math.ceil(p90)))
            found[name, told] = np.array(rows, float)
    return found


def tell(side: str, rounds: list[dict[tuple[str, str], np.ndarray]]) -> None:
    """Print a line for each method."""
    for name in dict.fromkeys(name for name, _ in rounds[0]):
        cells = []
        for told in AGES:
            rows = np.mean([one[name, told] for one in rounds], axis=0)
            low, high = bootstrap(rows[:, 0])
            held = f" {rows[:, 1].mean():.2f}" if name in ("quivive", "without followers") else ""
            cells.append(f"{told} {np.median(rows[:, 0]):.3f} [{low:.3f}, {high:.3f}]{held}")
        print(f"{side:8}{name:18}" + "  ".join(cells), flush=True)


def bootstrap(errors: np.ndarray) -> np.ndarray:
    """Return the 95 % interval of a median."""
    rng = np.random.default_rng(0)
    drawn = errors[rng.integers(0, len(errors), (2_000, len(errors)))]
    return np.quantile(np.median(drawn, axis=1), [0.025, 0.975])


def one_more(file: Path) -> None:
    """Show the cascade of the SEISMIC package, which no training has seen."""
    if not file.exists():
        print(f"No {file.name}: its cascade is not shown.")
        return
    rows = np.loadtxt(file, delimiter=",", skiprows=1)
    one = Cascade("seismic", rows[1:, 0], rows[:, 1])
    told = [
        f"{name}: {low:,.0f} to {high:,.0f}, about {middle:,.0f}"
        for name, age in AGES.items()
        for low, middle, high in [shipped()(one, age)]
    ]
    print(f"seismic_tweet, {len(one.times):,} in the end  " + "; ".join(told))


def validate_streams(streams: dict[str, np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """Leave out a sixth of the streams at a time."""
    names = np.random.default_rng(3 + seed).permutation(list(streams)).tolist()
    found: dict[str, np.ndarray] = {}
    for part in range(FOLDS):
        out = set(names[part::FOLDS])
        model = train_volume([counts for name, counts in streams.items() if name not in out])
        found |= dict(scored_streams({name: streams[name] for name in sorted(out)}, model))
    return found


def scored_streams(streams: dict[str, np.ndarray], model) -> Iterator[tuple[str, np.ndarray]]:
    """Score each stream: rows of horizon, errors of ours, "same" and "half", and whether held."""
    for name, counts in streams.items():
        rows = []
        for end in range(3 * STEPS_AN_HOUR, len(counts), STEPS_AN_HOUR):
            if counts[end - STEPS_AN_HOUR : end].sum() < BUSY:
                continue
            for found in forecast_volume(model, counts[:end]):
                steps = found.hours * STEPS_AN_HOUR
                if end + steps > len(counts):
                    continue
                came, same = counts[end : end + steps].sum(), as_before(counts[:end], found.hours)
                tried = (found.posts.p50, same, same / 2)
                held = math.floor(found.posts.p10) <= came <= math.ceil(found.posts.p90)
                rows.append((found.hours, *(symmetric(one, came) for one in tried), held))
        yield name, np.array(rows, float).reshape(-1, 5)


def symmetric(foreseen: float, came: float) -> float:
    """Return the symmetric absolute error, 0 to 2."""
    return 2 * abs(foreseen - came) / max(foreseen + came, 1.0)


def averaged(rounds: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Average each hour's errors over rounds."""
    return {name: np.mean([one[name] for one in rounds], axis=0) for name in rounds[0]}


def read_others(data: Path) -> dict[str, np.ndarray]:
    """Count the two streams of PHEME in steps of ten minutes; they state no licence to learn by."""
    found = {}
    for file in sorted(data.glob("pheme_stream/*.csv.gz")):
        with opened(file) as lines:
            written = [row["created"] for row in csv.DictReader(lines)]
        moments = [float(one) / 1000 for one in written if one]
        found[f"{PHEME} {file.name}"] = count(np.array(moments))
    return found


def topics(side: str, scored: dict[str, np.ndarray]) -> None:
    """Print medians over all hours, and the mean over streams of each stream's median."""
    kinds: dict[str, list[np.ndarray]] = {}
    for name, rows in scored.items():
        kinds.setdefault(kind_of(name), []).append(rows)
    for kind, chosen in kinds.items():
        for hours in HOURS:
            kept = [some for rows in chosen if len(some := rows[rows[:, 0] == hours])]
            held = np.concatenate(kept)[:, 4]
            print(
                f"{side:8}{kind:14}+{hours:2} h  {len(held):4} hours, {len(kept):2} streams  "
                f"sMAPE {beside(kept, pooled_medians)} held {held.mean():.2f}   "
                f"by stream {beside(kept, stream_medians)} "
                f"held {np.mean([some[:, 4].mean() for some in kept]):.2f}",
                flush=True,
            )


def kind_of(stream: str) -> str:
    """Say of what kind a stream is."""
    first = stream.partition(" ")[0]
    return {BRAND: "brands", PHEME: "PHEME"}.get(
        first, "false stories" if first in FALSE_STORIES else "crises"
    )


def pooled_medians(kept: list[np.ndarray]) -> np.ndarray:
    """Return the median error over all hours: ours, "same" and "half"."""
    return np.median(np.concatenate(kept)[:, 1:4], axis=0)


def stream_medians(kept: list[np.ndarray]) -> np.ndarray:
    """Return the mean over streams of each stream's median error, in the same order."""
    return np.mean([np.median(some[:, 1:4], axis=0) for some in kept], axis=0)


def beside(kept: list[np.ndarray], medians: Callable[[list[np.ndarray]], np.ndarray]) -> str:
    """Tell errors, and how far ours lies below "same"; intervals draw days, then streams."""
    rng = np.random.default_rng(0)
    drawn = np.array([medians(redrawn(kept, rng)) for _ in range(DRAWS)])
    below = np.quantile(1 - drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    ours, same, half = medians(kept)
    low, high = np.quantile(drawn[:, 0], [0.025, 0.975])
    return (
        f"quivive {ours:.3f} [{low:.3f}, {high:.3f}] same {same:.3f} half {half:.3f} "
        f"below same {1 - ours / same:.1%} [{below[0]:.1%}, {below[1]:.1%}]"
    )


def redrawn(kept: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """Draw streams, and of each the days: neighbouring hours are no independent witnesses."""
    found = []
    for place in rng.integers(0, len(kept), len(kept)):
        days = np.array_split(kept[place], max(len(kept[place]) // 24, 1))
        found.append(np.concatenate([days[day] for day in rng.integers(0, len(days), len(days))]))
    return found


if __name__ == "__main__":
    main()
