"""All that changes the rules of the inbox, what they do to posts, and what is taken back of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Max

from quivive.listen.query import parse
from quivive.respond.asking import Urgency
from quivive.respond.inbox import LIVE, Status, due
from quivive.respond.rules import Action, Asks, Condition, Does, Rule, allowed, check, status_of
from quivive.vocabulary.errors import BadQuery, NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.listen.models import PostLabel
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.respond.models import Case, CaseLine, InboxRule, RuleRun
from quivive.web.respond.services.cases import promise
from quivive.web.waiting.services import note_change


@transaction.atomic
def save_rule(
    *,
    rule_id: int | None = None,
    name: str,
    conditions: Sequence[Condition],
    actions: Sequence[Action],
    person: Person,
    now: datetime,
) -> InboxRule:
    """Make a rule, at the end of the others, or change one.

    Raises:
        NotAllowed: it has too much or nothing, or asks a query that cannot be read.
    """
    check_rule(conditions=conditions, actions=actions)
    row = InboxRule.objects.filter(pk=rule_id).first() if rule_id else None
    if row is None:
        last = InboxRule.objects.aggregate(last=Max("place"))["last"]
        row = InboxRule(place=(last or 0) + 1, made_by=person)
    row.name, row.changed_at = name.strip(), now
    row.conditions, row.actions = msgspec.to_builtins(conditions), msgspec.to_builtins(actions)
    row.save()
    detail = {"conditions": row.conditions, "actions": row.actions}
    audit(person=person, action="inbox.rule", subject=row.name, detail=detail, now=now)
    return row


def check_rule(
    *, conditions: Sequence[Condition], actions: Sequence[Action], **_rest: object
) -> None:
    """Refuse a rule that cannot be followed. Raises NotAllowed with what to change."""
    check(conditions, actions)
    for one in conditions:
        if one.asks in (Asks.QUERY, Asks.NOT_QUERY):
            _check_query(one.value)


def _check_query(query: str) -> None:
    try:
        parse(query)
    except BadQuery as trouble:
        raise NotAllowed(trouble.what, trouble.remedy) from None


@transaction.atomic
def switch_rule(*, rule_id: int, active: bool, person: Person, now: datetime) -> None:
    """Let a rule count, or rest."""
    row = InboxRule.objects.get(pk=rule_id)
    InboxRule.objects.filter(pk=rule_id).update(active=active)
    detail = {"active": active}
    audit(person=person, action="inbox.rule-switch", subject=row.name, detail=detail, now=now)


@transaction.atomic
def move_rule(*, rule_id: int, up: bool, person: Person, now: datetime) -> None:
    """Let a rule stand one place further up or down."""
    rows = list(InboxRule.objects.select_for_update())
    at = next((n for n, row in enumerate(rows) if row.pk == rule_id), None)
    to = None if at is None else at + (-1 if up else 1)
    if at is None or to is None or not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for place, row in enumerate(rows, start=1):
        row.place = place
    InboxRule.objects.bulk_update(rows, ["place"])
    audit(person=person, action="inbox.rule-move", subject=rows[to].name, detail={"place": to + 1},
          now=now)  # fmt: skip


@transaction.atomic
def remove_rule(*, rule_id: int, person: Person, now: datetime) -> None:
    """Forget a rule; what it did stays."""
    row = InboxRule.objects.filter(pk=rule_id).first()
    if row is not None:
        row.delete()
        audit(person=person, action="inbox.rule-remove", subject=row.name, now=now)


def apply_rule(rule: Rule, case: Case, *, opened: bool, now: datetime) -> None:
    """Do to a new case what a rule says, and note how it was."""
    fields: dict[str, Any] = {}
    labels: list[str] = []
    for action in allowed(rule, Urgency(case.urgency)):
        match action.does:
            case Does.LABEL:
                label = PostLabel.objects.get_or_create(
                    post_id=case.post_id, name=action.value, defaults={"at": now}
                )
                labels += [action.value] if label[1] else []
            case Does.NOTE:
                _write(case, {"text": action.value, "own": True}, now)
            case _:
                fields |= _fields(action, case, now)
    before = {name: _plain(getattr(case, name)) for name in fields}
    Case.objects.filter(pk=case.pk).update(**fields)
    RuleRun.objects.create(
        rule_id=rule.key,
        name=rule.name,
        case=case,
        at=now,
        before=before,
        after={name: _plain(value) for name, value in fields.items()},
        labels=labels,
        opened=opened,
    )
    _write(case, msgspec.to_builtins(say("By the rule “{name}”.", name=rule.name)), now)


def _fields(action: Action, case: Case, now: datetime) -> dict[str, Any]:
    match action.does:
        case Does.PERSON:
            return {"assigned_to_id": int(action.value), "status": Status.OPEN.value}
        case Does.ROLE:
            return {"team": action.value, "status": Status.OPEN.value}
        case Does.SNOOZE:
            return {"snoozed_until": now + timedelta(hours=int(action.value))}
        case Does.STATUS:
            status, reason = status_of(action)
            return {"status": status.value, "reason": reason[:300], "done_at": now}
        case Does.URGENCY:
            raised = max(Urgency(case.urgency), Urgency[action.value.upper()])
            times = due(case.asked_at, raised, promise(), press=case.by_press)
            first = min(case.first_due_at, max(times.first_reply, now))
            return {"urgency": raised.value, "first_due_at": first}
        case _:
            return {}


@transaction.atomic
def undo_runs(*, rule_id: int, person: Person, now: datetime) -> tuple[int, int]:
    """Take back all that a rule did and that nobody changed since.

    Returns:
        How many posts are as they were, and how many were left alone.
    """
    back = left = 0
    runs = RuleRun.objects.filter(rule=rule_id, undone_at=None).select_related("case")
    for run in runs.order_by("-pk"):
        same = Case.objects.filter(pk=run.case_id, **run.after, replied_at=None)
        if not same.exists():
            left += 1
            continue
        PostLabel.objects.filter(post=run.case.post_id, name__in=run.labels, by=None).delete()
        if run.opened and run.case.status in [status.value for status in LIVE]:
            same.delete()
        else:
            same.update(**run.before)
            RuleRun.objects.filter(pk=run.pk).update(undone_at=now)
            _write(run.case, msgspec.to_builtins(say("Taken back.")), now)
        back += 1
    row = InboxRule.objects.filter(pk=rule_id).first()
    audit(person=person, action="inbox.rule-undo", subject=row.name if row else str(rule_id),
          detail={"back": back, "left": left}, now=now)  # fmt: skip
    note_change("inbox", now=now)
    return back, left


def _write(case: Case, message: dict[str, Any], now: datetime) -> None:
    CaseLine.objects.create(case=case, at=now, kind="rule", author=None, message=message)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
