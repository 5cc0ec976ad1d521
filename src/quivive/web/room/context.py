"""What every page knows: where one may go, what rings, and from where live updates go on."""

from dataclasses import dataclass
from functools import cache

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.crises import Role
from quivive.web.coordinate.partner_queries import NARROWED, is_outside, topics_seen_by
from quivive.web.respond.queries import waiting_now
from quivive.web.room import queries
from quivive.web.waiting.queries import latest_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the navigation; it shows to those who may open it."""

    to: str
    name: Promise
    icon: str
    needs: Permission | None = Permission.SEE_ROOM


HOURLY = (
    Entry(to="room:lookout", name=_("Lookout"), icon="radar"),
    Entry(to="room:signals", name=_("Signals"), icon="activity", needs=Permission.SEE_ALERTS),
    Entry(to="respond:inbox", name=_("Inbox"), icon="inbox", needs=Permission.SEE_PERSONAL_DATA),
    Entry(to="coordinate:crises", name=_("Crises"), icon="shield-alert"),
    Entry(to="listen:topics", name=_("Topics"), icon="hash"),
)
"""What one opens many times a day: all that a phone has room for below the page."""

LISTENING = (
    Entry(to="listen:search", name=_("Search"), icon="search", needs=Permission.SEE_PERSONAL_DATA),
    Entry(to="listen:sources", name=_("Sources"), icon="plug"),
    Entry(to="people:panels", name=_("Panels"), icon="newspaper"),
    Entry(to="people:places", name=_("Places"), icon="map-pin"),
    Entry(to="listen:imports", name=_("Import"), icon="upload", needs=Permission.IMPORT),
    Entry(to="listen:saw", name=_("I saw this"), icon="eye", needs=Permission.SEND_QUESTION),
    Entry(
        to="listen:evidence",
        name=_("Evidence"),
        icon="shield-check",
        needs=Permission.SEE_PERSONAL_DATA,
    ),
)
HOUSE = (
    Entry(
        to="coordinate:escalation",
        name=_("Who is told"),
        icon="bell",
        needs=Permission.MANAGE_SETTINGS,
    ),
    Entry(to="people:people", name=_("People"), icon="users", needs=Permission.MANAGE_PEOPLE),
    Entry(
        to="privacy:overview",
        name=_("Privacy"),
        icon="fingerprint",
        needs=Permission.MANAGE_PRIVACY,
    ),
    Entry(to="people:audit", name=_("Audit log"), icon="list-checks", needs=Permission.SEE_AUDIT),
    Entry(
        to="people:settings",
        name=_("Settings"),
        icon="settings",
        needs=Permission.MANAGE_SETTINGS,
    ),
)
OWN = (
    Entry(to="people:profile", name=_("Your profile"), icon="user", needs=None),
    Entry(to="coordinate:contacts", name=_("How you are told"), icon="smartphone", needs=None),
    Entry(to="room:design", name=_("How pages are made"), icon="book-open"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry of the navigation as this page shows it."""

    address: str
    name: Promise
    icon: str
    here: bool


def house(request: HttpRequest) -> dict[str, object]:
    """Return the values the base template shows; callables are asked only where they are used."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    may_see_alerts = may(getattr(request, "roles", ()), Permission.SEE_ALERTS)
    here = cache(lambda: _here(request.path))
    return {
        "hourly_places": lambda: _places(request, HOURLY, here()),
        "listening_places": lambda: _places(request, LISTENING, here()),
        "house_places": lambda: _places(request, HOUSE, here()),
        "own_places": lambda: _places(request, OWN, here()),
        "waiting_people": lambda: waiting_now(person=user, now=timezone.now()),
        "ringing": (lambda: queries.ringing_alerts(_seen(request))) if may_see_alerts else (),
        "live_after": latest_change,
        "may_manage": may(getattr(request, "roles", ()), Permission.MANAGE_SETTINGS),
        "may_edit_topics": may(getattr(request, "roles", ()), Permission.MANAGE_TOPICS),
        "may_see_alerts": may_see_alerts,
        "may_see_people": may(getattr(request, "roles", ()), Permission.SEE_PERSONAL_DATA),
        "may_export": may(getattr(request, "roles", ()), Permission.EXPORT),
    }


def _places(request: HttpRequest, entries: tuple[Entry, ...], here: str) -> list[Place]:
    roles: frozenset[Role] = getattr(request, "roles", frozenset())
    outside = is_outside(roles)
    open_to = [
        entry
        for entry in entries
        if entry.needs is None
        or (may(roles, entry.needs) and (not outside or entry.to in NARROWED))
    ]
    addresses = [reverse(entry.to) for entry in open_to]
    return [
        Place(address=address, name=entry.name, icon=entry.icon, here=address == here)
        for entry, address in zip(open_to, addresses, strict=True)
    ]


def _here(path: str) -> str:
    """Return the address where one is: the deepest that the page's own begins with."""
    known = [reverse(entry.to) for entry in (*HOURLY, *LISTENING, *HOUSE, *OWN)]
    topics = reverse("listen:topics")
    return max((at for at in known if _leads_to(at, path, topics)), key=len, default="")


def _seen(request: HttpRequest) -> Q:
    """Return what narrows topics to those the reader may see."""
    return topics_seen_by(request.user, request.roles)  # type: ignore[arg-type,attr-defined]


def _leads_to(address: str, path: str, topics: str) -> bool:
    if address == "/":
        return path == "/"
    return path.startswith((address, "/topics/") if address == topics else address)
