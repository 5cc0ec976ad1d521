"""Who may open a page: every view says what it needs, and a refusal says whom to ask."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.crises import Role
from quivive.web.people import queries
from quivive.web.people.typed import words_of
from quivive.web.people.words import ROLE_NAMES

if TYPE_CHECKING:
    from quivive.web.people.queries import Person

P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """A request of somebody known. ``roles`` are those that count at this moment."""

    user: "Person"
    roles: frozenset[Role]


View = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]
GuardedView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def needs(permission: Permission) -> Callable[[View[P]], GuardedView[P]]:
    """Open a view to people whose roles allow ``permission``; send others to sign in, or refuse."""

    def guard(view: View[P]) -> GuardedView[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_the_door(request)
            if not may(request.roles, permission):  # type: ignore[attr-defined]
                return refuse(request, permission)  # type: ignore[arg-type]
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def signed_in(view: View[P]) -> GuardedView[P]:
    """Open a view to anybody who is signed in: their own settings, their own tokens."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_the_door(request)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    guarded.permission = None  # type: ignore[attr-defined]
    return guarded


def to_the_door(request: HttpRequest) -> HttpResponse:
    """Send somebody to sign in, and from there back to a page, never to where a form was sent."""
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    door = redirect_to_login(_page_before(request))
    if typed := words_of(request):
        values = {"typed": typed, "door": door.url}
        return render(request, "people/session_ended.html", values, status=HTTPStatus.UNAUTHORIZED)
    told = _("Your session had ended: what you sent was not kept. Sign in, then send it again.")
    messages.warning(request, told)
    return door


def _page_before(request: HttpRequest) -> str:
    """Return the page of ours that a form stood on; the first page where that is not told."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(came_from)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def roles_that_may(permission: Permission) -> list[Role]:
    """Return the roles any of which is enough."""
    return [role for role in Role if may(frozenset({role}), permission)]


def refuse(request: SignedInRequest, permission: Permission) -> HttpResponse:
    """Say which roles may do this, and who holds them; welcome somebody who has none yet."""
    roles = roles_that_may(permission)
    now = timezone.now()
    values = {
        "roles": [ROLE_NAMES[role] for role in roles],
        "holders": queries.holders(roles, now=now),
        "administrators": queries.holders([Role.ADMINISTRATOR], now=now),
    }
    new = not queries.had_a_role(request.user)
    template = "people/no_role.html" if new else "people/refused.html"
    return render(request, template, values, status=403)
