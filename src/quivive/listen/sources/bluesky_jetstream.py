"""Bluesky's Jetstream: every public post of the network as it is written, as JSON.

Events and parameters as in the readme of github.com/bluesky-social/jetstream, read 2026-11.
"""

from typing import Annotated

import msgspec

from quivive.listen.bluesky_reading import COLLECTIONS, LIKE, read_events
from quivive.listen.sourcing import Asked, Frame, Page, Source, Subscription, asks
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
    likes: Annotated[
        bool,
        asks(
            say("Count likes"),
            say("The whole network’s likes are received for it; without, traffic is much less."),
        ),
    ] = True


def _subscribe(asked: Asked[Settings]) -> Subscription:
    kinds = [kind for kind in COLLECTIONS if kind != LIKE or asked.settings.likes]
    wanted = "&".join(f"wantedCollections={kind}" for kind in kinds)
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
    furthest = max(time_us, int(asked.cursor) if asked.cursor.isdecimal() else 0)
    return msgspec.structs.replace(read_events([record]), cursor=str(furthest))


def _broken() -> BadRecord:
    return BadRecord(
        say("A message of the stream is not whole."), say("Nothing to do: the next one follows.")
    )


SOURCE = Source(
    kind="bluesky-jetstream",
    network="bluesky",
    title=say("Bluesky, live (Jetstream)"),
    help=say(
        "Every public post of Bluesky within seconds, with how often kept ones are liked, "
        "reposted, answered and quoted. No account is needed. All of them are received; only "
        "what speaks of your topics is kept, and of likes only their number."
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
