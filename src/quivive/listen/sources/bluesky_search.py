"""Bluesky search: posts that speak of the topics, and what becomes of them.

``app.bsky.feed.searchPosts``, ``getPosts``, ``getPostThread`` and
``com.atproto.server.createSession`` as in the lexicons at https://docs.bsky.app (read 2026-11).
"""

from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

import msgspec

from quivive.listen.dates import moment
from quivive.listen.formats import bluesky
from quivive.listen.records import Deletion, Found, Record
from quivive.listen.sourcing import (
    Asked,
    Exchange,
    Page,
    Quota,
    Read,
    Source,
    as_json,
    asks,
    read_cursor,
    read_each,
    write_cursor,
)
from quivive.vocabulary.capabilities import Capabilities, Operator
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import OK, NoAnswer, Reply, Request

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

TOGETHER, BATCHES = 25, 4
"""Kept posts a request reads again, and such requests a turn."""

DEPTH = 20
"""Answers to answers that are read, one below the other."""

THREADS = 5
"""Conversations read a turn: those that have new answers."""


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
    addressed: Annotated[
        bool,
        asks(
            say("Read what is addressed to this account"),
            say("Answers, mentions and quotes; tick it when the account is your organisation’s."),
        ),
    ] = False
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


class _Following(msgspec.Struct, omit_defaults=True):
    """What is remembered of kept posts.

    Attributes:
        turn: counts turns, so that each post gets its own.
        missing: posts that were not shown last time; once may be an accident of the network.
        answers: how many answers a post had when its conversation was read.
    """

    turn: int = 0
    missing: tuple[str, ...] = ()
    answers: dict[str, int] = {}


class _Cursor(msgspec.Struct, omit_defaults=True):
    marks: dict[str, _Mark] = {}
    following: _Following = msgspec.field(default_factory=_Following)


class _Thread(msgspec.Struct):
    thread: Record


class _Notifications(msgspec.Struct):
    notifications: list[Record]


class _Line:
    """Asks in a session, signing in first where there is none or it has ended.

    Signing in is counted by the day, so a session is used while it lasts.
    """

    def __init__(self, settings: Settings, token: str) -> None:
        self.settings, self.token = settings, token
        self.quota: Quota | None = None

    def ask(self, method: str, params: dict[str, str]) -> Generator[Request, Reply, Reply]:
        """Ask one question.

        Raises:
            NoAnswer: refused even in a new session.
        """
        if self.token:
            reply = yield self._request(method, params)
            if reply.status == OK:
                return self._heard(reply)
        self.token = as_json((yield _sign_in(self.settings)), _Session).accessJwt
        return self._heard((yield self._request(method, params, anew=True)))

    def _request(self, method: str, params: dict[str, str], *, anew: bool = False) -> Request:
        """Ask in the session; the host tells of one made ``anew`` that is refused."""
        several = params.pop("uris", "")
        query = f"?{several}" if several else ""
        return Request(
            url=f"{self.settings.server.rstrip('/')}/xrpc/{method}{query}",
            params=params,
            headers={"Authorization": f"Bearer {self.token}"},
            accepts=(OK,) if anew else (OK, *SESSION_ENDED),
        )

    def _heard(self, reply: Reply) -> Reply:
        self.quota = _quota(reply) or self.quota
        return reply


def _collect(asked: Asked[Settings]) -> Exchange:
    """Read each search on, as many requests for one as for any other; then look after what is kept.

    A network that does not show kept posts again stops no search.
    """
    known = read_cursor(asked.cursor, _Cursor) or _Cursor()
    line = _Line(asked.settings, asked.session)
    page = yield from _searched(asked, line, known.marks)
    kept = _Cursor(marks=page.marks, following=known.following)
    after = _Followed(following=known.following)
    if not any(mark.page for mark in page.marks.values()):
        try:
            after = yield from _follow(asked, line, known.following)
            after.around += yield from _addressed(line)
        except NoAnswer as trouble:
            after = _Followed(following=known.following, troubles=(trouble,))
        kept = _Cursor(marks=page.marks, following=after.following)
    return Page(
        posts=tuple(post for read in page.reads for post in read.posts),
        again=after.again,
        around=after.around,
        deletions=after.deletions,
        unread=tuple(bad for read in page.reads for bad in read.unread),
        cursor=write_cursor(kept),
        session=line.token,
        more=any(mark.page for mark in page.marks.values()),
        notes=page.notes,
        troubles=after.troubles,
        quota=line.quota,
    )


class _Searched(msgspec.Struct):
    marks: dict[str, _Mark]
    reads: list[Read]
    notes: tuple[Message, ...]


