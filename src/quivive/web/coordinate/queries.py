"""All that pages read of crises, contacts and the escalation."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db.models import Q, QuerySet

from quivive.coordinate.clock import Clock, Step, clock
from quivive.coordinate.situation import Line, Situation, TaskLine, Volume, situation
from quivive.coordinate.states import MOVES
from quivive.vocabulary.assessments import Assessment as Sheet
from quivive.vocabulary.assessments import HumanInputs, Level
from quivive.vocabulary.claims import Claim, ClaimStatus
from quivive.vocabulary.crises import CrisisState, Role
from quivive.vocabulary.messages import Message
from quivive.web.assess.models import Assessment, Override, Threat
from quivive.web.coordinate.models import (
    Contact,
    Crisis,
    EscalationStep,
    LogLine,
    Milestone,
    Task,
)
from quivive.web.coordinate.outbox import unseal
from quivive.web.coordinate.roster import everyone
from quivive.web.detect.models import Alert
from quivive.web.listen.models import Match, Minute, Post, Topic
from quivive.web.people.models import Person
from quivive.web.people.queries import people

NoSuchAlert = Alert.DoesNotExist
NOT_THERE = (Crisis.DoesNotExist, Task.DoesNotExist, Person.DoesNotExist, Alert.DoesNotExist)
"""What a page answers with "not found"."""

OVER = (CrisisState.CLOSED.value, CrisisState.DISMISSED.value)
MOST_EVIDENCE = 200
BEFORE_ONSET = timedelta(hours=2)
WIDTHS_MIN = ((6, 1), (24, 5), (72, 15), (24 * 365, 60))
"""Up to so many hours on the chart, so many minutes a point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisPage:
    """All that the crisis room shows.

    Attributes:
        level: in force: set by a person, else the sheet's; None before the first sheet.
        sheet: the newest three-axis sheet, made by the machine.
        override: the level a person set, with the reason; None when the sheet decides.
        evidence: posts behind the sheet's terms, by id; a deleted one has no words.
        history: sheets, oldest first.
        missing: names of inputs that people have not given.
        moves: states it may go to from here.
        flare_up: the line that says it began again, when the crisis is not being worked on.
    """

    crisis: Crisis
    topic: Topic
    threat: Threat
    clock: Clock
    level: Level | None
    sheet: Sheet | None
    override: Override | None
    overrides: list[Override]
    evidence: dict[str, Post]
    history: list[Assessment]
    inputs: HumanInputs
    missing: tuple[str, ...]
    tasks: list[Task]
    log: list[LogLine]
    milestones: list[Milestone]
    moves: tuple[CrisisState, ...]
    flare_up: LogLine | None
    alerts: list[Alert]
    people: list[Person]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What people wrote, slice by slice, from before the onset to now.

    Attributes:
        width_min: minutes a slice.  starts: beginning of each slice.
        voices, negatives, own: counts in the slice.
        expected, upper: voices an hour that are usual, and that quiet hours hardly pass.
        onset, alarms: moments to mark.
    """

    width_min: int
    starts: list[datetime]
    voices: list[int]
    negatives: list[int]
    own: list[int]
    expected: list[float]
    upper: list[float]
    onset: datetime
    alarms: list[datetime]


def crises(*, over: bool | None = None) -> QuerySet[Crisis]:
    """Return crises, newest first; ``over`` chooses the finished or the running ones."""
    found = Crisis.objects.select_related("threat__topic", "lead", "opened_by")
    if over is None:
        return found
    return found.filter(state__in=OVER) if over else found.exclude(state__in=OVER)


def crisis(crisis_id: int) -> Crisis:
    """Return one crisis. Raises Crisis.DoesNotExist."""
    return crises().get(pk=crisis_id)


def task_crisis(task_id: int) -> int | None:
    """Return the crisis a task belongs to."""
    return Task.objects.filter(pk=task_id).values_list("crisis_id", flat=True).first()


def crisis_page(crisis_id: int, now: datetime) -> CrisisPage:
    """Return what the crisis room shows. Raises Crisis.DoesNotExist."""
    row = crisis(crisis_id)
    threat = row.threat
    sheet = newest_sheet(threat)
    overrides = list(threat.overrides.select_related("by"))
    override = next((one for one in overrides if one.ended_at is None), None)
    milestones = list(row.milestones.select_related("by").order_by("at", "pk"))
    state = CrisisState(row.state)
    return CrisisPage(
        crisis=row,
        topic=threat.topic,
        threat=threat,
        clock=_clock(row, milestones, now),
        level=_level(sheet, override),
        sheet=sheet,
        override=override,
        overrides=overrides,
        evidence=_evidence(sheet),
        history=list(reversed(threat.assessments.defer("sheet")[:500])),
        inputs=msgspec.convert(threat.inputs, HumanInputs),
        missing=sheet.missing if sheet else (),
        tasks=list(row.tasks.select_related("owner", "done_by")),
        log=list(row.log.select_related("author")),
        milestones=milestones,
        moves=MOVES[state],
        flare_up=_flare_up(row),
        alerts=list(_alerts(threat)),
        people=list(people().filter(is_active=True)),
    )


def newest_sheet(threat: Threat) -> Sheet | None:
    """Return the newest sheet as the core's value."""
    row = threat.assessments.first()
    return msgspec.convert(row.sheet, Sheet, strict=False) if row else None


