"""How a source fares: what it usually brings, and whether its silence says something."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import log

import msgspec

HOUR = timedelta(hours=1)
PAST = timedelta(days=7)
"""How far back the usual rate is read: a week holds every hour of day and every day once."""

ENOUGH_HOURS = 24
"""Fewer hours tell nothing about what is usual."""

SURE = log(1000)
"""Posts due in a silence that has one chance in a thousand (Poisson: P(0) = exp(-due))."""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What a source usually brings.

    Attributes:
        usual_per_hour: posts an hour over the last week; None when that is too short to tell.
        due: posts that were to be expected since the last one came.
        silent: so many that silence is no chance any more.
    """

    usual_per_hour: float | None
    due: float
    silent: bool


def health(
    heard: Mapping[datetime, int], *, last_post_at: datetime | None, now: datetime
) -> Health:
    """Read how a source fares from what it brought hour by hour.

    A town sleeps at night: an hour is compared with the same hours of the last week, and with
    the hour before and after them.

    Args:
        heard: posts by the hour they came in; hours without a post may be absent.
        last_post_at: when the last post came; None when none ever did.

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 9, 12, tzinfo=UTC)
    >>> steady = {now - hours * HOUR: 6 for hours in range(4, 7 * 24)}
    >>> found = health(steady, last_post_at=now - 3 * HOUR, now=now)
    >>> found.silent, round(found.due)
    (True, 18)
    """
    first = min(heard, default=now)
    if last_post_at is None or now - first < ENOUGH_HOURS * HOUR:
        return Health(usual_per_hour=None, due=0.0, silent=False)
    known = {hour: count for hour, count in heard.items() if now - PAST <= hour <= last_post_at}
    span_h = min(PAST, last_post_at - max(first, now - PAST)) / HOUR
    due = sum(
        _usual(known, start, first) * ((min(end, now) - max(start, last_post_at)) / HOUR)
        for start, end in _hours(last_post_at, now)
    )
    usual = sum(known.values()) / max(1.0, span_h)
    return Health(usual_per_hour=usual, due=due, silent=due >= SURE)


def _hours(since: datetime, until: datetime) -> Sequence[tuple[datetime, datetime]]:
    """The hours between two moments, at most a day of them: longer silences say no more."""
    first = max(since, until - 24 * HOUR).replace(minute=0, second=0, microsecond=0)
    count = int((until - first) / HOUR) + 1
    starts = [first + place * HOUR for place in range(count)]
    return [(start, start + HOUR) for start in starts if start < until]


def _usual(known: Mapping[datetime, int], hour: datetime, first: datetime) -> float:
    """Posts of this hour of the day, one hour around it, on the days before."""
    around = [
        hour - timedelta(days=days) + shift * HOUR for days in range(1, 8) for shift in (-1, 0, 1)
    ]
    lived = [one for one in around if one >= first]
    return sum(known.get(one, 0) for one in lived) / len(lived) if lived else 0.0
