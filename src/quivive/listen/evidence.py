"""A post kept as evidence: one canonical record, its hash, and how a bundle of them is checked.

A record is JSON with sorted keys, without spaces, in UTF-8 (as in RFC 8785): the same facts always
give the same bytes, so one SHA-256 stands for all of them.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from quivive.vocabulary.chain import link
from quivive.vocabulary.errors import BadFile, Trouble
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Post

MANIFEST = "manifest.json"


class AuditLine(msgspec.Struct, frozen=True, kw_only=True):
    """The line of the audit log that holds a record's hash, and the hash of the line before."""

    at: datetime
    person: int | None
    action: str
    subject: str
    detail: dict[str, Any]
    previous: str
    hash: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a bundle; ``record``, ``pictures`` and ``stamp`` name files of the bundle."""

    record: str
    sha256: str
    pictures: dict[str, str] = {}
    stamp: str = ""
    audit: AuditLine | None = None


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle holds."""

    made_at: datetime
    made_by: str
    entries: tuple[Entry, ...]
    version: int = 1


class Finding(msgspec.Struct, frozen=True):
    """One thing that was checked; ``file`` is where, ``holds`` whether it is as it should be."""

    what: Message
    file: str
    holds: bool


StampTime = Callable[[bytes, bytes], datetime]
"""Reads a timestamp over a record: returns its time, or raises Trouble when it does not fit."""


def record_of(
    post: Post,
    *,
    captured_at: datetime,
    captured_by: str,
    reason: str,
    pictures: Sequence[str] = (),
) -> bytes:
    """Return the record of a post: all that was known of it, when, by whom and why it was kept.

    >>> from datetime import UTC
    >>> from quivive.vocabulary.accounts import Account
    >>> when = datetime(2026, 3, 1, 9, tzinfo=UTC)
    >>> said = Post(id="1", network="m", published=when, attributed_to=Account(id="u"), content="é")
    >>> told = {"captured_at": when, "captured_by": "Ana", "reason": "threat"}
    >>> record_of(said, **told) == record_of(said, **told), fingerprint(record_of(said, **told))[:8]
    (True, 'a5226375')
    """
    facts = {
        "version": 1,
        "captured_at": captured_at,
        "captured_by": captured_by,
        "reason": reason,
        "post": post,
        "pictures": sorted(pictures),
    }
    return canonical(msgspec.to_builtins(facts))


def canonical(facts: object) -> bytes:
    """Write facts in the one way their hash is taken of."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def fingerprint(body: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return sha256(body).hexdigest()


def check(files: Mapping[str, bytes], stamp_time: StampTime) -> list[Finding]:
    """Check a bundle: every record, picture, audit line and timestamp.

    Args:
        files: the bundle's files by name.
        stamp_time: reads timestamps; see :mod:`quivive.wire.timestamps`.

    Raises:
        BadFile: this is no bundle of evidence.
    """
    try:
        manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
    except (KeyError, msgspec.DecodeError):
        raise BadFile(
            say("This is no bundle of evidence."),
            say("Choose the zip file that the room made, whole and unchanged."),
        ) from None
    return [one for entry in manifest.entries for one in _checked(entry, files, stamp_time)]


def _checked(entry: Entry, files: Mapping[str, bytes], stamp_time: StampTime) -> Iterator[Finding]:
    record = files.get(entry.record)
    if record is None or fingerprint(record) != entry.sha256:
        yield Finding(say("The record is missing, or was changed."), entry.record, holds=False)
        return
    yield Finding(say("The record is as it was captured."), entry.record, holds=True)
    yield from _pictures(entry, record, files)
    if entry.audit is not None:
        yield _audited(entry, entry.audit)
    if entry.stamp:
        yield _stamped(entry, record, files.get(entry.stamp, b""), stamp_time)


def _pictures(entry: Entry, record: bytes, files: Mapping[str, bytes]) -> Iterator[Finding]:
    named = msgspec.json.decode(record).get("pictures", [])
    for digest in named:
        place = entry.pictures.get(digest, digest)
        whole = fingerprint(files.get(place, b"")) == digest
        yield Finding(
            say("The picture is as it was brought.")
            if whole
            else say("A picture the record names is missing, or was changed."),
            place,
            holds=whole,
        )


def _audited(entry: Entry, line: AuditLine) -> Finding:
    told = link(
        line.previous,
        at=line.at,
        person_id=line.person,
        action=line.action,
        subject=line.subject,
        detail=line.detail,
    )
    if told == line.hash and line.detail.get("sha256") == entry.sha256:
        sentence = say("The audit log holds this hash, in a line that is whole.")
        return Finding(sentence, entry.record, holds=True)
    return Finding(
        say("The line of the audit log does not fit the record."), entry.record, holds=False
    )


def _stamped(entry: Entry, record: bytes, stamp: bytes, stamp_time: StampTime) -> Finding:
    try:
        at = stamp_time(stamp, record)
    except Trouble as trouble:
        return Finding(trouble.what, entry.stamp, holds=False)
    sentence = say("A timestamp says it existed at {at}.", at=at.isoformat())
    return Finding(sentence, entry.stamp, holds=True)
