"""A signed webhook: programs of the house send posts in our own form, as JSON.

The signature is HMAC-SHA256 (RFC 2104) over ``<timestamp>.<body>``, the way payment services have
made usual; a call is believed for five minutes around its time, and once.
"""

import hmac
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

import msgspec

from quivive.listen.formats import native
from quivive.listen.records import Record
from quivive.listen.sourcing import (
    UNAUTHORISED,
    Asked,
    Call,
    CallRefused,
    Page,
    Source,
    Taken,
    asks,
    not_believed,
    read_each,
    soundly_dated,
)
from quivive.vocabulary.messages import Message, say, say_many

TIMESTAMP, SIGNATURE = "quivive-timestamp", "quivive-signature"
VERSION = "v1="
WINDOW_S = 300
"""Seconds a call is believed before and after its time: clocks differ, replays come late."""

MOST = 1_000
"""Posts one call may hold."""

BAD_CALL, TOO_LARGE, UNREADABLE = 400, 413, 422
SHORTEST_SECRET = 24


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The secret both sides know."""

    secret: Annotated[
        str,
        asks(
            say("Shared secret"),
            say("At least 24 letters that nobody guesses; the sending program signs with it."),
            secret=True,
        ),
        msgspec.Meta(min_length=SHORTEST_SECRET),
    ]


def signature(secret: str, *, timestamp: str, body: bytes) -> str:
    """Sign a call.

    >>> signature("s" * 24, timestamp="1772452800", body=b"{}")[:15]
    'v1=098ae101a2f0'
    """
    signed = timestamp.encode() + b"." + body
    return VERSION + hmac.new(secret.encode(), signed, "sha256").hexdigest()


def _receive(asked: Asked[Settings], call: Call) -> Taken:
    """Believe a call, then read its posts; bad ones are told and cost only themselves."""
    told = call.headers.get(SIGNATURE, "")
    timestamp = call.headers.get(TIMESTAMP, "")
    expected = signature(asked.settings.secret, timestamp=timestamp, body=call.body)
    if not hmac.compare_digest(told.encode(), expected.encode()):
        raise not_believed()
    sent_s = int(timestamp) if timestamp.isascii() and timestamp.isdecimal() else -1
    if abs(call.at.timestamp() - sent_s) > WINDOW_S:
        raise _too_old()
    records = _records(call.body)
    if len(records) > MOST:
        raise CallRefused(
            say("A call holds at most {most} posts.", most=MOST),
            say("Send the others in further calls."),
            status=TOO_LARGE,
        )
    sound = [soundly_dated(record, "published", asked.now) for record in records]
    read = read_each(sound, native.FORMAT.posts)
    dated = sum(one is not given for one, given in zip(sound, records, strict=True))
    notes = (_of_now(dated),) if dated else ()
    page = Page(posts=read.posts, deletions=read.deletions, unread=read.unread, notes=notes)
    return Taken(page=page, key=expected)


def _of_now(count: int) -> Message:
    return say_many(
        "{count} post has no date that can be read, and counts as of now. Write it as "
        "2026-03-02T08:30:00Z.",
        "{count} posts have no date that can be read, and count as of now. Write it as "
        "2026-03-02T08:30:00Z.",
        count,
    )


def _too_old() -> CallRefused:
    return CallRefused(
        say("The call is older than five minutes, or of the future."),
        say("Set the clock of the sending machine, and sign each call anew."),
        status=UNAUTHORISED,
    )


def _records(body: bytes) -> list[Record]:
    """Read one post, a list of posts (which may be empty: nothing new), or one post a line."""
    if not body.strip():
        raise CallRefused(
            say("The body is empty."),
            say("Send one post, a list of posts, or one post a line."),
            status=UNREADABLE,
        )
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        value: Any = msgspec.json.decode(body)
        records = value if isinstance(value, list) else [value]
        return [_object(record) for record in records]
    try:
        return [_object(msgspec.json.decode(line)) for line in body.splitlines() if line.strip()]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as trouble:
        raise CallRefused(
            say("The body is not JSON: {reason}.", reason=str(trouble)[:200]),
            say("Send one post, a list of posts, or one post a line."),
            status=UNREADABLE,
        ) from trouble


def _object(value: Any) -> Record:
    if not isinstance(value, dict):
        raise CallRefused(
            say("A post has to be a JSON object."),
            say("Send one post, a list of posts, or one post a line."),
            status=UNREADABLE,
        )
    return value


def call_of(secret: str, body: bytes, *, now: datetime) -> Call:
    """Make a call that is believed: for the test of a source, and for whoever sends."""
    timestamp = str(int(now.timestamp()))
    headers = {
        TIMESTAMP: timestamp,
        SIGNATURE: signature(secret, timestamp=timestamp, body=body),
    }
    return Call(method="POST", headers=headers, body=body, at=now)


def _example(asked: Asked[Settings]) -> Call:
    post = {
        "id": "https://example.org/calls/1",
        "network": "phone",
        "published": asked.now.isoformat(),
        "attributed_to": {"id": "https://example.org/people/1"},
        "content": "The lift of 12 rue du Port is out of order again.",
    }
    return call_of(asked.settings.secret, msgspec.json.encode(post), now=asked.now)


SOURCE = Source(
    kind="webhook",
    network="webhook",
    title=say("Signed webhook"),
    help=say(
        "An address to which programs of your house send posts as JSON: the telephone system, a "
        "form of your site, another monitoring tool. Calls are signed with a secret you share."
    ),
    cost=say("Free; somebody has to write the few lines that send."),
    blind_spots=(say("Webhook: what the sending program does not send is not seen."),),
    settings=Settings,
    receive=_receive,
    example=_example,
    people=True,
)
