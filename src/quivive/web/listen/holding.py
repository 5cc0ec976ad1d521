"""Stored posts, held by who changes them: a document is read, changed and written back as a whole.

On PostgreSQL two may do so at once, and the later would undo what the earlier wrote. So each holds
its posts first, in the order of their numbers: whoever comes second waits, and neither waits for
what the other waits for. SQLite lets one write at a time, and holds nothing.
"""

from collections import deque
from collections.abc import Collection, Iterator, Sequence

from django.db import connection
from django.db.models import Q, QuerySet

from quivive.web.listen.models import Post

CHUNK = 500
"""Rows a statement: under SQLite's bound on parameters."""


def held(numbers: Collection[int]) -> Iterator[Post]:
    """Yield posts as they stand now, each held until the transaction ends."""
    for rows in _in_order(numbers):
        yield from rows


def hold(numbers: Collection[int]) -> None:
    """Hold posts until the transaction ends: for who changes them in several steps."""
    if connection.features.has_select_for_update:
        for rows in _in_order(numbers):
            deque(rows.values_list("pk", flat=True), maxlen=0)


def numbers_of(uids: Collection[str]) -> set[int]:
    """Return the numbers of the stored ones of these posts."""
    return {number for some in _some(list(uids)) for number in _numbers(Q(uid__in=some))}


def said_again(uids: Collection[str]) -> set[int]:
    """Return the numbers of these posts and of the reposts that repeat them."""
    either = (Q(uid__in=some) | Q(repost_of__in=some) for some in _some(list(uids)))
    return {number for which in either for number in _numbers(which)}


def _in_order(numbers: Collection[int]) -> Iterator[QuerySet[Post]]:
    ordered = sorted(numbers)
    for at in range(0, len(ordered), CHUNK):
        rows = Post.objects.filter(pk__in=ordered[at : at + CHUNK])
        yield rows.order_by("pk").select_for_update()


def _some(uids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (uids[at : at + CHUNK] for at in range(0, len(uids), CHUNK))


def _numbers(which: Q) -> QuerySet[Post, int]:
    return Post.objects.filter(which).values_list("pk", flat=True)
