"""Where it is talked about: the ladder from our residences to abroad, read from placed posts."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from quivive.vocabulary.places import Scope, Told
from quivive.web.listen.models import Leaning, PlaceReading, Post, PostPlace, Topic

PERIODS_H = {"day": 24, "week": 7 * 24, "month": 30 * 24}
"""How far back the page may look, in hours."""

MOST_POSTS = 20_000
"""Newest posts that the page counts."""

A_RUNG = 12
"""Places of one rung that are shown: those most talked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCount:
    """How much one place is talked about.

    Attributes:
        voices: accounts.  negatives: posts that read as criticism.
    """

    place: str
    name: str
    kind: str
    department: str
    agency: str
    posts: int
    voices: int
    negatives: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One rung of the ladder.

    Attributes:
        posts: those whose nearest place stands on it.  share: of all posts, in percent.
    """

    scope: Scope
    posts: int
    voices: int
    share: int
    places: list[PlaceCount]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """What a page of the spread shows.

    Attributes:
        unplaced: posts that name no place and whose network tells none.
        by_author: among those, posts whose author says where they are.
        behind: stored posts that are not read yet.
    """

    rungs: list[Rung]
    agencies: list[dict[str, Any]]
    posts: int
    whole: bool
    unplaced: int
    by_author: int
    behind: int


def ladder(*, topic: str, period: str, now: datetime) -> Ladder:
    """Count the posts of a period by the places they speak of or come from."""
    posts = _posts(topic, now - timedelta(hours=PERIODS_H[period]))
    numbers = list(posts.order_by("-published").values_list("pk", flat=True)[:MOST_POSTS])
    told = PostPlace.objects.exclude(told=Told.AUTHOR)
    nearest: dict[int, int] = {}
    weak: set[int] = set()
    rows: Counter[Scope] = Counter()
    for at in range(0, len(numbers), 500):
        some = numbers[at : at + 500]
        found = told.filter(post__in=some).values_list("post").annotate(scope=Min("scope"))
        nearest.update(found)
        said = PostPlace.objects.filter(post__in=some, told=Told.AUTHOR)
        weak.update(said.values_list("post", flat=True))
    rows.update(Scope(scope) for scope in nearest.values())
    of_period = told.filter(post__in=posts)
    last = PlaceReading.objects.filter(pk=1).values_list("upto", flat=True).first() or 0
    return Ladder(
        rungs=[_rung(scope, rows, of_period, len(numbers)) for scope in Scope],
        agencies=list(_counted(of_period.exclude(agency=""), "agency")),
        posts=len(numbers),
        whole=len(numbers) < MOST_POSTS,
        unplaced=len(numbers) - len(nearest),
        by_author=len(weak - nearest.keys()),
        behind=Post.objects.filter(pk__gt=last).count(),
    )


def _posts(topic: str, since: datetime) -> QuerySet[Post]:
    posts = Post.objects.filter(published__gte=since, hiding=None, deleted_at=None, own=False)
    if topic:
        return posts.filter(matches__topic__slug=topic, matches__hidden=False)
    return posts.filter(matches__hidden=False).distinct()


def _counted(told: QuerySet[PostPlace], *names: str) -> QuerySet[Any, dict[str, Any]]:
    """Count posts, accounts and critical posts by some columns, most posts first."""
    counted: QuerySet[Any, dict[str, Any]] = told.values(*names).annotate(
        posts=Count("post", distinct=True),
        voices=Count("post__author", distinct=True),
        negatives=Count("post", distinct=True, filter=Q(post__leaning=Leaning.NEGATIVE)),
    )
    return counted.order_by("-posts", *names)


def _rung(scope: Scope, rows: Counter[Scope], told: QuerySet[PostPlace], every: int) -> Rung:
    here = told.filter(scope=scope.value)
    named = _counted(here, "name", "place", "kind", "department", "agency")
    return Rung(
        scope=scope,
        posts=rows[scope],
        voices=here.aggregate(voices=Count("post__author", distinct=True))["voices"],
        share=round(100 * rows[scope] / every) if every else 0,
        places=[PlaceCount(**one) for one in named[:A_RUNG]],
    )


def topics() -> list[tuple[str, str]]:
    """Return the topics one may choose from."""
    return list(Topic.objects.filter(archived_at=None).values_list("slug", "name"))
