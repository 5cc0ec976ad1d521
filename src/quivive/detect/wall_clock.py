"""The hour of the week on the clock on the wall: people keep to it when clocks change."""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

import numpy as np

from quivive.detect.baseline import HOUR_S, HOURS_OF_WEEK, Baseline, Places

A_WEEK_AND_MORE = 256
HOUR = timedelta(hours=1)


def hour_of_week(moment: int, zone: tzinfo) -> int:
    """Return 0 to 167, from Thursday midnight, as Unix time began on a Thursday.

    >>> from zoneinfo import ZoneInfo
    >>> summer, winter = 1_792_825_200, 1_792_911_600  # 24 and 25 October 2026, 07:00 UTC
    >>> [hour_of_week(at, ZoneInfo("Europe/Paris")) % 24 for at in (summer, winter)]
    [9, 8]
    """
    hour = moment // HOUR_S
    return (hour + _ahead(hour, zone)) % HOURS_OF_WEEK


def hours_of_week(moments: Iterable[int], zone: tzinfo) -> Places:
    """Return ``hour_of_week`` of several moments."""
    return np.array([hour_of_week(moment, zone) for moment in moments], np.int64)


@lru_cache(maxsize=A_WEEK_AND_MORE)
def _ahead(hour: int, zone: tzinfo) -> int:
    """Return how many whole hours clocks were ahead of UTC in an hour since 1970."""
    ahead = datetime.fromtimestamp(hour * HOUR_S, zone).utcoffset() or timedelta(0)
    return ahead // HOUR


def turn(baseline: Baseline, moment: int, was: tzinfo, zone: tzinfo) -> None:
    """Keep what was learned by the clock of one zone by that of another, in place."""
    hour = moment // HOUR_S
    ahead = _ahead(hour, zone) - _ahead(hour, was)
    for array in (baseline.day_sum, baseline.day_due, baseline.week_sum, baseline.week_due):
        array[:] = np.roll(array, ahead, axis=1)
