"""Bluesky: Jetstream events, post views and feeds of the API, records of a repository.

Fields as documented at https://docs.bsky.app (lexicons ``app.bsky.feed.*``) and in the
Jetstream readme (github.com/bluesky-social/jetstream).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from quivive.listen.dates import moment
from quivive.listen.records import (
    Deletion,
    Format,
    Found,
    Record,
    checked,
    no_field,
    share,
    typed,
)
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
KINDS = ("commit", "identity", "account")
PAGES = ("feed", "posts", "records")


class _Link(msgspec.Struct):
    uri: str


class _Reply(msgspec.Struct):
    parent: _Link
    root: _Link | None = None


class _Feature(msgspec.Struct):
    tag: str | None = None
    uri: str | None = None
    did: str | None = None


class _Facet(msgspec.Struct):
    features: list[_Feature] = []


class _External(msgspec.Struct):
    uri: str | None = None


class _Blob(msgspec.Struct):
    ref: dict[str, str] | str | None = None

    @property
    def name(self) -> str | None:
        """The content's own address (CID)."""
        return self.ref.get("$link") if isinstance(self.ref, dict) else self.ref


class _Image(msgspec.Struct):
    image: _Blob | None = None


class _Embed(msgspec.Struct):
    external: _External | None = None
    images: list[_Image] = []
    video: _Blob | None = None
    record: Record | None = None
    media: "_Embed | None" = None


class _Said(msgspec.Struct):
    """A record of kind ``app.bsky.feed.post``, or ``app.bsky.feed.repost`` with ``subject``."""

    text: str | None = None
    createdAt: str | None = None  # noqa: N815  the network's spelling
    langs: list[str] | None = None
    reply: _Reply | None = None
    facets: list[_Facet] | None = None
    embed: _Embed | None = None
    tags: list[str] | None = None
    subject: _Link | None = None


class _Commit(msgspec.Struct):
    operation: str
    collection: str
    rkey: str
    record: Record | None = None


class _Event(msgspec.Struct):
    did: str
    time_us: int
    kind: str
    commit: _Commit | None = None


class _Author(msgspec.Struct):
    did: str
    handle: str | None = None
    displayName: str | None = None  # noqa: N815
    description: str | None = None
    avatar: str | None = None
    createdAt: str | None = None  # noqa: N815
    followersCount: int | None = None  # noqa: N815
    followsCount: int | None = None  # noqa: N815
    postsCount: int | None = None  # noqa: N815


class _Reason(msgspec.Struct):
    by: _Author | None = None
    uri: str | None = None
    indexedAt: str | None = None  # noqa: N815


class _View(msgspec.Struct):
    """A post as the API shows it, or as ``listRecords`` does (``value``)."""

    uri: str
    author: _Author | None = None
    record: Record | None = None
    value: Record | None = None
    likeCount: int | None = None  # noqa: N815
    repostCount: int | None = None  # noqa: N815
    replyCount: int | None = None  # noqa: N815
    quoteCount: int | None = None  # noqa: N815
    indexedAt: str | None = None  # noqa: N815


def _is_ours(record: Record) -> bool:
    if record.get("kind") in KINDS and "did" in record:
        return True
    uri = record.get("uri")
    if isinstance(uri, str) and uri.startswith("at://"):
        return "record" in record or "value" in record
    post = record.get("post")
    if isinstance(post, dict):
        return _is_ours(post)
    return _is_page(record) or isinstance(record.get("thread"), dict)


def _is_page(record: Record) -> bool:
    for name in PAGES:
        rows = record.get(name)
        if isinstance(rows, list):
            return all(isinstance(row, dict) and _is_ours(row) for row in rows[:3])
    return False


def _recognise(sample: Sequence[Record]) -> float:
    return share(sample, _is_ours)


def _split(record: Record) -> Iterator[Record]:
    """Open pages of ``getFeed``, ``searchPosts``, ``listRecords`` and ``getPostThread``."""
    if isinstance(record.get("thread"), dict):
        yield from _thread(record["thread"])
    elif "uri" not in record and "did" not in record and _is_page(record):
        for name in PAGES:
            rows = record.get(name)
            if isinstance(rows, list):
                yield from (row for row in rows if isinstance(row, dict))
    else:
        yield record


def _thread(top: Record) -> Iterator[Record]:
    """Walk a thread without recursion: some are hundreds deep."""
    waiting = [top]
    while waiting:
        view = waiting.pop()
        if isinstance(view.get("post"), dict):
            yield {"post": view["post"]}
        replies = view.get("replies")
        around = [view.get("parent"), *(replies if isinstance(replies, list) else [])]
        waiting.extend(one for one in around if isinstance(one, dict))


def _posts(record: Record) -> tuple[Found, ...]:
    if "kind" in record and "did" in record:
        return _of_event(typed(record, _Event))
    if isinstance(record.get("post"), dict):
        return _of_feed_item(record)
    return (_of_view(typed(record, _View)),)


