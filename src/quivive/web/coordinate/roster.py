"""Who is woken by an alert, by role."""

from collections.abc import Collection, Sequence
from datetime import datetime

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.crises import Role
from quivive.web.people.queries import holdings

TOLD = tuple(
    role for role in Role if role is not Role.PARTNER and may([role], Permission.ACKNOWLEDGE)
)
"""Roles whose holders are woken: "everyone" means those who can answer, partners left out."""


def everyone(*, now: datetime) -> list[int]:
    """Return the ids of the people of the organisation who can answer an alert."""
    return _people(TOLD, now)


def who_may_answer(*, now: datetime) -> list[int]:
    """Return the ids of all who can answer an alert at this moment, partners included."""
    return _people([role for role in Role if may([role], Permission.ACKNOWLEDGE)], now)


def first_of(choices: Sequence[tuple[Role, bool | None]], now: datetime) -> list[int]:
    """Return who holds the first role that anybody holds.

    Args:
        choices: roles in order; True asks for deputies, False for holders, None for both.
        now: the moment at which the roles must hold.
    """
    for role, deputy in choices:
        if people := _people((role,), now, deputy=deputy):
            return people
    return []


def _people(roles: Collection[Role], now: datetime, *, deputy: bool | None = None) -> list[int]:
    held = holdings(now=now).filter(role__in=[role.value for role in roles])
    if deputy is not None:
        held = held.filter(deputy=deputy)
    return sorted(set(held.values_list("person_id", flat=True)))
