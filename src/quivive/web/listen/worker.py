"""What the engine keeps of posts: those it caught, and what became of them since."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import F, Min, Q, TextField
from django.db.models.functions import Cast, Lower
from msgspec.structs import replace

from quivive.flow.steps import Caught as Caughts
from quivive.flow.steps import catch
from quivive.flow.watch import Watch
from quivive.listen.engagements import Engagement
from quivive.listen.pseudonyms import Pseudonyms
from quivive.listen.records import Deletion
from quivive.vocabulary.accounts import Account as Who
from quivive.vocabulary.matches import Match as Caught
from quivive.vocabulary.posts import Post as Said
from quivive.vocabulary.sentiments import Sentiment
from quivive.web.listen.archive import index_posts, unindex
from quivive.web.listen.engagements import COUNTERS, count_anew, disengage, engaged, told
from quivive.web.listen.hiding import hidden_among
from quivive.web.listen.holding import held, hold, numbers_of, said_again
from quivive.web.listen.models import (
    Account,
    Arrival,
    Match,
    Post,
    Screenshot,
    Source,
    Topic,
)
from quivive.web.listen.objections import unobjected
from quivive.web.listen.paging import PAGE, in_pages
from quivive.web.listen.placing import place_again, unplace
from quivive.web.listen.writing import write
from quivive.web.people.queries import own_names
from quivive.wire.heartbeat import beat
from quivive.wire.house import screenshot_path
from quivive.wire.secrets import pseudonym_keys

CHUNK = 500
"""Rows a statement: under SQLite's bound on parameters."""

LONGEST_NAME, LONGEST_TAG = 300, 8
"""Characters that the columns of names and of language tags hold; the document keeps them whole."""


def fresh(matches: Sequence[Caught]) -> list[Caught]:
    """Return the matches whose posts are not stored yet, each id once, nobody's who objects."""
    known = stored_ids([match.post.id for match in matches])
    unseen: dict[str, Caught] = {}
    for match in matches:
        if match.post.id not in known:
            unseen.setdefault(match.post.id, match)
    return unobjected(list(unseen.values()))


def stored_ids(ids: Sequence[str]) -> set[str]:
    """Return which of the post ids are stored."""
    found: set[str] = set()
    for at in range(0, len(ids), CHUNK):
        found |= set(
            Post.objects.filter(uid__in=ids[at : at + CHUNK]).values_list("uid", flat=True)
        )
    return found


def store_matches(matches: Sequence[Caught], *, now: datetime) -> None:
    """Store posts, their authors and which topics caught them; what is stored already stays."""
    if not matches:
        return
    own = own_names()
    matches = [_as_kept(match, own, now) for match in matches]
    authors = _store_authors(matches)
    write(
        Post,
        [_post_row(match, authors[match.post.attributed_to.id], own, now) for match in matches],
    )
    posts = _by_uid(Post, [match.post.id for match in matches])
    index_posts([match.post for match in matches], posts)
    topics = dict(Topic.objects.values_list("slug", "pk"))
    hidden = hidden_among([match.post for match in matches])
    write(
        Match,
        [
            {
                "topic_id": topics[slug],
                "post_id": posts[match.post.id],
                "heard_at": match.post.heard_at,
                "relayed": match.relayed,
                "hidden": (slug, match.post.id) in hidden,
                "by_hand": False,
            }
            for match in matches
            for slug in match.topics
            if slug in topics
        ],
    )


def store_around(posts: Sequence[Said], *, now: datetime) -> None:
    """Store posts that answer kept ones, which no topic counts; bring up to date what is stored."""
    store_matches(fresh([Caught(post=post, topics=()) for post in posts]), now=now)
    revise_posts(posts)


def _store_authors(matches: Sequence[Caught]) -> dict[str, int]:
    latest = {match.post.attributed_to.id: match.post for match in matches}
    write(
        Account,
        [
            {
                "uid": uid,
                "network": post.network,
                "handle": (post.attributed_to.handle or "")[:LONGEST_NAME],
                "name": (post.attributed_to.name or "")[:LONGEST_NAME],
                "followers": post.attributed_to.followers,
            }
            for uid, post in latest.items()
        ],
        unique="uid",
        revised=("handle", "name", "followers"),
    )
    return _by_uid(Account, list(latest))


