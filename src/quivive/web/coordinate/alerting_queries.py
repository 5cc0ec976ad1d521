"""All that pages read of how people are reached and of who is told when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from quivive.coordinate.escalation import silence
from quivive.web.coordinate.models import Contact, Crisis, EscalationStep, Outage
from quivive.web.coordinate.outbox import unseal
from quivive.web.coordinate.roster import everyone
from quivive.web.detect.models import Alert, AlertState
from quivive.web.listen.checkpoints import LATE, looked_until
from quivive.web.listen.models import Match, Source, Topic
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What the last day brought, for the morning note.

    Attributes:
        heard: posts that topics under watch caught, our own left out.  topics: how many these are.
        rang: alerts of the day, newest first.  ringing: how many still do.
        crises: those people work on.
        silent: sources that bring nothing.  sources: how many are listened to.
        blind: the engine stands still, so that calm would be a guess.
    """

    heard: int
    topics: int
    rang: list[Alert]
    ringing: int
    crises: list[Crisis]
    silent: list[Outage]
    sources: int
    blind: bool

    @property
    def calm(self) -> bool:
        """Nothing is to be told, and the room would know."""
        return not (self.rang or self.ringing or self.crises or self.silent or self.blind)


def day_until(now: datetime) -> Day:
    """Return what the day before ``now`` brought."""
    since = now - timedelta(days=1)
    watched = Topic.objects.filter(archived_at=None)
    caught = Match.objects.in_view().filter(topic__in=watched, heard_at__gt=since, post__own=False)
    rang = Alert.objects.filter(rang_at__gt=since).exclude(state=AlertState.PAST)
    looked = looked_until()
    return Day(
        heard=caught.values("post").distinct().count(),
        topics=watched.count(),
        rang=list(rang.select_related("signal__topic").order_by("-rang_at", "-pk")),
        ringing=Alert.objects.filter(state=AlertState.RINGING).count(),
        crises=list(Crisis.objects.filter(closed_at=None).order_by("opened_at")),
        silent=list(Outage.objects.filter(ended_at=None).select_related("source")),
        sources=Source.objects.filter(stopped_at=None).count(),
        blind=looked is None or now - looked > LATE,
    )


def nobody_told(now: datetime) -> tuple[datetime, datetime] | None:
    """Return from when to when an alert would reach nobody for quiet hours; None when it would.

    The last step tells everyone who can answer, so everyone's ways are what counts.
    """
    told = Contact.objects.select_related("person").filter(
        person__in=everyone(now=now), person__is_active=True, enabled=True
    )
    return silence([way.quiet for way in told], now)
