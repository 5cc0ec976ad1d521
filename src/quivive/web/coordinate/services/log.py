"""Writes the log: every line once, none ever changed."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from quivive.vocabulary.messages import Message, say
from quivive.web.coordinate.models import Crisis, LogLine, Milestone
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.waiting.services import note_change


def write(
    crisis: Crisis,
    *,
    kind: str,
    message: Message | str | Mapping[str, object],
    at: datetime,
    author: Person | None = None,
    link: str = "",
    key: str | None = None,
) -> LogLine | None:
    """Add a line; with a ``key``, at most once. Return None when it stood already.

    A ``str`` is a person's own words and is never translated.
    """
    line = {
        "crisis": crisis,
        "at": at,
        "kind": kind,
        "author": author,
        "message": as_json(message),
        "link": link,
    }
    if key is None:
        return LogLine.objects.create(**line)
    kept, new = LogLine.objects.get_or_create(key=key, defaults=line)
    return kept if new else None


def give_word(crisis: Crisis, speaker: Person, *, person: Person, now: datetime) -> None:
    """Keep who speaks for us from now on."""
    before, crisis.speaker = crisis.speaker, speaker
    crisis.save(update_fields=["speaker"])
    new, old = str(speaker), str(before)
    line = (
        say("{speaker} speaks for us, no longer {before}.", speaker=new, before=old)
        if before
        else say("{speaker} speaks for us.", speaker=new)
    )
    write(crisis, kind="speaker", message=line, author=person, at=now)
    record("crisis-speaker", crisis, person=person, detail={"speaker": speaker.pk}, now=now)


def reach(crisis: Crisis, step: str, *, at: datetime, by: Person | None) -> bool:
    """Note a step of the golden hour, once; False when it was reached before.

    The task that stands for the step is done with it, so that list and clock never disagree.
    """
    _, new = Milestone.objects.get_or_create(
        crisis=crisis, step=step, defaults={"at": at, "by": by}
    )
    crisis.tasks.filter(step=step, done_at=None).update(done_at=at, done_by=by)
    return new


def unreach(crisis: Crisis, step: str) -> None:
    """Take back a step whose task was reopened; the log keeps both lines."""
    crisis.milestones.filter(step=step).delete()


def record(
    action: str,
    crisis: Crisis,
    *,
    person: Person,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    """Put what a person did on the audit log, and tell open pages."""
    audit(person=person, action=action, subject=f"crisis/{crisis.pk}", detail=detail, now=now)
    note_change("crisis", str(crisis.pk), now=now)


def as_json(message: Message | str | Mapping[str, object]) -> object:
    """Write a sentence as the rows keep it."""
    if isinstance(message, str):
        return {"text": message, "own": True}
    return msgspec.to_builtins(message) if isinstance(message, Message) else dict(message)
