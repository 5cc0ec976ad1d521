"""All that pages read of what is kept of people."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.timezone import localdate

from quivive.listen.pseudonyms import ERASED
from quivive.vocabulary.crises import Role
from quivive.web.coordinate.models import Contact
from quivive.web.listen.models import Account, Capture, Objection, Post, PseudonymKey, Source, Topic
from quivive.web.people.models import (
    AuditLine,
    Organisation,
    PanelMember,
    Person,
    Place,
    PlaceLevel,
    RoleHolding,
)
from quivive.web.people.queries import holdings
from quivive.web.privacy.deadlines import months_after
from quivive.web.privacy.models import (
    Informed,
    LegalHold,
    Processor,
    PublicNotice,
    Purge,
    Retention,
    Right,
    RightsRequest,
)
from quivive.web.privacy.services.purging import DEFAULT_DAYS
from quivive.wire.plugins import sources
from quivive.wire.secrets import key_names

MOST_FOUND = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of one network.

    Attributes:
        days: after which a post is forgotten outside a crisis.
        oldest: when the oldest post was heard; None when there is none.
    """

    network: str
    days: int
    posts: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A source as the register names it."""

    name: str
    title: Any
    network: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What the record of processing activities says (RGPD, article 30), from the settings."""

    organisation: Organisation
    topics: list[Topic]
    sources: list[Collected]
    kept: list[Kept]
    processors: list["Company"]
    partners: list[RoleHolding]
    notice: PublicNotice


def kept() -> list[Kept]:
    """Return every network that has posts, a source or a choice, with how long it is kept."""
    chosen = dict(Retention.objects.values_list("network", "days"))
    rows = {
        row["network"]: row
        for row in Post.objects.values("network").annotate(
            posts=Count("pk"), oldest=Min("heard_at")
        )
    }
    names = rows.keys() | chosen.keys() | {one.network for one in _collected()}
    return [
        Kept(
            network=name,
            days=chosen.get(name, DEFAULT_DAYS),
            posts=rows[name]["posts"] if name in rows else 0,
            oldest=rows[name]["oldest"] if name in rows else None,
        )
        for name in sorted(names)
    ]


def _collected() -> list[Collected]:
    plug_ins = sources()
    return [
        Collected(name=row.name, title=plug_ins[row.kind].title, network=plug_ins[row.kind].network)
        for row in Source.objects.filter(kind__in=list(plug_ins)).order_by("name")
    ]


def purges() -> list[Purge]:
    """Return the last rounds of forgetting, newest first."""
    return list(Purge.objects.all()[:14])


def holds(now: datetime) -> QuerySet[LegalHold]:
    """Return the legal holds in force."""
    return LegalHold.objects.filter(ends_at__gt=now).select_related("topic", "by")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerKey:
    """A key this room used before: what was made with it is not what the present one makes.

    Attributes:
        exported_at: when posts last left the room under it; None when none did.
        blocked_at: when somebody was last kept out by it.
        still_here: the room is told of it (``QUIVIVE_OLD_SECRET_KEYS``), so it still keeps people
            out; if not, it no longer does.
    """

    exported_at: datetime | None
    blocked_at: datetime | None
    still_here: bool


def former_keys() -> list[FormerKey]:
    """Return the keys of which something is still out there, other than the present one."""
    present, *older = key_names()
    return [
        FormerKey(
            exported_at=row.exported_at, blocked_at=row.blocked_at, still_here=row.name in older
        )
        for row in PseudonymKey.objects.exclude(name=present).order_by("pk")
    ]


def topics() -> QuerySet[Topic]:
    """Return the topics a hold may concern."""
    return Topic.objects.all()


def objections() -> int:
    """Return how many names are kept out; an account counts by its address and by its name."""
    return Objection.objects.count()


def complete_since() -> datetime | None:
    """Return from when on no post was purged; None when none ever was."""
    last = Purge.objects.filter(posts__gt=0).order_by("-horizon").first()
    return last.horizon if last else None


