"""All that changes the numbers that judge severity and set the clocks: each change is a version."""

from datetime import datetime

from django.db import transaction

from quivive.assess.settings import fault
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.assess.models import Rubric, Threat
from quivive.web.assess.rubric_queries import Numbers, differences, numbers
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.waiting.services import note_change


@transaction.atomic
def set_numbers(*, wanted: Numbers, reason: str, person: Person, now: datetime) -> Rubric | None:
    """Keep a new version of the numbers, with why; None when nothing changed (R-10).

    Every sheet that is open is made anew with it, and says so.
    """
    if not reason.strip():
        raise NotAllowed(
            say("A change of these numbers needs a reason."),
            say("Write in a sentence why; it stands beside the version."),
        )
    if wrong := fault(wanted.assess):
        raise NotAllowed(wrong, say("Correct the numbers and save again."))
    changed = list(differences(numbers(), wanted))
    if not changed:
        return None
    row = Rubric.objects.create(**wanted.plain(), reason=reason.strip(), by=person, at=now)
    Threat.objects.update(looked_at=None)
    detail = {path: after for path, _before, after in changed} | {"reason": row.reason}
    audit(
        person=person, action="rubric-changed", subject=f"rubric/{row.pk}", detail=detail, now=now
    )
    note_change("threat", now=now)
    return row
