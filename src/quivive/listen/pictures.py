"""Pictures that people bring as evidence: what they are by their first bytes, and their hash."""

from hashlib import sha256

import msgspec

from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import say

LARGEST_BYTES = 8_000_000
SCREENSHOT = "urn:sha256:"
"""A post's medium that begins with this is a picture kept in the room, by the hash of its bytes."""

_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as it came; nothing of it is changed, or its hash would prove nothing."""

    body: bytes
    kind: str
    sha256: str


def picture_of(body: bytes) -> Picture:
    r"""Recognise a picture.

    Raises:
        BadFile: neither PNG, JPEG nor WebP, or too large.

    >>> picture_of(b"\xff\xd8\xff\xe0" + bytes(20)).kind
    'image/jpeg'
    """
    kind = next((name for start, name in _BEGINNINGS.items() if body.startswith(start)), "")
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        kind = "image/webp"
    if not kind:
        raise BadFile(
            say("The screenshot is no picture we can keep."),
            say("Send it as PNG, JPEG or WebP, as telephones and computers make them."),
        )
    if len(body) > LARGEST_BYTES:
        raise BadFile(
            say("The screenshot is larger than {size} MB.", size=LARGEST_BYTES // 1_000_000),
            say("Cut out the part that matters, and send that."),
        )
    return Picture(body=body, kind=kind, sha256=sha256(body).hexdigest())
