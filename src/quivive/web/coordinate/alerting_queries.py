"""All that pages read of how people are reached and of who is told when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from quivive.coordinate.escalation import deliver_at, silence
from quivive.vocabulary.crises import Role
from quivive.web.coordinate.models import Contact, Crisis, EscalationStep, Outage
from quivive.web.coordinate.outbox import unseal
from quivive.web.coordinate.roster import everyone
from quivive.web.detect.models import Alert, AlertState
from quivive.web.listen.checkpoints import is_blind, looked_until
from quivive.web.listen.models import Match, Source, Topic
from quivive.web.people.models import Person
from quivive.web.people.queries import holders


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
class OnDuty:
    """Somebody who holds a role, and whether they can be told now (R-30).

    Attributes:
        external: of another organisation (a partner).
        quiet_until: when their quiet hours end, where all their ways are quiet now.
        unreachable: they have no way to be told.
    """

    person: Person
    deputy: bool
    external: bool
    quiet_until: datetime | None
    unreachable: bool


def who_is_on_duty(roles: Collection[Role], *, now: datetime) -> dict[Role, list[OnDuty]]:
    """Return who holds each of these roles at this moment, holders before deputies."""
    held = holders(roles, now=now)
    people = [one.person_id for one in held]
    partners = {one.person_id for one in holders([Role.PARTNER], now=now)}
    ways: dict[int, list[datetime]] = {}
    for way in Contact.objects.filter(person__in=people, enabled=True).select_related("person"):
        at = deliver_at(now, severity=1, quiet=way.quiet)
        ways.setdefault(way.person_id, []).append(at)
    found: dict[Role, list[OnDuty]] = {}
    for one in held:
        soonest = min(ways.get(one.person_id, []), default=None)
        found.setdefault(Role(one.role), []).append(
            OnDuty(
                person=one.person,
                deputy=one.deputy,
                external=one.person_id in partners,
                quiet_until=soonest if soonest and soonest > now else None,
                unreachable=soonest is None,
            )
        )
    return found


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
    return Day(
        heard=caught.values("post").distinct().count(),
        topics=watched.count(),
        rang=list(rang.select_related("signal__topic").order_by("-rang_at", "-pk")),
        ringing=Alert.objects.filter(state=AlertState.RINGING).count(),
        crises=list(Crisis.objects.filter(closed_at=None).order_by("opened_at")),
        silent=list(Outage.objects.filter(ended_at=None).select_related("source")),
        sources=Source.objects.filter(stopped_at=None).count(),
        blind=is_blind(looked_until(), now=now),
    )


def nobody_told(now: datetime) -> tuple[datetime, datetime] | None:
    """Return from when to when an alert would reach nobody for quiet hours; None when it would.

    The last step tells everyone who can answer, so everyone's ways are what counts.
    """
    told = Contact.objects.select_related("person").filter(
        person__in=everyone(now=now), person__is_active=True, enabled=True
    )
    return silence([way.quiet for way in told], now)
