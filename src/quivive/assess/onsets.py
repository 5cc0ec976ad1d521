"""When it began, by a rule one can check by hand (crisis.md 3.2), where nobody said."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np

from quivive.assess.heard import CRITICAL_FROM, Heard, Organisation, look
from quivive.assess.settings import AssessSettings
from quivive.vocabulary.chance import special

_WINDOW = timedelta(minutes=30)
_FEWEST = 3
_CHANCE = 1e-4
_BUSY_SHARE = 0.1


def critical_times(
    posts: Sequence[Heard], *, now: datetime, organisation: Organisation
) -> list[datetime]:
    """Times of critical posts that are not ours, earliest first."""
    if not posts:
        return []
    first = min(heard.post.published for heard in posts)
    picture = look(posts, now=now, onset=first, organisation=organisation, unknown=0.0)
    return [v.post.published for v in picture.voices if v.weight >= CRITICAL_FROM]


def usual_per_hour(times: Sequence[datetime], settings: AssessSettings) -> float:
    """Guess usual critical posts an hour from a file: the mean without its busiest tenth of hours.

    A file that holds little else than a crisis makes the guess too high.
    """
    if not times:
        return settings.baseline_floor
    hours = np.array([(time - times[0]).total_seconds() // 3600 for time in times], dtype=int)
    counts = np.sort(np.bincount(hours))
    kept = counts[: max(1, int(len(counts) * (1 - _BUSY_SHARE)))]
    return max(settings.baseline_floor, float(kept.mean()))


def first_onset(times: Sequence[datetime], per_hour: float) -> datetime | None:
    """Find the first critical post of the first run that chance does not explain.

    A run is three critical posts or more within 30 minutes, of which a Poisson law with the
    usual rate gives less than one chance in ten thousand.

    Args:
        times: of critical posts, earliest first.
        per_hour: usual critical posts an hour.
    """
    usual = per_hour * _WINDOW.total_seconds() / 3600
    start = 0
    for end, time in enumerate(times):
        while times[start] <= time - _WINDOW:
            start += 1
        seen = end - start + 1
        if seen >= _FEWEST and special().pdtrc(seen - 1, usual) < _CHANCE:
            return times[start]
    return None
