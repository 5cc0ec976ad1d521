"""The archive's index: kept in the transaction of its posts, and asked for candidates by time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from quivive.listen.archive import Term, place_of, terms_of
from quivive.vocabulary.posts import Post as Said
from quivive.web.listen.models import PostWords
from quivive.web.listen.writing import write

CHUNK = 300
"""Rows a statement."""

AT_ONCE = (100, 400, 1_600)
"""Candidates read at once: few at first, for most pages are full soon."""


def index_posts(posts: Iterable[Said], numbers: Mapping[str, int]) -> None:
    """Index posts by the number of their row; what its author took back is left out."""
    write(
        PostWords,
        [
            {
                "place": place_of(post.published, numbers[post.id]),
                "post_id": numbers[post.id],
                "words": " ".join(terms_of(post)),
            }
            for post in posts
            if post.deleted_at is None
        ],
    )


def unindex(numbers: Sequence[int]) -> None:
    """Take posts out of the index: nobody finds them any more."""
    for at in range(0, len(numbers), CHUNK):
        PostWords.objects.filter(post_id__in=numbers[at : at + CHUNK]).delete()


def newest_first(
    rows: QuerySet[PostWords, tuple[Any, ...]], terms: Sequence[Term] | None, *, before: int | None
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield entries that hold one of the terms, newest first, a few at a time and then more.

    Args:
        rows: which entries, as values of which the first is the place.
        terms: None for all.
        before: the place after which the caller goes on.
    """
    found = rows if terms is None else holding(rows, terms)
    sizes = iter(AT_ONCE)
    size = 0
    while True:
        size = next(sizes, size)
        some = list((found if before is None else found.filter(place__lt=before))[:size])
        yield some
        if len(some) < size:
            return
        before = some[-1][0]


def holding(
    rows: QuerySet[PostWords, tuple[Any, ...]], terms: Sequence[Term]
) -> QuerySet[PostWords, tuple[Any, ...]]:
    """Narrow entries to those of the index that hold one of the terms, newest first."""
    if connection.vendor == "sqlite":
        asked = " OR ".join(f'"{one.text}"{"*" * one.prefix}' for one in terms)
        narrowed: Any = rows.extra(
            tables=["listen_words_index"],
            where=[
                "listen_words_index.rowid = listen_postwords.place",
                "listen_words_index MATCH %s",
            ],
            params=[asked],
        )
        found: QuerySet[PostWords, tuple[Any, ...]] = narrowed.extra(
            order_by=["-listen_words_index.rowid"]
        )
        return found
    asked = " | ".join(f"'{one.text}'{':*' * one.prefix}" for one in terms)
    narrowed = rows.extra(where=["listen_postwords.entries @@ %s::tsquery"], params=[asked])
    later: QuerySet[PostWords, tuple[Any, ...]] = narrowed.order_by("-place")
    return later
