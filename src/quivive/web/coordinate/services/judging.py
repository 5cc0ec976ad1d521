"""What people say of the threat in the room: the inputs only they have, and a level by hand."""

from datetime import datetime

from django.db import transaction

from quivive.coordinate.clock import Step
from quivive.vocabulary.assessments import Level
from quivive.vocabulary.messages import say
from quivive.web.assess import services as assess
from quivive.web.coordinate.models import Crisis
from quivive.web.coordinate.services.log import reach, record, write
from quivive.web.people.models import Person

INPUT_LINES = {
    "harm": say("Harm at stake was set."),
    "type": say("The kind of threat was set."),
    "claim": say("The claim was written down."),
    "claim_status": say("The status of the claim was set."),
    "history": say("Whether similar crises happened before was set."),
    "bad_reputation": say("Whether the reputation was bad before was set."),
    "media_asked": say("Whether a journalist asked was set."),
    "media_critical": say("Whether a critical article is out was set."),
    "legal_floor": say("Whether the law asks for more was set."),
}
LEVEL_LINES = {
    Level.WATCH: say("Level set by hand: Watch."),
    Level.SIGNAL: say("Level set by hand: Signal."),
    Level.INCIDENT: say("Level set by hand: Incident."),
    Level.CRISIS: say("Level set by hand: Crisis."),
    Level.MAJOR_CRISIS: say("Level set by hand: Major crisis."),
}
SHEET = ("harm", "type", "claim_status")
"""Inputs that make the three-axis sheet complete."""


@transaction.atomic
def set_inputs(
    *, crisis_id: int, changes: dict[str, object], person: Person, now: datetime
) -> list[str]:
    """Store what only people can say; each change is a line of the log."""
    crisis = Crisis.objects.select_related("threat").get(pk=crisis_id)
    changed = assess.set_inputs(threat_id=crisis.threat_id, changes=changes, person=person, now=now)
    for name in changed:
        write(crisis, kind="input", message=INPUT_LINES[name], author=person, at=now)
    crisis.threat.refresh_from_db(fields=["inputs"])
    given = crisis.threat.inputs
    if given.get("claim") and "claim_status" in given:
        reach(crisis, Step.CLAIM_WRITTEN, at=now, by=person)
    if all(name in given for name in SHEET):
        reach(crisis, Step.SHEET, at=now, by=person)
    if changed:
        record("crisis-inputs", crisis, person=person, detail={"changed": changed}, now=now)
    return changed


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
