"""Jetstream events (readme of github.com/bluesky-social/jetstream, read 2026-11)."""

import msgspec
from tests.listen.sources.worlds import World

from quivive.listen.sources.bluesky_jetstream import Settings
from quivive.listen.sourcing import Frame


def event(said):
    commit = {
        "rev": "3l3",
        "operation": "delete" if said.deleted else "create",
        "collection": "app.bsky.feed.post",
        "rkey": f"3k{said.key}",
    }
    if not said.deleted:
        commit["record"] = record(said)
        commit["cid"] = "bafyrei"
    time_us = int(said.at.timestamp() * 1_000_000)
    return {"did": f"did:plc:{said.author}", "time_us": time_us, "kind": "commit", "commit": commit}


def record(said):
    return {
        "$type": "app.bsky.feed.post",
        "text": said.text,
        "createdAt": said.date,
        "langs": [said.language],
    }


def frames(said):
    return [Frame(data=msgspec.json.encode(event(one)), at=one.at) for one in said]


WORLD = World(settings=Settings(), frames=frames, deletes=True)
