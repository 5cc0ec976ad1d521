"""The ``outbox.json`` of a Mastodon archive: what one account wrote, as ActivityStreams.

An archive also holds messages to single people: whatever is not addressed to the public is left
out. Names as in https://www.w3.org/TR/activitystreams-vocabulary/ and
https://docs.joinmastodon.org/user/moving/#export (read 2026-11).
"""

from collections.abc import Iterator, Sequence

import msgspec

from quivive.listen.dates import moment
from quivive.listen.markup import plain_text
from quivive.listen.records import Format, Record, checked, no_field, share, typed
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

PUBLIC = frozenset(
    {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"},
)
_KINDS = ("Create", "Announce")


class _Tag(msgspec.Struct):
    type: str = ""
    name: str | None = None


class _Medium(msgspec.Struct):
    url: str | None = None


class _Note(msgspec.Struct, rename={"language_map": "contentMap", "in_reply_to": "inReplyTo"}):
    id: str
    content: str
    summary: str | None = None
    url: str | None = None
    in_reply_to: str | None = None
    language_map: dict[str, str] | None = None
    attachment: list[_Medium] = []
    tag: list[_Tag] = []


class _Activity(msgspec.Struct):
    id: str
    type: str
    actor: str
    published: str
    object: object
    to: list[str] = []
    cc: list[str] = []


def _is_activity(record: Record) -> bool:
    if isinstance(record.get("orderedItems"), list):
        return record.get("type") == "OrderedCollection"
    return record.get("type") in _KINDS and {"actor", "object"} <= record.keys()


def _recognise(sample: Sequence[Record]) -> float:
    return share(sample, _is_activity)


def _split(record: Record) -> Iterator[Record]:
    items = record.get("orderedItems")
    if isinstance(items, list):
        yield from (one for one in items if isinstance(one, dict))
    else:
        yield record


def _posts(record: Record) -> tuple[Post, ...]:
    activity = typed(record, _Activity)
    if activity.type not in _KINDS or PUBLIC.isdisjoint([*activity.to, *activity.cc]):
        return ()
    if isinstance(activity.object, str):
        return (_relayed(activity, activity.object),)
    if isinstance(activity.object, dict):
        return (_written(activity, typed(activity.object, _Note)),)
    raise no_field("object")


def _relayed(activity: _Activity, shared: str) -> Post:
    """Read a boost: an archive holds its address only, not its words."""
    return checked(
        Post(
            id=activity.id,
            network="mastodon",
            published=moment(activity.published, field="published"),
            attributed_to=_account(activity.actor),
            content="",
            repost_of=shared,
        )
    )


def _written(activity: _Activity, note: _Note) -> Post:
    text = plain_text(note.content)
    named = [(tag.type, tag.name) for tag in note.tag if tag.name]
    return checked(
        Post(
            id=note.id,
            network="mastodon",
            published=moment(activity.published, field="published"),
            attributed_to=_account(activity.actor),
            content=f"{note.summary}\n\n{text}".strip() if note.summary else text,
            language=next(iter(note.language_map or ()), None),
            hashtags=tuple(name for kind, name in named if kind == "Hashtag"),
            mentions=tuple(name for kind, name in named if kind == "Mention"),
            in_reply_to=note.in_reply_to,
            media=tuple(one.url for one in note.attachment if one.url),
            url=note.url,
        )
    )


def _account(address: str) -> Account:
    """Name an account by its address; ``https://host/users/ana`` is ``ana@host``."""
    host, _, path = address.partition("//")[2].partition("/")
    name = path.rpartition("/")[2].lstrip("@")
    return Account(id=address, handle=f"{name}@{host}" if host and name else None)


FORMAT = Format(
    name="mastodon-outbox",
    title=say("Mastodon archive (outbox.json)"),
    recognise=_recognise,
    posts=_posts,
    split=_split,
)
