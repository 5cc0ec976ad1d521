"""YouTube: videos that speak of the topics, and the comments under them and on chosen channels.

``search``, ``playlistItems``, ``channels`` and ``commentThreads`` of the YouTube Data API v3 as in
https://developers.google.com/youtube/v3/docs (read 2026-11). Every call has a price in units, and
units are counted by the day: the meter kept here stops before they are used up.
"""

import re
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from quivive.listen.dates import moment
from quivive.listen.records import Record, checked, typed
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
    soundly_dated,
    write_cursor,
)
from quivive.listen.unreadable import BAD_KEY, BAD_REQUEST, FORBIDDEN, TOO_MANY, refused
from quivive.vocabulary.accounts import UNTOLD, Account
from quivive.vocabulary.capabilities import Capabilities, Operator
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import OK, Kind, NoAnswer, Reply, Request

API = "https://www.googleapis.com/youtube/v3"

SEARCH_UNITS, LIST_UNITS = 100, 1
"""What a search and any other list cost."""

_REASON = re.compile(rb'"reason"\s*:\s*"(\w+)"')
_MEANT = {
    **dict.fromkeys(("keyInvalid", "keyExpired", "API_KEY_INVALID"), BAD_KEY),
    **dict.fromkeys(("quotaExceeded", "dailyLimitExceeded", "rateLimitExceeded"), TOO_MANY),
}

PACIFIC = ZoneInfo("America/Los_Angeles")
"""Units are full again at midnight there."""

PAGES = 3
"""Pages of comments a video and turn."""

OVERLAP = timedelta(days=1)
"""Videos are looked for again this far back: the network's index is filled late."""

FIRST = timedelta(days=3)
"""How far back the first look goes."""

MOST_VIDEOS = 50
"""Videos whose comments are followed, the newest; older ones rest."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The key, which channels to follow beside what is searched for, and what may be spent."""

    key: Annotated[
        str,
        asks(
            say("API key"),
            say("Google Cloud console: a project with the YouTube Data API v3, Credentials."),
            secret=True,
        ),
    ]
    channels: Annotated[
        tuple[str, ...],
        asks(
            say("Channels"),
            say("One a line, by @name or by number (UC…): their videos and all comments on them."),
            example="@villedevaldorle",
        ),
    ] = ()
    units_a_day: Annotated[
        int,
        asks(
            say("Units a day"),
            say("Google gives 10,000. A search costs 100, a page of comments 1."),
        ),
        msgspec.Meta(ge=100),
    ] = 9_000
    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=5)] = 60


class _Listed(msgspec.Struct, rename="camel"):
    items: list[Record]
    next_page_token: str = ""


class _Video(msgspec.Struct):
    """A video whose comments are followed.  newest: of the comments that were read."""

    id: str
    published: str
    newest: str = ""


class _Cursor(msgspec.Struct, omit_defaults=True):
    """How far everything was read, and what was spent.

    Attributes:
        since: of each search and channel, the newest video known.
        channels: the number of each channel by the name it was typed with.
    """

    since: dict[str, str] = {}
    channels: dict[str, str] = {}
    videos: list[_Video] = []


class _SpentError(Exception):
    """The next call would go beyond the day's units."""


