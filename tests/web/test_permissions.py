"""Every address of the room, tried by a stranger, by somebody without a role, and by each role.

The addresses are found in the project itself: a new view without a guard fails here by name.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.crises import Role
from quivive.web.people.guards import roles_that_may

OPEN_TO_PROGRAMS = {"api:openapi-json", "api:api-root"}
"""The description of the interface; it holds no data."""

OPEN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "people:setup",  # closed by itself once the room is set up
    "room:language",
    "set_language",
    "javascript-catalog",
}
"""What strangers may open: the way in, and the language."""

SIGNED = {"listen:call"}
"""Addresses for programs that sign what they send; an unsigned call is not believed."""

OWN_GUARD = ("account_", "mfa_")
"""Pages of the sign-in library: it asks for a signed-in person by itself."""

STREAMS = {"room:live"}
"""Streams of events refuse with a status: a stream cannot follow anybody to the sign-in page."""


def _addresses(
    patterns: list[Any], prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _addresses(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name or route}", route, pattern.callback


def _all() -> list[tuple[str, str, Callable[..., Any]]]:
    return list(_addresses(get_resolver().url_patterns))


def _path(route: str) -> str:
    """Fill an address with values that belong to nothing."""
    bare = re.sub(r"<(?:int|path):\w+>", "999999", route)
    bare = re.sub(r"<(?:\w+:)?\w+>", "nothing", bare)
    bare = re.sub(r"\(\?P<\w+>[^)]*\)", "nothing", bare)
    return "/" + bare.replace("^", "").replace("$", "").replace("\\", "")


GUARDED = [found for found in _all() if hasattr(found[2], "permission")]
PROGRAMS = [(name, route) for name, route, _ in _all() if route.startswith("api/")]
UNGUARDED = [
    found
    for found in _all()
    if not hasattr(found[2], "permission") and not found[1].startswith("api/")
]


def _names(cases: list[tuple[str, str, Any]]) -> list[str]:
    return [f"{name}-{number}" for number, (name, _, _) in enumerate(cases)]


def _knock(client: Client, route: str) -> HttpResponse:
    """Open an address, by POST where it refuses GET."""
    answer = client.get(_path(route))
    return client.post(_path(route)) if answer.status_code == 405 else answer


def _sent_to_sign_in(answer: HttpResponse) -> bool:
    place = answer.headers.get("Location", "")
    return answer.status_code == 302 and place.startswith("/account/")


class TestMapOfTheRoom:
    def test_is_not_empty(self):
        assert len(GUARDED) > 15

    def test_has_no_view_without_a_guard(self):
        bare = [
            name
            for name, _, _ in UNGUARDED
            if name not in OPEN | STREAMS | SIGNED and not name.startswith(OWN_GUARD)
        ]

        assert bare == [], "Put @needs(Permission.…) or @signed_in on these views."


@pytest.mark.django_db
class TestStranger:
    @pytest.mark.parametrize(("name", "route", "view"), GUARDED, ids=_names(GUARDED))
    def test_is_sent_to_sign_in(self, name, route, view, organisation, browse):
        assert _sent_to_sign_in(_knock(browse(), route))

    @pytest.mark.parametrize(("name", "route", "view"), UNGUARDED, ids=_names(UNGUARDED))
    def test_opens_the_way_in_only(self, name, route, view, organisation, browse):
        answer = _knock(browse(), route)

        refused = answer.status_code == 403 if name in STREAMS else _sent_to_sign_in(answer)
        assert name in OPEN or refused or (name in SIGNED and answer.status_code == 401)

    @pytest.mark.parametrize(("name", "route"), PROGRAMS, ids=[name for name, _ in PROGRAMS])
    def test_is_refused_by_every_address_for_programs(self, name, route, organisation, browse):
        answer = _knock(browse(), route)

        assert name in OPEN_TO_PROGRAMS or answer.status_code == 401


@pytest.mark.django_db
class TestSomebodyWithoutARole:
    def test_is_refused_everything_but_their_own_settings(self, dan, browse):
        browser = browse(dan)

        outcomes = {
            name: _knock(browser, route).status_code
            for name, route, view in GUARDED
            if view.permission is not None
        }

        assert {name for name, status in outcomes.items() if status != 403} == set()

    @pytest.mark.parametrize("route", [route for name, route, _ in UNGUARDED if name in STREAMS])
    def test_gets_no_stream(self, route, dan, browse):
        assert browse(dan).get(_path(route)).status_code == 403


WANTED = sorted({view.permission for _, _, view in GUARDED if view.permission is not None})


@pytest.mark.django_db
class TestRole:
    @pytest.mark.parametrize("role", Role)
    def test_opens_what_the_rules_allow_and_nothing_else(self, role, make_person, browse):
        browser = browse(make_person("Zoé", role))

        wrong = {
            name: answer.status_code
            for name, route, view in GUARDED
            if view.permission is not None and not may({role}, view.permission)
            for answer in [_knock(browser, route)]
            if answer.status_code != 403
        }

        assert wrong == {}

    @pytest.mark.parametrize("permission", WANTED)
    def test_that_is_named_on_the_refusal_is_enough(self, permission, make_person, browse):
        routes = [
            route
            for _, route, view in GUARDED
            if view.permission == permission and "<" not in route
        ]
        for role in roles_that_may(permission):
            browser = browse(make_person(f"Holder-{role}", role))

            assert 403 not in {_knock(browser, route).status_code for route in routes}


@pytest.mark.django_db
class TestRefusal:
    @pytest.mark.parametrize(
        ("language", "words"),
        [("en", b"This page is not for your role"), ("fr", b'<html lang="fr">')],
    )
    def test_names_the_role_and_whom_to_ask_in_the_readers_language(
        self, language, words, make_person, emma, browse
    ):
        somebody = make_person("Noé", Role.MONITOR, language=language)

        page = browse(somebody).get("/people/").content

        assert words in page
        assert b"Emma" in page
        assert b"emma@valdorle.example" in page

    def test_welcomes_who_was_invited_and_has_no_role_yet(self, make_person, emma, browse):
        answer = browse(make_person("Noé")).get("/")

        page = answer.content.decode()
        assert answer.status_code == 403
        assert "Your account is ready" in page
        assert "emma@valdorle.example" in page
        assert "not for your role" not in page

    def test_holds_for_a_partner_whose_time_is_over(self, make_person, browse):
        pia = make_person("Pia", Role.PARTNER)
        pia.holdings.update(expires_at="2020-01-01T00:00:00Z")
        partner_pages = [
            route
            for _, route, view in GUARDED
            if view.permission in {Permission.SEE_ROOM, Permission.SEE_ALERTS} and "<" not in route
        ]

        statuses = {_knock(browse(pia), route).status_code for route in partner_pages}

        assert statuses <= {403}
