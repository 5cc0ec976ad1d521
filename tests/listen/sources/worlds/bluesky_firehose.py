"""Commits of ``com.atproto.sync.subscribeRepos`` (atproto.com/specs/event-stream, read 2026-11)."""

import hashlib

import libipld
from tests.listen.sources.worlds import World
from tests.listen.sources.worlds.bluesky_jetstream import record

from quivive.listen.sources.bluesky_firehose import Settings
from quivive.listen.sourcing import Frame


def _cid(block):
    return b"\x01\x71\x12\x20" + hashlib.sha256(block).digest()


def _varint(number):
    parts = []
    while number >= 0x80:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def _sized(part):
    return _varint(len(part)) + part


def car(blocks):
    """Write a CAR file, version 1 (ipld.io/specs/transport/car/carv1)."""
    root = _cid(blocks[0])
    head = libipld.encode_dag_cbor({"version": 1, "roots": [root]})
    return _sized(head) + b"".join(_sized(_cid(block) + block) for block in blocks)


def frame(said, seq):
    op = {"action": "delete", "path": f"app.bsky.feed.post/3k{said.key}", "cid": None}
    blocks = b""
    if not said.deleted:
        block = libipld.encode_dag_cbor(record(said))
        op = {**op, "action": "create", "cid": _cid(block)}
        blocks = car([block])
    body = {
        "seq": seq,
        "repo": f"did:plc:{said.author}",
        "time": said.at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "ops": [op],
        "blocks": blocks,
        "tooBig": False,
        "rebase": False,
    }
    head = libipld.encode_dag_cbor({"op": 1, "t": "#commit"})
    return Frame(data=head + libipld.encode_dag_cbor(body), at=said.at)


def frames(said):
    return [frame(one, seq) for seq, one in enumerate(said, start=1)]


WORLD = World(settings=Settings(), frames=frames, deletes=True)
