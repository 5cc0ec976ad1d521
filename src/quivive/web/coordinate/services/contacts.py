"""How people are reached, who is told when, and a way to try it before it matters."""

from collections.abc import Collection, Sequence
from datetime import datetime, time

from django.db import transaction

from quivive.coordinate.escalation import STEPS_MIN
from quivive.vocabulary.crises import Role
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.coordinate.composing import test_notice
from quivive.web.coordinate.models import Contact, EscalationStep
from quivive.web.coordinate.outbox import mail_server, seal, unseal
from quivive.web.coordinate.roster import everyone, first_of
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.wire.house import local_targets_allowed
from quivive.wire.notices import Parcel, check_address, send

MORNING = time(8)
"""When the first way of a person brings the morning note, until they say otherwise."""


@transaction.atomic
def add_contact(
    *,
    person: Person,
    channel: str,
    address: str,
    quiet_from: time | None = None,
    quiet_to: time | None = None,
    morning_at: time | None = None,
    now: datetime,
) -> Contact:
    """Add a way to reach oneself. The address is checked here and again at every sending."""
    address = address.strip()
    check_address(channel, address, local_allowed=local_targets_allowed())
    contact = Contact.objects.create(
        person=person,
        channel=channel,
        address=seal(address),
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        morning_at=morning_at,
    )
    detail = {"channel": channel}
    audit(person=person, action="contact-added", subject=person.email, detail=detail, now=now)
    return contact


@transaction.atomic
def change_contact(
    *,
    person: Person,
    contact_id: int,
    enabled: bool,
    quiet_from: time | None,
    quiet_to: time | None,
    morning_at: time | None = None,
    now: datetime,
) -> None:
    """Turn a way on or off and set its quiet hours; somebody has to stay reachable."""
    contact = _own(person, contact_id)
    if not enabled:
        _keep_reachable(contact)
    contact.enabled, contact.quiet_from, contact.quiet_to = enabled, quiet_from, quiet_to
    contact.morning_at = morning_at
    contact.save(update_fields=["enabled", "quiet_from", "quiet_to", "morning_at"])
    morning = morning_at.isoformat("minutes") if morning_at else None
    detail = {"channel": contact.channel, "enabled": enabled, "morning": morning}
    audit(person=person, action="contact-changed", subject=person.email, detail=detail, now=now)


@transaction.atomic
def remove_contact(*, person: Person, contact_id: int, now: datetime) -> None:
    """Forget a way to reach oneself, its deliveries with it; the last one can only be replaced."""
    contact = _own(person, contact_id)
    _keep_reachable(contact)
    contact.delete()
    detail = {"channel": contact.channel}
    audit(person=person, action="contact-removed", subject=person.email, detail=detail, now=now)


def try_contact(*, person: Person, contact_id: int, now: datetime) -> None:
    """Send a test notice and wait for its result: what the Test button does.

    Raises:
        Undelivered: it did not leave, with the reason and what to do.
    """
    contact = _own(person, contact_id)
    parcel = Parcel(
        channel=contact.channel,
        address=unseal(contact.address),
        notice=test_notice(language=person.language, key=f"test-{contact.pk}-{now:%Y%m%d%H%M%S}"),
    )
    send(parcel, mail_server(), local_allowed=local_targets_allowed())
    audit(
        person=person,
        action="contact-tried",
        subject=person.email,
        detail={"channel": contact.channel},
        now=now,
    )


def reach_everybody(*, now: datetime) -> None:
    """Give each person who works here a first way to be reached: the address they sign in with.

    Nobody should find out in the first alert that no address was ever entered.
    """
    missing = Person.objects.filter(pk__in=everyone(now=now), contacts=None)
    for person in missing:
        Contact.objects.create(
            person=person,
            channel=Contact.Channel.EMAIL,
            address=seal(person.email),
            morning_at=MORNING,
        )


@transaction.atomic
def first_steps(*, now: datetime) -> None:
    """Write the usual escalation when nobody has written one: on duty, A, B, everyone."""
    if EscalationStep.objects.exists():
        return
    on_duty = first_of(((Role.MONITOR, False), (Role.LEAD, False), (Role.ADMINISTRATOR, None)), now)
    lead = first_of(((Role.LEAD, False), (Role.ADMINISTRATOR, None)), now)
    deputy = first_of(((Role.LEAD, True), (Role.DIRECTOR, None)), now)
    *named, last = STEPS_MIN
    for after_min, people in zip(named, (on_duty, lead, deputy), strict=True):
        if people:
            EscalationStep.objects.create(after_min=after_min).people.set(people)
    EscalationStep.objects.create(after_min=last)


@transaction.atomic
def set_steps(*, by: Person, steps: Sequence[tuple[int, Collection[int]]], now: datetime) -> None:
    """Say who is told how many minutes after an alert; no people means everyone.

    Args:
        by: who decides.
        steps: pairs of minutes and ids of people.
        now: when.
    """
    minutes = [after_min for after_min, _ in steps]
    if not steps or len(set(minutes)) != len(minutes):
        raise NotAllowed(
            say("An escalation needs at least one step, each at its own minute."),
            say("Give each step another number of minutes."),
        )
    EscalationStep.objects.all().delete()
    for after_min, people in steps:
        EscalationStep.objects.create(after_min=after_min).people.set(people)
    detail = {"steps": [[after_min, sorted(people)] for after_min, people in steps]}
    audit(person=by, action="escalation-changed", detail=detail, now=now)


def _own(person: Person, contact_id: int) -> Contact:
    contact = Contact.objects.filter(pk=contact_id, person=person).first()
    if contact is None:
        raise NotAllowed(
            say("This way to be reached is not yours."), say("Each person changes their own.")
        )
    return contact


def _keep_reachable(contact: Contact) -> None:
    others = Contact.objects.filter(person=contact.person, enabled=True).exclude(pk=contact.pk)
    if not others.exists():
        raise NotAllowed(
            say("Nothing else would reach you."),
            say("Add another way to be reached first, and press Test."),
        )
