"""Keeps crises closed to partners who were given no part in them, whatever the address."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from quivive.coordinate.permissions import may
from quivive.web.coordinate.partner_queries import may_enter


class OwnCrises:
    """Says "not found" before a view is asked: no new address can forget it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep who answers."""
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, view: object, _args: object, address: Mapping[str, Any]
    ) -> None:
        """Refuse a crisis that is not theirs; what their role does not open, its guard refuses."""
        person, roles = request.user, request.roles  # type: ignore[attr-defined]
        wanted = getattr(view, "permission", None)
        if not person.is_authenticated or (wanted and not may(roles, wanted)):
            return
        if not may_enter(person, roles, address):
            raise Http404
