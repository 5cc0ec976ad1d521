"""What collectors brought and the engine takes in: each once, in the order it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db.models import QuerySet

from quivive.listen.engagements import Engagement
from quivive.listen.records import Deletion
from quivive.vocabulary.posts import Post
from quivive.web.listen.models import Arrival

MOST = 2_000
"""Posts a turn, as the flow takes them."""

JUST_NOW = timedelta(minutes=2)
"""A post heard so lately is of this turn: the seconds it waited must not make it late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """What waits, and the rows to take away once it is kept.

    Attributes:
        around: posts that answer kept ones and speak of no topic themselves.
        engagements: what people did with kept posts.
    """

    posts: Sequence[Post]
    around: Sequence[Post]
    engagements: Sequence[Engagement]
    deletions: Sequence[Deletion]
    rows: Sequence[int]


def next_arrivals(most: int) -> list[int]:
    """Return the numbers of what is taken in next."""
    return list(_waiting().values_list("pk", flat=True)[:most])


def put_aside(number: int, reason: str) -> None:
    """Take in the others without this one; its source says so."""
    Arrival.objects.filter(pk=number).update(refused=reason)


def arrived(*, now: datetime, most: int = MOST) -> Arrived:
    """Return what collectors brought; nothing is taken away yet."""
    posts: list[Post] = []
    around: list[Post] = []
    engagements: list[Engagement] = []
    deletions: list[Deletion] = []
    waiting = list(_waiting()[:most])
    for row in waiting:
        if row.document is None:
            deletions.append(Deletion(id=row.uid, deleted_at=row.heard_at))
        elif row.engagement:
            engagements.append(msgspec.convert(row.document, Engagement))
        elif row.around:
            around.append(msgspec.convert(row.document, Post))
        else:
            posts.append(_heard(msgspec.convert(row.document, Post), now))
    return Arrived(
        posts=posts,
        around=around,
        engagements=engagements,
        deletions=deletions,
        rows=[row.pk for row in waiting],
    )


def _waiting() -> QuerySet[Arrival]:
    return Arrival.objects.filter(refused="").order_by("pk")


def _heard(post: Post, now: datetime) -> Post:
    late = now - post.heard_at > JUST_NOW
    return post if late else msgspec.structs.replace(post, seen_at=now)
