"""What people do with cases: each works on many at once, is logged, and can be taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Q

from quivive.respond.asking import asking
from quivive.respond.inbox import LIVE, LOCK, Promise, Status, check_move, due
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import Message, say
from quivive.web.listen.models import Deed, Post
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.respond.models import Case, CaseLine, InboxSettings
from quivive.web.respond.services.late import settle_alerts
from quivive.web.waiting.services import note_change

CHUNK = 500
DEED = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What one action did.

    Attributes:
        deed: takes it back; None when nothing changed.
        changed: cases it changed.  left: cases it left alone, because somebody is answering them.
    """

    deed: Deed | None
    changed: int
    left: int


def promise() -> Promise:
    """Return what the organisation promises."""
    row = InboxSettings.objects.filter(pk=1).first()
    return msgspec.convert(row.promise, Promise) if row else Promise()


def new_case(post: Post, *, to_us: bool, promised: Promise, since: datetime) -> Case:
    """Make the case of a post, not stored yet; our promises run from ``since``."""
    told = asking(post.content, to_us=to_us, plea=post.plea)
    times = due(since, told.urgency, promised, press=told.press)
    return Case(
        post=post,
        urgency=told.urgency,
        because=msgspec.to_builtins(told.because),
        asked_at=post.heard_at,
        first_due_at=times.first_reply,
        solve_due_at=times.solution,
    )


@transaction.atomic
def open_cases(*, posts: Sequence[int], person: Person, now: datetime) -> Done:
    """Put posts into the inbox by hand; their promises run from now."""
    promised = promise()
    rows = Post.objects.filter(pk__in=posts, case=None, deleted_at=None, own=False)
    cases = [new_case(post, to_us=False, promised=promised, since=now) for post in rows]
    Case.objects.bulk_create(cases, batch_size=CHUNK)
    _tell(cases, say("Put into the inbox by hand."), "opened", person, now)
    return _deed(cases, "opened", {}, person, now)


@transaction.atomic
def set_status(
    *,
    cases: Sequence[int],
    status: Status,
    reason: str = "",
    seen: str = "",
    person: Person,
    now: datetime,
) -> Done:
    """Say how far cases are. What is answered, closed or not answered is out of the queue.

    Args:
        seen: the status that was on the page, where it was pressed.

    Raises:
        NotAllowed: not answering without a reason; the only case is being answered by another;
            somebody has set another status since.
    """
    check_move(status, reason)
    if seen and Case.objects.filter(pk__in=cases).exclude(status=seen).exists():
        raise NotAllowed(
            say("Somebody has set another status since you opened this post."),
            say("Look at what was done, and set yours again if it still holds."),
        )
    told = {"status": status.value, "reason": reason.strip()[:300]}
    sentence = Message(text="", values=dict(told))  # the page shows the status as a badge
    fields: dict[str, Any] = {**told}
    fields |= {"done_at": None if status in LIVE else now, "snoozed_until": None}
    if status not in LIVE:
        fields |= {"locked_by_id": None, "locked_until": None}
    if status is Status.NEW:
        fields["assigned_to_id"] = None
    done = _change(cases, fields, "status", sentence, person=person, now=now)
    if status is Status.ANSWERED:
        answered = Case.objects.filter(pk__in=cases, replied_at=None, status=status.value)
        answered.update(replied_at=now)
    settle_alerts(cases, person=person, now=now)
    return done


@transaction.atomic
def answer(*, case_id: int, url: str, person: Person, now: datetime) -> Done:
    """Say that we answered, and where the answer can be read."""
    url = url.strip()
    if url and not url.startswith(("https://", "http://")):
        raise NotAllowed(
            say("This is no address of a web page."),
            say("Copy it from the browser, beginning with https://, or leave it empty."),
        )
    done = set_status(cases=[case_id], status=Status.ANSWERED, person=person, now=now)
    if url:
        Case.objects.filter(pk=case_id).update(answer_url=url[:500])
    return done


