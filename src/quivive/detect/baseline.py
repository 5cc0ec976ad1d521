"""What is usual for each series: a rate for each hour of the week, learned online and robustly.

Rate of series ``i`` in hour of week ``h``::

    rate[i, h] = level[i] * day[i, h mod 24] * week[i, h]

In hours of a planned peak it is multiplied by what people foresee, and by how far the peaks planned
before fell from what was foreseen. Such an hour teaches that last factor and nothing else.

Each factor is the mean of a gamma posterior, shrunk to the factor above it: a level to a vague
prior, an hour of the day to the level and to the hours just heard, an hour of the week to the hour
of the day. The past fades (half-lives below), and an hour counts no higher than what was thinkable,
so that a burst does not teach that bursts are usual. Noise is fitted for each window length:
``var = a * mu + b * mu ** 2``, where ``a`` tells clusters (one post brings the next) and ``b`` what
the rhythm does not explain.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
ALL = slice(None)

HOUR_S = 3600
HOURS_OF_WEEK = 168
FLOOR_PER_HOUR = 0.05
"""No topic is so quiet that one post a day is news."""
VAGUE_SHAPE = 0.1
VAGUE_HOURS = 0.001
VAGUE_SHARE = 0.01
GUESS_SHAPE = 0.25
"""How firmly a guess of the level is held, in posts: fifteen times more or less is thinkable."""
DAY_SHAPE = 2.0
"""Prior knowledge on an hour of the day, in posts: by a factor of two either way is thinkable."""
LATELY_KEEPS = 2.0 ** (-1 / 2)
"""Half-life, in hours, of what the hours just heard tell of the next."""
HOURLY_STEP = 0.2
"""Variance of the step, as a share, from an hour to the next: people do not all wake up at once."""
WEEK_SHAPE = 20.0
PLANNED_SHAPE = 4.0
"""How firmly people's word on a planned peak is held, in posts: half or twice is thinkable."""
PLANNED_KEEPS = 2.0 ** (-1 / 168)
"""Half-life of 168 planned hours."""
LEVEL_HALF_LIFE_H = 7 * 24.0
DAY_KEEPS = 2.0 ** (-1 / 21)
WEEK_KEEPS = 2.0 ** (-7 / 42)
NOISE_PRIOR_WINDOWS = 6.0
SPREAD_PRIOR = 0.04
NOISE_KEEPS_H = 2.0 ** (-1 / (21 * 24.0))
THINKABLE_SDS = 3.0
UNUSUAL_SDS = 1.0
"""In an hour that rang, a count teaches no more than this many standard deviations."""
CLUSTER_ROOM = 4.0
"""Posts a quiet time may hold beyond what is thinkable and still teach in full."""
GREEN_HOURS = 6.0
"""Hours in which a new series learns freely, for nothing is known yet to compare with."""
KNOWN_H = 1.0
"""Hours from which a level is known."""
DAY_KNOWN_H = GREEN_HOURS + 24
"""Hours after which each hour of the day was heard since a level is known."""


@dataclass(slots=True)
class Baseline:
    """What was learned, one row a series (N), one column a window length (W) in the noise arrays.

    Attributes:
        level_sum, level_hours: posts and hours behind the level, faded, shape (N,).
        day_sum, day_due: posts and what the level alone expected, shape (N, 24).
        week_sum, week_due: the same beyond the hour of the day, shape (N, 168).
        lately_sum, lately_due: posts of the last hours and what the level expected, shape (N,).
        planned_sum, planned_due: posts of planned hours and what was foreseen, faded, shape (N,).
        cluster_prior: variance over mean before anything is known, shape (N,).
        cluster_sum, cluster_weight: faded sums behind ``a``, shape (N, W).
        spread_sum, spread_weight: faded sums behind ``b``, shape (N, W).
        age_h: hours each series was listened to, shape (N,).
    """

    level_sum: Floats
    level_hours: Floats
    day_sum: Floats
    day_due: Floats
    week_sum: Floats
    week_due: Floats
    lately_sum: Floats
    lately_due: Floats
    planned_sum: Floats
    planned_due: Floats
    cluster_prior: Floats
    cluster_sum: Floats
    cluster_weight: Floats
    spread_sum: Floats
    spread_weight: Floats
    age_h: Floats


@dataclass(slots=True, frozen=True)
class Plan:
    """Rates of the present hour and the hours before it, newest first, shape (N, hours)."""

    hour: int
    rates: Floats
    doubts: Floats


