"""Keeps the room closed to partners but for the crises they were given a part in."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from quivive.coordinate.permissions import may
from quivive.web.coordinate.partner_queries import may_open


class PartnersRoom:
    """Says "not found" before a view is asked: no new address can forget it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep who answers."""
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, view: object, _args: object, values: Mapping[str, Any]
    ) -> HttpResponse | None:
        """Refuse what is not theirs; what their role does not open, its guard refuses.

        A list of everything, to which pages lead back, leads a partner to the list of theirs.
        """
        person, roles = request.user, request.roles  # type: ignore[attr-defined]
        wanted = getattr(view, "permission", None)
        if not person.is_authenticated or wanted is None or not may(roles, wanted):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if may_open(person, roles, name, values):
            return None
        if request.method == "GET" and not values:
            return HttpResponseRedirect(reverse("coordinate:crises"))
        raise Http404
