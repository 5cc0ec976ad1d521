"""Instagram: comments under our own posts, and posts of others that tag us.

``/{user}/media``, ``/{media}/comments`` and ``/{user}/tags`` of the Instagram API as in
https://developers.facebook.com/docs/instagram-platform (read 2026-11).
"""

from collections.abc import Callable, Generator
from typing import Annotated
from urllib.parse import quote

import msgspec

from quivive.listen.dates import moment
from quivive.listen.graph_reading import edge, if_allowed, laid_together
from quivive.listen.records import Record, checked, typed
from quivive.listen.sourcing import (
    Asked,
    Exchange,
    Read,
    Source,
    asks,
    read_each,
    soundly_dated,
)
from quivive.vocabulary.accounts import UNTOLD, Account
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import NoAnswer, Reply, Request

SITE = "https://www.instagram.com"

MEDIA, COMMENTS = 25, 50
"""Posts looked at each turn, the newest; newest comments read under each."""

MEDIA_FIELDS = "id,caption,permalink,timestamp,username,like_count,comments_count"
COMMENT_FIELDS = (
    "id,text,timestamp,username,like_count,replies{id,text,timestamp,username,like_count}"
)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Which account, and its token."""

    account: Annotated[
        str,
        asks(
            say("Number of the account"),
            say("Of the professional account, as Meta’s tools show it; not its name."),
            example="17841400000000000",
        ),
    ]
    token: Annotated[
        str,
        asks(
            say("Access token"),
            say("With instagram_basic and instagram_manage_comments."),
            secret=True,
        ),
    ]
    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=1)] = 5


class _Thing(msgspec.Struct):
    """A post (with ``caption``) or a comment (with ``text``)."""

    id: str
    timestamp: str
    caption: str = ""
    text: str = ""
    username: str = ""
    permalink: str | None = None
    like_count: int | None = None
    comments_count: int | None = None


def _collect(asked: Asked[Settings]) -> Exchange:
    """Read our newest posts, the comments under each, and posts that tag us."""
    user = quote(asked.settings.account.strip(), safe="")
    troubles: list[NoAnswer] = []
    media = yield from _newest(asked, f"{user}/media", MEDIA_FIELDS, MEDIA)
    tags = _newest(asked, f"{user}/tags", MEDIA_FIELDS, MEDIA)
    tagged = yield from if_allowed(tags, [], troubles)
    reads = [_read(asked, media, _posts), _read(asked, tagged, _posts)]
    for record in media:
        address, number = str(record.get("permalink") or ""), str(record.get("id") or "")
        if address and number and record.get("comments_count") != 0:
            found = yield from _newest(
                asked, f"{quote(number, safe='')}/comments", COMMENT_FIELDS, COMMENTS
            )
            reads.append(_read_comments(asked, found, address))
    return laid_together(reads, troubles)


def _newest(
    asked: Asked[Settings], path: str, fields: str, most: int
) -> Generator[Request, Reply, list[Record]]:
    found = yield from edge(asked.settings.token, path, fields=fields, limit=str(most))
    return found.data


def _read(
    asked: Asked[Settings], records: list[Record], reader: Callable[[Record], tuple[Post, ...]]
) -> Read:
    return read_each([soundly_dated(one, "timestamp", asked.now) for one in records], reader)


def _read_comments(asked: Asked[Settings], records: list[Record], media: str) -> Read:
    """Read comments and the answers to them; an answer hangs under its comment."""
    flat: list[Record] = []
    for record in records:
        flat.append(record)
        replies = record.get("replies")
        answers = replies.get("data", []) if isinstance(replies, dict) else []
        flat += [{**one, "parent": record.get("id")} for one in answers if isinstance(one, dict)]
    return _read(asked, flat, lambda record: _comment(record, media))


def _posts(record: Record) -> tuple[Post, ...]:
    thing = typed(record, _Thing)
    address = thing.permalink or f"{SITE}/p/{thing.id}/"
    return (
        checked(
            Post(
                id=address,
                network="instagram",
                published=moment(thing.timestamp, field="timestamp"),
                attributed_to=_account(thing),
                content=thing.caption,
                likes=thing.like_count,
                replies=thing.comments_count,
                url=address,
            )
        ),
    )


def _comment(record: Record, media: str) -> tuple[Post, ...]:
    thing = typed(record, _Thing)
    parent = record.get("parent")
    return (
        checked(
            Post(
                id=f"{media.rstrip('/')}/c/{thing.id}/",
                network="instagram",
                published=moment(thing.timestamp, field="timestamp"),
                attributed_to=_account(thing),
                content=thing.text,
                in_reply_to=f"{media.rstrip('/')}/c/{parent}/" if parent else media,
                conversation=media,
                likes=thing.like_count,
                kind="comment",
                url=media,
            )
        ),
    )


def _account(thing: _Thing) -> Account:
    name = thing.username
    return Account(id=f"{SITE}/{name}/" if name else UNTOLD, handle=name or None)


SOURCE = Source(
    kind="instagram",
    network="instagram",
    title=say("Instagram (our account)"),
    help=say(
        "Reads the comments under your own posts, and posts of others that tag you. A professional "
        "account and its token are needed."
    ),
    cost=say("Free; Meta wants the app to be reviewed first."),
    blind_spots=(
        say("Instagram: only our own posts and posts that tag us are seen."),
        say("Instagram: of each of the 25 newest posts, the 50 newest comments are read."),
        say("Instagram: stories and private accounts are not seen."),
    ),
    settings=Settings,
    collect=_collect,
)