def series(crisis_id: int, now: datetime) -> Series:
    """Return the course of a crisis, from two hours before its onset."""
    row = crisis(crisis_id)
    topic, onset = row.threat.topic, row.threat.onset
    since = onset - BEFORE_ONSET
    hours = (now - since).total_seconds() / 3600
    width_min = next((width for most, width in WIDTHS_MIN if hours <= most), WIDTHS_MIN[-1][1])
    width = timedelta(minutes=width_min)
    since = _floor(since, width_min)
    count = max(1, int((now - since) / width) + 1)
    course = Series(
        width_min=width_min,
        starts=[since + index * width for index in range(count)],
        voices=[0] * count,
        negatives=[0] * count,
        own=[0] * count,
        expected=[0.0] * count,
        upper=[0.0] * count,
        onset=onset,
        alarms=list(_alerts(row.threat).values_list("rang_at", flat=True)),
    )
    minutes = Minute.objects.filter(topic=topic, minute__gte=since, minute__lte=now)
    for minute in minutes.order_by("minute").iterator():
        at = int((minute.minute - since) / width)
        course.voices[at] += minute.voices
        course.negatives[at] += minute.negatives
        course.own[at] += minute.own
        course.expected[at], course.upper[at] = minute.expected, minute.upper
    _carry(course.expected)
    _carry(course.upper)
    return course


def _carry(values: list[float]) -> None:
    """Fill slices without a row with what held before: quiet minutes have none."""
    for index in range(1, len(values)):
        values[index] = values[index] or values[index - 1]


def _floor(at: datetime, width_min: int) -> datetime:
    if width_min >= 60:  # noqa: PLR2004 - an hour
        return at.replace(minute=0, second=0, microsecond=0)
    return at.replace(minute=at.minute - at.minute % width_min, second=0, microsecond=0)


def situation_report(crisis_id: int, now: datetime) -> Situation | None:
    """Return the report at this moment; None until the first sheet is made."""
    row = crisis(crisis_id)
    sheet = newest_sheet(row.threat)
    if sheet is None:
        return None
    override = row.threat.overrides.filter(ended_at=None).first()
    if override is not None:
        sheet = msgspec.structs.replace(sheet, level=Level(override.level))
    inputs = msgspec.convert(row.threat.inputs, HumanInputs)
    status = inputs.claim_status or ClaimStatus.UNVERIFIED
    return situation(
        title=row.title,
        now=now,
        state=CrisisState(row.state),
        severity=sheet,
        volume=_volume(row.threat.topic, now),
        clock=_clock(row, list(row.milestones.all()), now),
        claims=[Claim(sentence=inputs.claim, status=status)] if inputs.claim else [],
        log=[_line(line) for line in row.log.select_related("author")],
        tasks=[_task_line(task) for task in row.tasks.select_related("owner")],
        exercise=row.exercise,
    )