@dataclass(slots=True, frozen=True)
class Band:
    """What is usual in the present hour and what hardly any hour passes, shape (N,)."""

    hour: int
    usual: Floats
    upper: Floats


@dataclass(slots=True, frozen=True)
class Due:
    """What is due in an hour that closes, shape (N,): its quarters ask the same.

    Attributes:
        per_hour: posts.  unsure: squared relative error of them.
    """

    hour: int
    per_hour: Floats
    unsure: Floats


def fresh(cluster_prior: Floats, windows: int, guess_per_hour: Floats | None = None) -> Baseline:
    """Return a baseline that knows nothing of ``len(cluster_prior)`` series.

    Args:
        guess_per_hour: what to think of each level before anything is heard, shape (N,); it counts
            as the first hour of listening. 0: any level is thinkable, the first hour only teaches.
    """
    n = len(cluster_prior)
    guess = np.zeros(n) if guess_per_hour is None else guess_per_hour
    guessed = guess > 0
    return Baseline(
        level_sum=np.where(guessed, GUESS_SHAPE, 0.0),
        level_hours=np.divide(GUESS_SHAPE, guess, out=np.zeros(n), where=guessed),
        day_sum=np.zeros((n, 24), order="F"),
        day_due=np.zeros((n, 24), order="F"),
        week_sum=np.zeros((n, HOURS_OF_WEEK), order="F"),
        week_due=np.zeros((n, HOURS_OF_WEEK), order="F"),
        lately_sum=np.zeros(n),
        lately_due=np.zeros(n),
        planned_sum=np.zeros(n),
        planned_due=np.zeros(n),
        cluster_prior=cluster_prior.astype(np.float64),
        cluster_sum=np.zeros((n, windows), order="F"),
        cluster_weight=np.zeros((n, windows), order="F"),
        spread_sum=np.zeros((n, windows), order="F"),
        spread_weight=np.zeros((n, windows), order="F"),
        age_h=guessed.astype(np.float64),
    )


def level(baseline: Baseline, rows: Places | slice = ALL) -> Floats:
    """Return posts per hour averaged over the week, of all series or of some, by place."""
    summed, hours = baseline.level_sum[rows], baseline.level_hours[rows]
    # hours of very busy series weigh less than the vague ones, which must not pull them down
    vague = np.where(hours > 0, np.minimum(VAGUE_HOURS, VAGUE_SHARE * hours), VAGUE_HOURS)
    return np.asarray((VAGUE_SHAPE + summed) / (vague + hours))


def day_factor(baseline: Baseline, hour: int, rows: Places | slice = ALL) -> Floats:
    """Return how busy an hour of the day is against the level, of all series or of some."""
    told, shape = lately(baseline, rows)
    return (told + baseline.day_sum[rows, hour]) / (shape + baseline.day_due[rows, hour])


def lately(baseline: Baseline, rows: Places | slice = ALL) -> tuple[Floats, Floats]:
    """Return what to think of an hour of the day that was never heard: two sums as of a day's hour.

    Its neighbours tell most of it while they are all that was heard; a gamma law whose knowledge
    fades with each hour (West and Harrison, *Bayesian Forecasting and Dynamic Models*, 1997).
    """
    trust = 1 / (1 + HOURLY_STEP * baseline.lately_due[rows])
    return (
        DAY_SHAPE + trust * baseline.lately_sum[rows],
        DAY_SHAPE + trust * baseline.lately_due[rows],
    )


def week_factor(baseline: Baseline, hour: int, rows: Places | slice = ALL) -> Floats:
    """Return how busy an hour of the week is against its hour of the day, of all or of some."""
    summed, due = baseline.week_sum[rows, hour], baseline.week_due[rows, hour]
    return (WEEK_SHAPE + summed) / (WEEK_SHAPE + due)


def rate(baseline: Baseline, hour_of_week: int, rows: Places | slice = ALL) -> Floats:
    """Return the expected posts per hour, of all series or of some, never under the floor."""
    expected = (
        level(baseline, rows)
        * day_factor(baseline, hour_of_week % 24, rows)
        * week_factor(baseline, hour_of_week, rows)
    )
    return np.maximum(expected, FLOOR_PER_HOUR)


