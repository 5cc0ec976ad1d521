"""The situation report: everything the next person needs, as values a page or a copy renders."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from quivive.coordinate.clock import Clock, Silence
from quivive.vocabulary.assessments import Assessment, Level
from quivive.vocabulary.claims import Claim, ClaimStatus, Fact
from quivive.vocabulary.crises import CrisisState, Role
from quivive.vocabulary.messages import Message, length, say, say_many

CADENCE_MIN = {
    Level.WATCH: 1440,
    Level.SIGNAL: 1440,
    Level.INCIDENT: 240,
    Level.CRISIS: 60,
    Level.MAJOR_CRISIS: 60,
}
"""Minutes between two reports, by level (crisis.md 3.1); said even when nothing is new."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log. ``words`` is a person's own; ``message`` is the room's."""

    at: datetime
    message: Message | None = None
    words: str = ""
    author: str = ""


class TaskLine(msgspec.Struct, frozen=True, kw_only=True):
    """One task as the report shows it."""

    title: Message
    role: Role
    due_at: datetime
    owner: str = ""
    done_at: datetime | None = None


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """Posts of the last hour against a usual one."""

    observed: int
    expected: float


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """A report at one moment.

    Attributes:
        summary: five sentences: where it stands, how grave, how fast, what we said, what is open.
        known: verified facts that still hold.  unknown: what is not known yet.
        timeline: log lines, earliest first.
        late, open: tasks past their time, and the others still to do, earliest due first.
        next_at: when the next report is due.
    """

    title: str
    at: datetime
    exercise: bool
    summary: tuple[Message, ...]
    known: tuple[Fact, ...]
    unknown: tuple[Message, ...]
    timeline: tuple[Line, ...]
    volume: Volume
    severity: Assessment
    late: tuple[TaskLine, ...]
    open: tuple[TaskLine, ...]
    clock: Clock
    blind_spots: tuple[Message, ...]
    next_at: datetime


def situation(
    *,
    title: str,
    now: datetime,
    state: CrisisState,
    severity: Assessment,
    volume: Volume,
    clock: Clock,
    claims: Sequence[Claim] = (),
    facts: Sequence[Fact] = (),
    log: Sequence[Line] = (),
    tasks: Sequence[TaskLine] = (),
    blind_spots: Sequence[Message] = (),
    exercise: bool = False,
) -> Situation:
    """Put the report together from what is known at ``now``."""
    todo = sorted((task for task in tasks if task.done_at is None), key=lambda task: task.due_at)
    late = tuple(task for task in todo if task.due_at < now)
    return Situation(
        title=title,
        at=now,
        exercise=exercise,
        summary=(
            STATES[state],
            severity.explanation[0],
            _pace(severity, volume),
            _words(clock),
            _work(len(late), len(todo)),
        ),
        known=tuple(fact for fact in facts if fact.expires_at is None or fact.expires_at > now),
        unknown=_unknown(claims, severity),
        timeline=tuple(sorted((line for line in log if line.at <= now), key=lambda each: each.at)),
        volume=volume,
        severity=severity,
        late=late,
        open=tuple(task for task in todo if task.due_at >= now),
        clock=clock,
        blind_spots=(*severity.blind_spots, *blind_spots),
        next_at=now + timedelta(minutes=CADENCE_MIN[severity.level]),
    )


STATES = {
    CrisisState.SUSPECTED: say("It is suspected and not confirmed yet."),
    CrisisState.CONFIRMED: say("It is confirmed; we have not answered yet."),
    CrisisState.RESPONDING: say("We are answering."),
    CrisisState.VIGILANCE: say("It has calmed down; we keep watch."),
    CrisisState.CLOSED: say("It is closed."),
    CrisisState.DISMISSED: say("It was looked at and is not a crisis."),
}


def _pace(severity: Assessment, volume: Volume) -> Message:
    values = {"usual": round(volume.expected, 1)}
    if severity.trend == "growing":
        return say_many(
            "It grows: {count} post in the last hour, {usual} in a usual one.",
            "It grows: {count} posts in the last hour, {usual} in a usual one.",
            volume.observed,
            **values,
        )
    if severity.trend == "receding":
        return say_many(
            "It recedes: {count} post in the last hour, {usual} in a usual one.",
            "It recedes: {count} posts in the last hour, {usual} in a usual one.",
            volume.observed,
            **values,
        )
    return say_many(
        "No clear trend: {count} post in the last hour, {usual} in a usual one.",
        "No clear trend: {count} posts in the last hour, {usual} in a usual one.",
        volume.observed,
        **values,
    )


def _words(clock: Clock) -> Message:
    silent = length(clock.silence_s)
    if clock.spoke_at is not None:
        return say("Our first words came {length} after it began.", length=silent)
    if clock.silence is Silence.FINE:
        return say("We have said nothing in public for {length}.", length=silent)
    return say(
        "We have said nothing in public for {length}: speak, or record why we wait.",
        length=silent,
    )


def _work(late: int, todo: int) -> Message:
    if not late:
        return say_many("{count} task to do, none late.", "{count} tasks to do, none late.", todo)
    return say_many(
        "{count} task to do, {late} late.", "{count} tasks to do, {late} late.", todo, late=late
    )


def _unknown(claims: Sequence[Claim], severity: Assessment) -> tuple[Message, ...]:
    """Claims nobody has settled, then what people have still to say for the sheet."""
    open_claims = (ClaimStatus.UNVERIFIED, ClaimStatus.IN_PROGRESS)
    told = [
        say("Not verified yet: {claim}", claim=claim.sentence)
        for claim in claims
        if claim.status in open_claims
    ]
    return (*told, *(_ASKED[name] for name in severity.missing))


_ASKED = {
    "harm": say("What harm is at stake has not been said yet."),
    "type": say("What kind of threat it is has not been said yet."),
    "claim_status": say("Whether the claim is true has not been said yet."),
}
