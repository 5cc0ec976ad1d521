"""Bluesky's Jetstream: every public post of the network as it is written, as JSON.

Events and parameters as in the readme of github.com/bluesky-social/jetstream, read 2026-11.
"""

from typing import Annotated

import msgspec

from quivive.listen.formats import bluesky
from quivive.listen.sourcing import Asked, Frame, Page, Source, Subscription, asks, read_each
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.messages import say

STEP_BACK_US = 5_000_000
"""Asked again on resuming, in microseconds: a server's clock may stand behind another's."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Which server is listened to."""

    server: Annotated[
        str,
        asks(
            say("Jetstream server"),
            say("Any of Bluesky’s, or your own."),
            example="wss://jetstream2.us-east.bsky.network/subscribe",
        ),
    ] = "wss://jetstream2.us-east.bsky.network/subscribe"


def _subscribe(asked: Asked[Settings]) -> Subscription:
    wanted = "&".join(f"wantedCollections={kind}" for kind in (bluesky.POST, bluesky.REPOST))
    since = ""
    if asked.cursor.isdecimal():
        since = f"&cursor={max(0, int(asked.cursor) - STEP_BACK_US)}"
    now_us = int(asked.now.timestamp() * 1_000_000)
    return Subscription(url=f"{asked.settings.server}?{wanted}{since}", begins=str(now_us))


class _Head(msgspec.Struct):
    time_us: int


def _take(asked: Asked[Settings], frame: Frame) -> Page:
    try:
        time_us = msgspec.json.decode(frame.data, type=_Head).time_us
        record = msgspec.json.decode(frame.data, type=dict)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return Page(unread=(_broken(),))
    read = read_each([record], bluesky.FORMAT.posts)
    furthest = max(time_us, int(asked.cursor) if asked.cursor.isdecimal() else 0)
    return Page(
        posts=read.posts, deletions=read.deletions, unread=read.unread, cursor=str(furthest)
    )


def _broken() -> BadRecord:
    return BadRecord(
        say("A message of the stream is not whole."), say("Nothing to do: the next one follows.")
    )


SOURCE = Source(
    kind="bluesky-jetstream",
    network="bluesky",
    title=say("Bluesky, live (Jetstream)"),
    help=say(
        "Every public post and repost of Bluesky within seconds. No account is needed. All of "
        "them are received; only what speaks of your topics is kept."
    ),
    cost=say("Free."),
    blind_spots=(
        say("Bluesky: after a long pause the server no longer has all that was missed."),
        say(
            "Bluesky: posts come without their authors’ followers, and with dates and "
            "languages that may be false."
        ),
    ),
    settings=Settings,
    subscribe=_subscribe,
    take=_take,
)