def boost(baseline: Baseline, stated: Floats) -> Floats:
    """Return how many times the usual is due, 1 where no peak is planned, shape (N,).

    Args:
        stated: how many times the usual people foresee, 0 where no peak is planned, shape (N,).
    """
    kept = (PLANNED_SHAPE + baseline.planned_sum) / (PLANNED_SHAPE + baseline.planned_due)
    return np.where(stated > 0, np.maximum(stated * kept, 1.0), 1.0)


def boost_doubt(baseline: Baseline, stated: Floats) -> Floats:
    """Return the squared relative error of ``boost``, shape (N,)."""
    return np.where(stated > 0, 1 / (PLANNED_SHAPE + baseline.planned_sum), 0.0)


def doubt(baseline: Baseline, hour_of_week: int) -> Floats:
    """Return the squared relative error of this hour's rhythm, shape (N,)."""
    day = lately(baseline)[0] + baseline.day_sum[:, hour_of_week % 24]
    week = WEEK_SHAPE + baseline.week_sum[:, hour_of_week]
    return 1 / day + 1 / week


def rates_and_doubts(
    baseline: Baseline, hours: NDArray[np.int64], rows: Places | slice = ALL
) -> tuple[Floats, Floats]:
    """Return ``rate`` and ``doubt`` of several hours of the week at once, shape (N, hours)."""
    in_day = hours % 24
    told, shape = (column[:, None] for column in lately(baseline, rows))
    day_shape = told + _at(baseline.day_sum, rows, in_day)
    week_shape = WEEK_SHAPE + _at(baseline.week_sum, rows, hours)
    day = day_shape / (shape + _at(baseline.day_due, rows, in_day))
    week = week_shape / (WEEK_SHAPE + _at(baseline.week_due, rows, hours))
    expected = level(baseline, rows)[:, None] * day * week
    return np.maximum(expected, FLOOR_PER_HOUR), 1 / day_shape + 1 / week_shape


def _at(array: Floats, rows: Places | slice, columns: Places) -> Floats:
    """Return some columns, of all series or of those at some places; it reads nothing else."""
    return array[:, columns] if isinstance(rows, slice) else array[rows[:, None], columns]


def level_doubt(baseline: Baseline, rows: Places | slice = ALL) -> Floats:
    """Return the squared relative error of the level of all series or of some, by place."""
    return np.asarray(1 / (VAGUE_SHAPE + baseline.level_sum[rows]))


def noise(
    baseline: Baseline, window: Places | int, rows: Places | slice = ALL
) -> tuple[Floats, Floats]:
    """Return ``a`` (at least 1) and ``b`` (at least 0) of one window length, each shape (N,).

    Of some series and several window lengths, where places of both are given (broadcast).
    """
    prior = NOISE_PRIOR_WINDOWS
    a = (prior * baseline.cluster_prior[rows] + baseline.cluster_sum[rows, window]) / (
        prior + baseline.cluster_weight[rows, window]
    )
    b = (prior * SPREAD_PRIOR + baseline.spread_sum[rows, window]) / (
        prior + baseline.spread_weight[rows, window]
    )
    return np.maximum(a, 1.0), np.maximum(b, 0.0)


def noise_doubt(baseline: Baseline, window: Places, rows: Places) -> Floats:
    """Return which share of ``a`` is still prior belief, 1 for a new series; broadcast."""
    weight = baseline.cluster_weight[rows, window]
    return np.asarray(NOISE_PRIOR_WINDOWS / (NOISE_PRIOR_WINDOWS + weight))


