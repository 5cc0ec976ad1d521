"""What people do in a crisis: state, lead, tasks, milestones, notes and decisions."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from quivive.assess.nature import missing
from quivive.coordinate.clock import TITLES, Step
from quivive.coordinate.permissions import Permission, may
from quivive.coordinate.situation import STATES
from quivive.coordinate.states import move
from quivive.vocabulary.crises import CrisisState, Role
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.assess.queries import inputs_of
from quivive.web.assess.rubric_queries import numbers
from quivive.web.coordinate.models import Crisis, LogLine, Task
from quivive.web.coordinate.services.log import as_json, give_word, reach, record, unreach, write
from quivive.web.people.models import Person

LONGEST = 120
"""Characters of a decision in the task that looks at it again."""


@transaction.atomic
def change_state(
    *,
    crisis_id: int,
    to: CrisisState,
    reason: str = "",
    person: Person,
    roles: Collection[Role],
    now: datetime,
) -> Crisis:
    """Move the crisis on; the rules of :mod:`quivive.coordinate.states` say what each move asks."""
    crisis = _locked(crisis_id)
    state = move(
        CrisisState(crisis.state),
        to,
        role=_acting_role(roles, Permission.CHANGE_STATE),
        reason=reason,
        now=now,
        unanswered=len(missing(inputs_of(crisis.threat))),
        in_vigilance_since=crisis.vigilance_since,
        vigilance=timedelta(days=numbers().clock.vigilance_days),
    )
    crisis.state = state.value
    crisis.vigilance_since = now if state is CrisisState.VIGILANCE else None
    over = state in (CrisisState.CLOSED, CrisisState.DISMISSED)
    crisis.closed_at = now if over else None
    crisis.save(update_fields=["state", "vigilance_since", "closed_at"])
    write(crisis, kind="state", message=STATES[state], author=person, at=now)
    if reason.strip():
        write(crisis, kind="reason", message=reason.strip(), author=person, at=now)
    record("crisis-state", crisis, person=person, detail={"to": state.value}, now=now)
    return crisis


@transaction.atomic
def assign_lead(*, crisis_id: int, lead_id: int, person: Person, now: datetime) -> None:
    """Say who leads; the handover is a line of the log."""
    crisis = _locked(crisis_id)
    lead = Person.objects.get(pk=lead_id, is_active=True)
    if crisis.lead_id == lead.pk:
        return
    before, crisis.lead = crisis.lead, lead
    crisis.save(update_fields=["lead"])
    line = (
        say("{lead} takes over the lead from {before}.", lead=str(lead), before=str(before))
        if before
        else say("{lead} leads.", lead=str(lead))
    )
    write(crisis, kind="lead", message=line, author=person, at=now)
    record("crisis-lead", crisis, person=person, detail={"lead": lead.pk}, now=now)


@transaction.atomic
def assign_speaker(*, crisis_id: int, speaker_id: int, person: Person, now: datetime) -> None:
    """Say who alone speaks for us to the press (DR-14); the handover is a line of the log."""
    crisis = _locked(crisis_id)
    speaker = Person.objects.get(pk=speaker_id, is_active=True)
    if crisis.speaker_id != speaker.pk:
        give_word(crisis, speaker, person=person, now=now)


@transaction.atomic
def add_task(
    *,
    crisis_id: int,
    title: str,
    role: Role,
    due_at: datetime,
    owner_id: int | None = None,
    person: Person,
    now: datetime,
) -> Task:
    """Add something to do that no list foresaw."""
    crisis = _locked(crisis_id)
    task = Task.objects.create(
        crisis=crisis,
        title=as_json(_words(title)),
        role=role.value,
        owner_id=owner_id,
        due_at=due_at,
    )
    write(crisis, kind="task-added", message=_titled(task), author=person, at=now)
    record("task-added", crisis, person=person, detail={"task": task.pk}, now=now)
    return task


@transaction.atomic
def own_task(*, task_id: int, owner_id: int | None, person: Person, now: datetime) -> None:
    """Give a task to somebody, or to nobody."""
    task = _task(task_id)
    owner = Person.objects.get(pk=owner_id, is_active=True) if owner_id else None
    task.owner = owner
    task.save(update_fields=["owner"])
    detail = {"task": task.pk, "owner": owner_id}
    if owner:
        message = {**_titled(task), "owner": str(owner)}
        write(task.crisis, kind="task-owner", message=message, author=person, at=now)
    record("task-owner", task.crisis, person=person, detail=detail, now=now)


@transaction.atomic
def finish_task(*, task_id: int, person: Person, now: datetime) -> None:
    """Tick a task off, once; the milestone it stands for is reached with it."""
    task = _task(task_id)
    done = Task.objects.filter(pk=task.pk, done_at=None).update(done_at=now, done_by=person)
    if not done:
        raise NotAllowed(
            say("{name} did this already.", name=str(task.done_by)),
            say("Reopen the task if it has to be done again."),
        )
    write(task.crisis, kind="task-done", message=_titled(task), author=person, at=now)
    if task.step:
        reach(task.crisis, task.step, at=now, by=person)
    record("task-done", task.crisis, person=person, detail={"task": task.pk}, now=now)


@transaction.atomic
def reopen_task(*, task_id: int, person: Person, now: datetime) -> None:
    """Say that a task is not done after all, nor the step of the golden hour it stands for."""
    task = _task(task_id)
    reopened = Task.objects.filter(pk=task.pk).exclude(done_at=None)
    if reopened.update(done_at=None, done_by=None):
        if task.step:
            unreach(task.crisis, task.step)
        write(task.crisis, kind="task-reopened", message=_titled(task), author=person, at=now)
        record("task-reopened", task.crisis, person=person, detail={"task": task.pk}, now=now)


@transaction.atomic
def reach_milestone(*, crisis_id: int, step: Step, person: Person, now: datetime) -> bool:
    """Note that a step of the golden hour is reached; False when it was before."""
    crisis = _locked(crisis_id)
    if not reach(crisis, step, at=now, by=person):
        return False
    write(crisis, kind="milestone", message=TITLES[step], author=person, at=now)
    record("milestone", crisis, person=person, detail={"step": step.value}, now=now)
    return True


@transaction.atomic
def write_note(*, crisis_id: int, words: str, person: Person, now: datetime) -> LogLine:
    """Add a line in one's own words."""
    crisis = _locked(crisis_id)
    line = LogLine.objects.create(
        crisis=crisis, at=now, kind="note", author=person, message=as_json(_words(words))
    )
    record("note", crisis, person=person, detail={"line": line.pk}, now=now)
    return line


