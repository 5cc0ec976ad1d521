"""How the command line speaks: the user's language, from LANGUAGE, LC_ALL, LC_MESSAGES or LANG."""

import gettext as catalogues
from datetime import datetime
from importlib.resources import files

from quivive.vocabulary.messages import Message, render


def _catalogue() -> catalogues.NullTranslations:
    folder = str(files("quivive") / "locale")
    return catalogues.translation("django", folder, fallback=True)


_CATALOGUE = _catalogue()


def gettext(text: str) -> str:
    """Translate a sentence of the command line itself."""
    return _CATALOGUE.gettext(text)


def spoken(message: Message) -> str:
    """Write out a sentence that came from the core."""
    return render(message, _translate)


def _translate(text: str, plural: str, count: int) -> str:
    return _CATALOGUE.ngettext(text, plural, count) if plural else _CATALOGUE.gettext(text)


def moment(at: datetime) -> str:
    """Write a time as the user's clock shows it, with its zone."""
    return f"{at.astimezone():%Y-%m-%d %H:%M %Z}"