def learn_hour(
    baseline: Baseline,
    counts: Floats,
    calm: NDArray[np.bool_],
    stated: Floats,
    *,
    hour_of_week: int,
    hours: Floats,
    window: int,
) -> None:
    """Learn one closed hour, in place.

    Args:
        counts: posts of the hour, shape (N,).
        calm: nothing rang in the hour, shape (N,).
        stated: as in ``boost``.
        hours: how long each was listened to, up to 1, shape (N,).
        window: column of the noise that fits an hour best.
    """
    due = rate(baseline, hour_of_week) * boost(baseline, stated) * hours
    a, b = noise(baseline, window)
    errors = doubt(baseline, hour_of_week) + boost_doubt(baseline, stated)
    variance = a * due + b * due**2 + due**2 * (level_doubt(baseline) + errors)
    room = np.where(calm, CLUSTER_ROOM, 1.0)
    heard = np.minimum(counts, thinkable(due, variance, calm) + room)
    green = baseline.age_h < GREEN_HOURS
    heard = np.where(green, counts, heard)
    size = np.where(green, counts + 1.0, due)
    weight = 1 / (a + b * size)
    _learn_planned(baseline, heard, rate(baseline, hour_of_week) * stated * hours, weight)
    weight = np.where(stated > 0, 0.0, weight)
    told = np.where(green, 0.0, weight)  # a rhythm shows against a level, which comes first
    hour = hour_of_week % 24
    day, week = day_factor(baseline, hour), week_factor(baseline, hour_of_week)
    plain = level(baseline) * hours

    tame = np.minimum(counts, thinkable(due, variance, np.zeros_like(calm)))
    keeps = np.where(stated > 0, 1.0, LATELY_KEEPS**hours)
    seen = np.where(baseline.age_h >= KNOWN_H, weight, 0.0)
    baseline.lately_sum[:] = keeps * baseline.lately_sum + seen * tame
    baseline.lately_due[:] = keeps * baseline.lately_due + seen * plain * week
    baseline.day_sum[:, hour] = DAY_KEEPS * baseline.day_sum[:, hour] + told * heard
    baseline.day_due[:, hour] = DAY_KEEPS * baseline.day_due[:, hour] + told * plain * week
    baseline.week_sum[:, hour_of_week] = (
        WEEK_KEEPS * baseline.week_sum[:, hour_of_week] + told * heard
    )
    baseline.week_due[:, hour_of_week] = (
        WEEK_KEEPS * baseline.week_due[:, hour_of_week] + told * plain * day
    )
    fades = 2.0 ** (-hours / LEVEL_HALF_LIFE_H)
    baseline.level_sum[:] = fades * baseline.level_sum + weight * heard
    baseline.level_hours[:] = fades * baseline.level_hours + weight * hours * day * week
    baseline.age_h += hours


def fade_lately(baseline: Baseline, hours: int) -> None:
    """Let hours pass that nobody listened to: what was heard before tells less of what comes."""
    baseline.lately_sum *= LATELY_KEEPS**hours
    baseline.lately_due *= LATELY_KEEPS**hours


def _learn_planned(baseline: Baseline, heard: Floats, foreseen: Floats, weight: Floats) -> None:
    """Learn from planned hours how far peaks fall from what was foreseen, in place."""
    planned = foreseen > 0
    keeps, told = np.where(planned, PLANNED_KEEPS, 1.0), np.where(planned, weight, 0.0)
    baseline.planned_sum[:] = keeps * baseline.planned_sum + told * heard
    baseline.planned_due[:] = keeps * baseline.planned_due + told * foreseen


def learn_noise(
    baseline: Baseline,
    counts: Floats,
    due: Floats,
    calm: NDArray[np.bool_],
    unsure: Floats,
    *,
    window: int,
    hours: float,
) -> None:
    """Learn how far one closed window fell from what was due, in place.

    Args:
        counts, due: posts heard and expected in the window, shape (N,).
        calm: nothing rang in the window, shape (N,).
        unsure: squared relative error of what was due, shape (N,).
        window: column of this window length.
        hours: length of the window, for fading.
    """
    a, b = noise(baseline, window)
    due = np.maximum(due, 1e-9)
    room = np.where(calm, CLUSTER_ROOM, 0.0)
    heard = np.minimum(counts, thinkable(due, a * due + b * due**2, calm) + room)
    squared = (heard - due) ** 2
    keeps = NOISE_KEEPS_H**hours
    grown = baseline.age_h >= GREEN_HOURS + hours  # before, what was due was no more than a guess
    known = baseline.age_h >= DAY_KNOWN_H  # before, a rhythm nobody knows yet looks like noise
    grown &= known | (a * due + b * due**2 >= unsure * due**2)
    few = grown * np.minimum(due, 1.0) / np.maximum(1.0, 0.25 * due)
    many = grown * (due / (4.0 + due)) ** 2
    for summed, weight, value, share in (
        (baseline.cluster_sum, baseline.cluster_weight, (squared - b * due**2) / due, few),
        (baseline.spread_sum, baseline.spread_weight, (squared - a * due) / due**2, many),
    ):
        summed[:, window] = keeps * summed[:, window] + share * value
        weight[:, window] = keeps * weight[:, window] + share


def thinkable(due: Floats, variance: Floats, calm: NDArray[np.bool_]) -> Floats:
    """Return the most that quiet times explain, so that a burst teaches little; shape (N,)."""
    reach: Floats = np.where(calm, THINKABLE_SDS, UNUSUAL_SDS)
    return due + reach * np.sqrt(variance)