def accounts_named(name: str) -> list[Account]:
    """Return accounts whose name or address holds what was typed, those that wrote most first."""
    asked = name.replace("\0", "").strip().lstrip("@")
    if not asked:
        return []
    like = Q(handle__icontains=asked) | Q(name__icontains=asked) | Q(uid__icontains=asked)
    found = Account.objects.filter(like).exclude(uid__startswith=ERASED)
    counted = found.annotate(
        written=Count("posts"), first=Min("posts__published"), last=Max("posts__published")
    )
    return list(counted.order_by("-written", "pk")[:MOST_FOUND])


def account(account_id: int) -> Account | None:
    """Return an account that was not erased."""
    return Account.objects.filter(pk=account_id).exclude(uid__startswith=ERASED).first()


def everything_of(row: Account) -> Iterator[dict[str, Any]]:
    """Yield all that is kept of an account: itself, its posts, and what of it is kept as evidence.

    With each post goes what the room and the team made of it: topics, reading, labels, and its case
    in the inbox. Right of access (RGPD, article 15).
    """
    yield {
        "account": row.uid,
        "network": row.network,
        "handle": row.handle,
        "name": row.name,
        "followers": row.followers,
    }
    posts = row.posts.order_by("published", "pk").select_related("case")
    posts = posts.prefetch_related("matches__topic", "labels")
    for post in posts.iterator(chunk_size=500):
        yield {
            "post": post.document["post"],
            "heard_at": post.heard_at.isoformat(),
            "topics": sorted(match.topic.slug for match in post.matches.all()),
            "read_as": msgspec.to_builtins(post.document.get("sentiment")),
            "labels": [label.name for label in post.labels.all()],
            "inbox": _case_of(post),
        }
    for kept in evidence_of(row):
        yield {"evidence": json.loads(kept.record), "sha256": kept.sha256}


def _case_of(post: Post) -> dict[str, Any] | None:
    if not hasattr(post, "case"):
        return None
    case = post.case
    return {
        "status": case.status,
        "reason": case.reason,
        "urgency": case.priority,
        "because": case.because,
        "asked_at": case.asked_at.isoformat(),
        "answer": case.answer_url,
    }


