"""Telegram: public channels, through the official API.

Channels and messages as in https://core.telegram.org/api (read 2026-11); ``wire/telegram.py``
speaks the protocol.
"""

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
    read_cursor,
    read_each,
    soundly_dated,
    write_cursor,
)
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import NoAnswer, Request

FULL = 100
"""Messages a reply holds when there are more."""

SITE = "https://t.me"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The application and session that read, and which channels."""

    api_id: Annotated[
        int, asks(say("API id"), say("my.telegram.org, API development tools.")), msgspec.Meta(ge=1)
    ]
    api_hash: Annotated[str, asks(say("API hash"), secret=True)]
    session: Annotated[
        str,
        asks(
            say("Session"),
            say("Made once by typing: quivive telegram-sign-in. Use an account made for this."),
            secret=True,
        ),
    ]
    channels: Annotated[
        tuple[str, ...],
        asks(say("Channels"), say("Public ones, one a line, without @."), example="valdorle_infos"),
    ]
    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=1)] = 3


class _Channel(msgspec.Struct):
    id: int
    name: str = ""
    title: str = ""
    subscribers: int | None = None


class _Answer(msgspec.Struct):
    channel: _Channel
    messages: list[Record]


class _Message(msgspec.Struct):
    id: int
    date: str
    text: str = ""
    views: int | None = None
    forwards: int | None = None
    replies: int | None = None
    reply_to: int | None = None


def _collect(asked: Asked[Settings]) -> Exchange:
    """Read each channel on; one that is gone or private stops no other."""
    newest = read_cursor(asked.cursor, dict[str, int]) or {}
    reads: list[Read] = []
    troubles: list[NoAnswer] = []
    more = False
    for name in map(_bare, asked.settings.channels):
        try:
            reply = yield _request(asked.settings, name, newest.get(name, 0))
        except NoAnswer as trouble:
            troubles.append(trouble)
            continue
        answer = as_json(reply, _Answer)
        read = _read(answer, asked)
        reads.append(read)
        numbers = [number for one in answer.messages if type(number := one.get("id")) is int]
        newest[name] = max([newest.get(name, 0), *numbers])
        more = more or len(answer.messages) >= FULL
    if troubles and not reads:
        raise troubles[0]
    return Page(
        posts=tuple(post for read in reads for post in read.posts),
        unread=tuple(bad for read in reads for bad in read.unread),
        cursor=write_cursor(newest),
        more=more,
        troubles=tuple(troubles),
    )


def _bare(name: str) -> str:
    """Return a channel's name however it was typed.

    >>> _bare("https://t.me/valdorle_infos"), _bare("@valdorle_infos")
    ('valdorle_infos', 'valdorle_infos')
    """
    return name.strip().rpartition("/")[2].lstrip("@")


def _request(settings: Settings, name: str, after: int) -> Request:
    return Request(
        url=f"telegram://{quote(name, safe='')}",
        params={"api_id": str(settings.api_id), "after": str(after)},
        secret=f"{settings.api_hash} {settings.session}",
    )


def _read(answer: _Answer, asked: Asked[Settings]) -> Read:
    channel = answer.channel
    sound = [soundly_dated(one, "date", asked.now) for one in answer.messages]
    return read_each(sound, lambda record: _posts(record, channel))


def _posts(record: Record, channel: _Channel) -> tuple[Post, ...]:
    message = typed(record, _Message)
    if not message.text:
        return ()  # a picture without words
    address = f"{SITE}/{channel.name}"
    return (
        checked(
            Post(
                id=f"{address}/{message.id}",
                network="telegram",
                published=moment(message.date, field="date"),
                attributed_to=Account(
                    id=address,
                    handle=channel.name,
                    name=channel.title or None,
                    followers=channel.subscribers,
                ),
                content=message.text,
                in_reply_to=f"{address}/{message.reply_to}" if message.reply_to else None,
                views=message.views,
                reposts=message.forwards,
                replies=message.replies,
                url=f"{address}/{message.id}",
            )
        ),
    )


SOURCE = Source(
    kind="telegram",
    network="telegram",
    title=say("Telegram (public channels)"),
    help=say(
        "Reads the public channels you name. An API id, an account made for this and the extra "
        "“telegram” of Qui-vive are needed."
    ),
    cost=say("Free."),
    blind_spots=(
        say("Telegram: groups, private channels and comments under messages are not seen."),
        say("Telegram: pictures and films without words are not seen."),
        say("Telegram: what its author took back is not announced to us."),
    ),
    settings=Settings,
    collect=_collect,
    every_s=180,
)
