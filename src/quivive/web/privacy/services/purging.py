"""Forgetting what is too old to be kept, but for what a crisis or the law needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.coordinate.models import Crisis
from quivive.web.detect.queries import BEFORE_ONSET
from quivive.web.listen.holding import hold
from quivive.web.listen.models import Account, Arrival, Match, Post, QuarantinedLine
from quivive.web.people.models import Person
from quivive.web.people.services import audit
from quivive.web.privacy.models import LegalHold, Purge, Retention
from quivive.web.privacy.services.erasing import delete_files
from quivive.web.privacy.services.informing import forget_informed
from quivive.web.privacy.services.requests import forget_who_asked
from quivive.wire.backups import forget_aside
from quivive.wire.heartbeat import beat
from quivive.wire.house import data_folder

DEFAULT_DAYS = 30
"""Days a post is kept outside a crisis, where nobody chose otherwise (a proposal of LR-05)."""

AFTER_CRISIS = timedelta(days=183)
"""How long a crisis' posts are kept once it is closed (a proposal of LR-05)."""

FILES_KEPT = timedelta(days=7)
"""How long a brought file stays on disk once it was read."""

BETWEEN = timedelta(hours=20)
"""Once a day, whatever the hour the room was started."""

AT_ONCE = 500
"""Posts deleted in one transaction."""

SHORTEST_DAYS, LONGEST_DAYS = 1, 730


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Posts of a topic that are kept: of a crisis, or under a legal hold."""

    topic: int
    since: datetime
    until: datetime


def purge_if_due(*, now: datetime) -> Purge | None:
    """Purge once a day."""
    if Purge.objects.filter(at__gt=now - BETWEEN).exists():
        return None
    return purge(now=now)


def purge_by_hand(*, person: Person, now: datetime) -> int:
    """Purge now, because somebody asks for it; return how many posts were forgotten."""
    done = purge(now=now)
    audit(person=person, action="privacy.purge", now=now)
    return done.posts


def purge(*, now: datetime) -> Purge:
    """Delete posts that are too old, with their authors, and report it; counts stay as numbers.

    Some thousand at a time: others write meanwhile. Killed half-way, it goes on the next time.
    """
    chosen = dict(Retention.objects.values_list("network", "days"))
    spans = [*_of_crises(now), *_held(now)]
    gone: dict[str, int] = {}
    spared, horizon = 0, now - timedelta(days=LONGEST_DAYS)
    for network in Post.objects.values_list("network", flat=True).distinct().order_by("network"):
        edge = now - timedelta(days=chosen.get(network, DEFAULT_DAYS))
        old = Post.objects.filter(network=network, heard_at__lt=edge)
        kept = _kept(old, spans)
        spared += kept.count()
        if count := _delete(old.exclude(pk__in=kept.values("pk"))):
            gone[network], horizon = count, max(horizon, edge)
    forget_who_asked(answered_before=localdate(now - AFTER_CRISIS))
    forget_informed()
    forget_aside(data_folder(), moved_before=now - timedelta(days=DEFAULT_DAYS))
    return Purge.objects.create(
        at=now,
        horizon=horizon,
        posts=sum(gone.values()),
        accounts=Account.objects.filter(posts=None).delete()[1].get("listen.Account", 0),
        files=delete_files(read_before=now - FILES_KEPT),
        lines=_forget_lines(now),
        spared=spared,
        networks=gone,
    )


def _delete(posts: QuerySet[Post]) -> int:
    count = 0
    while some := list(posts.values_list("pk", flat=True)[:AT_ONCE]):
        beat()
        with transaction.atomic():
            hold(some)
            count += Post.objects.filter(pk__in=some).delete()[1].get("listen.Post", 0)
    return count


def _of_crises(now: datetime) -> Iterable[Span]:
    """Return what crises need: all that are open, and closed ones for half a year."""
    rows = Crisis.objects.filter(Q(closed_at=None) | Q(closed_at__gt=now - AFTER_CRISIS))
    for row in rows.select_related("threat"):
        since = row.threat.onset - BEFORE_ONSET
        yield Span(topic=row.threat.topic_id, since=since, until=row.closed_at or now)


def _held(now: datetime) -> Iterable[Span]:
    for row in LegalHold.objects.filter(ends_at__gt=now):
        yield Span(topic=row.topic_id, since=row.since, until=row.until)


def _kept(old: QuerySet[Post], spans: Sequence[Span]) -> QuerySet[Post]:
    if not spans:
        return old.none()
    inside = Q(pk=None)
    for span in spans:
        inside |= Q(topic=span.topic, heard_at__gte=span.since, heard_at__lte=span.until)
    return old.filter(Exists(Match.objects.filter(inside, post=OuterRef("pk"))))


def _forget_lines(now: datetime) -> int:
    """Delete what could not be read or taken in."""
    edge = now - timedelta(days=DEFAULT_DAYS)
    refused = Arrival.objects.filter(heard_at__lt=edge).exclude(refused="").delete()[0]
    return refused + QuarantinedLine.objects.filter(brought_by__finished_at__lt=edge).delete()[0]


def keep_for(*, network: str, days: int, person: Person, now: datetime) -> None:
    """Say how many days posts of a network are kept outside a crisis.

    Raises:
        NotAllowed: fewer than one, or more than two years.
    """
    if not SHORTEST_DAYS <= days <= LONGEST_DAYS:
        raise NotAllowed(
            say("Posts cannot be kept for {days} days.", days=days),
            say(
                "Choose between {shortest} and {longest} days.",
                shortest=SHORTEST_DAYS,
                longest=LONGEST_DAYS,
            ),
        )
    Retention.objects.update_or_create(network=network, defaults={"days": days})
    audit(person=person, action="privacy.keep", subject=network, detail={"days": days}, now=now)


def hold_posts(
    *,
    topic: int,
    since: datetime,
    until: datetime,
    reason: str,
    ends_at: datetime,
    person: Person,
    now: datetime,
) -> LegalHold:
    """Keep posts of a topic whatever their age.

    Raises:
        NotAllowed: the span, or the day it ends, makes no sense.
    """
    if until <= since or ends_at <= now:
        raise NotAllowed(
            say("The end of a hold lies after its beginning, and after today."),
            say("Correct the dates."),
        )
    hold = LegalHold.objects.create(
        topic_id=topic,
        since=since,
        until=until,
        reason=reason,
        ends_at=ends_at,
        by=person,
        at=now,
    )
    audit(person=person, action="privacy.hold", subject=reason, now=now)
    return hold


def end_hold(*, hold_id: int, person: Person, now: datetime) -> None:
    """Let a hold end now."""
    hold = LegalHold.objects.filter(pk=hold_id, ends_at__gt=now).first()
    if hold is not None:
        hold.ends_at = now
        hold.save(update_fields=["ends_at"])
        audit(person=person, action="privacy.end-hold", subject=hold.reason, now=now)