def evidence_of(row: Account) -> QuerySet[Capture]:
    """Return what was kept as evidence of an account's posts and still holds its words."""
    return Capture.objects.filter(post__author=row).exclude(record="").order_by("at", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What the draft of an impact assessment is filled in with, counted when it is asked for.

    Attributes:
        month: posts heard in the last 30 days.
        two_factor: how many of the people use a second factor.
        to_inform, informed, informed_late: accounts of panels; those whose holder was told or need
            not be; those for whom the month is over.
        asked, answered: requests of people that wait, and that were answered.
        named_exports: files with names that were taken out, ever.
        channels: kinds of ways by which people are told outside the room.
    """

    register: Register
    posts: int
    accounts: int
    month: int
    people: int
    two_factor: int
    panel_members: int
    residences: int
    holds: int
    objections: int
    erasures: int
    named_exports: int
    last_purge: Purge | None
    channels: list[str]
    former_keys: int
    to_inform: int
    informed: int
    informed_late: int
    asked: int
    answered: int


def impact(now: datetime) -> Impact:
    """Return the facts of the impact assessment."""
    people = Person.objects.filter(is_active=True)
    lines = AuditLine.objects
    named = to_inform(now)
    untold = [one for one in named if one.said is None]
    answered = RightsRequest.objects.exclude(answered_on=None)
    return Impact(
        register=register(now),
        posts=Post.objects.count(),
        accounts=Account.objects.exclude(uid__startswith=ERASED).count(),
        month=Post.objects.filter(heard_at__gte=now - timedelta(days=30)).count(),
        people=people.count(),
        two_factor=people.filter(authenticator__isnull=False).distinct().count(),
        panel_members=PanelMember.objects.count(),
        residences=Place.objects.filter(level=PlaceLevel.BUILDING).count(),
        holds=holds(now).count(),
        objections=objections(),
        erasures=lines.filter(action="person.erase").count(),
        named_exports=lines.filter(action__in=("posts.export-names", "person.export")).count(),
        last_purge=Purge.objects.order_by("-at").first(),
        channels=sorted({contact.get_channel_display() for contact in Contact.objects.all()}),
        former_keys=len(former_keys()),
        to_inform=len(named),
        informed=len(named) - len(untold),
        informed_late=sum(one.left_days < 0 for one in untold),
        asked=len(open_requests(now)),
        answered=answered.count(),
    )


def register(now: datetime) -> Register:
    """Return what the register sheet says."""
    return Register(
        organisation=Organisation.objects.get(),
        topics=list(Topic.objects.filter(archived_at=None)),
        sources=_collected(),
        kept=kept(),
        processors=processors(),
        partners=partners(now),
        notice=public_notice(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company that works on the data for us; ``signed_on`` is None while nothing is signed."""

    id: int
    name: str
    does: str
    country: str
    agreement: str
    signed_on: date | None


def processors() -> list[Company]:
    """Return the companies that work on the data for us."""
    return [
        Company(
            id=row.pk,
            name=row.name,
            does=row.does,
            country=row.country,
            agreement=row.agreement,
            signed_on=row.signed_on,
        )
        for row in Processor.objects.all()
    ]


def partners(now: datetime) -> list[RoleHolding]:
    """Return who works here from outside, with the agreement that allows it."""
    return list(holdings(now=now).filter(role=Role.PARTNER.value).select_related("person"))


def public_notice() -> PublicNotice:
    """Return where the public notice stands; empty while nobody said."""
    return PublicNotice.objects.first() or PublicNotice(pk=1)


RIGHTS = Right.choices
"""What a person may ask, with its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asked of us, and how long there is to answer.

    Attributes:
        left_days: until the last day of the term; negative when it is over.
        prolongable: two months more may be taken.
    """

    row: RightsRequest
    left_days: int
    prolongable: bool


SOON_DAYS = 7
"""Days before the end of a term from which the Lookout speaks of it."""


def open_requests(now: datetime) -> list[Asked]:
    """Return what people asked and was not answered yet, the shortest term first."""
    today = localdate(now)
    return [
        Asked(
            row=row,
            left_days=(row.due_on - today).days,
            prolongable=not row.prolonged_because and row.due_on >= today,
        )
        for row in RightsRequest.objects.filter(answered_on=None)
    ]


def pressing_requests(now: datetime) -> list[Asked]:
    """Return the requests whose term ends within a week, or is over."""
    return [one for one in open_requests(now) if one.left_days <= SOON_DAYS]


def answered_requests() -> list[RightsRequest]:
    """Return the requests that were answered last."""
    return list(
        RightsRequest.objects.exclude(answered_on=None).order_by("-answered_on", "-pk")[:50]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToInform:
    """An account of a panel, and whether its holder was told.

    Attributes:
        left_days: until a month after it was named.
        said: what was noted; None while nothing was.
    """

    member: PanelMember
    due_on: date
    left_days: int
    said: Informed | None


def to_inform(now: datetime) -> list[ToInform]:
    """Return the accounts of panels, those first whose holder is still to be told, each once."""
    said = {(row.network, row.handle): row for row in Informed.objects.all()}
    today = localdate(now)
    found: dict[tuple[str, str], ToInform] = {}
    for member in PanelMember.objects.select_related("panel").order_by("added_at", "pk"):
        due_on = months_after(localdate(member.added_at), 1)
        key = (member.network, member.handle)
        one = ToInform(
            member=member, due_on=due_on, left_days=(due_on - today).days, said=said.get(key)
        )
        found.setdefault(key, one)
    return sorted(found.values(), key=lambda one: (one.said is not None, one.due_on))
