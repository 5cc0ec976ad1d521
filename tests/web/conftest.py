"""The people and the organisation of every web test. All of them are invented."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.test import Client
from tests.rooms import filled

from quivive.vocabulary.crises import Role
from quivive.web.people.models import AuditLine, Organisation, Person, RoleHolding
from quivive.web.people.words import ACTION_NAMES, CODED, DETAIL_NAMES, DETAIL_VALUES

NOW = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
PASSWORD = "neuf-pommes-sur-le-toit"


STRONG = "django.contrib.auth.hashers.Argon2PasswordHasher"
QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"


@pytest.fixture(autouse=True)
def _light_sign_in(settings):
    """Forget counted tries; hash passwords quickly, for what is slow on purpose adds up."""
    cache.clear()
    settings.PASSWORD_HASHERS = [QUICK, STRONG]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Begin with the tables of an empty room: in memory, or as the named database has them.

    Connections of threads close after each use: one left open outlives its test.
    """
    house = django_settings.DATABASES["default"]
    house["CONN_MAX_AGE"] = 0
    if connection.vendor != "sqlite":
        house["TEST"]["TEMPLATE"] = house["NAME"]
        yield
        return
    in_memory = connection.creation._get_test_db_name()
    with filled(in_memory, request.getfixturevalue("empty_room")):
        yield


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def organisation(db) -> Organisation:
    """An invented landlord, set up and allowed to watch."""
    return Organisation.objects.create(
        pk=1,
        name="Logis de Valdorle",
        dwellings=4200,
        set_up_at=NOW,
        legal_basis="legitimate-interest",
        purpose="Hear early.",
        need="Calls come late.",
        expectations="They write in public.",
        safeguards="No profiles.",
        basis_confirmed_at=NOW,
    )


@pytest.fixture
def make_person(organisation) -> Callable[..., Person]:
    """Make a person with roles: ``make_person("Zoé", Role.LEGAL)``."""

    def make(name: str, *roles: Role, language: str = "en", password: str | None = None) -> Person:
        person = Person.objects.create_user(
            f"{name.lower()}@valdorle.example",
            password,
            name=name,
            language=language,
            joined_at=NOW,
        )
        for role in roles:
            RoleHolding.objects.create(
                person=person,
                role=role.value,
                given_at=NOW,
                expires_at=datetime(2099, 1, 1, tzinfo=UTC) if role is Role.PARTNER else None,
            )
        return person

    return make


@pytest.fixture
def ana(make_person) -> Person:
    """Ana keeps watch and writes."""
    return make_person("Ana", Role.MONITOR, Role.DRAFTER)


@pytest.fixture
def ben(make_person) -> Person:
    """Ben approves."""
    return make_person("Ben", Role.APPROVER)


@pytest.fixture
def cleo(make_person) -> Person:
    """Cleo leads."""
    return make_person("Cleo", Role.LEAD)


@pytest.fixture
def dan(make_person) -> Person:
    """Dan can sign in and has no role."""
    return make_person("Dan")


@pytest.fixture
def emma(make_person) -> Person:
    """Emma is administrator."""
    return make_person("Emma", Role.ADMINISTRATOR)


@pytest.fixture
def browse() -> Callable[..., Client]:
    """Open an English browser for somebody: ``browse(ana).get("/")``; no one is a stranger."""

    def open_browser(person: Person | None = None, **headers: str) -> Client:
        client = Client(**{"HTTP_ACCEPT_LANGUAGE": "en", **headers})
        if person is not None:
            client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return open_browser


@receiver(post_save, sender=AuditLine)
def _is_told_in_words(instance: AuditLine, **_: object) -> None:
    """Whatever a test has written to the audit log must have words: none is shown as a code."""
    assert instance.action in ACTION_NAMES, instance.action
    for name, told in instance.detail.items():
        assert name in DETAIL_NAMES or "." in name, f"DETAIL_NAMES lacks {name!r}"  # a.b: a setting
        codes = told if isinstance(told, list) else [told]
        raw = [code for code in codes if isinstance(code, str) and code not in DETAIL_VALUES]
        assert name not in CODED or not any(raw), f"DETAIL_VALUES lacks {raw} of {name!r}"
