"""All that pages read of crises, contacts and the escalation."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quivive.assess.nature import missing
from quivive.coordinate.advice import Advice
from quivive.coordinate.calls import to_call
from quivive.coordinate.clock import PRESS_ALARM, Clock, ClockSettings, Step, clock
from quivive.coordinate.initiative import Initiative, Update, initiative
from quivive.coordinate.scene import Manners
from quivive.coordinate.situation import (
    ByHand,
    Line,
    Situation,
    TaskLine,
    Volume,
    situation,
)
from quivive.coordinate.states import MOVES, reason_needed
from quivive.vocabulary.assessments import Assessment as Sheet
from quivive.vocabulary.assessments import HumanInputs, Level
from quivive.vocabulary.claims import Claim, ClaimStatus
from quivive.vocabulary.crises import CrisisState, Role
from quivive.vocabulary.messages import Message, say
from quivive.web.assess.models import Assessment, Override, Threat
from quivive.web.assess.queries import ASKS, inputs_of, said
from quivive.web.assess.rubric_queries import numbers
from quivive.web.coordinate.advice_queries import advice, scene
from quivive.web.coordinate.alerting_queries import OnDuty, who_is_on_duty
from quivive.web.coordinate.models import (
    Crisis,
    Enquiry,
    LogLine,
    Milestone,
    Task,
)
from quivive.web.coordinate.partner_queries import EVERYTHING
from quivive.web.coordinate.stream_queries import kept
from quivive.web.detect.claim_queries import claims_told
from quivive.web.detect.models import Alert
from quivive.web.detect.queries import BEFORE_ONSET, Series, series_of
from quivive.web.listen.models import Match, Minute, Post, Topic
from quivive.web.people.models import Person
from quivive.web.people.queries import people

NoSuchAlert = Alert.DoesNotExist
NOT_THERE = (Crisis.DoesNotExist, Task.DoesNotExist, Person.DoesNotExist, Alert.DoesNotExist)
"""What a page answers with "not found"."""

OVER = (CrisisState.CLOSED.value, CrisisState.DISMISSED.value)
MOST_EVIDENCE = 200
MOST_QUESTIONS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A role that must be called at this level, and who holds it: holders before deputies."""

    role: Role
    holders: list[OnDuty]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A state the crisis may go to from here."""

    to: CrisisState
    needs_reason: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """Tasks by what is to be done about them; ``due`` and ``late`` earliest first."""

    late: list[Task]
    due: list[Task]
    done: list[Task]


TOLD = {
    "task-done": say("Done: {what}", what=""),
    "task-added": say("New task: {what}", what=""),
    "task-reopened": say("Not done after all: {what}", what=""),
    "task-owner": say("{owner} takes it on: {what}", owner="", what=""),
    "milestone": say("Reached: {what}", what=""),
}
"""How the report opens a line that would only name a task or a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisPage:
    """All that the crisis room shows.

    Attributes:
        level: in force: set by a person, else the sheet's; None before the first sheet.
        sheet: the newest three-axis sheet, made by the machine.
        override: the level a person set, with the reason; None when the sheet decides.
        evidence: posts behind the sheet's terms, by id; a deleted one has no words.
        history: sheets, oldest first.
        inputs: what people answered here, and found out about the claims of the topic.
        said: what they answered here.
        missing: names of inputs that people have not given.
        prepare: the next level is likely enough to get ready for it.
        levels: scores from which levels 1 to 4 begin.
        called: a level that is named a crisis on screen (DR-13).
        moves, ways: states it may go to from here, with what each asks.
        calls: who must be called at this level.
        involved: people who did something here.
        first_words: the post that ended our silence; a deleted one has no words.
        initiative: how many of our updates came before anybody asked (R-45).
        update_due: when the next word of ours is due at this level; None before the first sheet.
        advice: what the rules say now, each with its reasons.
        manners: posts that take a side, by side and by how they speak (DR-23).
        enquiries: questions of journalists, those without an answer first; pressing: those whose
            deadline is near or over.
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
    said: HumanInputs
    missing: tuple[str, ...]
    prepare: bool
    levels: tuple[float, ...]
    called: bool
    tasks: list[Task]
    todo: Todo
    log: list[LogLine]
    milestones: list[Milestone]
    moves: tuple[CrisisState, ...]
    ways: list[Way]
    calls: list[Call]
    involved: list[Person]
    first_words: Post | None
    initiative: Initiative
    update_due: datetime | None
    advice: tuple[Advice, ...]
    manners: Manners
    enquiries: list[Enquiry]
    pressing: list[Enquiry]
    flare_up: LogLine | None
    alerts: list[Alert]
    people: list[Person]


def crises(*, over: bool | None = None, seen: Q = EVERYTHING) -> QuerySet[Crisis]:
    """Return crises with the level in force, newest first.

    Args:
        over: finished or running ones only.  seen: those somebody may enter.
    """
    scored = Assessment.objects.filter(threat=OuterRef("threat")).values("level")[:1]
    said = Override.objects.filter(threat=OuterRef("threat"), ended_at=None).values("level")[:1]
    found = Crisis.objects.select_related("threat__topic", "lead", "speaker", "opened_by").annotate(
        level=Coalesce(Subquery(said), Subquery(scored))
    )
    found = found.filter(seen)
    if over is None:
        return found
    return found.filter(state__in=OVER) if over else found.exclude(state__in=OVER)


def crisis(crisis_id: int) -> Crisis:
    """Return one crisis. Raises Crisis.DoesNotExist."""
    return crises().get(pk=crisis_id)


def task_crisis(task_id: int) -> int | None:
    """Return the crisis a task belongs to."""
    return Task.objects.filter(pk=task_id).values_list("crisis_id", flat=True).first()


def enquiry_crisis(enquiry_id: int) -> int | None:
    """Return the crisis a journalist's question belongs to."""
    return Enquiry.objects.filter(pk=enquiry_id).values_list("crisis_id", flat=True).first()


