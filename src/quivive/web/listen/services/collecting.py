"""What collectors change: the lease of a source, what it brought, and how it fared."""

from collections.abc import Sequence, Set
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import F, Q

from quivive.listen.engagements import Engagement
from quivive.listen.records import Deletion, storable, taken_back
from quivive.listen.sourcing import Page, Quota
from quivive.listen.sourcing import Source as PlugIn
from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post as Said
from quivive.web.listen.engagements import known_engagements
from quivive.web.listen.models import Arrival, Post, Source, SourceHour
from quivive.web.listen.services.handed import hand_over
from quivive.web.listen.worker import revise_posts
from quivive.web.waiting.models import FREE, LONGEST_HOLD
from quivive.web.waiting.services import note_change

LEASE = timedelta(seconds=30)
"""How long a dead collector keeps its sources from the next one."""

LARGEST_STATEMENT = 500


class LostSource(Exception):
    """The source was paused, removed or taken by another collector: keep nothing."""


def hold_sources(*, kinds: Sequence[str], holder: str, now: datetime) -> list[int]:
    """Take or keep every source that nobody else holds; returns their numbers."""
    free = Q(held_until__lte=now) | Q(held_until__gt=now + LONGEST_HOLD)
    mine = Source.objects.filter(free | Q(holder=holder), stopped_at=None, kind__in=kinds)
    mine.update(holder=holder, held_until=now + LEASE)
    held = Source.objects.filter(holder=holder, stopped_at=None, kind__in=kinds)
    return list(held.values_list("pk", flat=True))


def free_sources(*, holder: str) -> None:
    """Give every source back, so that the next collector starts at once."""
    Source.objects.filter(holder=holder).update(held_until=FREE, holder="")


def marked(page: Page, plug_in: PlugIn) -> Page:
    """Mark what a person brought, and how."""
    if not plug_in.people:
        return page
    posts = tuple(msgspec.structs.replace(post, brought=plug_in.kind) for post in page.posts)
    return msgspec.structs.replace(page, posts=posts)


def lag_s(posts: Sequence[Said], *, now: datetime) -> float | None:
    """Return the seconds between writing and hearing, of the latest post."""
    latest = max((post.published for post in posts), default=None)
    return max(0.0, (now - latest).total_seconds()) if latest else None


@transaction.atomic
def keep_page(
    page: Page,
    *,
    source_id: int,
    holder: str,
    caught: Sequence[Said],
    engagements: Sequence[Engagement] = (),
    lag_s: float | None,
    wake_at: datetime | None,
    before: Quota | None = None,
    now: datetime,
) -> Quota | None:
    """Keep what a turn brought with its cursor, all or nothing; return the meter as it stands.

    Args:
        before: the meter as the turn found it: what a test spent meanwhile counts, too.
        caught: the posts of the page that speak of a topic; the others are only counted.
        engagements: what people did with posts that are kept or caught.

    Raises:
        LostSource: nothing was kept.
    """
    mine = Source.objects.select_for_update().filter(pk=source_id, holder=holder, stopped_at=None)
    told = {"lag_s": lag_s, "last_post_at": now} if page.posts or page.files else {}
    meter = page.quota and page.quota.beside(before, _stored_meter(mine.first()), now)
    quota = {"quota": msgspec.to_builtins(meter)} if meter else {}
    changed = mine.update(
        cursor=page.cursor,
        last_run_at=now,
        wake_at=wake_at,
        trouble=_told(page.troubles[0]) if page.troubles else _unread(page),
        failures=0,
        notes=[msgspec.to_builtins(storable(note)) for note in page.notes],
        **told,
        **quota,
    )
    if not changed:
        raise LostSource
    Arrival.objects.bulk_create(
        _arrivals(page, source_id=source_id, caught=caught, engagements=engagements, now=now),
        batch_size=LARGEST_STATEMENT,
    )
    revise_posts(page.again)
    hand_over(page.files, source_id=source_id, now=now)
    _count(source_id, heard=len(page.posts) + len(page.files), kept=len(caught), now=now)
    return meter


def _arrivals(
    page: Page,
    *,
    source_id: int,
    caught: Sequence[Said],
    engagements: Sequence[Engagement],
    now: datetime,
) -> list[Arrival]:
    """Return what waits for the engine: posts, those around them, engagements, deletions."""

    def arrival(uid: str, at: datetime, **more: Any) -> Arrival:
        return Arrival(source_id=source_id, uid=uid, heard_at=at, **more)

    plain = msgspec.to_builtins
    ids = {post.id for post in caught}
    around = [post for post in page.around if post.id not in ids]
    told = [*page.deletions, *taken_back(page.posts, now=now)]
    gone = _of_ours(told, here=ids | {one.id for one in engagements})
    return [
        *(arrival(post.id, post.heard_at, document=plain(post)) for post in caught),
        *(arrival(post.id, post.heard_at, document=plain(post), around=True) for post in around),
        *(arrival(one.id, now, document=plain(one), engagement=True) for one in engagements),
        *(arrival(one.id, one.deleted_at or now) for one in gone),
    ]


def _stored_meter(row: Source | None) -> Quota | None:
    return msgspec.convert(row.quota, Quota) if row and row.quota else None


def _unread(page: Page) -> dict[str, object] | None:
    """Make a trouble of records nobody could read, when nothing else came."""
    if not page.unread or page.posts:
        return None
    return _told(page.unread[0])


def _told(trouble: Trouble) -> dict[str, object]:
    return {
        "what": msgspec.to_builtins(storable(trouble.what)),
        "remedy": msgspec.to_builtins(storable(trouble.remedy)),
    }


def _of_ours(deletions: Sequence[Deletion], *, here: Set[str]) -> list[Deletion]:
    """Keep the deletions of what we hold or what waits; of the rest we never knew a word.

    Args:
        here: addresses of what came together with these deletions.
    """
    known: set[str] = set(here)
    ids = [deletion.id for deletion in deletions]
    for at in range(0, len(ids), LARGEST_STATEMENT):
        some = ids[at : at + LARGEST_STATEMENT]
        held = Post.objects.filter(Q(uid__in=some) | Q(repost_of__in=some))
        for uid, original in held.values_list("uid", "repost_of"):
            known |= {uid, original}
        known |= set(Arrival.objects.filter(uid__in=some).values_list("uid", flat=True))
        known |= known_engagements(some)
    return [deletion for deletion in deletions if deletion.id in known]


def _count(source_id: int, *, heard: int, kept: int, now: datetime) -> None:
    if not heard:
        return
    hour = now.replace(minute=0, second=0, microsecond=0)
    row, _made = SourceHour.objects.get_or_create(source_id=source_id, hour=hour)
    SourceHour.objects.filter(pk=row.pk).update(heard=F("heard") + heard, kept=F("kept") + kept)


def note_trouble(
    trouble: Trouble, *, source_id: int, holder: str, wake_at: datetime, now: datetime
) -> int:
    """Say on the source's page what went wrong; returns how often it did in a row."""
    mine = Source.objects.filter(pk=source_id, holder=holder)
    mine.update(
        trouble=_told(trouble), failures=F("failures") + 1, wake_at=wake_at, last_run_at=now
    )
    note_change("source", str(source_id), now=now)
    return mine.values_list("failures", flat=True).first() or 0


def surprised(reason: str) -> Trouble:
    """Say that a plug-in failed in a way nobody foresaw."""
    return Trouble(
        say("The source failed in a way we did not foresee: {reason}.", reason=reason[:200]),
        say("It is started again by itself. Please report it with these words."),
    )
