"""Notes among the team, who is named in them, and who has a case in front of them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from quivive.respond.inbox import PRESENCE, mentioned
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.respond.models import Case, CaseLine, Mention, Presence
from quivive.web.respond.queries import handlers
from quivive.web.waiting.services import note_change

LONGEST = 4_000


@transaction.atomic
def write_note(*, case_id: int, text: str, person: Person, now: datetime) -> CaseLine:
    """Write something only the team reads; whoever is named after an @ is told."""
    text = text.strip()[:LONGEST]
    if not text:
        raise NotAllowed(say("This note is empty."), say("Write what the others should know."))
    line = CaseLine.objects.create(
        case=Case.objects.get(pk=case_id),
        at=now,
        kind="note",
        author=person,
        message={"text": text, "own": True},
    )
    people = {one.pk: str(one) for one in handlers(now=now)}
    named = [number for number in mentioned(text, people) if number != person.pk]
    Mention.objects.bulk_create([Mention(line=line, person_id=number) for number in named])
    audit(person=person, action="case.note", subject=f"case/{case_id}",
          detail={"named": named}, now=now)  # fmt: skip
    note_change("inbox", str(case_id), now=now)
    return line


def see_mentions(*, case_id: int, person: Person, now: datetime) -> int:
    """Note that somebody has read where they were named."""
    return Mention.objects.filter(line__case_id=case_id, person=person, seen_at=None).update(
        seen_at=now
    )


@transaction.atomic
def be_here(*, case_id: int, typing: bool, person: Person, now: datetime) -> None:
    """Show the others that somebody reads a case, or types; it fades by itself."""
    before = Presence.objects.filter(case_id=case_id, person=person).first()
    Presence.objects.update_or_create(
        case_id=case_id,
        person=person,
        defaults={"typing": typing, "until": now + PRESENCE},
    )
    if before is None or before.until <= now or before.typing != typing:
        note_change("inbox", str(case_id), now=now)


@transaction.atomic
def leave(*, case_id: int, person: Person, now: datetime) -> None:
    """Stop showing that somebody reads a case."""
    if Presence.objects.filter(case_id=case_id, person=person).delete()[0]:
        note_change("inbox", str(case_id), now=now)


def forget_absent(*, now: datetime) -> Sequence[int]:
    """Drop who left without a word; returns the cases they had open."""
    gone = Presence.objects.filter(until__lte=now)
    cases = sorted(set(gone.values_list("case_id", flat=True)))
    if cases:
        gone.delete()
        for case_id in cases:
            note_change("inbox", str(case_id), now=now)
    return cases
