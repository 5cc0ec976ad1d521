"""What both live streams of Bluesky share: events in Jetstream's words in, parts of a page out.

Collections as in the lexicons ``app.bsky.feed.*`` (https://docs.bsky.app, read 2026-11).
"""

from collections.abc import Sequence
from typing import Any

import libipld
import msgspec

from quivive.listen.engagements import Engagement, Kind, engagements_of
from quivive.listen.formats.bluesky import FORMAT, POST, REPOST
from quivive.listen.records import LONGEST_ADDRESS, Deletion, Record, storable
from quivive.listen.sourcing import Page, read_each

LIKE = "app.bsky.feed.like"

COLLECTIONS = (POST, REPOST, LIKE)
"""What is read of everything that people write into their repositories."""


class _Link(msgspec.Struct):
    uri: str


class _Like(msgspec.Struct):
    subject: _Link


def read_events(events: Sequence[Record]) -> Page:
    """Read events: posts, what was done with others, and what was taken back.

    A like holds no words: one that cannot be read counts for nothing, and stops nothing.
    """
    likes: list[Record] = []
    others: list[Record] = []
    for event in events:
        (likes if _collection(event) == LIKE else others).append(event)
    read = read_each(others, FORMAT.posts)
    found = [one for event in likes if (one := _like(event))]
    return Page(
        posts=read.posts,
        deletions=read.deletions + tuple(one for one in found if isinstance(one, Deletion)),
        engagements=(
            *(one for post in read.posts for one in engagements_of(post)),
            *(one for one in found if isinstance(one, Engagement)),
        ),
        unread=read.unread,
    )


def as_json(value: Any) -> Any:
    """Write links between a repository's blocks as JSON does (``{"$link": …}``)."""
    if isinstance(value, dict):
        return {name: as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, bytes):
        return {"$link": libipld.encode_cid(value)}
    return value


def _collection(event: Record) -> object:
    commit = event.get("commit")
    return commit.get("collection") if isinstance(commit, dict) else None


def _like(event: Record) -> Engagement | Deletion | None:
    commit = event["commit"]
    uri = f"at://{event.get('did')}/{LIKE}/{commit.get('rkey')}"
    if commit.get("operation") == "delete":
        return storable(Deletion(id=uri))
    try:
        post = msgspec.convert(commit.get("record"), _Like).subject.uri
    except msgspec.ValidationError:
        return None
    if max(len(uri), len(post)) > LONGEST_ADDRESS:
        return None
    return storable(Engagement(id=uri, post=post, kind=Kind.LIKE))
