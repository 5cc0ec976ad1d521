"""Published alert rules beside ours: river's own where it is installed, the rest from their papers.

Each takes counts of 5-minute intervals, shape (series, intervals), and returns a score of the same
shape that uses nothing later; the bench sets one threshold a rule. All slide every 5 minutes, which
is kinder than the hourly or daily rhythm they were published with, and none rings on fewer than
four posts. Spreads are never under ``sqrt(mean)``, for a quiet series would divide by nothing.
"""

import numpy as np

STEPS_AN_HOUR = 12
STEPS_A_DAY = 288
NEVER = -99.0


def peers():
    """Return the rules by name; river's (``pip install river``, 0.26 tried) where it is there."""
    found = {
        "3 SD hourly, 14 days (Huginn)": three_sd,
        "last hour against 12 h (Meltwater)": last_hour,
        "EARS 7 x 24 h (episomer)": ears,
        "windowed Gaussian (NAB)": gaussian,
        "S-H-ESD, online": seasonal_esd,
        "Page-Hinkley (1954)": page_hinkley,
    }
    try:
        from river import anomaly
    except ImportError:
        print("river is not installed (pip install river): its two detectors are left out.")
        return found
    return found | {
        "river StandardAbsoluteDeviation": lambda counts: rivers(
            counts, anomaly.StandardAbsoluteDeviation, lambda one, heard: one.score_one(None, heard)
        ),
        "river GaussianScorer, 14 days": lambda counts: rivers(
            counts, lambda: anomaly.GaussianScorer(window_size=14 * STEPS_A_DAY), deviations
        ),
    }


def rivers(counts: np.ndarray, make, ask) -> np.ndarray:
    """Ask one of river's detectors, a fresh one a series."""
    score = np.zeros(counts.shape)
    for row, series in enumerate(counts.tolist()):
        detector = make()
        for place, heard in enumerate(series):
            score[row, place] = ask(detector, heard)
            detector.learn_one(None, heard)
    return np.where(moving(counts, STEPS_AN_HOUR) >= 4, score, NEVER)


def deviations(scorer, heard: int) -> float:
    """Return how many deviations over the mean of a GaussianScorer's own normal law a count is.

    Its score is that law's probability, which is 1 from eight deviations on: no threshold on it
    rings as seldom as we ask. This has the same order and no end.
    """
    law = scorer.gaussian
    return (heard - law.mu) / law.sigma if law.sigma > 0 else 0.0


def moving(counts: np.ndarray, steps: int) -> np.ndarray:
    """Sum the last ``steps`` intervals, this one included."""
    summed = np.cumsum(counts, axis=1, dtype=np.float64)
    late = summed.copy()
    late[:, steps:] -= summed[:, :-steps]
    return late


def lagged(values: np.ndarray, steps: int) -> np.ndarray:
    """Return the values ``steps`` intervals ago, 0 before the start."""
    late = np.zeros_like(values)
    late[:, steps:] = values[:, :-steps]
    return late


def against(heard: np.ndarray, samples: list[np.ndarray]) -> np.ndarray:
    """Standardise by mean and spread of the samples."""
    mean = sum(samples) / len(samples)
    square = sum((sample - mean) ** 2 for sample in samples) / max(1, len(samples) - 1)
    spread = np.sqrt(np.maximum(square, np.maximum(mean, 0.05)))
    return np.where(heard >= 4, (heard - mean) / spread, NEVER)


def three_sd(counts: np.ndarray) -> np.ndarray:
    """Hold the last hour against the hours of 14 days."""
    hour = moving(counts, STEPS_AN_HOUR)
    return against(hour, [lagged(hour, STEPS_AN_HOUR * back) for back in range(1, 14 * 24 + 1)])


def last_hour(counts: np.ndarray) -> np.ndarray:
    """Hold the last hour against the 12 before."""
    hour = moving(counts, STEPS_AN_HOUR)
    return against(hour, [lagged(hour, STEPS_AN_HOUR * back) for back in range(1, 13)])


def ears(counts: np.ndarray) -> np.ndarray:
    """Hold the last 24 h against the seven before."""
    day = moving(counts, STEPS_A_DAY)
    return against(day, [lagged(day, STEPS_A_DAY * back) for back in range(1, 8)])


def gaussian(counts: np.ndarray) -> np.ndarray:
    """Hold one interval against the 6,400 before, as NAB does."""
    steps = 6400
    ago = lagged(moving(counts, steps), 1) / steps
    square = lagged(moving(counts.astype(float) ** 2, steps), 1) / steps - ago**2
    spread = np.sqrt(np.maximum(square, np.maximum(ago, 0.01)))
    return np.where(moving(counts, STEPS_AN_HOUR) >= 4, (counts - ago) / spread, NEVER)


def seasonal_esd(counts: np.ndarray) -> np.ndarray:
    """Take the median of the same hour of 14 days off, and divide by the median deviation."""
    hour = moving(counts, STEPS_AN_HOUR)
    before = np.stack([lagged(hour, STEPS_A_DAY * back) for back in range(1, 15)])
    middle = np.median(before, axis=0)
    spread = 1.4826 * np.median(np.abs(before - middle), axis=0)
    spread = np.maximum(spread, np.sqrt(np.maximum(middle, 0.05)))
    return np.where(hour >= 4, (hour - middle) / spread, NEVER)


def page_hinkley(counts: np.ndarray) -> np.ndarray:
    """Add up what exceeds the running mean, in its standard deviations, and start again at 0."""
    score, total = np.zeros(counts.shape), np.zeros(len(counts))
    mean, square = np.full(len(counts), 0.01), np.full(len(counts), 0.01)
    keeps = 1 - 1 / (14 * STEPS_A_DAY)
    for place, heard in enumerate(counts.T):
        spread = np.sqrt(np.maximum(square - mean**2, mean))
        total = np.maximum(0.0, keeps * total + (heard - mean) / spread - 0.5)
        score[:, place] = total
        mean = keeps * mean + (1 - keeps) * heard
        square = keeps * square + (1 - keeps) * heard.astype(float) ** 2
    return np.where(moving(counts, STEPS_AN_HOUR) >= 4, score, NEVER)