def _of_event(event: _Event) -> tuple[Found, ...]:
    commit = event.commit
    if commit is None or commit.collection not in {POST, REPOST}:
        return ()  # likes, follows, profiles, identities: no words were said
    uri = f"at://{event.did}/{commit.collection}/{commit.rkey}"
    seen = moment(event.time_us, field="time_us")
    if commit.operation == "delete":
        return (Deletion(id=uri, deleted_at=seen),)
    if commit.record is None:
        raise no_field("commit.record")
    said = typed(commit.record, _Said)
    return (_post(uri, said, Account(id=event.did), seen_at=seen, instead=seen),)


def _of_feed_item(item: Record) -> tuple[Found, ...]:
    """Read one item of a feed: a post, and the repost that brought it there if any."""
    post = _of_view(typed(item["post"], _View))
    reason = item.get("reason")
    if not isinstance(reason, dict) or "by" not in reason:
        return (post,)
    found = typed(reason, _Reason)
    if found.by is None or found.uri is None or found.indexedAt is None:
        return (post,)  # a pinned post; or an old page, where reposts had no address
    repost = Post(
        id=found.uri,
        network="bluesky",
        published=moment(found.indexedAt, field="reason.indexedAt"),
        attributed_to=_account(found.by),
        content="",
        repost_of=post.id,
    )
    return (post, checked(repost))


def _of_view(view: _View) -> Post:
    record = view.record or view.value
    if record is None:
        raise no_field("record")
    author = _account(view.author) if view.author else Account(id=_did(view.uri))
    indexed = moment(view.indexedAt, field="indexedAt") if view.indexedAt else None
    said = typed(record, _Said)
    post = _post(view.uri, said, author, seen_at=None, instead=indexed)
    return checked(
        msgspec.structs.replace(
            post,
            likes=view.likeCount,
            reposts=view.repostCount,
            replies=view.replyCount,
            quotes=view.quoteCount,
        )
    )


def _did(uri: str) -> str:
    parts = uri.split("/")
    if not uri.startswith("at://") or not parts[2]:
        raise BadRecord(
            say("The address {uri} is not one of Bluesky's.", uri=uri[:80]),
            say("Addresses begin with at:// and the author's identifier. Correct it, replay it."),
            field="uri",
        )
    return parts[2]


def _account(author: _Author) -> Account:
    created = moment(author.createdAt, field="author.createdAt") if author.createdAt else None
    return Account(
        id=author.did,
        handle=author.handle,
        name=author.displayName or None,
        followers=author.followersCount,
        following=author.followsCount,
        posts=author.postsCount,
        created=created.date() if created else None,
        has_avatar=True if author.avatar else None,
        summary=author.description,
    )


def _post(
    uri: str, said: _Said, author: Account, *, seen_at: datetime | None, instead: datetime | None
) -> Post:
    """Make the post; ``instead`` is its time when the author's own cannot be read."""
    if said.text is None and said.subject is None:
        raise no_field("text")
    features = [feature for facet in said.facets or [] for feature in facet.features]
    tags = [feature.tag for feature in features if feature.tag] + (said.tags or [])
    kind, _, key = uri.removeprefix(f"at://{author.id}/").partition("/")
    return checked(
        Post(
            id=uri,
            network="bluesky",
            published=_published(said, instead),
            attributed_to=author,
            content=said.text or "",
            language=said.langs[0] if said.langs else None,
            hashtags=tuple(dict.fromkeys(f"#{tag}" for tag in tags)),
            mentions=tuple(feature.did for feature in features if feature.did),
            in_reply_to=said.reply.parent.uri if said.reply else None,
            conversation=said.reply.root.uri if said.reply and said.reply.root else None,
            repost_of=said.subject.uri if said.subject else None,
            quote_of=_quoted(said.embed),
            media=_media(said.embed),
            links=_links(features, said.embed),
            url=f"https://bsky.app/profile/{author.id}/post/{key}" if kind == POST else None,
            seen_at=seen_at,
        )
    )


def _published(said: _Said, instead: datetime | None) -> datetime:
    try:
        return moment(said.createdAt, field="createdAt")
    except BadRecord:
        if instead is None:
            raise
        return instead


def _quoted(embed: _Embed | None) -> str | None:
    """Read the quoted post's address: one level deep, or two beside media."""
    record: Any = embed.record if embed else None
    if isinstance(record, dict) and isinstance(record.get("record"), dict):
        record = record["record"]
    uri = record.get("uri") if isinstance(record, dict) else None
    return uri if isinstance(uri, str) and f"/{POST}/" in uri else None


def _media(embed: _Embed | None) -> tuple[str, ...]:
    if embed is None:
        return ()
    own = [one.image for one in embed.images] + [embed.video]
    names = tuple(blob.name for blob in own if blob and blob.name)
    return names + _media(embed.media)


def _links(features: list[_Feature], embed: _Embed | None) -> tuple[str, ...]:
    found = [feature.uri for feature in features if feature.uri]
    parts = [embed, embed.media if embed else None]
    found += [part.external.uri or "" for part in parts if part and part.external]
    return tuple(dict.fromkeys(filter(None, found)))


FORMAT = Format(
    name="bluesky",
    title=say("Bluesky (Jetstream, API, repository records)"),
    recognise=_recognise,
    posts=_posts,
    split=_split,
)
