"""Reddit: posts and comments of chosen communities, and posts anywhere that speak of the topics.

``/api/v1/access_token`` (application only), ``/r/{name}/new``, ``/r/{name}/comments`` and
``/search`` as in https://www.reddit.com/dev/api (read 2026-11).
"""

from base64 import b64encode
from collections.abc import Generator
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

import msgspec

from quivive.listen.dates import moment
from quivive.listen.records import Deletion, Found, Record, checked, typed
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
from quivive.vocabulary.accounts import UNTOLD, Account
from quivive.vocabulary.capabilities import Capabilities, Operator
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import OK, NoAnswer, Reply, Request

SIGN_IN = "https://www.reddit.com/api/v1/access_token"
API = "https://oauth.reddit.com"
SITE = "https://www.reddit.com"

PAGE = 100
"""Things a request gives at most."""

CEILING = 1_000
"""Things one listing gives, however many there are; said aloud when reached."""

FIRST_PAGES = 1
"""Pages of a listing on the first look."""

SESSION_ENDED = 401

GONE = frozenset({"[deleted]", "[removed]", "[ Removed by Reddit ]"})
"""What stands where words were taken back, by their author or by those who keep the house."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The application that reads, and where."""

    client_id: Annotated[
        str,
        asks(
            say("Application id"),
            say("reddit.com/prefs/apps, an application of the type “script”: under its name."),
        ),
    ]
    client_secret: Annotated[str, asks(say("Application secret"), secret=True)]
    communities: Annotated[
        tuple[str, ...],
        asks(
            say("Communities"),
            say("One a line, without r/: all their posts and comments are read."),
            example="lyon",
        ),
    ] = ()
    everywhere: Annotated[
        bool,
        asks(
            say("Look for the topics in all communities"),
            say("Finds posts only: Reddit’s search does not look into comments."),
        ),
    ] = True
    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=1)] = 5


class _Session(msgspec.Struct):
    access_token: str


class _Data(msgspec.Struct):
    children: list[Record]
    after: str | None = None


class _Listing(msgspec.Struct):
    data: _Data


class _Place(msgspec.Struct, frozen=True):
    """One listing to read."""

    path: str
    params: dict[str, str]

    @property
    def key(self) -> str:
        return f"{self.path}?{self.params.get('q', '')}"


def _collect(asked: Asked[Settings]) -> Exchange:
    """Read every listing back to what is known; one that is closed to us stops no other."""
    newest = read_cursor(asked.cursor, dict[str, float]) or {}
    token = asked.session
    reads: list[Read] = []
    notes: list[Message] = []
    troubles: list[NoAnswer] = []
    places = _places(asked)
    for place in places:
        try:
            token, found = yield from _listing(asked, token, place, newest)
        except NoAnswer as trouble:
            troubles.append(trouble)
            continue
        reads.append(found)
        if len(found.posts) >= CEILING:
            notes.append(_ceiling(place))
    if places and len(troubles) == len(places):
        raise troubles[0]
    return Page(
        posts=tuple({post.id: post for read in reads for post in read.posts}.values()),
        deletions=tuple(gone for read in reads for gone in read.deletions),
        unread=tuple(bad for read in reads for bad in read.unread),
        cursor=write_cursor(newest),
        session=token,
        notes=tuple(notes),
        troubles=tuple(troubles),
    )


def _places(asked: Asked[Settings]) -> list[_Place]:
    names = [quote(one.strip().removeprefix("r/"), safe="") for one in asked.settings.communities]
    listings = [_Place(f"/r/{name}/{what}", {}) for name in names for what in ("new", "comments")]
    if not asked.settings.everywhere:
        return listings
    return listings + [
        _Place("/search", {"q": search.text, "sort": "new", "type": "link", "t": "week"})
        for search in asked.searches
    ]


def _listing(
    asked: Asked[Settings], token: str, place: _Place, newest: dict[str, float]
) -> Generator[Request, Reply, tuple[str, Read]]:
    """Read pages, newest first, until one holds what is known; note how far that is."""
    known = newest.get(place.key)
    pages = FIRST_PAGES if known is None else CEILING // PAGE
    found: list[Record] = []
    after = ""
    for _ in range(pages):
        params = {**place.params, "limit": str(PAGE), "raw_json": "1"}
        token, reply = yield from _asked(
            asked.settings, token, place.path, {**params, **({"after": after} if after else {})}
        )
        page = as_json(reply, _Listing).data
        found.extend(page.children)
        written = [_written(one) for one in page.children]
        newest[place.key] = max([newest.get(place.key, 0.0), *written])
        after = page.after or ""
        if not after or (known is not None and min(written, default=0.0) < known):
            break
    return token, read_each([_dated(one, asked.now) for one in found], things)


