"""What Meta lets its users download of their own account, as JSON: posts and comments.

Facebook's ``posts_1.json`` and ``comments.json``, Instagram's ``post_comments_1.json``. Their texts
are UTF-8 written as if it were Latin-1, which is undone here; the files name no author but in
comments (https://www.facebook.com/help/212802592074644, read 2026-11).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from quivive.listen.mapping import Mapping, post_of
from quivive.listen.records import Format, Record, share
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

_COLUMNS = {"published": "timestamp", "content": "words", "attributed_to.name": "author"}
FACEBOOK = Mapping(columns=_COLUMNS, network="facebook")
INSTAGRAM = Mapping(columns=_COLUMNS, network="instagram")
_LISTS = ("comments_v2", "comments_media_comments")


def _rows(record: Record) -> list[Any]:
    found = next((record[name] for name in _LISTS if isinstance(record.get(name), list)), [record])
    return [row for row in found if isinstance(row, dict)]


def _is_entry(record: Record) -> bool:
    if isinstance(record.get("string_map_data"), dict):
        return "Comment" in record["string_map_data"]
    return "timestamp" in record and bool(_said(record))


def _said(record: Record) -> list[Record]:
    """List what a post or a comment of Facebook holds: only some of it is words."""
    told = record.get("data")
    parts = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    comments = (one["comment"] for one in parts if isinstance(one.get("comment"), dict))
    posts = ({"comment": one["post"]} for one in parts if isinstance(one.get("post"), str))
    return [*comments, *posts]


def _recognise(sample: Sequence[Record]) -> float:
    return share(sample, lambda record: any(map(_is_entry, _rows(record)[:3])))


def _split(record: Record) -> Iterator[Record]:
    yield from _rows(record)


def _posts(record: Record) -> tuple[Post, ...]:
    fields = record.get("string_map_data")
    if isinstance(fields, dict):
        row = {"timestamp": _in(fields, "Time", "timestamp"), "words": _in(fields, "Comment")}
        return (post_of(_mended(row), INSTAGRAM),)
    entries = (
        {"timestamp": record.get("timestamp"), "author": one.get("author"), "words": one["comment"]}
        for one in _said(record)
        if isinstance(one.get("comment"), str)
    )
    return tuple(post_of(_mended(row), FACEBOOK) for row in entries)


def _in(fields: Record, name: str, key: str = "value") -> Any:
    told = fields.get(name)
    return told.get(key) if isinstance(told, dict) else None


def _mended(row: Record) -> Record:
    return {name: _text(told) if isinstance(told, str) else told for name, told in row.items()}


def _text(told: str) -> str:
    try:
        return told.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return told


FORMAT = Format(
    name="meta-archive",
    title=say("Facebook or Instagram archive (JSON)"),
    recognise=_recognise,
    posts=_posts,
    split=_split,
)
