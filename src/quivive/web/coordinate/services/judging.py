"""What people say of the threat in the room: the inputs only they have, and a level by hand."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from quivive.assess.nature import CLAIM_SAID, harm_said
from quivive.coordinate.clock import Step
from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.assessments import HumanInputs, Level, ThreatType
from quivive.vocabulary.claims import SETTLED, ClaimStatus
from quivive.vocabulary.crises import Role
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import Message, say
from quivive.web.assess import services as assess
from quivive.web.assess.queries import said
from quivive.web.coordinate.models import Crisis
from quivive.web.coordinate.services.log import as_json, reach, record, write
from quivive.web.detect.claim_queries import called
from quivive.web.detect.claim_services import check_claim
from quivive.web.people.models import Person

TAKEN_BACK = {
    "harm": say("What harm is at stake is open again."),
    "type": say("What kind of threat it is is open again."),
    "claim": say("The sentence of the claim was taken back."),
    "claim_status": say("Whether the claim is true is open again."),
    "claim_source": say("The source for the claim was taken back."),
}
KINDS = {
    ThreatType.RUMOUR: say("Kind of threat: a rumour."),
    ThreatType.NATURAL_EVENT: say("Kind of threat: a natural event."),
    ThreatType.ATTACK_BY_OTHERS: say("Kind of threat: an attack or sabotage by others."),
    ThreatType.TECHNICAL_FAILURE: say("Kind of threat: a technical failure."),
    ThreatType.MISREAD_ACTION: say("Kind of threat: an action of ours that was misread."),
    ThreatType.CHALLENGE: say("Kind of threat: a challenge of what we do."),
    ThreatType.KNOWN_RISK_IGNORED: say("Kind of threat: a known risk that was ignored."),
    ThreatType.BROKEN_PROMISE: say("Kind of threat: a broken promise."),
    ThreatType.MISCONDUCT: say("Kind of threat: misconduct or negligence by one of us."),
}
CHECKED = {ClaimStatus.FALSE: say("The claim is false.")}
"""Where the sheet's sentence speaks of its term, and the log has none."""
ANSWERS: Mapping[str, Callable[[Any], Message]] = {
    "harm": harm_said,
    "type": KINDS.__getitem__,
    "claim": lambda words: say("The claim: “{claim}”", claim=words),
    "claim_status": lambda status: CHECKED.get(status, CLAIM_SAID[status]),
    "claim_source": lambda words: say("Source for the claim: {source}", source=words),
}
FLAGS = {
    "history": (
        say("Something like it happened before."),
        say("Nothing like it happened before."),
    ),
    "bad_reputation": (say("Our name was bad before."), say("Our name was not bad before.")),
    "media_asked": (say("A journalist asked."), say("No journalist asked.")),
    "media_critical": (say("A critical article is out."), say("No critical article is out.")),
    "legal_floor": (
        say("Personal data, discrimination, a minor or a threat to a person: legal is called."),
        say("No personal data, discrimination, minor or threat to a person."),
    ),
    "untold": (
        say("We know something true and harmful that is not public yet."),
        say("We know nothing true and harmful that is not public."),
    ),
}
"""What the log says when a box is ticked, and when the tick is taken away."""
LEVEL_LINES = {
    Level.WATCH: say("Level set by hand: Watch."),
    Level.SIGNAL: say("Level set by hand: Signal."),
    Level.INCIDENT: say("Level set by hand: Incident."),
    Level.CRISIS: say("Level set by hand: Crisis."),
    Level.MAJOR_CRISIS: say("Level set by hand: Major crisis."),
}
MEDIA_TASK = say("Answer the journalist, or say when; note outlet, question and deadline")
MEDIA_WAITS = timedelta(hours=1)
"""How long a journalist waits at most, where no deadline is known."""
SHEET = ("harm", "type", "claim_status")
"""Inputs that make the three-axis sheet complete."""


