"""Counts of minutes, in the steps that a forecast looks at."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np

from quivive.assess.forecast.features import Floats
from quivive.assess.forecast.volume import HISTORY, STEP_S

STEP = timedelta(seconds=STEP_S)
REACH = HISTORY * STEP


def step_of(moment: datetime) -> datetime:
    """Return the whole ten minutes that a moment lies in.

    >>> step_of(datetime(2026, 3, 4, 18, 19)).minute
    10
    """
    return moment.replace(minute=moment.minute - moment.minute % 10, second=0, microsecond=0)


def steps_of(minutes: Iterable[tuple[datetime, int]], *, begun: datetime, now: datetime) -> Floats:
    """Add up minutes in steps of ten, from a beginning until ``now``, both whole steps."""
    counts = np.zeros(max((now - begun) // STEP, 0))
    for minute, voices in minutes:
        place = (minute - begun) // STEP
        if 0 <= place < len(counts):
            counts[place] += voices
    return counts
