"""What follows the colon of a field, read into numbers, ages, moments and hours."""

import math
import re
from datetime import datetime, timedelta, tzinfo

import msgspec

_UNITS = {"": 1, "k": 1e3, "m": 1e6}
_DAYS = {"d": 1, "j": 1, "w": 7, "s": 7, "m": 30, "y": 365, "a": 365}
_NUMBER = re.compile(r"(\d+(?:[.]\d+)?)([a-z]?)")
_SIGNED = re.compile(r"(>=|<=|>|<|=)?(.+)")
_HOURS = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
HOURS_A_DAY = 24


class Range(msgspec.Struct, frozen=True, gc=False):
    """Numbers between two bounds; ``over`` and ``under`` leave the bound itself out."""

    low: float = -math.inf
    high: float = math.inf
    over: bool = False
    under: bool = False

    def holds(self, number: float) -> bool:
        """Tell whether a number lies within."""
        above = number > self.low if self.over else number >= self.low
        return above and (number < self.high if self.under else number <= self.high)


def range_of(value: str) -> Range | None:
    """Read ``>10``, ``<=2k``, ``5`` or ``5..10``; None for anything else.

    >>> range_of(">10k").holds(10_001), range_of("5..10").holds(10), range_of("many")
    (True, True, None)
    """
    return _range(value, _UNITS)


def rate_of(value: str) -> Range | None:
    """Read ``>20/h``: so many an hour."""
    return range_of(value.removesuffix("/h")) if value.endswith("/h") else None


def age_of(value: str) -> Range | None:
    """Read ``<30d`` in days; w is a week, m 30 days, y 365 days.

    >>> age_of(">2w").low
    14.0
    """
    return _range(value, _DAYS)


def _range(value: str, units: dict[str, float] | dict[str, int]) -> Range | None:
    low, dots, high = value.partition("..")
    if dots:
        first, last = _number(low, units), _number(high, units)
        return Range(first, last) if first is not None and last is not None else None
    signed = _SIGNED.fullmatch(value)
    number = _number(signed[2], units) if signed else None
    if signed is None or number is None:
        return None
    match signed[1]:
        case ">" | ">=":
            return Range(low=number, over=signed[1] == ">")
        case "<" | "<=":
            return Range(high=number, under=signed[1] == "<")
        case _:
            return Range(number, number)


def _number(text: str, units: dict[str, float] | dict[str, int]) -> float | None:
    found = _NUMBER.fullmatch(text.lower())
    return float(found[1]) * units[found[2]] if found and found[2] in units else None


def moment_of(value: str, zone: tzinfo, *, last: bool) -> datetime | None:
    """Read a day or a moment (ISO 8601); ``last`` gives the end of a day instead of its start."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    if last and _DAY.fullmatch(value):
        try:
            return moment + timedelta(days=1) - timedelta(microseconds=1)
        except OverflowError:
            return None
    return moment


def hours_of(value: str) -> frozenset[int] | None:
    """Read ``8-18`` (the end not included), ``22-6`` over midnight, or the one hour ``8``.

    >>> sorted(hours_of("22-2"))
    [0, 1, 22, 23]
    """
    found = _HOURS.fullmatch(value)
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or int(found[1]) + 1)
    if first >= HOURS_A_DAY or last > HOURS_A_DAY:
        return None
    span = (last - first) % HOURS_A_DAY or HOURS_A_DAY
    return frozenset((first + hour) % HOURS_A_DAY for hour in range(span))


def several(value: str) -> tuple[str, ...]:
    """Split a value at its commas.

    >>> several("post, Reply")
    ('post', 'Reply')
    """
    return tuple(part for one in value.split(",") if (part := one.strip().removeprefix("@")))
