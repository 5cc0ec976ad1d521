"""The situation report: everything the next person needs, as values a page or a copy renders."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from quivive.coordinate.clock import Clock, ClockSettings, Silence
from quivive.vocabulary.assessments import Assessment, Level
from quivive.vocabulary.claims import Claim, ClaimStatus, Fact
from quivive.vocabulary.crises import CrisisState, Role
from quivive.vocabulary.messages import Message, length, say, say_many

_SETTINGS = ClockSettings()


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


class ByHand(msgspec.Struct, frozen=True, kw_only=True):
    """A level a person set: who, when and why."""

    by: str
    at: datetime
    reason: str


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """A report at one moment.

    Attributes:
        summary: five sentences: where it stands, how grave, how fast, what we said, what is open;
            one more when a person set the level.
        known: verified facts that still hold, and claims that were checked, each with its source.
        unknown: what is not known yet.
        reasoning: severity in words, what a person set first.
        timeline: log lines, earliest first.
        late, open: tasks past their time, and the others still to do, earliest due first.
        next_at: when the next report is due.
    """

    title: str
    at: datetime
    exercise: bool
    summary: tuple[Message, ...]
    known: tuple[Message, ...]
    unknown: tuple[Message, ...]
    timeline: tuple[Line, ...]
    volume: Volume
    severity: Assessment
    reasoning: tuple[Message, ...]
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
    by_hand: ByHand | None = None,
    claims: Sequence[Claim] = (),
    facts: Sequence[Fact] = (),
    log: Sequence[Line] = (),
    tasks: Sequence[TaskLine] = (),
    blind_spots: Sequence[Message] = (),
    exercise: bool = False,
    settings: ClockSettings = _SETTINGS,
) -> Situation:
    """Put the report together from what is known at ``now``.

    Args:
        severity: with the level in force, which may be one that a person set.
        by_hand: who set it.
        settings: how often a report is due.
    """
    told = _told(severity, by_hand)
    todo = sorted((task for task in tasks if task.done_at is None), key=lambda task: task.due_at)
    late = tuple(task for task in todo if task.due_at < now)
    return Situation(
        title=title,
        at=now,
        exercise=exercise,
        summary=(
            STATES[state],
            *told[: 1 if by_hand is None else 2],
            _pace(severity, volume),
            _words(clock),
            _work(len(late), len(todo)),
        ),
        known=_known(claims, facts, now),
        unknown=_unknown(claims, severity),
        timeline=tuple(sorted((line for line in log if line.at <= now), key=lambda each: each.at)),
        volume=volume,
        severity=severity,
        reasoning=told,
        late=late,
        open=tuple(task for task in todo if task.due_at >= now),
        clock=clock,
        blind_spots=(*severity.blind_spots, *blind_spots),
        next_at=now + timedelta(minutes=settings.update_min[severity.level]),
    )


STATES = {
    CrisisState.SUSPECTED: say("It is suspected and not confirmed yet."),
    CrisisState.CONFIRMED: say("It is confirmed, and the team is on it."),
    CrisisState.RESPONDING: say("We are answering."),
    CrisisState.VIGILANCE: say("It has calmed down; we keep watch."),
    CrisisState.CLOSED: say("It is closed."),
    CrisisState.DISMISSED: say("It was looked at and is not a crisis."),
}


LEVELS = {
    Level.WATCH: say("Level in force: Watch."),
    Level.SIGNAL: say("Level in force: Signal."),
    Level.INCIDENT: say("Level in force: Incident."),
    Level.CRISIS: say("Level in force: Crisis."),
    Level.MAJOR_CRISIS: say("Level in force: Major crisis."),
}


def _told(severity: Assessment, by_hand: ByHand | None) -> tuple[Message, ...]:
    """Say the level in force before the machine's reasoning, which may have come to another."""
    if by_hand is None:
        return severity.explanation
    return (
        LEVELS[severity.level],
        say(
            "{name} set it by hand at {at}: “{reason}”",
            name=by_hand.by,
            at=by_hand.at.isoformat(),
            reason=by_hand.reason,
        ),
        say("By itself, the assessment says:"),
        *severity.explanation,
    )


_SETTLED = {
    ClaimStatus.TRUE: say("True: “{claim}” ({source})", claim="", source=""),
    ClaimStatus.PARTLY_TRUE: say("Partly true: “{claim}” ({source})", claim="", source=""),
    ClaimStatus.FALSE: say("False: “{claim}” ({source})", claim="", source=""),
}


def _known(claims: Sequence[Claim], facts: Sequence[Fact], now: datetime) -> tuple[Message, ...]:
    """Say each verified fact and each claim that was settled, with who says so."""
    hold = (fact for fact in facts if fact.expires_at is None or fact.expires_at > now)
    return (
        *(say("{fact} ({source})", fact=fact.statement, source=fact.source) for fact in hold),
        *(_settled(claim) for claim in claims if claim.status in _SETTLED),
    )


def _settled(claim: Claim) -> Message:
    said = _SETTLED[claim.status]
    source = claim.source if not claim.checked_by else f"{claim.source}; {claim.checked_by}"
    return msgspec.structs.replace(said, values={"claim": claim.sentence, "source": source})


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
    told += [
        say("Cannot be checked: {claim}", claim=claim.sentence)
        for claim in claims
        if claim.status is ClaimStatus.NOT_VERIFIABLE
    ]
    return (*told, *(_ASKED[name] for name in severity.missing))


_ASKED = {
    "harm": say("What harm is at stake has not been said yet."),
    "type": say("What kind of threat it is has not been said yet."),
    "claim_status": say("Whether the claim is true has not been said yet."),
}
