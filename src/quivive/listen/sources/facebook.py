"""Facebook: what people write on our own page, under its posts, and when they mention it.

``/{page}/feed``, ``/{page}/tagged`` and ``/{post}/comments`` of the Graph API as in
https://developers.facebook.com/docs/graph-api (read 2026-11).
"""

from collections.abc import Generator
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
    read_cursor,
    read_each,
    soundly_dated,
    write_cursor,
)
from quivive.vocabulary.accounts import UNTOLD, Account
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import NoAnswer, Reply, Request

SITE = "https://www.facebook.com"

POSTS, COMMENTS = 25, 100
"""Posts looked at each turn, the newest; comments a page."""

PAGES = 3
"""Pages of comments a post and turn."""

POST_FIELDS = (
    "id,message,created_time,from,permalink_url,shares,"
    "reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0)"
)
COMMENT_FIELDS = "id,message,created_time,from,permalink_url,like_count,parent{id}"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Which page, and the token of somebody who looks after it."""

    page: Annotated[
        str,
        asks(
            say("Page"), say("Its number, or its name in the address."), example="valdorlehabitat"
        ),
    ]
    token: Annotated[
        str,
        asks(
            say("Access token of the page"),
            say("Made by somebody who looks after the page, with pages_read_user_content."),
            secret=True,
        ),
    ]
    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=1)] = 5


class _Total(msgspec.Struct):
    total_count: int | None = None


class _Summed(msgspec.Struct):
    summary: _Total = msgspec.field(default_factory=_Total)


class _Thing(msgspec.Struct):
    """A post or a comment."""

    id: str
    created_time: str
    message: str = ""
    author: Record = msgspec.field(default_factory=dict, name="from")
    permalink_url: str | None = None
    like_count: int | None = None
    parent: dict[str, str] = {}
    shares: dict[str, int] = {}
    reactions: _Summed = msgspec.field(default_factory=_Summed)
    comments: _Summed = msgspec.field(default_factory=_Summed)


def _collect(asked: Asked[Settings]) -> Exchange:
    """Read the newest posts on the page and about it, then the new comments under each."""
    newest = read_cursor(asked.cursor, dict[str, str]) or {}
    page = quote(asked.settings.page.strip(), safe="")
    troubles: list[NoAnswer] = []
    feed = yield from _posts_on(asked, f"{page}/feed")
    nothing = Read(posts=(), deletions=(), unread=())
    told = yield from if_allowed(_posts_on(asked, f"{page}/tagged"), nothing, troubles)
    reads = [feed, told]
    kept: dict[str, str] = {}
    for post in feed.posts:
        number = post.id.removeprefix(f"{SITE}/")
        known = newest.get(number, "")
        kept[number], found = yield from _comments(asked, post, number, known)
        reads += found
    return laid_together(reads, troubles, cursor=write_cursor(kept))


def _posts_on(asked: Asked[Settings], path: str) -> Generator[Request, Reply, Read]:
    found = yield from edge(asked.settings.token, path, fields=POST_FIELDS, limit=str(POSTS))
    sound = [soundly_dated(one, "created_time", asked.now) for one in found.data]
    return read_each(sound, _posts)


def _comments(
    asked: Asked[Settings], post: Post, number: str, known: str
) -> Generator[Request, Reply, tuple[str, list[Read]]]:
    """Read the comments under a post, newest first, back to what is known."""
    newest, after, reads = known, "", []
    for _ in range(PAGES):
        found = yield from edge(
            asked.settings.token,
            f"{quote(number, safe='')}/comments",
            fields=COMMENT_FIELDS,
            filter="stream",
            order="reverse_chronological",
            limit=str(COMMENTS),
            **({"after": after} if after else {}),
        )
        sound = [soundly_dated(one, "created_time", asked.now) for one in found.data]
        reads.append(read_each(sound, lambda record: _comment(record, post)))
        written = [one.published.isoformat() for one in reads[-1].posts]
        newest = max([newest, *written])
        after = found.after
        if not after or (known and min(written, default="") <= known):
            break
    return newest, reads


def _posts(record: Record) -> tuple[Post, ...]:
    thing = typed(record, _Thing)
    return (
        checked(
            Post(
                id=f"{SITE}/{thing.id}",
                network="facebook",
                published=moment(thing.created_time, field="created_time"),
                attributed_to=_account(thing),
                content=thing.message,
                likes=thing.reactions.summary.total_count,
                reposts=thing.shares.get("count"),
                replies=thing.comments.summary.total_count,
                url=thing.permalink_url,
            )
        ),
    )


def _comment(record: Record, post: Post) -> tuple[Post, ...]:
    thing = typed(record, _Thing)
    parent = thing.parent.get("id")
    return (
        checked(
            Post(
                id=f"{SITE}/{thing.id}",
                network="facebook",
                published=moment(thing.created_time, field="created_time"),
                attributed_to=_account(thing),
                content=thing.message,
                in_reply_to=f"{SITE}/{parent}" if parent else post.id,
                conversation=post.id,
                likes=thing.like_count,
                kind="comment",
                url=thing.permalink_url,
            )
        ),
    )


def _account(thing: _Thing) -> Account:
    """Return the author; Facebook names them only to those who may read them."""
    number, name = thing.author.get("id"), thing.author.get("name")
    return Account(id=f"{SITE}/{number}" if number else UNTOLD, name=str(name) if name else None)


SOURCE = Source(
    kind="facebook",
    network="facebook",
    title=say("Facebook (our page)"),
    help=say(
        "Reads what people write on your own page, under its posts, and when they mention it. A "
        "token of the page is needed."
    ),
    cost=say("Free; Meta wants the app to be reviewed before it may read visitors’ words."),
    blind_spots=(
        say("Facebook: only our own page and its mentions are seen; groups and profiles are not."),
        say("Facebook: comments are read under the 25 newest posts of the page."),
        say("Facebook: what its author took back is not announced to us."),
    ),
    settings=Settings,
    collect=_collect,
)