def _by_uid(model: type[Post] | type[Account], uids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(0, len(uids), CHUNK):
        rows = model._default_manager.filter(uid__in=uids[at : at + CHUNK])
        found.update(rows.values_list("uid", "pk"))
    return found


def _post_row(match: Caught, author: int, own: frozenset[str], now: datetime) -> dict[str, Any]:
    post, read = match.post, match.sentiment
    return {
        "uid": post.id,
        "network": post.network,
        "published": post.published,
        "heard_at": post.heard_at,
        "author_id": author,
        "content": post.content,
        "language": _language((read.language if read else post.language) or ""),
        "leaning": read.label.value if read else "",
        "negative": read.negative if read else None,
        "repost_of": post.repost_of or "",
        "in_reply_to": post.in_reply_to or "",
        "own": post.attributed_to.goes_by(own),
        "deleted_at": post.deleted_at if post.deleted_at and post.deleted_at <= now else None,
        "document": msgspec.json.encode(_Document(post=post, sentiment=read)).decode(),
    }


def _as_kept(match: Caught, own: frozenset[str], now: datetime) -> Caught:
    """Return a match as it may be stored: a post that was taken back comes as its tombstone."""
    post, read = match.post, match.sentiment
    if post.deleted_at is None or post.deleted_at > now:
        return match
    said = tombstone(post)
    if not post.attributed_to.goes_by(own):
        said = nameless(said, Pseudonyms(pseudonym_keys()[0]))
    return replace(match, post=said, sentiment=read and replace(read, reasons=()))


def _language(tag: str) -> str:
    """Keep the whole tag when it fits its column (``pt-BR``), else the language alone."""
    return tag if len(tag) <= LONGEST_TAG else tag.partition("-")[0][:LONGEST_TAG]


def tombstone(post: Said) -> Said:
    """Return what may be kept of a post its author took back: its thread and time, no words."""
    return replace(
        post, content="", title=None, place=None, hashtags=(), mentions=(), media=(), links=(),
        url=None,
    )  # fmt: skip


def nameless(post: Said, names: Pseudonyms) -> Said:
    """Return a tombstone without its author; how many followed them stays, as a number (LR-12)."""
    author = post.attributed_to
    nobody = Who(id=names.of_taken_back(author.id), followers=author.followers)
    return replace(post, attributed_to=nobody)


def topics_of(ids: Collection[str]) -> Caughts:
    """Return the topics of those of some posts that are stored."""
    asked = list(ids)
    found: Caughts = {}
    for at in range(0, len(asked), CHUNK):
        rows = Match.objects.filter(post__uid__in=asked[at : at + CHUNK])
        for uid, slug in rows.order_by("topic__slug").values_list("post__uid", "topic__slug"):
            found[uid] = (*found.get(uid, ()), slug)
    return found


def hold_changed(
    posts: Sequence[Said], engagements: Sequence[Engagement], deletions: Sequence[Deletion]
) -> None:
    """Hold at once all stored posts that a turn changes: its steps then wait for nobody.

    Two that take theirs step by step could each wait for what the other holds.
    """
    gone = [one.id for one in deletions]
    spoken_of = {post.id for post in posts} | {one.post for one in engagements}
    hold(numbers_of(spoken_of) | said_again(gone) | engaged(gone))


@transaction.atomic
def forget_posts(deletions: Sequence[Deletion], *, now: datetime) -> None:
    """Purge what authors took back, and the reposts that repeat it; counts stay as numbers."""
    ids = [deletion.id for deletion in deletions]
    if not ids:
        return
    gone = said_again(ids)
    hold(gone | engaged(ids))
    disengage(ids)
    for at in range(0, len(ids), CHUNK):
        Arrival.objects.filter(uid__in=ids[at : at + CHUNK]).exclude(refused="").delete()
    names, nobodies = Pseudonyms(pseudonym_keys()[0]), _nobodies(ids)
    for row in held(gone):
        if row.deleted_at is not None:
            continue
        unplace([row.pk])
        row.engagements.all().delete()
        said = tombstone(msgspec.convert(row.document["post"], Said))
        if row.pk in nobodies:
            said, row.author_id = nameless(said, names), nobodies[row.pk]
        row.document = _wordless(row.document) | {"post": msgspec.to_builtins(said)}
        row.content = ""
        row.deleted_at = now
        row.save(update_fields=["document", "content", "deleted_at", "author"])
        unindex([row.pk])
    for at in range(0, len(ids), CHUNK):
        forget_screenshots(ids[at : at + CHUNK])


def _nobodies(ids: Sequence[str]) -> dict[int, int]:
    """Return for each of these posts that is not ours who stands in its author's place."""
    names = Pseudonyms(pseudonym_keys()[0])
    authors: dict[int, tuple[str, str]] = {}
    for at in range(0, len(ids), CHUNK):
        rows = Post.objects.filter(uid__in=ids[at : at + CHUNK], own=False)
        for pk, uid, network in rows.values_list("pk", "author__uid", "network"):
            authors[pk] = names.of_taken_back(uid), network
    nobody = {"handle": "", "name": "", "followers": None}
    write(
        Account,
        [{"uid": uid, "network": net, **nobody} for uid, net in sorted(set(authors.values()))],
    )
    known = _by_uid(Account, [uid for uid, _network in authors.values()])
    return {pk: known[uid] for pk, (uid, _network) in authors.items()}


def forget_screenshots(uids: Sequence[str]) -> None:
    """Delete the pictures people brought of these posts: they show what has to be forgotten."""
    rows = Screenshot.objects.filter(post_uid__in=uids)
    for digest in rows.values_list("sha256", flat=True):
        transaction.on_commit(partial(screenshot_path(digest).unlink, missing_ok=True))
    rows.delete()


def _wordless(document: dict[str, Any]) -> dict[str, Any]:
    """Return a stored document without the words that its reading quotes."""
    read = document.get("sentiment")
    return {**document, "sentiment": {**read, "reasons": []} if read else read}


REVISED = (
    "content",
    "hashtags",
    "mentions",
    "media",
    "links",
    "likes",
    "reposts",
    "replies",
    "quotes",
    "views",
)
"""What may change of a post that is read again; who wrote it, when and where stay."""


@transaction.atomic
def revise_posts(posts: Sequence[Said]) -> None:
    """Bring stored posts up to date with what their network says now: edited words, counts."""
    latest = {post.id: post for post in posts}
    for row in held(numbers_of(latest)):
        if row.deleted_at is None and row.uid in latest:
            _revise(row, latest[row.uid])


def _revise(row: Post, post: Said) -> None:
    stored = msgspec.convert(row.document["post"], Said)
    said = {
        name: value
        for name in REVISED
        if (value := getattr(post, name)) not in (None, getattr(stored, name))
    }
    if not said:
        return
    revised = replace(stored, **said)
    before = told(_wordless(row.document) if "content" in said else row.document, said)
    row.document = before | {"post": msgspec.to_builtins(revised)}
    if said.keys() & set(COUNTERS) and post.seen_at is not None:
        row.document["counted_at"] = post.seen_at.isoformat()
    row.content = revised.content
    row.save(update_fields=["document", "content"])
    if said.keys() & set(COUNTERS):
        count_anew([row.pk])
    if said.keys() & {"content", "hashtags"}:
        unindex([row.pk])
        index_posts([revised], {revised.id: row.pk})
        place_again([(row.pk, row.document)])


def take_away(arrivals: Sequence[int]) -> None:
    """Forget what waited, in the transaction that keeps it."""
    for at in range(0, len(arrivals), CHUNK):
        Arrival.objects.filter(pk__in=arrivals[at : at + CHUNK]).delete()


def first_heard() -> datetime | None:
    """Return when the first post of all that are stored was heard; None when none is."""
    found: datetime | None = Post.objects.aggregate(first=Min("heard_at"))["first"]
    return found


def stored_matches(topics: Collection[str], *, since: datetime | None) -> Iterator[Caught]:
    """Read the stored matches of some topics back in time order, as the flow first saw them.

    Args:
        since: older ones are left out; None for all.
    """
    rows = Match.objects.order_by("heard_at", "post_id", "topic__slug")
    if since is not None:
        rows = rows.filter(heard_at__gte=since)
    if Topic.objects.exclude(slug__in=topics).exists():
        rows = rows.filter(topic__slug__in=topics)
    pending: Caught | None = None
    last = 0
    slugs = dict(Topic.objects.values_list("pk", "slug"))
    for topic, post, relayed, document in in_pages(
        rows, "topic_id", "post_id", "relayed", DOCUMENT
    ):
        slug = slugs[topic]
        if pending is not None and post == last:
            pending = replace(pending, topics=(*pending.topics, slug))
            continue
        if pending is not None:
            yield pending
        last, pending = post, read_back(document, slug, relayed=relayed)
    if pending is not None:
        yield pending


DOCUMENT = Cast("post__document", TextField())
"""The document of a match's post as it is stored: what is read straight into values."""


class _Document(msgspec.Struct):
    post: Said
    sentiment: Sentiment | None = None


_read_document = msgspec.json.Decoder(_Document).decode


def read_back(document: str, slug: str, *, relayed: bool) -> Caught:
    """Return a stored match of one topic as the flow first saw it."""
    read = _read_document(document)
    return Caught(post=read.post, topics=(slug,), relayed=relayed, sentiment=read.sentiment)


def topics_to_rebuild() -> dict[str, int]:
    """Return the topics whose past changed, each with how often it was asked."""
    return dict(
        Topic.objects.filter(rebuild__gt=0, archived_at=None).values_list("slug", "rebuild")
    )


def ask_rebuild(slugs: Iterable[str]) -> None:
    """Say that posts came in behind the clock of these topics."""
    Topic.objects.filter(slug__in=list(slugs)).update(rebuild=F("rebuild") + 1)


@transaction.atomic
def mark_own() -> None:
    """Hold stored posts to the accounts that are ours now; what that changes is detected anew."""
    names = own_names()
    named = Account.objects.annotate(named=Lower("handle"), known=Lower("uid"))
    ours = named.filter(Q(named__in=names) | Q(known__in=names)).values("pk")
    # two questions, for each has its index: one that asks both would read every post
    gained = Post.objects.filter(author__in=ours, own=False)
    lost = Post.objects.filter(own=True).exclude(author__in=ours)
    wrong = [*gained.values_list("pk", flat=True), *lost.values_list("pk", flat=True)]
    for at in range(0, len(wrong), CHUNK):
        some = wrong[at : at + CHUNK]
        Post.objects.filter(pk__in=some).update(own=~F("own"))
        caught = Topic.objects.filter(matches__post__in=some)
        ask_rebuild(list(caught.distinct().values_list("slug", flat=True)))


def match_anew(watch: Watch, asked: Collection[str]) -> None:
    """Hold stored posts against topics whose query changed since their matches were made."""
    outgrown = Topic.objects.exclude(matched_query=F("query"))
    changed = {topic.slug: topic for topic in outgrown.filter(slug__in=list(asked))}
    if not changed:
        return
    fitting: dict[str, list[tuple[int, datetime, bool, bool]]] = {slug: [] for slug in changed}
    caught: Caughts = {}  # as it goes, so that a repost follows a post of an earlier page
    stored = in_pages(
        Post.objects.order_by("heard_at", "pk"), "pk", "uid", Cast("document", TextField())
    )
    while some := list(islice(stored, PAGE)):
        beat()
        posts = [_read_document(document).post for *_, document in some]
        rows = {uid: number for number, uid, _ in some}
        hidden = hidden_among(posts)
        for match in catch(posts, watch=watch, caught=caught):
            number, heard_at = rows[match.post.id], match.post.heard_at
            for slug in changed.keys() & set(match.topics):
                kept_back = (slug, match.post.id) in hidden
                fitting[slug].append((number, heard_at, match.relayed, kept_back))
    with transaction.atomic():
        for slug, topic in changed.items():
            topic.matches.filter(by_hand=False).delete()
            _write_matches(topic.pk, fitting[slug])
            Topic.objects.filter(pk=topic.pk).update(matched_query=topic.query)


def _write_matches(topic: int, fitting: Sequence[tuple[int, datetime, bool, bool]]) -> None:
    names = ("post_id", "heard_at", "relayed", "hidden")
    for start in range(0, len(fitting), PAGE):
        some = fitting[start : start + PAGE]
        same = {"topic_id": topic, "by_hand": False}
        write(Match, [same | dict(zip(names, one, strict=True)) for one in some])


def rebuilt(asked: Mapping[str, int]) -> None:
    """Say that these topics were detected anew; one asked again since stays asked."""
    for times in set(asked.values()):
        slugs = [slug for slug, asked_times in asked.items() if asked_times == times]
        Topic.objects.filter(slug__in=slugs, rebuild=times).update(rebuild=0, rebuild_failed="")


def give_up_rebuilding(slug: str, reason: str) -> None:
    """Let a topic go on without what it caught before; its page says why."""
    Topic.objects.filter(slug=slug).update(rebuild=0, rebuild_failed=reason)


def save_cursors(cursors: Mapping[str, str], *, heard: bool, now: datetime) -> None:
    """Save how far each source was read, in the transaction of what it gave."""
    for name, cursor in cursors.items():
        Source.objects.filter(name=name).update(
            cursor=cursor, last_run_at=now, trouble=None, **({"last_post_at": now} if heard else {})
        )