def crisis_page(crisis_id: int, now: datetime) -> CrisisPage:
    """Return what the crisis room shows. Raises Crisis.DoesNotExist."""
    row = crisis(crisis_id)
    threat = row.threat
    sheet = newest_sheet(threat)
    overrides = list(threat.overrides.select_related("by"))
    override = next((one for one in overrides if one.ended_at is None), None)
    milestones = list(row.milestones.select_related("by").order_by("at", "pk"))
    state = CrisisState(row.state)
    level = _level(sheet, override)
    rules = numbers()
    inputs = inputs_of(threat)
    tasks = list(row.tasks.select_related("owner", "done_by"))
    log = list(row.log.select_related("author"))
    enquiries = list(row.enquiries.select_related("owner", "answered_by"))
    around = scene(threat.topic, since=threat.onset, tasks=tasks)
    return CrisisPage(
        crisis=row,
        topic=threat.topic,
        threat=threat,
        clock=_clock(row, milestones, now, level=level, settings=rules.clock),
        level=level,
        sheet=sheet,
        override=override,
        overrides=overrides,
        evidence=_evidence(sheet),
        history=list(reversed(threat.assessments.defer("sheet")[:500])),
        inputs=inputs,
        said=said(threat),
        missing=missing(inputs),
        prepare=sheet is not None and sheet.level_above >= rules.assess.prepare,
        levels=rules.assess.levels,
        called=level is not None and level >= Level.CRISIS,
        tasks=tasks,
        todo=_todo(tasks, now),
        log=log,
        milestones=milestones,
        moves=MOVES[state],
        ways=_ways(row, now, rules.clock, unanswered=len(missing(inputs))),
        calls=_calls(level, inputs, now),
        involved=_involved(row, tasks, log),
        first_words=_first_words(threat),
        initiative=_initiative(threat),
        update_due=_update_due(row, level, rules.clock),
        advice=advice(sheet, inputs, level=level, scene=around),
        manners=around.manners,
        enquiries=sorted(enquiries, key=lambda one: one.answered_at is not None),
        pressing=[
            one
            for one in enquiries
            if one.answered_at is None and one.deadline_at - now <= PRESS_ALARM
        ],
        flare_up=_flare_up(row),
        alerts=list(_alerts(threat)),
        people=list(people().filter(is_active=True)),
    )


def _todo(tasks: list[Task], now: datetime) -> Todo:
    waiting = [task for task in tasks if task.done_at is None]
    return Todo(
        late=[task for task in waiting if task.due_at < now],
        due=[task for task in waiting if task.due_at >= now],
        done=[task for task in tasks if task.done_at is not None],
    )


def _ways(row: Crisis, now: datetime, settings: ClockSettings, *, unanswered: int) -> list[Way]:
    state = CrisisState(row.state)
    since = row.vigilance_since
    return [
        Way(
            to=to,
            needs_reason=reason_needed(
                state,
                to,
                now=now,
                unanswered=unanswered,
                in_vigilance_since=since,
                vigilance=timedelta(days=settings.vigilance_days),
            ),
        )
        for to in MOVES[state]
    ]


def _calls(level: Level | None, inputs: HumanInputs, now: datetime) -> list[Call]:
    roles = to_call(level, legal=inputs.legal_floor)
    on_duty = who_is_on_duty(roles, now=now)
    return [Call(role=role, holders=on_duty.get(role, [])) for role in roles]


def _involved(row: Crisis, tasks: list[Task], log: list[LogLine]) -> list[Person]:
    some = [
        row.lead,
        row.speaker,
        row.opened_by,
        *(task.owner for task in tasks),
        *(line.author for line in log),
    ]
    return list({person.pk: person for person in some if person is not None}.values())


def newest_sheet(threat: Threat) -> Sheet | None:
    """Return the newest sheet as the core's value."""
    row = threat.assessments.first()
    return msgspec.convert(row.sheet, Sheet, strict=False) if row else None


def series(threat: Threat, now: datetime) -> Series:
    """Return the course of a crisis, from two hours before its onset."""
    alarms = list(_alerts(threat).values_list("rang_at", flat=True))
    return series_of(threat.topic, onset=threat.onset, alarms=alarms, now=now)


