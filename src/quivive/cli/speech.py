"""How the command line speaks: the user's language, from LANGUAGE, LC_ALL, LC_MESSAGES or LANG."""

import gettext as catalogues
import re
import unicodedata
from datetime import datetime
from importlib.resources import files

from babel.numbers import format_decimal

from quivive.vocabulary.messages import Message, Value, length_in, render


def _catalogue() -> catalogues.NullTranslations:
    """Return our sentences; the library that draws help pages looks its own up there too."""
    folder = str(files("quivive") / "locale")
    catalogues.bindtextdomain("django", folder)
    catalogues.textdomain("django")
    return catalogues.translation("django", folder, fallback=True)


_CATALOGUE = _catalogue()
LANGUAGE = _CATALOGUE.info().get("language") or "en"
_LEAST = 0.005
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d|Z)")


def gettext(text: str) -> str:
    """Translate a sentence of the command line itself."""
    return _CATALOGUE.gettext(text)


def gettext_noop(text: str) -> str:
    """Collect for translation a sentence that somebody else says."""
    return text


HELP_PAGE = (
    gettext_noop("Arguments"),
    gettext_noop("Commands"),
    gettext_noop("Options"),
    gettext_noop("[required]"),
    gettext_noop("[default: {}]"),
)
"""What the library writes around our sentences; it finds them in our catalogue."""


def spoken(message: Message) -> str:
    """Write out a sentence that came from the core."""
    return render(message, _translate, localise)


def _translate(text: str, plural: str, count: int) -> str:
    return _CATALOGUE.ngettext(text, plural, count) if plural else _CATALOGUE.gettext(text)


def localise(value: Value) -> str:
    """Write numbers as the language does; ISO times as the user's clock shows them."""
    if isinstance(value, str):
        return _moment_in(value) or length_in(value, day=gettext("d")) or harmless(value)
    digits = "#,##0.##" if abs(value) >= _LEAST or not value else "@"
    return format_decimal(value, format=digits, locale=LANGUAGE)


def harmless(text: str) -> str:
    r"""Take out control characters: no post may drive the terminal of whoever reads it.

    >>> harmless("red \x1b[31mherring")
    'red  [31mherring'
    """
    return "".join(
        sign if sign == "\n" or unicodedata.category(sign) != "Cc" else " " for sign in text
    )


def _moment_in(text: str) -> str:
    """Read a time out of a value; empty where it is none, as in a line that was set aside."""
    try:
        return moment(datetime.fromisoformat(text)) if _TIME.fullmatch(text) else ""
    except (ValueError, OverflowError):
        return ""


def moment(at: datetime) -> str:
    """Write a time as the user's clock shows it, with its zone."""
    return f"{at.astimezone():%Y-%m-%d %H:%M %Z}"