@transaction.atomic
def set_inputs(
    *,
    crisis_id: int,
    changes: dict[str, object],
    person: Person,
    roles: Collection[Role],
    now: datetime,
) -> list[str]:
    """Store what only people can say; each change is a line of the log.

    That a claim is true or false is said by those who verify claims, with a source (R-41).
    """
    crisis = Crisis.objects.select_related("threat").get(pk=crisis_id)
    before = said(crisis.threat)
    changed = assess.set_inputs(threat_id=crisis.threat_id, changes=changes, person=person, now=now)
    crisis.threat.refresh_from_db(fields=["inputs"])
    after = said(crisis.threat)
    _check_verifier(before, after, roles)
    for name in changed:
        write(crisis, kind="input", message=_line(name, after), author=person, at=now)
    _check_where_it_stands(crisis, after, person, now)
    given = crisis.threat.inputs
    if given.get("claim") and "claim_status" in given:
        reach(crisis, Step.CLAIM_WRITTEN, at=now, by=person)
    if all(name in given for name in SHEET):
        reach(crisis, Step.SHEET, at=now, by=person)
    if "media_asked" in changed and after.media_asked:
        _start_media_clock(crisis, now)
    if changed:
        record("crisis-inputs", crisis, person=person, detail={"changed": changed}, now=now)
    return changed


def _start_media_clock(crisis: Crisis, now: datetime) -> None:
    """Give the journalist's question an hour: the clock that floor F2 speaks of."""
    title = as_json(MEDIA_TASK)
    if not crisis.tasks.filter(title=title, done_at=None).exists():
        due_at = now + MEDIA_WAITS
        crisis.tasks.create(title=title, role=Role.SPOKESPERSON.value, due_at=due_at)
        write(crisis, kind="task-added", message=MEDIA_TASK, at=now)


def _check_verifier(before: HumanInputs, after: HumanInputs, roles: Collection[Role]) -> None:
    told = (after.claim_status, after.claim_source)
    if told == (before.claim_status, before.claim_source) or after.claim_status not in SETTLED:
        return
    if not may(roles, Permission.VERIFY_CLAIM):
        raise NotAllowed(
            say("Only a fact owner says whether a claim is true or false."),
            say("Set it to “being checked” and tell the fact owner what you know."),
        )


def _check_where_it_stands(
    crisis: Crisis, told: HumanInputs, person: Person, now: datetime
) -> None:
    """Say the same of the claim where it was heard: no page calls unverified what was checked."""
    claim = called(crisis.threat.topic, told.claim)
    if claim is None or told.claim_status is None:
        return
    if (claim.status, claim.source) != (told.claim_status.value, told.claim_source):
        check_claim(
            claim_id=claim.pk,
            status=told.claim_status.value,
            source=told.claim_source,
            person=person,
            now=now,
        )


def _line(name: str, inputs: HumanInputs) -> Message:
    """Say an answer as the log keeps it, with what was answered."""
    if name in FLAGS:
        yes, no = FLAGS[name]
        return yes if getattr(inputs, name) else no
    answer = getattr(inputs, name)
    return ANSWERS[name](answer) if answer is not None and answer != "" else TAKEN_BACK[name]


@transaction.atomic
def override_level(
    *, crisis_id: int, level: Level, reason: str, person: Person, now: datetime
) -> None:
    """Set the level by hand; the reason stands in the log."""
    crisis = Crisis.objects.get(pk=crisis_id)
    assess.override_level(
        threat_id=crisis.threat_id, level=level, reason=reason, person=person, now=now
    )
    write(crisis, kind="override", message=LEVEL_LINES[level], author=person, at=now)
    write(crisis, kind="reason", message=reason.strip(), author=person, at=now)
    record("crisis-override", crisis, person=person, detail={"level": int(level)}, now=now)


@transaction.atomic
def end_override(*, crisis_id: int, person: Person, now: datetime) -> None:
    """Give the level back to the assessment."""
    crisis = Crisis.objects.get(pk=crisis_id)
    if assess.end_override(threat_id=crisis.threat_id, person=person, now=now):
        line = say("The level follows the assessment again.")
        write(crisis, kind="override-end", message=line, author=person, at=now)
        record("crisis-override-ended", crisis, person=person, detail={}, now=now)