def situation_report(crisis_id: int, now: datetime) -> Situation | None:
    """Return the report at this moment; None until the first sheet is made."""
    row = crisis(crisis_id)
    sheet = newest_sheet(row.threat)
    if sheet is None:
        return None
    override = row.threat.overrides.filter(ended_at=None).select_related("by").first()
    if override is not None:
        sheet = msgspec.structs.replace(sheet, level=Level(override.level))
    settings = numbers().clock
    return situation(
        title=row.title,
        now=now,
        state=CrisisState(row.state),
        severity=sheet,
        volume=_volume(row.threat.topic, now),
        clock=_clock(row, list(row.milestones.all()), now, level=sheet.level, settings=settings),
        by_hand=_by_hand(override) if override else None,
        claims=_claims(row.threat),
        log=[_line(line) for line in row.log.select_related("author")],
        tasks=[_task_line(task) for task in row.tasks.select_related("owner")],
        exercise=row.exercise,
        settings=settings,
    )


def _by_hand(override: Override) -> ByHand:
    return ByHand(by=str(override.by), at=override.at, reason=override.reason)


def _claims(threat: Threat) -> list[Claim]:
    """Return the claim people wrote down, and others of the topic that matter since the onset."""
    inputs = inputs_of(threat)
    written = Claim(
        sentence=inputs.claim,
        status=inputs.claim_status or ClaimStatus.UNVERIFIED,
        source=inputs.claim_source,
        checked_by=inputs.claim_by,
        checked_at=inputs.claim_at,
    )
    told = claims_told(threat.topic, since=threat.onset)
    others = [claim for claim in told if claim.sentence != inputs.claim]
    return [*([written] if inputs.claim else []), *others]


def topics() -> QuerySet[Topic]:
    """Return topics a crisis can be opened on."""
    return Topic.objects.filter(archived_at=None)


def _clock(
    row: Crisis,
    milestones: list[Milestone],
    now: datetime,
    *,
    level: Level | None,
    settings: ClockSettings,
) -> Clock:
    return clock(
        row.threat.onset,
        now,
        {Step(one.step): one.at for one in milestones},
        spoke_at=_own_words(row.threat).values_list("published", flat=True).first(),
        level=level,
        settings=settings,
    )


def _own_words(threat: Threat) -> QuerySet[Post]:
    """Return what our accounts said of the topic since the onset, earliest first.

    What the team hid is not about it: a planned advert must not end our silence (R-33).
    """
    return Post.objects.filter(
        own=True,
        hiding=None,
        published__gte=threat.onset,
        matches__topic=threat.topic_id,
        matches__hidden=False,
    ).order_by("published", "pk")


def _first_words(threat: Threat) -> Post | None:
    first = _own_words(threat).first()
    return kept(first) if first else None


def _initiative(threat: Threat) -> Initiative:
    """Count our words since the onset, and whether somebody had asked before each.

    Who asked is whose words read as an enquiry.
    """
    ours = _own_words(threat).filter(repost_of="", deleted_at=None)
    told = ours.values_list("published", "in_reply_to")
    if not told:
        return Initiative(updates=0, spontaneous=0)
    asking = Post.objects.filter(
        matches__topic=threat.topic_id,
        published__gte=threat.onset,
        deleted_at=None,
        own=False,
        repost_of="",
        document__sentiment__enquiry__gte=ASKS,
    )
    questions = asking.values_list("published", flat=True)[:MOST_QUESTIONS]
    updates = [Update(at, replies=bool(parent)) for at, parent in told]
    return initiative(updates, list(questions), since=threat.onset)


def _update_due(row: Crisis, level: Level | None, settings: ClockSettings) -> datetime | None:
    """Return when we should speak next: the cadence of the level after our last word."""
    if level is None or row.closed_at is not None:
        return None
    last = _own_words(row.threat).values_list("published", flat=True).last()
    return (last or row.threat.onset) + timedelta(minutes=settings.update_min[level])


def _level(sheet: Sheet | None, override: Override | None) -> Level | None:
    if override is not None:
        return Level(override.level)
    return sheet.level if sheet else None


def _evidence(sheet: Sheet | None) -> dict[str, Post]:
    if sheet is None:
        return {}
    ids = list(dict.fromkeys(uid for one in sheet.indicators for uid in one.evidence))
    rows = Post.objects.select_related("author").filter(uid__in=ids[:MOST_EVIDENCE])
    return {post.uid: kept(post) for post in rows}


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
    own = line.message["text"] if line.message.get("own") else ""
    said = None if own else msgspec.convert(line.message, Message)
    if told := TOLD.get(line.kind):
        values = {"what": said or own, "owner": line.message.get("owner", "")}
        said, own = msgspec.structs.replace(told, values=values), ""
    return Line(at=line.at, message=said, words=own, author=author)


def _task_line(task: Task) -> TaskLine:
    return TaskLine(
        title=msgspec.convert(task.title, Message),
        role=Role(task.role),
        due_at=task.due_at,
        owner=str(task.owner) if task.owner else "",
        done_at=task.done_at,
    )
