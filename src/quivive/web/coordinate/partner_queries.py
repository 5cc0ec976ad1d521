"""Which crises somebody may enter: an outside partner those they were given a part in (R-02)."""

from collections.abc import Mapping, Set

from django.db.models import Q

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.crises import Role
from quivive.web.coordinate.models import Crisis, Enquiry, Task
from quivive.web.people.models import Person

EVERYTHING = Q()


def seen_by(person: Person, roles: Set[Role]) -> Q:
    """Return what narrows crises to those somebody may see.

    Whoever is in the room as a partner alone sees those in which a task, a journalist's question,
    the lead or the word was given to them; the others' room stays closed (crisis.md 1.6).
    """
    if may(roles - {Role.PARTNER}, Permission.SEE_ROOM) or Role.PARTNER not in roles:
        return EVERYTHING
    given = Task.objects.filter(owner=person).values("crisis")
    asked = Enquiry.objects.filter(owner=person).values("crisis")
    return Q(pk__in=given) | Q(pk__in=asked) | Q(lead=person) | Q(speaker=person)


def may_enter(person: Person, roles: Set[Role], address: Mapping[str, object]) -> bool:
    """Tell whether the crisis an address leads to, if any, is open to somebody.

    Args:
        address: the values in it: ``crisis_id``, or what belongs to one.
    """
    seen = seen_by(person, roles)
    if seen == EVERYTHING:
        return True
    ways = (("crisis_id", "pk"), ("task_id", "tasks"), ("enquiry_id", "enquiries"))
    return all(
        Crisis.objects.filter(seen, **{way: address[name]}).exists()
        for name, way in ways
        if name in address
    )