def _searched(
    asked: Asked[Settings], line: _Line, marks: dict[str, _Mark]
) -> Generator[Request, Reply, _Searched]:
    reads: list[Read] = []
    notes: list[Message] = []
    kept: dict[str, _Mark] = {}
    for search in asked.searches:
        mark = marks.get(search.text) or _Mark(since=_written(asked.now - FIRST))
        for _ in range(PAGES):
            reply = yield from line.ask("app.bsky.feed.searchPosts", _sought(search.text, mark))
            found = as_json(reply, _Found)
            reads.append(read_each(found.posts, _posts))
            mark = _read_on(mark, found, reads[-1], asked.now)
            if mark.read >= CEILING:
                notes.append(_ceiling(search.text))
                mark = _through(mark)
            if not mark.page:
                break
        kept[search.text] = mark
    return _Searched(marks=kept, reads=reads, notes=tuple(notes))


class _Followed(msgspec.Struct, kw_only=True):
    following: _Following
    again: tuple[Post, ...] = ()
    around: tuple[Post, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    troubles: tuple[NoAnswer, ...] = ()


def _follow(
    asked: Asked[Settings], line: _Line, known: _Following
) -> Generator[Request, Reply, _Followed]:
    """Read kept posts again, in turns: their counts, whether they are there, what answers them."""
    batches = [asked.followed[at : at + TOGETHER] for at in range(0, len(asked.followed), TOGETHER)]
    shown: dict[str, Post] = {}
    looked: list[str] = []
    for number in range(min(BATCHES, len(batches))):
        some = batches[(known.turn * BATCHES + number) % len(batches)]
        params = {"uris": urlencode([("uris", uri) for uri in some])}
        reply = yield from line.ask("app.bsky.feed.getPosts", params)
        read = read_each(as_json(reply, _Found).posts, bluesky.FORMAT.posts)
        shown.update((post.id, post) for post in read.posts)
        looked.extend(some)
    missing = tuple(uri for uri in looked if uri not in shown)
    answers = {uri: known.answers.get(uri, 0) for uri in asked.followed}
    grown = [one for one in shown.values() if (one.replies or 0) > answers.get(one.id, 0)]
    around: list[Post] = []
    for post in grown[:THREADS]:
        around += yield from _conversation(line, post.id)
        answers[post.id] = post.replies or 0
    gone = [uri for uri in missing if uri in known.missing]
    return _Followed(
        following=_Following(turn=known.turn + 1, missing=missing, answers=answers),
        again=tuple(shown.values()),
        around=tuple(around),
        deletions=tuple(Deletion(id=uri, deleted_at=asked.now) for uri in gone),
    )


def _addressed(line: _Line) -> Generator[Request, Reply, tuple[Post, ...]]:
    """Read what was said to the account, where it is our own."""
    if not line.settings.addressed:
        return ()
    reply = yield from line.ask("app.bsky.notification.listNotifications", {"limit": "100"})
    told = as_json(reply, _Notifications).notifications
    said = [one for one in told if one.get("reason") in {"reply", "mention", "quote"}]
    return read_each(said, _posts).posts


def _conversation(line: _Line, uri: str) -> Generator[Request, Reply, list[Post]]:
    """Read what answers a post, at any depth the network shows."""
    params = {"uri": uri, "depth": str(DEPTH), "parentHeight": "0"}
    reply = yield from line.ask("app.bsky.feed.getPostThread", params)
    thread = as_json(reply, _Thread).thread
    read = read_each(list(bluesky.FORMAT.split({"thread": thread})), _posts_of_item)
    return [post for post in read.posts if post.id != uri]


def _posts_of_item(item: Record) -> tuple[Found, ...]:
    return _posts(item["post"])


def _quota(reply: Reply) -> Quota | None:
    """Read what the network says is left, where it says so."""
    told = {name.removeprefix("x-"): value for name, value in reply.headers.items()}
    try:
        limit = float(told["ratelimit-limit"])
        left = float(told["ratelimit-remaining"])
        resets_at = datetime.fromtimestamp(float(told["ratelimit-reset"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None
    return Quota(unit=say("requests"), used=limit - left, limit=limit, resets_at=resets_at)


def _sign_in(settings: Settings) -> Request:
    body = {"identifier": settings.handle.lstrip("@"), "password": settings.password}
    return Request(
        url=f"{settings.server.rstrip('/')}/xrpc/com.atproto.server.createSession",
        method="POST",
        headers={"Content-Type": "application/json"},
        body=msgspec.json.encode(body),
    )


def _sought(text: str, mark: _Mark) -> dict[str, str]:
    params = {"q": text, "sort": "latest", "limit": str(PAGE), "since": mark.since}
    return {**params, **({"cursor": mark.page} if mark.page else {})}


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
        say(
            "Bluesky: the search notices within some turns that a post was taken back, not at once."
        ),
    ),
    settings=Settings,
    capabilities=Capabilities(
        operators=frozenset({Operator.ALL, Operator.PHRASE, Operator.HASHTAG})
    ),
    collect=_collect,
    every_s=180,
    follows=True,
)
