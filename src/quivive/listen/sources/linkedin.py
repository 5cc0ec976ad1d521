"""LinkedIn: comments under the posts of our own page.

``/rest/posts`` and ``/rest/socialActions/{post}/comments`` as in
https://learn.microsoft.com/linkedin/marketing/community-management (read 2026-11).
"""

from collections.abc import Generator
from typing import Annotated
from urllib.parse import quote

import msgspec

from quivive.listen.dates import moment
from quivive.listen.records import Record, checked, typed
from quivive.listen.sourcing import (
    Asked,
    Exchange,
    Page,
    Read,
    Source,
    as_json,
    asks,
    read_each,
    soundly_dated,
)
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import OK, Reply, Request

API = "https://api.linkedin.com/rest"
VERSION = "202510"
SITE = "https://www.linkedin.com/feed/update"

NOT_FOUND = 404

POSTS, COMMENTS = 20, 100
"""Posts looked at each turn, the newest; newest comments read under each."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Which page, and the token of somebody who looks after it."""

    organization: Annotated[
        str,
        asks(
            say("Number of the organisation"),
            say("In the address of the page when you look after it: linkedin.com/company/NUMBER."),
            example="2414183",
        ),
    ]
    token: Annotated[
        str,
        asks(
            say("Access token"),
            say("With r_organization_social; it ends after 60 days and is then to be renewed."),
            secret=True,
        ),
    ]
    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=1)] = 15


class _Elements(msgspec.Struct):
    elements: list[Record]


class _Post(msgspec.Struct, rename="camel"):
    id: str
    published_at: int | str
    author: str
    commentary: str = ""


class _Said(msgspec.Struct):
    text: str = ""


class _Comment(msgspec.Struct, rename="camel"):
    comment_urn: str
    actor: str
    created_at: int | str
    message: _Said = msgspec.field(default_factory=_Said)
    parent_comment: str | None = None


def _collect(asked: Asked[Settings]) -> Exchange:
    """Read our newest posts, then the newest comments under each."""
    organization = f"urn:li:organization:{asked.settings.organization.strip()}"
    ours = yield from _elements(
        asked,
        f"posts?q=author&author={quote(organization, safe='')}&count={POSTS}&sortBy=LAST_MODIFIED",
    )
    reads = [_read(asked, ours)]
    for post in reads[0].posts:
        number = post.id.rpartition("/")[2]
        found = yield from _elements(
            asked, f"socialActions/{quote(number, safe='')}/comments?count={COMMENTS}"
        )
        reads.append(_read_comments(asked, found, post.id))
    return Page(
        posts=tuple({post.id: post for read in reads for post in read.posts}.values()),
        unread=tuple(bad for read in reads for bad in read.unread),
    )


def _elements(asked: Asked[Settings], path: str) -> Generator[Request, Reply, list[Record]]:
    """Ask for a list; posts that nobody has commented on yet have none."""
    reply = yield Request(
        url=f"{API}/{path}",
        headers={
            "Authorization": f"Bearer {asked.settings.token}",
            "LinkedIn-Version": VERSION,
            "X-Restli-Protocol-Version": "2.0.0",
        },
        accepts=(OK, NOT_FOUND) if path.startswith("socialActions") else (OK,),
    )
    return as_json(reply, _Elements).elements if reply.status == OK else []


def _flat(record: Record) -> Record:
    """Bring the moment of a comment to the top, where dates are looked for."""
    created = record.get("created")
    return {**record, "createdAt": created.get("time")} if isinstance(created, dict) else record


def _read(asked: Asked[Settings], records: list[Record]) -> Read:
    return read_each([soundly_dated(one, "publishedAt", asked.now) for one in records], _posts)


def _read_comments(asked: Asked[Settings], records: list[Record], under: str) -> Read:
    sound = [soundly_dated(_flat(one), "createdAt", asked.now) for one in records]
    return read_each(sound, lambda record: _comment(record, under))


def _posts(record: Record) -> tuple[Post, ...]:
    told = typed(record, _Post)
    address = f"{SITE}/{told.id}"
    return (
        checked(
            Post(
                id=address,
                network="linkedin",
                published=moment(told.published_at, field="publishedAt"),
                attributed_to=Account(id=told.author),
                content=told.commentary,
                url=address,
            )
        ),
    )


def _comment(record: Record, under: str) -> tuple[Post, ...]:
    told = typed(record, _Comment)
    parent = told.parent_comment
    return (
        checked(
            Post(
                id=f"{SITE}/{told.comment_urn}",
                network="linkedin",
                published=moment(told.created_at, field="created.time"),
                attributed_to=Account(id=told.actor),
                content=told.message.text,
                in_reply_to=f"{SITE}/{parent}" if parent else under,
                conversation=under,
                kind="comment",
                url=under,
            )
        ),
    )


SOURCE = Source(
    kind="linkedin",
    network="linkedin",
    title=say("LinkedIn (our page)"),
    help=say(
        "Reads the comments under the posts of your own page. A token of somebody who looks after "
        "the page is needed."
    ),
    cost=say("Free; LinkedIn wants to approve the app for its Community Management API first."),
    blind_spots=(
        say("LinkedIn: only comments under our own posts are seen."),
        say("LinkedIn: people are told by a number, not by name."),
        say("LinkedIn: of each of the 20 newest posts, the 100 newest comments are read."),
    ),
    settings=Settings,
    collect=_collect,
    every_s=900,
)