class _Turn:
    """One turn: calls that are paid from the day's units, and what they gave."""

    def __init__(self, asked: Asked[Settings]) -> None:
        self.asked = asked
        self.cursor = read_cursor(asked.cursor, _Cursor) or _Cursor()
        self.spent = asked.quota.used_at(asked.now) if asked.quota else 0.0
        self.reads: list[Read] = []
        self.troubles: list[NoAnswer] = []

    def call(self, what: str, units: int, **params: str) -> Generator[Request, Reply, _Listed]:
        """Pay, then ask. Raises _SpentError before anything is asked."""
        if self.spent + units > self.asked.settings.units_a_day:
            raise _SpentError
        self.spent += units
        reply = yield Request(
            url=f"{API}/{what}",
            params=params,
            headers={"X-Goog-Api-Key": self.asked.settings.key},
            accepts=(OK, BAD_REQUEST, FORBIDDEN),
        )
        if reply.status != OK:
            raise refused(reply.url, _meant(reply))
        return as_json(reply, _Listed)

    def search(self, text: str) -> Generator[Request, Reply, None]:
        """Look for new videos that speak of a topic."""
        since = self.cursor.since.get(text) or _written(self.asked.now - FIRST)
        found = yield from self.call(
            "search",
            SEARCH_UNITS,
            part="snippet",
            type="video",
            order="date",
            maxResults="50",
            q=text,
            publishedAfter=since,
        )
        read = self.take(found.items, _video)
        newest = max((post.published for post in read.posts), default=None)
        if newest:
            self.cursor.since[text] = max(since, _written(newest - OVERLAP))
        self._follow(read)

    def channel(self, name: str) -> Generator[Request, Reply, None]:
        """Read a channel's newest videos and the newest comments on any of them."""
        number = yield from self._number(name)
        uploads = yield from self.call(
            "playlistItems",
            LIST_UNITS,
            part="snippet",
            playlistId=f"UU{number.removeprefix('UC')}",
            maxResults="50",
        )
        self.take(uploads.items, _video)
        since = self.cursor.since.get(name, "")
        newest = yield from self._threads(since, allThreadsRelatedToChannelId=number)
        self.cursor.since[name] = newest

    def comments(self, video: _Video) -> Generator[Request, Reply, None]:
        """Read the new comments under a video that a search found."""
        video.newest = yield from self._threads(video.newest, videoId=video.id)

    def _number(self, name: str) -> Generator[Request, Reply, str]:
        if name.startswith("UC"):
            return name
        if name not in self.cursor.channels:
            found = yield from self.call("channels", LIST_UNITS, part="id", forHandle=name)
            if not found.items:
                raise _no_channel(name)
            self.cursor.channels[name] = str(found.items[0].get("id", ""))
        return self.cursor.channels[name]

    def _threads(self, since: str, **where: str) -> Generator[Request, Reply, str]:
        """Read threads, newest first, back to what is known; return the newest moment."""
        newest, page = since, ""
        for _ in range(PAGES):
            found = yield from self.call(
                "commentThreads",
                LIST_UNITS,
                part="snippet,replies",
                order="time",
                textFormat="plainText",
                maxResults="100",
                **where,
                **({"pageToken": page} if page else {}),
            )
            written = [_moment(post) for post in self.take(found.items, thread).posts]
            newest, page = max([newest, *written]), found.next_page_token
            if not page or (since and min(written, default="") <= since):
                break
        return newest

    def take(self, items: list[Record], read_one: Callable[[Record], tuple[Post, ...]]) -> Read:
        sound = [_dated(one, self.asked.now) for one in items]
        self.reads.append(read_each(sound, read_one))
        return self.reads[-1]

    def _follow(self, read: Read) -> None:
        known = {one.id for one in self.cursor.videos}
        for post in read.posts:
            number = post.id.removeprefix(VIDEO)
            if number not in known:
                self.cursor.videos.append(_Video(id=number, published=_moment(post)))
                known.add(number)
        self.cursor.videos.sort(key=lambda one: one.published, reverse=True)
        del self.cursor.videos[MOST_VIDEOS:]

    def page(self, notes: tuple[Message, ...]) -> Page:
        midnight = self.asked.now.astimezone(PACIFIC).replace(
            hour=0, minute=0, second=0, microsecond=0
        ) + timedelta(days=1)
        return Page(
            posts=tuple({post.id: post for read in self.reads for post in read.posts}.values()),
            unread=tuple(bad for read in self.reads for bad in read.unread),
            cursor=write_cursor(self.cursor),
            quota=Quota(
                unit=say("units today"),
                used=self.spent,
                limit=self.asked.settings.units_a_day,
                resets_at=midnight,
            ),
            notes=notes,
            troubles=tuple(self.troubles),
        )


def _meant(reply: Reply) -> int:
    """Read what a refusal means: a key that is none gives 400, a quota that is used up 403.

    Reasons as in https://developers.google.com/youtube/v3/docs/errors (read 2026-11).

    >>> _meant(Reply(status=403, body=b'{"error": {"errors": [{"reason": "quotaExceeded"}]}}'))
    429
    """
    told = {reason.decode() for reason in _REASON.findall(reply.body)}
    return next((status for reason, status in _MEANT.items() if reason in told), reply.status)


def _collect(asked: Asked[Settings]) -> Exchange:
    """Read channels first, which cost little, then search, then read comments under the found."""
    turn = _Turn(asked)
    steps = [
        *(turn.channel(name.strip()) for name in asked.settings.channels),
        *(turn.search(one.text) for one in asked.searches),
    ]
    notes: tuple[Message, ...] = ()
    try:
        for step in steps:
            yield from _tried(step, turn)
        for video in list(turn.cursor.videos):
            yield from _tried(turn.comments(video), turn)
    except _SpentError:
        notes = (_USED_UP,)
    if turn.troubles and not turn.reads:
        raise turn.troubles[0]
    return turn.page(notes)


def _tried(step: Generator[Request, Reply, None], turn: _Turn) -> Generator[Request, Reply, None]:
    """Let a channel that is gone, or a video without comments, stop nothing else."""
    try:
        yield from step
    except NoAnswer as trouble:
        if trouble.kind not in {Kind.NOT_FOUND, Kind.FORBIDDEN}:
            raise
        turn.troubles.append(trouble)


