"""The file a Bluesky account's owner downloads (“Export my data”) is read as it is."""

import contextlib
import hashlib
from datetime import UTC, datetime

import libipld
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quivive.vocabulary.errors import BadFile
from quivive.wire.files import look_at, read_bytes

DID = "did:plc:valdorle"


def post(text: str, **more) -> dict:
    at = "2026-11-26T10:00:00.000Z"
    return {"$type": "app.bsky.feed.post", "text": text, "createdAt": at, "langs": ["fr"], **more}


def block(value) -> tuple[bytes, bytes]:
    """Return the address (CID of DAG-CBOR, SHA-256) of a block, and its bytes."""
    data = libipld.encode_dag_cbor(value)
    return b"\x01\x71\x12\x20" + hashlib.sha256(data).digest(), data


def repository(records: dict[str, dict]) -> bytes:
    """Write a repository whose tree is one node, its keys cut where they begin alike."""
    blocks, entries, before = [], [], b""
    for path, record in sorted(records.items()):
        link, data = block(record)
        blocks.append((link, data))
        key = path.encode()
        alike = next((n for n, (a, b) in enumerate(zip(before, key, strict=False)) if a != b), 0)
        entries.append({"p": alike, "k": key[alike:], "v": link, "t": None})
        before = key
    tree = block({"l": None, "e": entries})
    commit = block({"did": DID, "version": 3, "data": tree[0], "rev": "3k", "prev": None})
    head = libipld.encode_dag_cbor({"version": 1, "roots": [commit[0]]})
    parts = [head, *(link + data for link, data in (commit, tree, *blocks))]
    return b"".join(varint(len(part)) + part for part in parts)


def varint(number: int) -> bytes:
    low, rest = number & 127, number >> 7
    return bytes([low | 128]) + varint(rest) if rest else bytes([low])


PICTURE = {"$type": "blob", "ref": block("picture")[0], "mimeType": "image/png", "size": 3}
WHOLE = repository(
    {
        "app.bsky.actor.profile/self": {"$type": "app.bsky.actor.profile", "displayName": "Us"},
        "app.bsky.feed.like/3ka": {"subject": {"uri": "at://x/app.bsky.feed.post/1"}},
        "app.bsky.feed.post/3kaaa": post("Plus de chauffage aux Érables 🥶"),
        "app.bsky.feed.post/3kabb": post(
            "Voir", embed={"$type": "app.bsky.embed.images", "images": [{"image": PICTURE}]}
        ),
        "app.bsky.feed.repost/3kb": {
            "createdAt": "2026-11-26T11:00:00Z", "subject": {"uri": "at://x/app.bsky.feed.post/2"},
        },
    }
)  # fmt: skip


class TestARepository:
    def test_gives_posts_and_reposts_by_their_permanent_address(self):
        (batch,) = read_bytes(WHOLE)

        first, second, repost = batch.posts
        assert first.id == f"at://{DID}/app.bsky.feed.post/3kaaa"
        assert (first.content, first.language) == ("Plus de chauffage aux Érables 🥶", "fr")
        assert (first.published, first.attributed_to.id) == (
            datetime(2026, 11, 26, 10, tzinfo=UTC),
            DID,
        )
        assert len(second.media) == 1
        assert repost.repost_of == "at://x/app.bsky.feed.post/2"
        assert batch.quarantined == []

    def test_is_known_without_being_told(self, tmp_path):
        path = tmp_path / "repo.car"
        path.write_bytes(WHOLE)

        assert look_at(path).format == "bluesky"

    def test_that_was_cut_says_so(self):
        with pytest.raises(BadFile) as stopped:
            list(read_bytes(WHOLE[: len(WHOLE) // 2]))

        assert "damaged" in stopped.value.what.text

    @given(at=st.integers(20, len(WHOLE) - 1), sign=st.binary(min_size=1, max_size=4))
    @settings(max_examples=60, deadline=None)
    def test_damaged_anywhere_never_breaks_the_import(self, at, sign):
        with contextlib.suppress(BadFile):
            list(read_bytes(WHOLE[:at] + sign + WHOLE[at + len(sign) :]))
