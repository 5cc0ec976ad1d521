"""Our own form: what ``export`` writes and every command reads without a mapping."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from quivive.listen.records import Format, Record, checked, share, typed
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

REQUIRED = ("id", "network", "published", "content")
LISTS = ("hashtags", "mentions", "media", "links")
MOMENTS = ("published", "deleted_at", "seen_at")

ACCOUNT = "attributed_to"


def _is_native(record: Record) -> bool:
    account = record.get(ACCOUNT)
    has_author = isinstance(account, dict) or f"{ACCOUNT}.id" in record or f"{ACCOUNT}_id" in record
    return has_author and all(field in record for field in REQUIRED)


def _recognise(sample: Sequence[Record]) -> float:
    return share(sample, _is_native)


def _posts(record: Record) -> tuple[Post, ...]:
    return (checked(typed(nested(record), Post)),)


def nested(record: Record) -> Record:
    """Gather ``attributed_to.id`` or ``attributed_to_id`` columns into one account.

    Empty cells mean "not told". Lists in a cell are JSON, or words between spaces.

    >>> nested({"attributed_to_id": "a1", "likes": "", "hashtags": "eau panne"})
    {'hashtags': ['eau', 'panne'], 'attributed_to': {'id': 'a1'}}
    """
    plain: Record = {}
    account: Record = {}
    for name, value in record.items():
        if value is None or (value == "" and name != "content"):
            continue
        if name.startswith(ACCOUNT) and name[len(ACCOUNT) :][:1] in {".", "_"}:
            account[name[len(ACCOUNT) + 1 :]] = _cell(name, value)
        else:
            plain[name] = _cell(name, value)
    return {**plain, ACCOUNT: account} if account else plain


def _cell(name: str, value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None and name in MOMENTS:
        return value.replace(tzinfo=UTC)  # Parquet times without a zone are UTC by its standard
    if name == "media" and isinstance(value, list):
        return [_medium(one) for one in value]
    if not isinstance(value, str):
        return value
    return _list(name, value) if name in LISTS else value


def _medium(one: Any) -> Any:
    """Keep of a picture what tells it from another: its address, else its name."""
    if not isinstance(one, dict):
        return one
    return next((one[key] for key in ("url", "media_id", "id") if key in one), one)


def _list(name: str, value: str) -> list[str]:
    if not value.startswith("["):
        return value.split()
    try:
        return msgspec.json.decode(value, type=list[str])
    except (msgspec.DecodeError, RecursionError) as trouble:
        raise BadRecord(
            say("The list in {field} cannot be read.", field=name),
            say('Write it as ["one", "two"], or as words between spaces.'),
            field=name,
        ) from trouble


FORMAT = Format(
    name="native",
    title=say("Qui-vive's own form (NDJSON, CSV or Parquet)"),
    recognise=_recognise,
    posts=_posts,
)
