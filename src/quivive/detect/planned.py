"""Peaks people foresee (a campaign, rent notices): more is due in them, what goes beyond rings."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta, tzinfo

import msgspec

from quivive.vocabulary.topics import PlannedHours

PARTS = 3
TIMES = 2.0
"""What is thought of a peak when people only say that there will be one."""
MOST_TIMES = 100.0
STATED = re.compile(r"(?P<name>.*\S)\s+[x×](?P<times>\d+(?:[.,]\d+)?)")


class PlannedPeak(msgspec.Struct, frozen=True):
    """Days, both included, or hours of them, in which more is said for a known reason.

    Attributes:
        begins, ends: hours of the first and the last day; None: the whole day.
        times: how many times the usual is foreseen.
    """

    first: date
    last: date
    name: str
    begins: time | None = None
    ends: time | None = None
    times: float = TIMES

    def hours(self, zone: tzinfo) -> PlannedHours:
        """Return the hours of the peak where people live."""
        begin = datetime.combine(self.first, self.begins or time(), zone)
        end = datetime.combine(self.last, self.ends or time(), zone)
        if self.ends is None:
            end += timedelta(days=1)  # of the calendar: the day clocks change has 23 hours or 25
        return PlannedHours(int(begin.timestamp()), int(end.timestamp()), self.times)


def read_peak(line: str) -> PlannedPeak:
    """Read ``first day, last day, name``, days as 2026-03-31 or with an hour, 2026-03-31T18:00.

    How many times the usual is foreseen may stand at the end, as ×3.

    Raises:
        ValueError: when the line is not of this form, or ends before it begins.

    >>> read_peak("2026-03-01 2026-03-05 Rent notices x3").times
    3.0
    """
    parts = line.split(maxsplit=PARTS - 1)
    if len(parts) < PARTS:
        message = f"Two days and a name are needed: {line}"
        raise ValueError(message)
    (first, begins), (last, ends) = _read_end(parts[0]), _read_end(parts[1])
    name, times = parts[2], TIMES
    if stated := STATED.fullmatch(name):
        name, times = stated["name"], float(stated["times"].replace(",", "."))
    if not 1 <= times <= MOST_TIMES:
        message = f"From 1 to {MOST_TIMES:.0f} times the usual can be foreseen: {line}"
        raise ValueError(message)
    peak = PlannedPeak(first, last, name, begins, ends, times)
    if last < first or (last == first and ends is not None and ends <= (begins or time())):
        message = f"It ends before it begins: {line}"
        raise ValueError(message)
    return peak


def _read_end(text: str) -> tuple[date, time | None]:
    day, _, hour = text.partition("T")
    at = time.fromisoformat(hour) if hour else None
    if at is not None and at.tzinfo is not None:
        message = f"Hours are those of the place, without a zone: {text}"
        raise ValueError(message)
    return date.fromisoformat(day), at


def planned_between(lines: Iterable[str], first: date, last: date) -> list[PlannedPeak]:
    """Return the peaks that share a day with a span of days, in the order they are written."""
    return [peak for peak in _readable(lines) if peak.first <= last and first <= peak.last]


def hours_of(lines: Iterable[str], zone: tzinfo) -> tuple[PlannedHours, ...]:
    """Return the hours of all peaks, in the order they are written."""
    return tuple(peak.hours(zone) for peak in _readable(lines))


def _readable(lines: Iterable[str]) -> Iterator[PlannedPeak]:
    """Read lines that were kept; one that older rules let through must not stop the engine."""
    for line in lines:
        with suppress(ValueError):
            yield read_peak(line)
