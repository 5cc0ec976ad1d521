"""Bluesky search: posts that speak of the topics, back to where one left off.

``app.bsky.feed.searchPosts`` and ``com.atproto.server.createSession`` as in the lexicons at
https://docs.bsky.app (read 2026-11).
"""

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from quivive.listen.dates import moment
from quivive.listen.formats import bluesky
from quivive.listen.records import Deletion, Found, Record
from quivive.listen.sourcing import (
    Asked,
    Exchange,
    Page,
    Read,
    Source,
    as_json,
    asks,
    read_cursor,
    read_each,
    unreadable,
    write_cursor,
)
from quivive.vocabulary.capabilities import Capabilities, Operator
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import OK, Reply, Request

PAGE = 100
"""Posts a request gives at most."""

CEILING = 10_000
"""Posts the network gives for one search, whatever it finds; said aloud when reached."""

SESSION_ENDED = (400, 401)
"""How the network says that a session has ended (``ExpiredToken``), as it says other things."""

PAGES = 5
"""Requests a search and turn: topics take turns, so that a loud one starves no other."""

OVERLAP = timedelta(minutes=10)
"""Looked at again: the network's index is filled a little out of order."""

FIRST = timedelta(days=1)
"""How far back the first look goes."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The account that searches: the network answers searches of known accounts only."""

    handle: Annotated[
        str,
        asks(
            say("Account name"),
            say("Any account will do; it only reads."),
            example="name.bsky.social",
        ),
    ]
    password: Annotated[
        str,
        asks(
            say("App password"),
            say("Settings, Privacy and security, App passwords: never the account’s own."),
            secret=True,
        ),
    ]
    server: Annotated[str, asks(say("Server of the account"))] = "https://bsky.social"
    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=1)] = 3


class _Session(msgspec.Struct):
    accessJwt: str  # noqa: N815  the network's spelling


class _Found(msgspec.Struct):
    posts: list[Record]
    cursor: str | None = None


class _Mark(msgspec.Struct, omit_defaults=True):
    """How far one search was read.

    Attributes:
        since: everything indexed before was read.
        until, page: where a search that takes several turns goes on; empty when it is through.
        newest: becomes ``since`` once it is through.
        read: posts it gave so far.
    """

    since: str = ""
    page: str = ""
    newest: str = ""
    read: int = 0


def _collect(asked: Asked[Settings]) -> Exchange:
    """Sign in, then read each search on; every search gets as many requests as any other."""
    marks = read_cursor(asked.cursor, dict[str, _Mark]) or {}
    token = asked.session  # signing in is counted by the day: a session is used while it lasts
    reads: list[Read] = []
    notes: list[Message] = []
    kept: dict[str, _Mark] = {}
    for search in asked.searches:
        mark = marks.get(search.text) or _Mark(since=_written(asked.now - FIRST))
        for _ in range(PAGES):
            token, reply = yield from _search(asked.settings, token, search.text, mark)
            found = as_json(reply, _Found)
            reads.append(read_each(found.posts, _posts))
            mark = _read_on(mark, found, reads[-1], asked.now)
            if mark.read >= CEILING:
                notes.append(_ceiling(search.text))
                mark = _through(mark)
            if not mark.page:
                break
        kept[search.text] = mark
    return Page(
        posts=tuple(post for read in reads for post in read.posts),
        unread=tuple(bad for read in reads for bad in read.unread),
        cursor=write_cursor(kept),
        session=token,
        more=any(mark.page for mark in kept.values()),
        notes=tuple(notes),
    )


def _search(
    settings: Settings, token: str, text: str, mark: _Mark
) -> Generator[Request, Reply, tuple[str, Reply]]:
    """Search, signing in first where there is no session or it has ended."""
    if token:
        reply = yield _request(settings, token, text, mark)
        if reply.status == OK:
            return token, reply
    session = as_json((yield _sign_in(settings)), _Session)
    reply = yield _request(settings, session.accessJwt, text, mark)
    if reply.status != OK:
        raise unreadable(reply)
    return session.accessJwt, reply


def _sign_in(settings: Settings) -> Request:
    body = {"identifier": settings.handle.lstrip("@"), "password": settings.password}
    return Request(
        url=f"{settings.server.rstrip('/')}/xrpc/com.atproto.server.createSession",
        method="POST",
        headers={"Content-Type": "application/json"},
        body=msgspec.json.encode(body),
    )


def _request(settings: Settings, token: str, text: str, mark: _Mark) -> Request:
    params = {"q": text, "sort": "latest", "limit": str(PAGE), "since": mark.since}
    return Request(
        url=f"{settings.server.rstrip('/')}/xrpc/app.bsky.feed.searchPosts",
        params={**params, **({"cursor": mark.page} if mark.page else {})},
        headers={"Authorization": f"Bearer {token}"},
        accepts=(OK, *SESSION_ENDED),
    )


def _posts(record: Record) -> tuple[Found, ...]:
    """Read a post; it was there when the network took it in, whatever date it bears."""
    indexed = moment(record.get("indexedAt"), field="indexedAt")
    return tuple(_at(found, indexed) for found in bluesky.FORMAT.posts(record))


def _at(found: Found, indexed: datetime) -> Found:
    return found if isinstance(found, Deletion) else msgspec.structs.replace(found, seen_at=indexed)


def _read_on(mark: _Mark, found: _Found, read: Read, now: datetime) -> _Mark:
    newest = max([mark.newest, *map(_moment_of, read.posts)])
    after = _Mark(
        since=mark.since, page=found.cursor or "", newest=newest, read=mark.read + len(found.posts)
    )
    return after if after.page and found.posts else _through(after)


def _moment_of(post: Post) -> str:
    return _written(post.heard_at)


def _through(mark: _Mark) -> _Mark:
    """Begin the next look a little before the newest post of this one."""
    if not mark.newest:
        return _Mark(since=mark.since)
    newest = datetime.fromisoformat(mark.newest)
    return _Mark(since=max(mark.since, _written(newest - OVERLAP)))


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _ceiling(text: str) -> Message:
    return say(
        "Bluesky gives at most {most} posts for one search: of “{search}” the older ones are "
        "not seen. Listen live as well.",
        most=CEILING,
        search=text[:80],
    )


SOURCE = Source(
    kind="bluesky-search",
    network="bluesky",
    title=say("Bluesky (search)"),
    help=say(
        "Looks for your topics every few minutes, with the authors’ names. An account and an "
        "app password are needed."
    ),
    cost=say("Free; 3,000 requests in five minutes, shared by all topics."),
    blind_spots=(
        say("Bluesky: one search gives 10,000 posts at most."),
        say("Bluesky: a post that its author took back is not announced by the search."),
    ),
    settings=Settings,
    capabilities=Capabilities(
        operators=frozenset({Operator.ALL, Operator.PHRASE, Operator.HASHTAG})
    ),
    collect=_collect,
    every_s=180,
)