VIDEO = "https://www.youtube.com/watch?v="
"""A video's permanent address without its number."""


class _Snippet(msgspec.Struct, rename="camel"):
    published_at: str
    title: str = ""
    description: str = ""
    channel_id: str = ""
    channel_title: str = ""
    default_audio_language: str | None = None
    resource_id: dict[str, str] = {}


class _Comment(msgspec.Struct, rename="camel"):
    published_at: str
    text_original: str | None = None
    text_display: str = ""
    author_display_name: str = ""
    author_channel_id: dict[str, str] = {}
    video_id: str | None = None
    parent_id: str | None = None
    like_count: int | None = None


def _video(record: Record) -> tuple[Post, ...]:
    told = typed(record["snippet"], _Snippet)
    where = record.get("id")
    number = told.resource_id.get("videoId") or (
        where.get("videoId") if isinstance(where, dict) else where
    )
    post = Post(
        id=f"{VIDEO}{number}",
        network="youtube",
        published=moment(told.published_at, field="publishedAt"),
        attributed_to=_account(told.channel_id, told.channel_title),
        title=told.title,
        content=told.description,
        language=told.default_audio_language,
        url=f"{VIDEO}{number}",
    )
    return (checked(post),)


def thread(record: Record) -> tuple[Post, ...]:
    """Read a comment and the answers that came with it."""
    top = record["snippet"]["topLevelComment"]
    number = record["snippet"].get("videoId") or ""
    answers = record.get("replies", {}).get("comments", [])
    return tuple(comment(one, str(number)) for one in [top, *answers])


def comment(record: Record, video: str) -> Post:
    told = typed(record["snippet"], _Comment)
    address = f"{VIDEO}{told.video_id or video}&lc={record['id']}"
    parent = f"{VIDEO}{told.video_id or video}"
    return checked(
        Post(
            id=address,
            network="youtube",
            published=moment(told.published_at, field="publishedAt"),
            attributed_to=_account(
                told.author_channel_id.get("value", ""), told.author_display_name
            ),
            content=told.text_original or told.text_display,
            in_reply_to=f"{parent}&lc={told.parent_id}" if told.parent_id else parent,
            conversation=parent,
            likes=told.like_count,
            kind="comment",
            url=address,
        )
    )


def _account(number: str, name: str) -> Account:
    return Account(
        id=f"https://www.youtube.com/channel/{number}" if number else UNTOLD,
        handle=name.removeprefix("@") if name.startswith("@") else None,
        name=name or None,
    )


def _dated(record: Record, now: datetime) -> Record:
    """Give an item, and the comments in it, dates one can believe."""
    snippet = record.get("snippet")
    if not isinstance(snippet, dict):
        return record
    if isinstance(snippet.get("topLevelComment"), dict):
        top = _dated(snippet["topLevelComment"], now)
        replies = record.get("replies")
        answers = replies.get("comments", []) if isinstance(replies, dict) else []
        return {
            **record,
            "snippet": {**snippet, "topLevelComment": top},
            "replies": {"comments": [_dated(one, now) for one in answers]},
        }
    return {**record, "snippet": soundly_dated(snippet, "publishedAt", now)}


def _moment(post: Post) -> str:
    return _written(post.published)


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


_USED_UP = say(
    "The units of the day are used up: YouTube is looked at again after midnight, Pacific time."
)


def _no_channel(name: str) -> NoAnswer:
    return NoAnswer(
        say("YouTube knows no channel of the name {name}.", name=name),
        say("Write the name as in the channel’s address, with @, or its number (UC…)."),
        kind=Kind.NOT_FOUND,
    )


SOURCE = Source(
    kind="youtube",
    network="youtube",
    title=say("YouTube"),
    help=say(
        "Looks for videos that speak of your topics, and reads the comments under them and on "
        "the channels you name. A free API key of Google is needed."
    ),
    cost=say("Free within 10,000 units a day; what was spent is shown, and never exceeded."),
    blind_spots=(
        say("YouTube: what is said in a video is not heard, only its title and description."),
        say(
            "YouTube: comments are read under the 50 newest videos that were found, and on the "
            "channels that were named."
        ),
        say("YouTube: of long exchanges only the first answers to a comment are seen."),
        say("YouTube: a comment that its author took back is not announced."),
    ),
    settings=Settings,
    capabilities=Capabilities(
        operators=frozenset({Operator.ALL, Operator.ANY, Operator.NOT}), any_sign="|"
    ),
    collect=_collect,
    every_s=3600,
)