@transaction.atomic
def record_decision(
    *,
    crisis_id: int,
    words: str,
    known: str,
    rejected: str = "",
    assumed: str = "",
    review_at: datetime | None = None,
    person: Person,
    now: datetime,
) -> LogLine:
    """Keep a decision with what was known then, so that it can be judged fairly later (DR-12).

    Deciding to wait is a decision too: it counts as the last step of the golden hour only when
    the milestone is marked. When it should be looked at again, a task says so.

    Args:
        words: what is decided.  known: what is known now; needed.
        rejected: what was decided against.  assumed: what is taken to be so.
    """
    crisis = _locked(crisis_id)
    if not known.strip():
        raise NotAllowed(
            say("A decision needs what was known when it was taken."),
            say("Write in a sentence what you know and what you do not know now."),
        )
    beside = {
        name: said.strip()
        for name, said in (("rejected", rejected), ("assumed", assumed))
        if said.strip()
    }
    if review_at is not None:
        beside["review_at"] = review_at.isoformat()
    line = LogLine.objects.create(
        crisis=crisis,
        at=now,
        kind="decision",
        author=person,
        message={"text": _words(words), "own": True, "known": known.strip()} | beside,
    )
    if review_at is not None:
        title = say("Look again at: “{decision}”", decision=_shortened(words))
        crisis.tasks.create(title=as_json(title), role=Role.LEAD.value, due_at=review_at)
    record("decision", crisis, person=person, detail={"line": line.pk}, now=now)
    return line


def _shortened(words: str) -> str:
    words = words.strip()
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def _locked(crisis_id: int) -> Crisis:
    """Return the crisis, held until the transaction ends: two people change it in turn."""
    return Crisis.objects.select_for_update().get(pk=crisis_id)


def _task(task_id: int) -> Task:
    return Task.objects.select_for_update(of=("self",)).select_related("crisis").get(pk=task_id)


def _titled(task: Task) -> dict[str, object]:
    return dict(task.title)


def _words(words: str) -> str:
    if not words.strip():
        raise NotAllowed(say("There is nothing to write."), say("Write a few words first."))
    return words.strip()


def _acting_role(roles: Collection[Role], permission: Permission) -> Role:
    """Return a role of the person that grants the permission, or any: the rule then refuses."""
    return next((role for role in roles if may([role], permission)), next(iter(roles), Role.PEER))
