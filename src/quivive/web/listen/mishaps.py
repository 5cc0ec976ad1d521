"""What befell the room's own processes, told where people look: none of it stays in a terminal."""

from datetime import datetime, timedelta
from typing import NamedTuple

from quivive.vocabulary.messages import Message, say
from quivive.web.people.models import AuditLine
from quivive.web.people.services import audit

TOLD_FOR = timedelta(days=7)
"""How long pages tell of one; the audit log keeps it."""

DETECTED_ANEW, HUNG = "engine.anew", "process.hung"


class Mishap(NamedTuple):
    """Something that befell a process: when, what, and what was done or is left to do."""

    at: datetime
    what: Message
    remedy: Message


def note_detected_anew(*, now: datetime) -> None:
    """Note that the saved state of detection could not be read."""
    audit(person=None, action=DETECTED_ANEW, now=now)


def note_hung(process: str, *, now: datetime) -> None:
    """Note that a process stood still and was started again."""
    audit(person=None, action=HUNG, subject=process, now=now)


def mishaps(*, now: datetime) -> list[Mishap]:
    """Return what befell lately, newest first, each kind once."""
    lines = AuditLine.objects.filter(
        action__in=(DETECTED_ANEW, HUNG), at__gt=now - TOLD_FOR
    ).order_by("pk")
    newest = {(line.action, line.subject): line for line in lines}
    return [
        Mishap(line.at, *_told(line))
        for line in sorted(newest.values(), key=lambda line: line.at, reverse=True)
    ]


def _told(line: AuditLine) -> tuple[Message, Message]:
    if line.action == HUNG:
        return (
            say("The process {name} stood still and was started again.", name=line.subject),
            say("What waited for it was taken up. Please report it."),
        )
    return (
        say(
            "What detection had kept of its work could not be read: damaged, or of another version."
        ),
        say(
            "Every topic is detected anew from the stored posts, and no post is lost. If it "
            "happens without an update, have the disk checked."
        ),
    )
