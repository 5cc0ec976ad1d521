"""Peaks that people foresee (a campaign, rent notices): they explain a burst and never mute it."""

from collections.abc import Iterable
from datetime import date

import msgspec

PARTS = 3


class PlannedPeak(msgspec.Struct, frozen=True):
    """Days, both included, in which more is said for a known reason."""

    first: date
    last: date
    name: str


def read_peak(line: str) -> PlannedPeak:
    """Read ``first day, last day, name``, days as 2026-03-31.

    Raises:
        ValueError: when the line is not of this form, or ends before it begins.

    >>> read_peak("2026-03-01 2026-03-05 Rent notices").name
    'Rent notices'
    """
    parts = line.split(maxsplit=PARTS - 1)
    if len(parts) < PARTS:
        message = f"Two days and a name are needed: {line}"
        raise ValueError(message)
    peak = PlannedPeak(date.fromisoformat(parts[0]), date.fromisoformat(parts[1]), parts[2])
    if peak.last < peak.first:
        message = f"It ends before it begins: {line}"
        raise ValueError(message)
    return peak


def planned_between(lines: Iterable[str], first: date, last: date) -> list[PlannedPeak]:
    """Return the peaks that share a day with a span of days, in the order they are written."""
    peaks = (read_peak(line) for line in lines)
    return [peak for peak in peaks if peak.first <= last and first <= peak.last]
