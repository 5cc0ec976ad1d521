"""A Bluesky account's own export: the repository as a CAR file, told as lines of JSON.

The repository is a Merkle search tree (https://atproto.com/specs/repository, read 2026-11): its
nodes hold the addresses of records, each cut where it begins like the one before.
"""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import libipld
import msgspec

from quivive.listen.bluesky_reading import as_json
from quivive.listen.formats.bluesky import POST, REPOST
from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import say

CAR = b"eroots"
"""Where a CAR file begins, after its length and one sign."""
_READ = (f"{POST}/", f"{REPOST}/")
_BROKEN = (ValueError, TypeError, KeyError, IndexError, UnicodeDecodeError, RecursionError)


def is_repository(start: bytes) -> bool:
    """Tell a CAR file by its first bytes."""
    return CAR in start[:16]


def lines_of_repository(file: BinaryIO, *, most_bytes: int) -> Iterator[bytes]:
    """Yield each post and repost as a line ``{"uri": …, "value": …}``, as ``listRecords`` gives it.

    Args:
        file: a whole repository; it is held in memory, pictures are not in it.
        most_bytes: of the file.

    Raises:
        BadFile: too large, damaged, or not the repository of an account.
    """
    content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise BadFile(
            say(
                "This export of a Bluesky account is larger than {size} MB.", size=most_bytes >> 20
            ),
            say("Bring its posts through a Bluesky source instead."),
        )
    try:
        header, blocks = libipld.decode_car(content)
        did = blocks[header["roots"][0]]["did"]
        found = dict(_records(blocks))
        lines = [_line(did, path, blocks[link]) for path, link in found.items() if link in blocks]
    except _BROKEN as trouble:
        raise BadFile(
            say("This export of a Bluesky account is damaged, or is none."),
            say("Download it again in the settings of the account, then import it again."),
        ) from trouble
    yield from lines


def _records(blocks: Mapping[bytes, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield where the records that hold words are: the address of each, and its block."""
    for node in blocks.values():
        entries = node.get("e") if isinstance(node, dict) else None
        key = b""
        for entry in entries if isinstance(entries, list) else ():
            key = key[: entry["p"]] + entry["k"]
            path = key.decode()
            if path.startswith(_READ):
                yield path, entry["v"]


def _line(did: str, path: str, record: Any) -> bytes:
    return msgspec.json.encode({"uri": f"at://{did}/{path}", "value": as_json(record)}) + b"\n"