def contacts(person: Person) -> list[tuple[Contact, str]]:
    """Return a person's own ways to be reached, each with its address in the clear."""
    return [(row, unseal(row.address)) for row in person.contacts.order_by("pk")]


def steps() -> QuerySet[EscalationStep]:
    """Return the escalation, in order."""
    return EscalationStep.objects.prefetch_related("people")


def who_can_answer(now: datetime) -> list[Person]:
    """Return the people of the organisation who can answer an alert, by name."""
    return list(Person.objects.filter(pk__in=everyone(now=now)).order_by("name", "pk"))


def topics() -> QuerySet[Topic]:
    """Return topics a crisis can be opened on."""
    return Topic.objects.filter(archived_at=None)


def _clock(row: Crisis, milestones: list[Milestone], now: datetime) -> Clock:
    done = {Step(one.step): one.at for one in milestones}
    return clock(row.threat.onset, now, done, spoke_at=_first_own_words(row.threat))


def _first_own_words(threat: Threat) -> datetime | None:
    """Return when one of our accounts first spoke of the topic since the onset (R-33)."""
    ours = Match.objects.filter(
        topic=threat.topic, post__own=True, post__published__gte=threat.onset
    )
    return ours.order_by("post__published").values_list("post__published", flat=True).first()


def _level(sheet: Sheet | None, override: Override | None) -> Level | None:
    if override is not None:
        return Level(override.level)
    return sheet.level if sheet else None


def _evidence(sheet: Sheet | None) -> dict[str, Post]:
    if sheet is None:
        return {}
    ids = list(dict.fromkeys(uid for one in sheet.indicators for uid in one.evidence))
    rows = Post.objects.select_related("author").filter(uid__in=ids[:MOST_EVIDENCE])
    found = {}
    for post in rows:
        if post.deleted_at is not None:
            post.content = ""
        found[post.uid] = post
    return found


def _alerts(threat: Threat) -> QuerySet[Alert]:
    since = threat.onset - BEFORE_ONSET
    return (
        Alert.objects.select_related("signal__topic")
        .filter(signal__topic_id=threat.topic_id)
        .filter(Q(rang_at__gte=since) | Q(signal=threat.signal_id))
        .order_by("rang_at")
    )


def _flare_up(row: Crisis) -> LogLine | None:
    asleep = (*OVER, CrisisState.VIGILANCE.value)
    if row.state not in asleep:
        return None
    lines = row.log.filter(kind="flare-up")
    since = row.closed_at or row.vigilance_since
    return (lines.filter(at__gte=since) if since else lines).last()


def _volume(topic: Topic, now: datetime) -> Volume:
    hour = Match.objects.filter(
        topic=topic, heard_at__gt=now - timedelta(hours=1), heard_at__lte=now, post__own=False
    )
    usual = Minute.objects.filter(topic=topic, minute__lte=now).order_by("-minute").first()
    return Volume(observed=hour.count(), expected=usual.expected if usual else 0.0)


def _line(line: LogLine) -> Line:
    author = str(line.author) if line.author else ""
    if line.message.get("own"):
        return Line(at=line.at, words=line.message["text"], author=author)
    return Line(at=line.at, message=msgspec.convert(line.message, Message), author=author)


def _task_line(task: Task) -> TaskLine:
    return TaskLine(
        title=msgspec.convert(task.title, Message),
        role=Role(task.role),
        due_at=task.due_at,
        owner=str(task.owner) if task.owner else "",
        done_at=task.done_at,
    )
