"""All that changes threats: what people say of them, their assessments, the levels people set."""

from datetime import datetime

import msgspec
from django.db import transaction

from quivive.vocabulary.assessments import HumanInputs, Level
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.assess.models import Override, Threat
from quivive.web.detect.models import Signal
from quivive.web.listen.models import Topic
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.waiting.services import note_change


def threat_of(signal: Signal, *, now: datetime) -> Threat:
    """Return the threat a signal announces, made at first use."""
    threat, _ = Threat.objects.get_or_create(
        signal=signal,
        defaults={"topic": signal.topic, "onset": signal.onset, "created_at": now},
    )
    return threat


def threat_by_hand(*, topic: Topic, onset: datetime, now: datetime) -> Threat:
    """Make a threat nobody's signal announced: a person saw it elsewhere (R-32, R-65)."""
    if onset > now:
        raise NotAllowed(
            say("The beginning lies in the future."),
            say("Give the moment at which it began, or now if you do not know."),
        )
    return Threat.objects.create(topic=topic, onset=onset, created_at=now)


@transaction.atomic
def set_inputs(
    *, threat_id: int, changes: dict[str, object], person: Person, now: datetime
) -> list[str]:
    """Store what a person says of the threat; return the names of what really changed.

    Args:
        threat_id: which threat.
        changes: fields of :class:`HumanInputs`; None takes an answer back, and it is asked again.
        person: who says it.
        now: when.
    """
    threat = Threat.objects.select_for_update().get(pk=threat_id)
    before = msgspec.convert(threat.inputs, HumanInputs)
    after = msgspec.convert({**msgspec.to_builtins(before), **changes}, HumanInputs, strict=False)
    changed = [
        name
        for name in HumanInputs.__struct_fields__
        if getattr(before, name) != getattr(after, name)
    ]
    if changed:
        threat.inputs = msgspec.to_builtins(after)
        threat.save(update_fields=["inputs"])
        audit(
            person=person,
            action="threat-inputs",
            subject=f"threat/{threat_id}",
            detail={name: threat.inputs.get(name) for name in changed},
            now=now,
        )
        note_change("threat", str(threat_id), now=now)
    return changed


@transaction.atomic
def override_level(
    *, threat_id: int, level: Level, reason: str, person: Person, now: datetime
) -> Override:
    """Set the level by hand, with the reason; the machine's own level stays visible beside it."""
    if not reason.strip():
        raise NotAllowed(
            say("A level set by hand needs a reason."),
            say("Write in a sentence why you see it differently."),
        )
    Threat.objects.select_for_update().get(pk=threat_id)
    Override.objects.filter(threat_id=threat_id, ended_at=None).update(ended_at=now)
    override = Override.objects.create(
        threat_id=threat_id, level=int(level), reason=reason.strip(), by=person, at=now
    )
    audit(
        person=person,
        action="threat-overridden",
        subject=f"threat/{threat_id}",
        detail={"level": int(level), "reason": reason.strip()},
        now=now,
    )
    note_change("threat", str(threat_id), now=now)
    return override


@transaction.atomic
def end_override(*, threat_id: int, person: Person, now: datetime) -> bool:
    """Give the level back to the assessment; False when nobody had set one."""
    if not Override.objects.filter(threat_id=threat_id, ended_at=None).update(ended_at=now):
        return False
    audit(
        person=person,
        action="threat-override-ended",
        subject=f"threat/{threat_id}",
        detail={},
        now=now,
    )
    note_change("threat", str(threat_id), now=now)
    return True
