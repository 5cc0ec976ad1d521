"""Forums made with Discourse: the JSON of a topic, of its posts, of the latest posts.

Any address of such a forum gives it with ``.json`` behind (https://docs.discourse.org, read
2026-11). The JSON does not tell the forum's own address: ids hold the topic's name instead.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from quivive.listen.dates import moment
from quivive.listen.markup import plain_text
from quivive.listen.records import Format, Record, checked, share, typed
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

_LIKE = 2


class _Done(msgspec.Struct):
    id: int
    count: int = 0


class _Post(msgspec.Struct):
    username: str
    created_at: str
    cooked: str
    topic_id: int
    post_number: int
    name: str | None = None
    topic_slug: str = ""
    topic_title: str | None = None
    reply_to_post_number: int | None = None
    reply_count: int | None = None
    reads: int | None = None
    actions_summary: list[_Done] = []


def _is_post(record: Record) -> bool:
    return {"username", "created_at", "cooked", "topic_id", "post_number"} <= record.keys()


def _rows(record: Record) -> list[Any]:
    stream = record.get("post_stream")
    rows = stream.get("posts") if isinstance(stream, dict) else record.get("latest_posts")
    return rows if isinstance(rows, list) else []


def _recognise(sample: Sequence[Record]) -> float:
    return share(
        sample,
        lambda record: (
            _is_post(record)
            or any(_is_post(row) for row in _rows(record)[:3] if isinstance(row, dict))
        ),
    )


def _split(record: Record) -> Iterator[Record]:
    rows = [row for row in _rows(record) if isinstance(row, dict)]
    title = {"topic_title": record["title"]} if isinstance(record.get("title"), str) else {}
    yield from ({**title, **row} for row in rows)
    if not rows:
        yield record


def _posts(record: Record) -> tuple[Post, ...]:
    told = typed(record, _Post)
    topic = f"discourse:{told.topic_slug or 'topic'}/{told.topic_id}"
    likes = [one.count for one in told.actions_summary if one.id == _LIKE]
    answered = told.reply_to_post_number
    first = told.post_number == 1
    return (
        checked(
            Post(
                id=f"{topic}/{told.post_number}",
                network="forum",
                published=moment(told.created_at, field="created_at"),
                attributed_to=Account(
                    id=f"discourse:{told.username}", handle=told.username, name=told.name or None
                ),
                title=told.topic_title if first else None,
                content=plain_text(told.cooked),
                in_reply_to=None if first else f"{topic}/{answered or 1}",
                conversation=topic,
                likes=sum(likes) if told.actions_summary else None,
                replies=told.reply_count,
                views=told.reads,
            )
        ),
    )


FORMAT = Format(
    name="discourse",
    title=say("Discourse forum (JSON)"),
    recognise=_recognise,
    posts=_posts,
    split=_split,
)
