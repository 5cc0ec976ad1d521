"""Who has to be told that we listen, and who works on the data for us (LR-02, LR-03)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.people.models import PanelMember, Person
from quivive.web.people.services import audit
from quivive.web.privacy.models import Informed, Processor, PublicNotice


@transaction.atomic
def publish_notice(*, address: str, contact: str, person: Person, now: datetime) -> None:
    """Note where the public notice stands, and whom people may write to."""
    PublicNotice.objects.update_or_create(
        pk=1, defaults={"address": address, "contact": contact.strip()}
    )
    audit(person=person, action="notice.publish", subject=address[:200], now=now)


@transaction.atomic
def note_told(*, member_id: int, person: Person, now: datetime) -> None:
    """Note that the holder of a panel's account was told today."""
    member = _member(member_id)
    Informed.objects.update_or_create(
        network=member.network,
        handle=member.handle,
        defaults={"told_on": localdate(now), "exempt_because": "", "by": person},
    )
    audit(person=person, action="notice.told", subject=str(member)[:200], now=now)


@transaction.atomic
def exempt(*, member_id: int, because: str, person: Person, now: datetime) -> None:
    """Note why the holder of a panel's account need not be told (GDPR, article 14 (5))."""
    member = _member(member_id)
    Informed.objects.update_or_create(
        network=member.network,
        handle=member.handle,
        defaults={"told_on": None, "exempt_because": because.strip(), "by": person},
    )
    audit(person=person, action="notice.exempt", subject=str(member)[:200], now=now)


def _member(member_id: int) -> PanelMember:
    member = PanelMember.objects.filter(pk=member_id).first()
    if member is None:
        raise NotAllowed(say("This account is in no panel any more."), say("Nobody is to be told."))
    return member


def forget_informed() -> int:
    """Forget who was told and is in no panel any more; return how many."""
    named = set(PanelMember.objects.values_list("network", "handle"))
    gone = [row.pk for row in Informed.objects.all() if (row.network, row.handle) not in named]
    return Informed.objects.filter(pk__in=gone).delete()[0]


@transaction.atomic
def save_processor(
    *, name: str, does: str, country: str, agreement: str, signed_on: date | None,
    person: Person, now: datetime,
) -> None:  # fmt: skip
    """Name a company that works on the data for us, or change what is known of it."""
    row, _new = Processor.objects.update_or_create(
        name=name.strip(),
        defaults={
            "does": does.strip(),
            "country": country.strip(),
            "agreement": agreement.strip(),
            "signed_on": signed_on,
        },
    )
    detail = {"signed": signed_on.isoformat() if signed_on else None}
    audit(person=person, action="processor.save", subject=row.name, detail=detail, now=now)


@transaction.atomic
def remove_processor(*, processor_id: int, person: Person, now: datetime) -> None:
    """Take a company off the list: it works on the data no more."""
    row = Processor.objects.filter(pk=processor_id).first()
    if row is not None:
        row.delete()
        audit(person=person, action="processor.remove", subject=row.name, now=now)
