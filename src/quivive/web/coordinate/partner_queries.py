"""What an outside partner may open: crises they were given a part in, nothing else (R-02)."""

from collections.abc import Mapping, Set
from typing import Any

from django.db.models import Q

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.crises import Role
from quivive.web.coordinate.models import Crisis, Enquiry, Task
from quivive.web.detect.models import Alert, Claim
from quivive.web.listen.models import Topic
from quivive.web.people.models import Person

EVERYTHING = Q()

NARROWED = frozenset(
    {"coordinate:crises", "room:ringing", "room:design", "listen:saw", "api:crises"}
)
"""Addresses that belong to no crisis and show a partner theirs alone, or nothing of anybody's."""


_OF_A_CRISIS = {"crisis_id": "pk", "task_id": "tasks", "enquiry_id": "enquiries"}
_OF_A_TOPIC: Mapping[str, tuple[Any, str, str]] = {
    "slug": (Topic, "slug", "pk"),
    "alert_id": (Alert, "pk", "signal__topic"),
    "claim_id": (Claim, "pk", "topic"),
}
"""Values of addresses: the row each names, and how that leads to a topic."""


def is_outside(roles: Set[Role]) -> bool:
    """Tell whether somebody is in the room as a partner alone."""
    return Role.PARTNER in roles and not may(roles - {Role.PARTNER}, Permission.SEE_ROOM)


def seen_by(person: Person, roles: Set[Role]) -> Q:
    """Return what narrows crises to those somebody may see.

    A partner sees those in which a task, a journalist's question, the lead or the word was given to
    them; the others' room stays closed (crisis.md 1.6).
    """
    if not is_outside(roles):
        return EVERYTHING
    given = Task.objects.filter(owner=person).values("crisis")
    asked = Enquiry.objects.filter(owner=person).values("crisis")
    return Q(pk__in=given) | Q(pk__in=asked) | Q(lead=person) | Q(speaker=person)


def topics_seen_by(person: Person, roles: Set[Role]) -> Q:
    """Return what narrows topics to those of the crises somebody may see."""
    seen = seen_by(person, roles)
    if seen == EVERYTHING:
        return EVERYTHING
    return Q(pk__in=Crisis.objects.filter(seen).values("threat__topic"))


def may_open(person: Person, roles: Set[Role], name: str, values: Mapping[str, object]) -> bool:
    """Tell whether an address is open to somebody whose role opens what it shows.

    For a partner every address is closed, a new one too, unless it shows theirs alone or each of
    its values leads to theirs.

    Args:
        name: of the address, as ``coordinate:crisis``.
        values: in the address: ``crisis_id``, or what belongs to a crisis or to its topic.
    """
    if not is_outside(roles) or name in NARROWED:
        return True
    values = {key: value for key, value in values.items() if key not in {"table", "form", "kind"}}
    return bool(values) and all(
        _is_theirs(person, roles, key, value) for key, value in values.items()
    )


def may_enter(person: Person, roles: Set[Role], crisis_id: str | int) -> bool:
    """Tell whether a crisis is open to somebody."""
    return Crisis.objects.filter(seen_by(person, roles), pk=crisis_id).exists()


def _is_theirs(person: Person, roles: Set[Role], key: str, value: object) -> bool:
    seen = seen_by(person, roles)
    if key in _OF_A_CRISIS:
        return Crisis.objects.filter(seen, **{_OF_A_CRISIS[key]: value}).exists()
    if key not in _OF_A_TOPIC:
        return False
    model, way, to_topic = _OF_A_TOPIC[key]
    topics = Topic.objects.filter(topics_seen_by(person, roles))
    return bool(model.objects.filter(**{way: value, f"{to_topic}__in": topics}).exists())
