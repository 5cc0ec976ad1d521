"""All that pages read of how people are reached and of who is told when."""

from datetime import datetime

from django.db.models import QuerySet

from quivive.coordinate.escalation import silence
from quivive.web.coordinate.models import Contact, EscalationStep
from quivive.web.coordinate.outbox import unseal
from quivive.web.coordinate.roster import everyone
from quivive.web.people.models import Person


def contacts(person: Person) -> list[tuple[Contact, str]]:
    """Return a person's own ways to be reached, each with its address in the clear."""
    return [(row, unseal(row.address)) for row in person.contacts.order_by("pk")]


def steps() -> QuerySet[EscalationStep]:
    """Return the escalation, in order."""
    return EscalationStep.objects.prefetch_related("people")


def who_can_answer(now: datetime) -> list[Person]:
    """Return the people of the organisation who can answer an alert, by name."""
    return list(Person.objects.filter(pk__in=everyone(now=now)).order_by("name", "pk"))


def nobody_told(now: datetime) -> tuple[datetime, datetime] | None:
    """Return from when to when an alert would reach nobody for quiet hours; None when it would.

    The last step tells everyone who can answer, so everyone's ways are what counts.
    """
    told = Contact.objects.select_related("person").filter(
        person__in=everyone(now=now), person__is_active=True, enabled=True
    )
    return silence([way.quiet for way in told], now)
