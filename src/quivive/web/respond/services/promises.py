"""What the organisation promises to people who ask, and what comes into the inbox."""

from datetime import datetime

import msgspec
from django.db import transaction

from quivive.respond.asking import Urgency
from quivive.respond.inbox import LIVE, Promise, due
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.respond.models import Case, InboxSettings
from quivive.web.waiting.services import note_change


@transaction.atomic
def save_settings(
    *, promise: Promise, take_days: int, escalates: bool, person: Person, now: datetime
) -> None:
    """Change what is promised; what still waits is held to the new promise."""
    plain = msgspec.to_builtins(promise)
    InboxSettings.objects.update_or_create(
        pk=1, defaults={"promise": plain, "take_days": take_days, "escalates": escalates}
    )
    waiting = Case.objects.filter(status__in=[status.value for status in LIVE], replied_at=None)
    for case in waiting.iterator(chunk_size=500):
        times = due(case.asked_at, Urgency(case.urgency), promise, press=case.by_press)
        Case.objects.filter(pk=case.pk).update(
            first_due_at=times.first_reply, solve_due_at=times.solution
        )
    audit(person=person, action="inbox.settings",
          detail=plain | {"take_days": take_days, "escalates": escalates}, now=now)  # fmt: skip
    note_change("inbox", now=now)
