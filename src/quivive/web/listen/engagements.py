"""Counts of kept posts that live streams keep: each like, repost, reply and quote once.

A count shown is the larger of what the network last told and what was heard one by one: the stream
may have begun after the post, and the network's own count may be old. Their sum would count twice.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count

from quivive.listen.engagements import Engagement as Done
from quivive.listen.engagements import Kind
from quivive.listen.pseudonyms import Pseudonyms
from quivive.web.listen.holding import held, hold
from quivive.web.listen.models import Engagement, Post
from quivive.wire.secrets import pseudonym_keys

CHUNK = 300
"""Rows a statement: under SQLite's bound on parameters, with several keys."""

COUNTERS = tuple(kind.value for kind in Kind)


@transaction.atomic
def engage(engagements: Sequence[Done]) -> None:
    """Count what people did with stored posts; what was heard before changes nothing."""
    if not engagements:
        return
    names = Pseudonyms(pseudonym_keys()[0])
    numbers: set[int] = set()
    for at in range(0, len(engagements), CHUNK):
        some = engagements[at : at + CHUNK]
        alive = Post.objects.filter(uid__in={one.post for one in some}, deleted_at=None)
        posts = dict(alive.values_list("uid", "pk"))
        numbers |= set(posts.values())
        Engagement.objects.bulk_create(
            [
                Engagement(post_id=posts[one.post], kind=one.kind.value, digest=names.of(one.id))
                for one in some
                if one.post in posts
            ],
            ignore_conflicts=True,
        )
    count_anew(numbers)


@transaction.atomic
def disengage(ids: Sequence[str]) -> None:
    """Count no more what people took back, by its address."""
    posts = engaged(ids)
    for at in range(0, len(ids), CHUNK):
        some = Engagement.objects.filter(digest__in=_digests(ids[at : at + CHUNK]))
        some.update(taken_back=True)
    count_anew(posts)


def engaged(ids: Sequence[str]) -> set[int]:
    """Return the numbers of the posts that these likes, reposts and answers are of."""
    found: set[int] = set()
    for at in range(0, len(ids), CHUNK):
        rows = Engagement.objects.filter(digest__in=_digests(ids[at : at + CHUNK]))
        found |= set(rows.values_list("post_id", flat=True))
    return found


def known_engagements(ids: Sequence[str]) -> set[str]:
    """Return which of these addresses were heard."""
    names = _digests(ids) if ids else {}
    found: set[str] = set()
    digests = list(names)
    for at in range(0, len(digests), CHUNK):
        rows = Engagement.objects.filter(digest__in=digests[at : at + CHUNK])
        found |= {names[digest] for digest in rows.values_list("digest", flat=True)}
    return found


def told(document: dict[str, Any], post: dict[str, Any]) -> dict[str, Any]:
    """Return a stored document with what its network says now of how often it was answered.

    Args:
        post: as the network shows it now; what it does not tell stays.
    """
    said = {name: post[name] for name in COUNTERS if post.get(name) is not None}
    return {**document, "told": _told(document) | said} if said else document


@transaction.atomic
def count_anew(posts: Collection[int]) -> None:
    """Bring the counters of stored posts up to date with what was heard one by one."""
    hold(posts)  # before counting: what another counts meanwhile would be missed
    heard = _heard(posts)
    for row in held(posts):
        if row.deleted_at is not None:
            continue
        before, said = row.document["post"], _told(row.document)
        after = before | {
            name: max(said.get(name, 0), heard[row.pk].get(name, 0))
            for name in COUNTERS
            if name in heard[row.pk] or before.get(name) is not None
        }
        if after != before:
            row.document = {**row.document, "post": after, "told": said}
            row.document["counted_at"] = None  # these were counted one by one, as they came
            row.save(update_fields=["document"])


def _heard(posts: Collection[int]) -> defaultdict[int, dict[str, int]]:
    """How often each was liked, reposted and answered, as heard one by one."""
    heard: defaultdict[int, dict[str, int]] = defaultdict(dict)
    numbers = list(posts)
    for at in range(0, len(numbers), CHUNK):
        found = Engagement.objects.filter(post__in=numbers[at : at + CHUNK], taken_back=False)
        counts = found.values_list("post_id", "kind").annotate(count=Count("pk"))
        for post_id, kind, count in counts:
            heard[post_id][kind] = count
    return heard


def _told(document: dict[str, Any]) -> dict[str, int]:
    """What the network told: as it stood in the post, before anything was counted."""
    post = document["post"]
    first = {name: post[name] for name in COUNTERS if post.get(name) is not None}
    kept: dict[str, int] = document.get("told", first)
    return kept


def _digests(ids: Sequence[str]) -> dict[str, str]:
    """The hash of each address under every key, so that a new key loses nothing."""
    return {names.of(uid): uid for names in map(Pseudonyms, pseudonym_keys()) for uid in ids}