@transaction.atomic
def assign(
    *, cases: Sequence[int], to: Person | None, team: str = "", person: Person, now: datetime
) -> Done:
    """Give cases to a person or to a role; to neither gives them back to everybody."""
    fields = {"assigned_to_id": to.pk if to else None, "team": "" if to else team}
    if to and to == person:
        sentence = say("{name} takes it.", name=str(person))
    elif to:
        sentence = say("Given to {name}.", name=str(to))
    elif team:
        sentence = say("Given to: {name}.", name=team)
    else:
        sentence = say("Given back to everybody.")
    done = _change(cases, fields, "assigned", sentence, person=person, now=now)
    Case.objects.filter(pk__in=cases, status=Status.NEW).update(status=Status.OPEN.value)
    return done


@transaction.atomic
def snooze(*, cases: Sequence[int], until: datetime, person: Person, now: datetime) -> Done:
    """Take cases out of sight until a moment. Their promises keep running."""
    if until <= now:
        raise NotAllowed(
            say("This moment has already passed."), say("Choose a moment in the future.")
        )
    sentence = say("Out of sight until {at}.", at=until.isoformat())
    return _change(cases, {"snoozed_until": until}, "snoozed", sentence, person=person, now=now)


@transaction.atomic
def wake(*, cases: Sequence[int], person: Person, now: datetime) -> Done:
    """Bring snoozed cases back at once."""
    fields = {"snoozed_until": None}
    return _change(cases, fields, "snoozed", say("Brought back."), person=person, now=now)


@transaction.atomic
def merge(*, cases: Sequence[int], person: Person, now: datetime) -> Done:
    """Treat cases as one: the most urgent, then the oldest, stands for all."""
    rows = list(Case.objects.filter(pk__in=cases, main=None).select_related("post__author"))
    if len(rows) < 2:  # noqa: PLR2004
        raise NotAllowed(
            say("There is nothing to merge."), say("Choose two posts or more that ask the same.")
        )
    rows.sort(key=lambda row: (-row.urgency, row.asked_at, row.pk))
    main, others = rows[0], rows[1:]
    _tell(
        [main],
        say("{count} others merged into this one.", count=len(others)),
        "merged",
        person,
        now,
    )
    sentence = say("Merged into the post of {name}.", name=str(main.post.author))
    fields = {"main_id": main.pk}
    return _change([row.pk for row in others], fields, "merged", sentence, person=person, now=now)


@transaction.atomic
def unmerge(*, case_id: int, person: Person, now: datetime) -> Done:
    """Let a merged case stand for itself again."""
    fields = {"main_id": None}
    return _change(
        [case_id], fields, "merged", say("Stands for itself again."), person=person, now=now
    )


@transaction.atomic
def lock(*, case_id: int, person: Person, now: datetime, take_over: bool = False) -> Case:
    """Say "I am answering": for ten minutes nobody else may mark it answered.

    Raises:
        NotAllowed: somebody else is answering, and this is no take-over.
    """
    free = Q(locked_by=None) | Q(locked_by=person) | Q(locked_until__lte=now)
    mine = Case.objects.filter(pk=case_id) if take_over else Case.objects.filter(free, pk=case_id)
    before = Case.objects.select_related("locked_by").get(pk=case_id)
    if not mine.update(locked_by=person, locked_until=now + LOCK):
        raise NotAllowed(
            say(
                "{name} is answering this post until {at}.",
                name=str(before.locked_by),
                at=(before.locked_until or now).isoformat(),
            ),
            say("Wait, or take over: it is noted, and they see it at once."),
        )
    Case.objects.filter(pk=case_id, status=Status.NEW).update(status=Status.OPEN.value)
    Case.objects.filter(pk=case_id, assigned_to=None).update(assigned_to=person)
    others = before.locked_by_id not in (None, person.pk) and not _free(before, now)
    if before.locked_by_id != person.pk or _free(before, now):
        told = (
            say("{name} takes over from {other}.", name=str(person), other=str(before.locked_by))
            if others
            else say("{name} is answering.", name=str(person))
        )
        _tell([before], told, "lock", person, now)
        audit(person=person, action="case.lock", subject=f"case/{case_id}", now=now)
    note_change("inbox", str(case_id), now=now)
    return before


