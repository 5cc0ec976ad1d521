"""Reads the dates people and tools write, in French and in English, into UTC."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from quivive.listen.records import FIRST_YEAR, LAST_YEAR, bad_date, no_field
from quivive.vocabulary.folding import fold

_BASIC = re.compile(r"\d{8}T\d{6}(?:Z|[+-]\d{4})?")  # ISO 8601 without marks
_LAST_SECOND = 4.2e9  # in the year 2103; a larger number counts smaller units
_YEAR_MONTHS = 12
_LONGEST = 100  # characters; no date has more, and a longer text would be looked at for minutes

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janv janvier",
            "feb february fevr fev fevrier",
            "mar march mars",
            "apr april avr avril",
            "may mai",
            "jun june juin",
            "jul july juil juillet",
            "aug august aout",
            "sep sept september septembre",
            "oct october octobre",
            "nov november novembre",
            "dec december decembre",
        ),
        start=1,
    )
    for name in names.split()
}
_ZONES_H = {
    "z": 0, "utc": 0, "gmt": 0, "bst": 1, "cet": 1, "cest": 2, "est": -5, "edt": -4,
    "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_CLOCK = (
    r"(?P<hour>\d{1,2})\s?[:.h]\s?(?P<minute>\d{2})?(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s?(?P<half>[ap]\.?m\.?)?"
)
_ZONE = r"\s?(?P<zone>z|[+-]\d{2}:?\d{2}|(?:utc|gmt)[+-]\d{1,2}|[a-z]{3,4})?"
_END = rf"(?:,?(?:\s+|t)(?:at\s|a\s)?\s*{_CLOCK}{_ZONE})?\s*$"
_WEEKDAY = r"^\s*(?:le\s+)?(?:[a-z]{2,9}\.?,?\s+)?"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"^\s*(?P<year>\d{{4}})[/.-](?P<month>\d{{1,2}})[/.-](?P<day>\d{{1,2}}){_END}",
        rf"{_WEEKDAY}(?P<first>\d{{1,2}})[/.-](?P<then>\d{{1,2}})[/.-](?P<year>\d{{4}}|\d{{2}}){_END}",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?[\s-](?P<name>[a-z]+)\.?,?[\s-](?P<year>\d{{4}}){_END}",
        rf"{_WEEKDAY}(?P<name>[a-z]+)\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_END}",
        rf"^\s*[a-z]+,?\s+(?P<name>[a-z]+)\s+(?P<day>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})\s*$",
        r"^(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)$",
    )
)


def moment(
    value: Any,
    *,
    field: str = "published",
    date_format: str = "",
    zone: str = "UTC",
    day_first: bool = True,
) -> datetime:
    """Read a date and time, whoever wrote it.

    ISO 8601, RFC 2822, the X API's ``Wed Oct 10 20:19:24 +0000 2018``, seconds, milliseconds,
    microseconds or nanoseconds since 1970, ``17/05/2024 14h30``, ``17 mai 2024 à 14:30``.

    Args:
        value: text, a number, or a date that a Parquet file already typed.
        field: named in the error.
        date_format: as in :meth:`datetime.strptime`; when given, nothing else is tried.
        zone: IANA name of the zone of dates that name none.
        day_first: whether 03/04 is the third of April.

    Raises:
        BadRecord: empty, not understood, or outside 1990 to 2100.

    >>> moment("Wed Oct 10 20:19:24 +0000 2018").isoformat()
    '2018-10-10T20:19:24+00:00'
    >>> moment("17/05/2024 14h30", zone="Europe/Paris").isoformat()
    '2024-05-17T12:30:00+00:00'
    """
    if value is None or value == "":
        raise no_field(field)
    try:
        found = _read(value, date_format=date_format, day_first=day_first)
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone_named(zone))
        if FIRST_YEAR <= found.year < LAST_YEAR:
            return found.astimezone(UTC)
    except (ValueError, OverflowError, OSError, TypeError, KeyError) as trouble:
        raise bad_date(str(value), field) from trouble
    raise bad_date(str(value), field)


def _read(value: Any, *, date_format: str, day_first: bool) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  the caller gives the zone
    if isinstance(value, bool):
        raise TypeError("a date, not yes or no")
    text = str(value).strip()
    if len(text) > _LONGEST:
        raise ValueError("too long for a date")
    if date_format:
        return datetime.strptime(text, date_format)  # noqa: DTZ007  the caller gives the zone
    if text[4:5] == "-" or _BASIC.fullmatch(text):
        with suppress(ValueError):
            return datetime.fromisoformat(text)
    return _since_1970(text) or _written(fold(text), day_first=day_first)


def _since_1970(text: str) -> datetime | None:
    """Read a number of seconds, or of thousandths, millionths, billionths of one, by its size."""
    if not re.fullmatch(r"\d{9,19}(\.\d*)?", text):
        return None
    seconds = float(text)
    if re.fullmatch(r"(19|20)\d{12}", text):
        return None  # 20240517143000 is a date without marks
    while seconds > _LAST_SECOND:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC)


@lru_cache(maxsize=4096)  # tables often tell minutes or days only, so rows repeat their date
def _written(text: str, *, day_first: bool) -> datetime:
    for shape in _SHAPES:
        found = shape.match(text)
        if found:
            return _of(found.groupdict(), day_first=day_first)
    raise ValueError(text)


def _of(parts: dict[str, str | None], *, day_first: bool) -> datetime:
    day, month = _day_and_month(parts, day_first=day_first)
    year = parts["year"] or ""
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "")[:1]
    if half:
        hour = hour % 12 + 12 * (half == "p")
    minute, second = int(parts.get("minute") or 0), int(parts.get("second") or 0)
    return datetime(
        int(year) if year[2:] else 2000 + int(year),
        month,
        day,
        hour,
        minute,
        second,
        tzinfo=_named(parts),
    )


def _day_and_month(parts: dict[str, str | None], *, day_first: bool) -> tuple[int, int]:
    if parts.get("name"):
        month = _MONTHS.get(parts["name"] or "")
        if month is None:
            raise ValueError(parts["name"])
        return int(parts["day"] or 0), month
    if parts.get("first"):
        first, then = int(parts["first"] or 0), int(parts["then"] or 0)
        swapped = first <= _YEAR_MONTHS and (then > _YEAR_MONTHS or not day_first)
        return (then, first) if swapped else (first, then)
    return int(parts["day"] or 0), int(parts["month"] or 0)


def _named(parts: dict[str, str | None]) -> tzinfo | None:
    name = parts.get("zone") or ""
    if not name:
        return None
    if name in _ZONES_H:
        return timezone(timedelta(hours=_ZONES_H[name])) if _ZONES_H[name] else UTC
    ahead = name.removeprefix("utc").removeprefix("gmt")
    if ahead[0] not in "+-":
        raise ValueError(name)
    sign, figures = -1 if ahead[0] == "-" else 1, ahead[1:].replace(":", "")
    hours, minutes = int(figures[:2]), int(figures[2:] or 0)
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


@lru_cache(maxsize=8)
def zone_named(name: str) -> tzinfo:
    """Return a zone by its IANA name."""
    return UTC if name == "UTC" else ZoneInfo(name)
