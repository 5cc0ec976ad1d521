"""Finds the places of stored posts, a few at a time, and again when the list of ours changed.

It runs beside the flow: a post is stored first and placed within seconds, so that counting and
alerts never wait for it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from quivive.listen.place_facts import PLACE_FIELDS
from quivive.listen.query import Field, leaves, parse_search
from quivive.vocabulary.errors import BadQuery
from quivive.vocabulary.places import PlaceKind, Whereabouts
from quivive.vocabulary.posts import Post as Said
from quivive.web.listen.holding import held
from quivive.web.listen.models import PlaceReading, Post, PostPlace, Topic
from quivive.web.people.place_queries import finder, version
from quivive.web.waiting.services import note_change

A_TURN = 500
"""Posts read in one turn: a tenth of a second of work."""


def place_posts(*, now: datetime) -> int:
    """Read on where posts were not read yet; return how many were."""
    reading = PlaceReading.objects.get_or_create(pk=1)[0]
    current = version()
    if reading.version != current:
        _begin_again(reading, current)
    unread = Post.objects.filter(pk__gt=reading.upto).order_by("pk")
    some = list(unread.values_list("pk", flat=True)[:A_TURN])
    if not some:
        return 0
    with transaction.atomic():
        place_again((row.pk, row.document) for row in held(some) if row.deleted_at is None)
        PlaceReading.objects.filter(pk=1, version=current).update(upto=some[-1])
        note_change("places", now=now)
    return len(some)


def place_again(posts: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Find the places of these posts anew.

    Args:
        posts: number of the row, and its document.
    """
    known = finder()
    found = [(number, known.find(msgspec.convert(told["post"], Said))) for number, told in posts]
    unplace([number for number, _ in found])
    PostPlace.objects.bulk_create(
        [_row(number, one) for number, places in found for one in _each_once(places)],
        batch_size=200,
        ignore_conflicts=True,
    )


def unplace(numbers: Sequence[int]) -> None:
    """Forget where these posts speak of."""
    for at in range(0, len(numbers), A_TURN):
        PostPlace.objects.filter(post_id__in=numbers[at : at + A_TURN]).delete()


def _each_once(places: Sequence[Whereabouts]) -> Iterable[Whereabouts]:
    return {one.place.key: one for one in reversed(places)}.values()


def _row(number: int, one: Whereabouts) -> PostPlace:
    place = one.place
    is_region = place.kind in (PlaceKind.REGION, PlaceKind.COUNTRY)
    return PostPlace(
        post_id=number,
        place=place.key,
        kind=place.kind.value,
        name=place.name[:200],
        agency=place.agency[:100],
        department="" if is_region else place.code[:3],
        scope=one.scope.value,
        told=one.told.value,
        words=one.words[:200],
        reason=msgspec.to_builtins(one.reason),
    )


@transaction.atomic
def _begin_again(reading: PlaceReading, current: str) -> None:
    """Read all posts again; topics that ask for a place look at the past again, too."""
    reading.version, reading.upto = current, 0
    reading.save()
    for topic in Topic.objects.filter(archived_at=None):
        if _asks_where(topic.query):
            Topic.objects.filter(pk=topic.pk).update(matched_query="", rebuild=topic.rebuild + 1)


def _asks_where(query: str) -> bool:
    try:
        root = parse_search(query).root
    except BadQuery:
        return False
    return any(isinstance(leaf, Field) and leaf.name in PLACE_FIELDS for leaf in leaves(root))