@transaction.atomic
def unlock(*, case_id: int, person: Person, now: datetime) -> None:
    """Stop answering without an answer."""
    mine = Case.objects.filter(pk=case_id, locked_by=person)
    if mine.update(locked_by=None, locked_until=None):
        note_change("inbox", str(case_id), now=now)


@transaction.atomic
def undo(*, deed_id: int, person: Person, now: datetime) -> Done:
    """Put cases back as they were before one's own action; what changed since stays.

    Raises:
        NotAllowed: somebody else did it, or it was taken back already.
    """
    deed = Deed.objects.select_for_update().filter(pk=deed_id, person=person, kind=DEED).first()
    if deed is None or deed.undone_at is not None:
        raise NotAllowed(
            say("This can no longer be taken back."), say("Change the posts one by one instead.")
        )
    after, back = deed.before["after"], 0
    for number, before in deed.before["cases"].items():
        same = Case.objects.filter(pk=int(number), **after)
        if deed.before["what"] == "opened":
            back += bool(same.filter(status=Status.NEW, lines__kind="opened").delete()[0])
            continue
        was = before.pop("was", None)
        if changed := same.update(**before):
            back += changed
            Case.objects.filter(pk=int(number), replied_at=deed.at).update(replied_at=None)
            if was == Status.NEW:
                Case.objects.filter(pk=int(number), status=Status.OPEN).update(status=was)
    rows = Case.objects.filter(pk__in=[int(number) for number in deed.before["cases"]])
    _tell(rows, say("Taken back."), "undone", person, now)
    deed.undone_at = now
    deed.save(update_fields=["undone_at"])
    audit(person=person, action="case.undo", subject=f"deed/{deed.pk}", now=now)
    note_change("inbox", now=now)
    return Done(deed=None, changed=back, left=len(deed.before["cases"]) - back)


def _free(case: Case, now: datetime) -> bool:
    return case.locked_by_id is None or case.locked_until is None or case.locked_until <= now


def _change(
    cases: Sequence[int],
    fields: Mapping[str, Any],
    kind: str,
    sentence: Message,
    *,
    person: Person,
    now: datetime,
) -> Done:
    """Change cases alike, but those somebody else is answering; keep how they were."""
    rows = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=cases))
    taken = [row for row in rows if not _free(row, now) and row.locked_by_id != person.pk]
    if taken and len(rows) == 1:
        holder = taken[0].locked_by
        raise NotAllowed(
            say(
                "{name} is answering this post until {at}.",
                name=str(holder),
                at=(taken[0].locked_until or now).isoformat(),
            ),
            say("Wait, or take over: it is noted, and they see it at once."),
        )
    free = [row for row in rows if row not in taken]
    Case.objects.filter(pk__in=[row.pk for row in free]).update(**fields)
    _tell(free, sentence, kind, person, now)
    done = _deed(free, kind, fields, person, now)
    return Done(deed=done.deed, changed=len(free), left=len(taken))


def _deed(
    rows: Sequence[Case], kind: str, after: Mapping[str, Any], person: Person, now: datetime
) -> Done:
    before = {
        str(row.pk): {name: _plain(getattr(row, name)) for name in after} | {"was": row.status}
        for row in rows
    }
    kept = {name: _plain(value) for name, value in after.items()}
    deed = Deed.objects.create(
        person=person, kind=DEED, at=now, before={"what": kind, "cases": before, "after": kept}
    )
    audit(
        person=person,
        action=f"case.{kind}",
        subject=f"deed/{deed.pk}",
        detail={"cases": [row.pk for row in rows], **kept},
        now=now,
    )
    for row in rows[:20]:
        note_change("inbox", str(row.pk), now=now)
    return Done(deed=deed, changed=len(rows), left=0)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _tell(
    rows: Iterable[Case], sentence: Message, kind: str, person: Person | None, now: datetime
) -> None:
    message = msgspec.to_builtins(sentence)
    CaseLine.objects.bulk_create(
        [CaseLine(case=row, at=now, kind=kind, author=person, message=message) for row in rows],
        batch_size=CHUNK,
    )
