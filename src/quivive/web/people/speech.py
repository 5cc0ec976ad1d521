"""How the room writes sentences, numbers and times for one reader: language and time zone."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from babel import Locale
from babel.dates import format_datetime, format_skeleton, format_timedelta
from babel.numbers import format_decimal, format_percent
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from quivive.listen.addresses import network_called
from quivive.vocabulary.messages import Message, Value, length_in, render
from quivive.web.people.words import NETWORK_NAMES, NO_SITE

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
HOUR_S = 3600
MINUTE_S = 60
LEAST = 0.005
"""What two decimals would write as zero, and is not."""


_NAMES_SHOWN = ContextVar("names_shown", default=True)
"""Whether the reader may know who wrote a post; a notice goes only to people who may."""


@contextmanager
def for_a_reader(*, sees_names: bool) -> Iterator[None]:
    """Write sentences for somebody who may know who wrote a post, or may not (LR-06)."""
    before = _NAMES_SHOWN.set(sees_names)
    try:
        yield
    finally:
        _NAMES_SHOWN.reset(before)


def locale() -> str:
    """Return the reader's language, as Babel names it."""
    return (get_language() or "en").split("-", maxsplit=1)[0]


def spoken(message: Message | Mapping[str, Any] | None) -> str:
    """Write out a stored sentence for the reader; a person's own words stay as they are.

    >>> spoken({"text": "Nous arrivons {à l'heure}", "own": True})
    "Nous arrivons {à l'heure}"
    """
    if not message:
        return ""
    if isinstance(message, Mapping):
        if message.get("own"):
            return str(message.get("text", ""))
        message = msgspec.convert(message, Message)
    if isinstance(network := message.values.get("network"), str):
        named = {**message.values, "network": network_name(network)}
        message = msgspec.structs.replace(message, values=named)
    if "author" in message.values and not _NAMES_SHOWN.get():
        nameless = {**message.values, "author": gettext("Somebody")}
        message = msgspec.structs.replace(message, values=nameless)
    return render(message, _translate, localise)


def _translate(text: str, plural: str, count: int) -> str:
    if not text:
        return ""
    return ngettext(text, plural, count) if plural else gettext(text)


def localise(value: Value) -> str:
    """Write a value that fills a sentence: numbers the reader's way, ISO times in their zone.

    Other words stay as they are: somebody's topic called “Lead” is no word of ours.
    """
    if isinstance(value, str):
        if at := _moment_in(value):
            return gettext("{day}, {time}").format(day=_day(at), time=clock_time(at))
        return length_in(value, day=gettext("d")) or value
    return number(value)


def _moment_in(value: str) -> datetime | None:
    """Read a time of ours; a stranger's name may look like one and be none."""
    if not ISO.match(value):
        return None
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(timezone.get_current_timezone()) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def network_name(network: str) -> str:
    """Name a network as people do; one we have no name for keeps its own."""
    return str(NETWORK_NAMES.get(network, network))


def network_named(typed: str) -> str:
    """Return the word under which a network's posts are stored, from its name in the reader's way.

    >>> network_named("LinkedIn"), network_named("Intranet")
    ('linkedin', 'Intranet')
    """
    names = {str(name).casefold(): key for key, name in NETWORK_NAMES.items()}
    return names.get(typed.casefold()) or network_called(typed)


def language_name(code: str) -> str:
    """Name a language the reader's way; a code that nobody named stays.

    >>> language_name("fr"), language_name("und"), language_name("zz")
    ('français', 'langue indéterminée', 'zz')
    """
    return str(Locale(locale()).languages.get(code, code))


def is_site(network: str) -> bool:
    """Tell whether one may open a post “on” it: not so of a file or the press."""
    return network not in NO_SITE


def number(value: float | None) -> str:
    """Write a number: at most one decimal from one on, two below, and never a false zero."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(format_decimal(value, locale=locale()))
    size = abs(value)
    digits = "#,##0.#" if size >= 1 else "#,##0.##" if size >= LEAST or not size else "@"
    return str(format_decimal(value, format=digits, locale=locale()))


def percent(share: float | None) -> str:
    """Write a share of one as whole per cent."""
    return "" if share is None else str(format_percent(share, locale=locale()))


def moment(at: datetime | None) -> str:
    """Write a day and minute in the reader's zone, with the year only when it is not this one."""
    return "" if at is None else f"{_day(at)}, {clock_time(at)}"


def _day(at: datetime) -> str:
    here = timezone.localtime(at)
    skeleton = "MMMd" if here.year == timezone.localtime().year else "yMMMd"
    return str(format_skeleton(skeleton, here, tzinfo=here.tzinfo, locale=locale()))


def long_moment(at: datetime) -> str:
    """Write a moment with everything, seconds and zone, for those who point at it."""
    here = timezone.localtime(at)
    return str(format_datetime(here, "full", tzinfo=here.tzinfo, locale=locale()))


def clock_time(at: datetime | None) -> str:
    """Write the hour and minute only."""
    return "" if at is None else timezone.localtime(at).strftime("%H:%M")


def ago(at: datetime | None, now: datetime) -> str:
    """Write how long ago ``at`` was, or in how long it comes; “a” is no French for a year."""
    if at is None:
        return gettext("never")
    away = at - now
    if abs(away) < timedelta(minutes=1):
        return gettext("just now")
    form: Literal["short", "long"] = "short" if abs(away) < timedelta(days=1) else "long"
    return str(format_timedelta(away, add_direction=True, format=form, locale=locale()))


def duration(length: timedelta | float | None) -> str:
    """Write a length of time (a ``timedelta`` or seconds) with its two largest units.

    A day is 24 h, as in signals, and nothing is said of a second unit that is 0.

    >>> duration(3900), duration(3600), duration(86_400)
    ('1 h 05 min', '1 h', '24 h')
    """
    if length is None:
        return ""
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    return f"−{_units(-seconds)}" if seconds < 0 else _units(seconds)


def _units(seconds: int) -> str:
    days, rest = divmod(seconds, 24 * HOUR_S)
    hours, rest = divmod(rest, HOUR_S)
    minutes, left = divmod(rest, MINUTE_S)
    if days and hours:
        return gettext("{days} d {hours} h").format(days=days, hours=hours)
    if days > 1:
        return gettext("{days} d").format(days=days)
    if days or (hours and not minutes):
        return gettext("{hours} h").format(hours=hours or 24)
    if hours:
        return gettext("{hours} h {minutes:02d} min").format(hours=hours, minutes=minutes)
    if minutes:
        return gettext("{minutes} min").format(minutes=minutes)
    return gettext("{seconds} s").format(seconds=left)
