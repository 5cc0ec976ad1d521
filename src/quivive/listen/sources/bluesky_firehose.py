"""Bluesky's firehose: repository commits as a relay or a personal data server sends them.

Frames as specified at https://atproto.com/specs/event-stream and in the lexicon
``com.atproto.sync.subscribeRepos`` (read 2026-11): two DAG-CBOR values, a
header and a body, whose blocks are a CAR file.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

import libipld
import msgspec

from quivive.listen.bluesky_reading import COLLECTIONS, as_json, read_events
from quivive.listen.records import SURPRISES, Record
from quivive.listen.sourcing import (
    Asked,
    Frame,
    Page,
    Source,
    Subscription,
    asks,
)
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.messages import Message, say

FROM_THE_START = "0"
"""A server tells no number before its first message: who is cut off earlier reads all it still has.
"""

WANTED = tuple(f"{kind}/" for kind in COLLECTIONS)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Which server is listened to."""

    server: Annotated[
        str,
        asks(
            say("Relay or personal data server"),
            say("The relay of the whole network, or the server of an organisation."),
            example="wss://bsky.network",
        ),
    ] = "wss://bsky.network"


def _subscribe(asked: Asked[Settings]) -> Subscription:
    since = f"?cursor={asked.cursor}" if asked.cursor else ""
    server = asked.settings.server.rstrip("/")
    return Subscription(
        url=f"{server}/xrpc/com.atproto.sync.subscribeRepos{since}", begins=FROM_THE_START
    )


def _take(_asked: Asked[Settings], frame: Frame) -> Page:
    try:
        head, body = libipld.decode_dag_cbor_multi(frame.data)
        kind = head.get("t") if head["op"] == 1 else "#error"
        match kind:
            case "#commit":
                return _commit(body)
            case "#error":
                return Page(notes=(_told(body),))
            case "#info":
                return Page(notes=(_told(body),))
            case _:
                return Page(cursor=_number(body))
    except SURPRISES:
        return Page(unread=(_broken(),))


def _told(body: dict[str, Any]) -> Message:
    name = str(body.get("name") or body.get("error") or "")
    return say(
        "The server says {name}: posts written while we were away may be missing.", name=name[:80]
    )


def _commit(commit: dict[str, Any]) -> Page:
    """Open one commit: its operations of the kinds we read, as events Jetstream would send."""
    seq = _number(commit)
    ops = [op for op in commit["ops"] if op["path"].startswith(WANTED)]
    if not ops:
        return Page(cursor=seq)
    blocks = libipld.decode_car(commit["blocks"])[1] if commit["blocks"] else {}
    events = [_event(commit, op, blocks) for op in ops]
    read = read_events([event for event in events if event])
    missing = tuple(_broken() for event in events if not event)
    return msgspec.structs.replace(
        read,
        unread=read.unread + missing,
        cursor=seq,
        notes=(_too_big(),) if commit.get("tooBig") else (),
    )


def _number(body: dict[str, Any]) -> str:
    """Return where a message stands in the stream; empty where it does not tell."""
    return str(int(body.get("seq") or 0) or "")


def _event(commit: dict[str, Any], op: dict[str, Any], blocks: dict[bytes, Any]) -> Record:
    """Return the operation in Jetstream's words; empty when its block did not come along."""
    collection, _, key = op["path"].partition("/")
    told = {"operation": op["action"], "collection": collection, "rkey": key}
    if op["action"] != "delete":
        record = blocks.get(op["cid"])
        if not isinstance(record, dict):
            return {}
        told["record"] = as_json(record)
    seen = datetime.fromisoformat(commit["time"]).astimezone(UTC)
    return {
        "did": commit["repo"],
        "kind": "commit",
        "time_us": int(seen.timestamp() * 1_000_000),
        "commit": told,
    }


def _too_big() -> Message:
    return say("Bluesky: a very large write was announced without its posts.")


def _broken() -> BadRecord:
    return BadRecord(
        say("A message of the stream is not whole."), say("Nothing to do: the next one follows.")
    )


SOURCE = Source(
    kind="bluesky-firehose",
    network="bluesky",
    title=say("Bluesky, live (firehose)"),
    help=say(
        "The raw stream of a relay or of one personal data server. Choose it for a server of "
        "your own; for the whole network Jetstream gives the same with much less traffic."
    ),
    cost=say("Free; the whole network’s relay sends a great deal of data day and night."),
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
