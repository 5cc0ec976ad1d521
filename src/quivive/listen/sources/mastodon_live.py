"""Mastodon and kin, live: public posts of one server as server-sent events.

``GET /api/v1/streaming/public`` and ``/hashtag`` as in https://docs.joinmastodon.org/methods/streaming/
(read 2026-11). A stream cannot be resumed: :mod:`quivive.listen.sources.mastodon` fills gaps.
"""

from typing import Annotated
from urllib.parse import urlencode, urlsplit

import msgspec

from quivive.listen.formats import mastodon
from quivive.listen.records import Deletion
from quivive.listen.sourcing import (
    Asked,
    Frame,
    Page,
    Source,
    Subscription,
    asks,
    read_cursor,
    read_each,
    soundly_dated,
    write_cursor,
)
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.messages import say

UPDATES = ("update", "status.update")

REMEMBERED = 2_000
"""Posts whose number is remembered, because a deletion tells the number only."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Whose stream is heard."""

    server: Annotated[str, asks(say("Server"), example="mastodon.social")]
    token: Annotated[
        str,
        asks(
            say("Access token"),
            say("Under Preferences, Development, with the right to read statuses."),
            secret=True,
        ),
    ]
    hashtag: Annotated[
        str, asks(say("Hashtag"), say("Leave empty to hear all public posts of the server."))
    ] = ""


class _Numbered(msgspec.Struct):
    id: str
    uri: str


def _subscribe(asked: Asked[Settings]) -> Subscription:
    server = asked.settings.server
    try:
        host = urlsplit(server if "//" in server else f"//{server}").netloc
    except ValueError:  # brackets that do not fit: the courier refuses it, and says so
        host = server
    tag = asked.settings.hashtag.lstrip("#")
    path = f"hashtag?{urlencode({'tag': tag})}" if tag else "public"
    return Subscription(
        url=f"https://{host}/api/v1/streaming/{path}",
        headers={"Authorization": f"Bearer {asked.settings.token}"},
    )


def _take(asked: Asked[Settings], frame: Frame) -> Page:
    known = read_cursor(asked.cursor, dict[str, str]) or {}
    if frame.event == "delete":
        address = known.get(frame.data.decode("utf-8", "replace").strip())
        gone = Deletion(id=address, deleted_at=frame.at) if address else None
        return Page(deletions=(gone,) if gone else ())
    if frame.event not in UPDATES:
        return Page()
    try:
        status = msgspec.json.decode(frame.data, type=dict)
        numbered = msgspec.convert(status, _Numbered)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return Page(unread=(_broken(),))
    read = read_each([soundly_dated(status, "created_at", frame.at)], mastodon.FORMAT.posts)
    known[numbered.id] = numbered.uri
    for _ in range(len(known) - REMEMBERED):
        del known[next(iter(known))]
    return Page(posts=read.posts, unread=read.unread, cursor=write_cursor(known))


def _broken() -> BadRecord:
    return BadRecord(
        say("A message of the stream is not whole."), say("Nothing to do: the next one follows.")
    )


SOURCE = Source(
    kind="mastodon-live",
    network="mastodon",
    title=say("Mastodon, live (one server)"),
    help=say(
        "Every public post that reaches a server, or those with one hashtag, within seconds. "
        "An account on that server and an access token are needed."
    ),
    cost=say("Free."),
    blind_spots=(
        say("Mastodon: a server knows only the posts that reached it, a part of the whole."),
        say("Mastodon: a stream is not resumed; add the hashtags too, to fill gaps."),
    ),
    settings=Settings,
    subscribe=_subscribe,
    take=_take,
)
