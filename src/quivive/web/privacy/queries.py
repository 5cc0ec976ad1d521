"""All that pages read of what is kept of people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Count, Max, Min, Q, QuerySet

from quivive.listen.pseudonyms import ERASED
from quivive.web.coordinate.models import Contact
from quivive.web.listen.models import Account, Objection, Post, PseudonymKey, Source, Topic
from quivive.web.people.models import (
    AuditLine,
    Organisation,
    PanelMember,
    Person,
    Place,
    PlaceLevel,
)
from quivive.web.privacy.models import LegalHold, Purge, Retention
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
    asked = name.strip().lstrip("@")
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
    """Yield all that is kept of an account: itself, then each post with the topics that caught it.

    Right of access (RGPD, article 15).
    """
    yield {
        "account": row.uid,
        "network": row.network,
        "handle": row.handle,
        "name": row.name,
        "followers": row.followers,
    }
    posts = row.posts.order_by("published", "pk").prefetch_related("matches__topic")
    for post in posts.iterator(chunk_size=500):
        yield {
            "post": post.document["post"],
            "heard_at": post.heard_at.isoformat(),
            "topics": sorted(match.topic.slug for match in post.matches.all()),
            "read_as": msgspec.to_builtins(post.document.get("sentiment")),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What the draft of an impact assessment is filled in with, counted when it is asked for.

    Attributes:
        month: posts heard in the last 30 days.
        two_factor: how many of the people use a second factor.
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


def impact(now: datetime) -> Impact:
    """Return the facts of the impact assessment."""
    people = Person.objects.filter(is_active=True)
    lines = AuditLine.objects
    return Impact(
        register=register(),
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
    )


def register() -> Register:
    """Return what the register sheet says."""
    return Register(
        organisation=Organisation.objects.get(),
        topics=list(Topic.objects.filter(archived_at=None)),
        sources=_collected(),
        kept=kept(),
    )
