"""What every page knows: where one may go, what rings, and from where live updates go on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from quivive.web.room import queries
from quivive.web.waiting.queries import latest_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry of the navigation. ``desk``: only where there is room for a column."""

    address: str
    name: str
    icon: str
    here: bool
    desk: bool


PLACES = (
    ("room:lookout", _("Lookout"), "radar", False),
    ("room:signals", _("Signals"), "activity", False),
    ("listen:topics", _("Topics"), "hash", False),
    ("listen:imports", _("Import"), "upload", False),
    ("coordinate:crises", _("Crises"), "shield-alert", False),
    ("people:people", _("People"), "users", True),
    ("people:settings", _("Settings"), "settings", True),
)
OWN_PLACES = (
    ("people:profile", _("Your profile"), "user", False),
    ("people:people", _("People"), "users", False),
    ("people:settings", _("Settings"), "settings", False),
    ("room:design", _("How pages are made"), "book-open", False),
)


def house(request: HttpRequest) -> dict[str, object]:
    """Return the values the base template shows; callables are asked only where they are used."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {
        "places": lambda: list(_places(request, PLACES)),
        "own_places": lambda: list(_places(request, OWN_PLACES)),
        "ringing": queries.ringing_alerts,
        "live_after": latest_change,
    }


def _places(request: HttpRequest, wanted: Iterable[tuple[str, str, str, bool]]) -> Iterator[Place]:
    for name, title, icon, desk in wanted:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        here = request.path == address or (address != "/" and request.path.startswith(address))
        yield Place(address=address, name=title, icon=icon, here=here, desk=desk)