def _asked(
    settings: Settings, token: str, path: str, params: dict[str, str]
) -> Generator[Request, Reply, tuple[str, Reply]]:
    """Ask, signing in first where there is no session or it has ended."""
    if token:
        reply = yield _request(token, path, params)
        if reply.status == OK:
            return token, reply
    token = as_json((yield _sign_in(settings)), _Session).access_token
    return token, (yield _request(token, path, params, anew=True))


def _sign_in(settings: Settings) -> Request:
    key = b64encode(f"{settings.client_id}:{settings.client_secret}".encode()).decode()
    return Request(
        url=SIGN_IN,
        method="POST",
        headers={
            "Authorization": f"Basic {key}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
        body=b"grant_type=client_credentials",
    )


def _request(token: str, path: str, params: dict[str, str], *, anew: bool = False) -> Request:
    """Ask with a session; the host tells of one made ``anew`` that is refused."""
    return Request(
        url=f"{API}{path}",
        params=params,
        headers={"Authorization": f"Bearer {token}"},
        accepts=(OK,) if anew else (OK, SESSION_ENDED),
    )


def _written(thing: Record) -> float:
    told = thing.get("data")
    at = told.get("created_utc") if isinstance(told, dict) else None
    return float(at) if isinstance(at, int | float) else 0.0


def _dated(thing: Record, now: datetime) -> Record:
    told = thing.get("data")
    if not isinstance(told, dict):
        return thing
    return {**thing, "data": soundly_dated(told, "created_utc", now)}


class _Thing(msgspec.Struct):
    """A post (``t3``) or a comment (``t1``)."""

    name: str
    created_utc: float | str | None = None
    author: str = ""
    author_fullname: str | None = None
    title: str | None = None
    selftext: str = ""
    body: str = ""
    permalink: str = ""
    url_overridden_by_dest: str | None = None
    parent_id: str | None = None
    link_id: str | None = None
    ups: int | None = None
    num_comments: int | None = None
    removed_by_category: str | None = None


def things(record: Record) -> tuple[Found, ...]:
    """Read a post or a comment as the API gives it: ``kind`` and, in ``data``, what it holds."""
    thing = typed(record["data"], _Thing)
    words = thing.body if record.get("kind") == "t1" else thing.selftext
    address = f"reddit:{thing.name}"
    if words in GONE or thing.removed_by_category:
        return (Deletion(id=address),)
    return (checked(_post(thing, words, address)),)


def _post(thing: _Thing, words: str, address: str) -> Post:
    likes = thing.ups if thing.ups is None or thing.ups >= 0 else 0
    return Post(
        id=address,
        network="reddit",
        published=moment(thing.created_utc, field="created_utc"),
        attributed_to=Account(
            id=f"reddit:{thing.author_fullname}" if thing.author_fullname else UNTOLD,
            handle=thing.author or None,
        ),
        title=thing.title,
        content=words,
        in_reply_to=f"reddit:{thing.parent_id}" if thing.parent_id else None,
        conversation=f"reddit:{thing.link_id}" if thing.link_id else address,
        likes=likes,
        replies=thing.num_comments,
        links=(thing.url_overridden_by_dest,) if thing.url_overridden_by_dest else (),
        kind="comment" if thing.link_id else None,
        url=f"{SITE}{thing.permalink}" if thing.permalink else None,
    )


def _ceiling(place: _Place) -> Message:
    return say(
        "Reddit gives at most {most} of what stands in {place}: older ones were not seen.",
        most=CEILING,
        place=place.params.get("q", place.path)[:80],
    )


SOURCE = Source(
    kind="reddit",
    network="reddit",
    title=say("Reddit"),
    help=say(
        "Reads all posts and comments of the communities you name, and looks for your topics in "
        "all others. An application of your own account is needed."
    ),
    cost=say(
        "Free for use that earns no money, within 100 requests a minute; else Reddit wants "
        "a contract."
    ),
    blind_spots=(
        say("Reddit: comments are only seen in the communities that were named."),
        say("Reddit: one list gives 1,000 things at most."),
        say("Reddit: the followers of an author are not told."),
        say("Reddit: closed communities are not seen."),
    ),
    settings=Settings,
    capabilities=Capabilities(
        operators=frozenset(
            {
                Operator.ALL,
                Operator.ANY,
                Operator.NOT,
                Operator.GROUPS,
                Operator.PHRASE,
                Operator.AUTHOR,
            }
        ),
        longest=512,
        author_prefix="author:",
    ),
    collect=_collect,
)
