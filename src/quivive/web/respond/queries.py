"""All that pages read of the inbox."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from quivive.coordinate.permissions import Permission
from quivive.detect.copies import FEWEST_WORDS, Copies, place, saying_of
from quivive.respond.asking import Urgency
from quivive.respond.inbox import LIVE, Dialogue, Promise, dialogue
from quivive.vocabulary.crises import Role
from quivive.vocabulary.folding import fold
from quivive.web.coordinate.models import Crisis
from quivive.web.listen.models import Deed, Post, PostLabel
from quivive.web.people.guards import roles_that_may
from quivive.web.people.models import Person
from quivive.web.people.queries import holdings
from quivive.web.respond.models import Case, CaseLine, InboxSettings, Mention, Presence

PAGE = 40
"""Lines of a page."""
READ = 5 * PAGE
"""Cases a page may show, copies with them."""
HISTORY = 8
LATELY = timedelta(days=30)
NO_TIME = timedelta(0)
VIEWS = ("all", "mine", "new", "named", "snoozed", "done")
"""What one may look at; the first is what waits for anybody."""

NotThere = Case.DoesNotExist


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the queue.

    Attributes:
        copies: others who wrote the same words, each with a case of their own; none more urgent.
    """

    case: Case
    copies: list[Case] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A part of the queue, in the order in which people should be answered.

    Attributes:
        after: where the next page begins, empty at the end.
        counts: how many there are in each view.
        labels: labels in use.
    """

    lines: list[Line]
    after: str
    counts: dict[str, int]
    labels: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """All that is shown of one case.

    Attributes:
        parent: the post it replies to, when stored.  replies: what was replied to it.
        others: further posts of the same author, newest first, with their cases.
        present: who else has it open.  locked: somebody else is answering it now.
    """

    case: Case
    parent: Post | None
    replies: list[Post]
    others: list[Post]
    merged: list[Case]
    lines: list[CaseLine]
    labels: list[str]
    present: list[Presence]
    locked: bool
    mine: bool


def handlers(*, now: datetime) -> list[Person]:
    """Return who may handle the inbox, by name."""
    roles = [role.value for role in roles_that_may(Permission.HANDLE_INBOX)]
    held = holdings(now=now).filter(role__in=roles)
    ids = set(held.values_list("person_id", flat=True))
    return list(Person.objects.filter(pk__in=ids, is_active=True).order_by("name"))


def teams() -> list[Role]:
    """Return the roles a case may be given to."""
    return roles_that_may(Permission.HANDLE_INBOX)


def queue(
    view: str, *, person: Person, roles: Sequence[Role], now: datetime, after: str = ""
) -> Queue:
    """Return a part of the queue: danger first, then who is alone and in need, then by waiting."""
    rows = _view(view, person, roles, now)
    done = view == "done"
    rows = rows.order_by("-done_at", "-pk") if done else rows.order_by("-urgency", "asked_at", "pk")
    if place := _place(after):
        urgency, at, number = place
        rows = rows.filter(
            Q(done_at__lt=at) | Q(done_at=at, pk__lt=number)
            if done
            else Q(urgency__lt=urgency)
            | Q(urgency=urgency, asked_at__gt=at)
            | Q(urgency=urgency, asked_at=at, pk__gt=number)
        )
    labels = Prefetch("post__labels", PostLabel.objects.order_by("name"))
    rows = rows.select_related("post__author", "assigned_to", "locked_by").prefetch_related(labels)
    found = list(rows[: READ + 1])
    lines = _lines(found[:READ])
    shown = sum(1 + len(line.copies) for line in lines)
    last = found[shown - 1] if len(found) > shown else None
    moment = (last.done_at if done else last.asked_at) if last else None
    return Queue(
        lines=lines,
        after=f"{last.urgency}~{moment.isoformat()}~{last.pk}" if last and moment else "",
        counts={name: _view(name, person, roles, now).count() for name in VIEWS if name != "done"},
        labels=list(PostLabel.objects.order_by("name").values_list("name", flat=True).distinct()),
    )


def _lines(cases: Sequence[Case]) -> list[Line]:
    """Give those who wrote the same one line; a few words, such as “Is it true?”, do not."""
    copies, lines = Copies(), dict[str, Line]()
    for case in cases:
        saying = saying_of(fold(case.post.content))
        long = len(saying.words) >= FEWEST_WORDS
        first = place(copies, str(case.pk), saying) if long else str(case.pk)
        if first in lines:
            lines[first].copies.append(case)
        elif len(lines) == PAGE:
            break
        else:
            lines[first] = Line(case)
    return list(lines.values())


def _place(text: str) -> tuple[int, datetime, int] | None:
    try:
        urgency, at, number = text.split("~")
        return int(urgency), datetime.fromisoformat(at), int(number)
    except ValueError:
        return None


def _view(view: str, person: Person, roles: Sequence[Role], now: datetime) -> QuerySet[Case]:
    live = Case.objects.filter(
        status__in=[status.value for status in LIVE], main=None, post__hiding=None
    )
    awake = live.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=now))
    match view:
        case "mine":
            teams = [role.value for role in roles]
            return awake.filter(Q(assigned_to=person) | Q(team__in=teams, assigned_to=None))
        case "new":
            return awake.filter(status="new")
        case "named":
            named = Mention.objects.filter(person=person, seen_at=None).values("line__case")
            return Case.objects.filter(pk__in=named)
        case "snoozed":
            return live.filter(snoozed_until__gt=now)
        case "done":
            over = Case.objects.exclude(status__in=[status.value for status in LIVE])
            return over.filter(main=None).exclude(done_at=None)
        case _:
            return awake


def case_page(case_id: int, *, person: Person, now: datetime) -> CasePage:
    """Return one case. Raises Case.DoesNotExist."""
    case = Case.objects.select_related(
        "post__author", "assigned_to", "locked_by", "main__post__author"
    ).get(pk=case_id)
    post = case.post
    present = Presence.objects.filter(case=case, until__gt=now).exclude(person=person)
    return CasePage(
        case=case,
        parent=_post(post.in_reply_to),
        replies=list(_posts().filter(in_reply_to=post.uid).order_by("published")[:HISTORY]),
        others=list(
            _posts().filter(author=post.author).exclude(pk=post.pk).order_by("-published")[:HISTORY]
        ),
        merged=list(case.merged.select_related("post__author").order_by("asked_at")),
        lines=list(case.lines.select_related("author")),
        labels=list(post.labels.order_by("name").values_list("name", flat=True)),
        present=list(present.select_related("person").order_by("person__name")),
        locked=bool(
            case.locked_by_id
            and case.locked_by_id != person.pk
            and case.locked_until
            and case.locked_until > now
        ),
        mine=bool(case.locked_by_id == person.pk and case.locked_until and case.locked_until > now),
    )


def _posts() -> QuerySet[Post]:
    return Post.objects.select_related("author", "case").filter(deleted_at=None, hiding=None)


def _post(uid: str) -> Post | None:
    return _posts().filter(uid=uid).first() if uid else None


def dialogue_lately(*, now: datetime) -> Dialogue:
    """Return how questions of the last 30 days were answered outside crises (R-22).

    One that may still be answered in time counts neither for nor against; nor does one somebody
    decided, with a reason, not to answer, or that its author took back.
    """
    rows = Case.objects.filter(
        asked_at__gte=now - LATELY, asked_at__lte=now, urgency__gte=Urgency.QUESTION, main=None
    ).filter(Q(replied_at__isnull=False) | Q(first_due_at__lte=now))
    rows = rows.exclude(status="no-reply", replied_at=None).exclude(
        post__deleted_at__isnull=False, replied_at=None
    )
    asked = OuterRef("asked_at")
    crises = Crisis.objects.filter(
        threat__topic__matches__post=OuterRef("post"), threat__onset__lte=asked
    )
    rows = rows.exclude(Exists(crises.filter(Q(closed_at=None) | Q(closed_at__gte=asked))))
    times = rows.values_list("asked_at", "replied_at")
    return dialogue([max(told - asked, NO_TIME) if told else None for asked, told in times])


def inbox_settings() -> InboxSettings:
    """Return what is promised and taken in."""
    return InboxSettings.objects.filter(pk=1).first() or InboxSettings(pk=1)


def promised() -> Promise:
    """Return the promises as a value."""
    return msgspec.convert(inbox_settings().promise, Promise)


def waiting_now(*, person: Person, now: datetime) -> dict[str, int]:
    """Return what the navigation counts: who waits in danger or alone, and where one is named."""
    awake = _view("all", person, (), now)
    return {
        "urgent": awake.filter(urgency__gte=Urgency.ALONE).count(),
        "named": Mention.objects.filter(person=person, seen_at=None).count(),
    }


def deed(deed_id: int, person: Person) -> Deed | None:
    """Return what a person just did to cases, while it can still be taken back."""
    rows = Deed.objects.filter(pk=deed_id, person=person, undone_at=None, kind="case")
    return rows.first()


def person_named(number: int, *, now: datetime) -> Person | None:
    """Return somebody a case may be given to."""
    return next((one for one in handlers(now=now) if one.pk == number), None)


def cases_of_posts(uids: Sequence[str]) -> list[Case]:
    """Return the cases of these posts, those who still wait first and the gravest of them."""
    rows = Case.objects.filter(post__uid__in=uids, post__hiding=None).select_related("post__author")
    live = [status.value for status in LIVE]
    return sorted(
        rows, key=lambda case: (case.status not in live, -case.urgency, case.asked_at, case.pk)
    )


def is_there(case_id: int) -> bool:
    """Tell whether there is such a case."""
    return Case.objects.filter(pk=case_id).exists()


def posts_of(cases: Sequence[int]) -> list[int]:
    """Return the posts of cases."""
    return list(Case.objects.filter(pk__in=cases).values_list("post_id", flat=True))
