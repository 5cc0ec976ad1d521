"""Who calls the API: a token with a scope, speaking for a person with roles."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security import HttpBearer

from quivive.coordinate.permissions import Permission, may
from quivive.web.coordinate.partner_queries import may_open
from quivive.web.people.queries import roles_of
from quivive.web.people.services import person_using_token

A_MINUTE = 600
"""Calls of one person a minute, over all their tokens: a loop gone wild must not stop the room."""


class Token(HttpBearer):
    """A bearer token that opens a scope; its person must hold the permission besides."""

    def __init__(self, scope: str, permission: Permission) -> None:
        """Remember what the operation needs."""
        super().__init__()
        self.scope = scope
        self.permission = permission

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the person a token speaks for.

        Raises:
            HttpError: their roles do not allow the operation, or they call too often.
        """
        now = timezone.now()
        person = person_using_token(raw=token, scope=self.scope, now=now)
        if person is None:
            return None
        _refuse_too_many(person.pk, now)
        roles = roles_of(person, now=now)
        if not may(roles, self.permission):
            raise HttpError(
                HTTPStatus.FORBIDDEN,
                f"{person} holds no role that allows {self.permission.value}.",
            )
        address = request.resolver_match
        if not address or not may_open(person, roles, address.view_name, address.kwargs):
            raise Http404
        return person


def _refuse_too_many(person: int, now: datetime) -> None:
    key = f"api:{person}:{now:%Y%m%d%H%M}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > A_MINUTE:
        raise HttpError(
            HTTPStatus.TOO_MANY_REQUESTS,
            _("You have called more than {most} times within a minute.").format(most=A_MINUTE),
        )


READ = Token("read", Permission.SEE_ROOM)
READ_ALERTS = Token("read", Permission.SEE_ALERTS)
READ_POSTS = Token("read", Permission.SEE_PERSONAL_DATA)
WRITE_ALERTS = Token("write", Permission.ACKNOWLEDGE)
WRITE_CRISES = Token("write", Permission.OPEN_CRISIS)
WRITE_LOG = Token("write", Permission.WRITE_LOG)
VERIFY = Token("write", Permission.VERIFY_CLAIM)
EXPORT = Token("export", Permission.EXPORT)
INGEST = Token("ingest", Permission.IMPORT)
