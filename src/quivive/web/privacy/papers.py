"""Papers about privacy: made from the settings in either language, shown, printed, taken out."""

from collections.abc import Sequence

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quivive.web.privacy.queries import Kept

LANGUAGES = (("fr", "Français"), ("en", "English"))


class Line(msgspec.Struct, frozen=True):
    """A question with its answer; an empty answer is for a person to fill in."""

    asks: str
    says: str = ""


class Part(msgspec.Struct, frozen=True):
    """A part of a paper."""

    title: str
    lines: tuple[Line, ...]


class Paper(msgspec.Struct, frozen=True):
    """A whole paper.

    Attributes:
        lead: what is said before its parts.
    """

    title: str
    lead: str
    parts: tuple[Part, ...]


def days_kept(kept: Sequence[Kept]) -> list[str]:
    """Say of each network how long its posts are kept."""
    return [
        ngettext("%(network)s: %(days)s day", "%(network)s: %(days)s days", row.days)
        % {"network": row.network, "days": row.days}
        for row in kept
    ]


def as_markdown(paper: Paper) -> str:
    """Write a paper as Markdown; what is open is marked."""
    empty = _("to fill in")
    blocks = [f"# {_plain(paper.title)}", _plain(paper.lead)]
    for part in paper.parts:
        blocks.append(f"## {_plain(part.title)}")
        for line in part.lines:
            said = " ".join(line.says.split())
            blocks.append(f"**{_plain(line.asks)}**\n\n{_plain(said) or f'[{empty}]'}")
    return "\n\n".join(blocks) + "\n"


def _plain(text: str) -> str:
    """Keep what people typed from being read as marks of the page."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in text)
