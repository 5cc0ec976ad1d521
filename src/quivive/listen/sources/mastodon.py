"""Mastodon and kin: hashtags of one server or several, read every few minutes.

``GET /api/v1/timelines/tag/:hashtag`` and ``GET /api/v2/search`` as in https://docs.joinmastodon.org
(read 2026-11).
"""

from typing import Annotated
from urllib.parse import quote, urlsplit

import msgspec

from quivive.listen.formats import mastodon
from quivive.listen.records import Record
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
    soundly_dated,
    write_cursor,
)
from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import NoAnswer, Reply, Request

PAGE = 40
"""Statuses a request gives at most."""

PAGES = 5
"""Requests a hashtag and turn: a flood is read on in the next turn."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Whose view of the network is read, and which hashtags."""

    servers: Annotated[
        tuple[str, ...],
        asks(
            say("Servers"),
            say("One a line, e.g. mastodon.social and the one of your town or region."),
            example="mastodon.social",
        ),
    ]
    hashtags: Annotated[
        tuple[str, ...],
        asks(say("Hashtags"), say("One a line, without #. Your topics then choose among these.")),
    ]
    token: Annotated[
        str,
        asks(
            say("Access token of the first server"),
            say("Only for servers that show nothing to strangers: Preferences, Development."),
            secret=True,
        ),
    ] = ""
    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=1)] = 3


def _collect(asked: Asked[Settings]) -> Exchange:
    """Ask every server for every hashtag; one that fails stops no other."""
    newest = read_cursor(asked.cursor, dict[str, str]) or {}
    reads: list[Read] = []
    troubles: list[NoAnswer] = []
    more = False
    places = [(one, tag) for one in asked.settings.servers for tag in asked.settings.hashtags]
    for server, tag in places:
        key = f"{host_of(server)}#{tag.lstrip('#').lower()}"
        try:
            for _ in range(PAGES):
                reply = yield _request(asked.settings, server, tag, newest.get(key, ""))
                statuses, last = _statuses(reply)
                sound = [soundly_dated(one, "created_at", asked.now) for one in statuses]
                reads.append(read_each(sound, mastodon.FORMAT.posts))
                newest[key] = last or newest.get(key, "")
                if len(statuses) < PAGE:
                    break
            else:
                more = True
        except NoAnswer as trouble:
            troubles.append(trouble)
    if troubles and len(troubles) == len(places):
        raise troubles[0]
    return Page(
        posts=tuple(post for read in reads for post in read.posts),
        unread=tuple(bad for read in reads for bad in read.unread),
        cursor=write_cursor(newest),
        more=more,
        troubles=tuple(troubles),
    )


def host_of(server: str) -> str:
    """Return a server's name, however it was typed.

    >>> host_of("https://Mastodon.social/about"), host_of("@mastodon.social"), host_of("https://[")
    ('mastodon.social', 'mastodon.social', 'https://[')
    """
    address = server if "//" in server else f"//{server}"
    try:
        return urlsplit(address).netloc.lower().rpartition("@")[2] or server
    except ValueError:  # brackets that do not fit: the courier refuses it, and says so
        return server


def _request(settings: Settings, server: str, tag: str, newest: str) -> Request:
    """Ask for what follows the newest status known; on the first look, for the newest page."""
    host = host_of(server)
    token = settings.token if host == host_of(settings.servers[0]) else ""
    return Request(
        url=f"https://{host}/api/v1/timelines/tag/{quote(tag.lstrip('#'), safe='')}",
        params={"limit": str(PAGE), **({"min_id": newest} if newest else {})},
        headers={"Authorization": f"Bearer {token}"} if token else {},
    )


def _statuses(reply: Reply) -> tuple[list[Record], str]:
    """Return the statuses of a page, and the number of the newest."""
    statuses = as_json(reply, list[Record])
    numbers = [one["id"] for one in statuses if isinstance(one.get("id"), str)]
    return statuses, max(numbers, key=lambda number: (len(number), number), default="")


SOURCE = Source(
    kind="mastodon",
    network="mastodon",
    title=say("Mastodon (hashtags)"),
    help=say(
        "Posts with chosen hashtags as one or several servers know them. Most servers show "
        "them to anybody; some want a token."
    ),
    cost=say("Free."),
    blind_spots=(
        say("Mastodon: a server knows only the posts that reached it, a part of the whole."),
        say("Mastodon: posts without one of the chosen hashtags are not seen."),
        say("Mastodon: a post that its author took back is not announced to us."),
    ),
    settings=Settings,
    collect=_collect,
    every_s=180,
)
