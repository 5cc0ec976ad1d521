"""Reddit: answers of its API, and the dumps that researchers keep (Pushshift, Arctic Shift).

A dump holds one post or comment a line, without the ``kind`` and ``data`` the API wraps them in.
Fields as in https://www.reddit.com/dev/api (read 2026-11).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from quivive.listen.records import Format, Found, Record, share
from quivive.listen.sources.reddit import things
from quivive.vocabulary.messages import say

COMMENT, POST = "t1", "t3"


def _is_thing(record: Record) -> bool:
    told = record.get("data")
    if isinstance(told, dict):
        children = told.get("children")
        return record.get("kind") == "Listing" or (
            record.get("kind") in (COMMENT, POST) and not isinstance(children, list)
        )
    named = {"author", "created_utc", "subreddit"} <= record.keys()
    return named and ("body" in record or "title" in record)


def _recognise(sample: Sequence[Record]) -> float:
    return share(sample, _is_thing)


def _split(record: Record) -> Iterator[Record]:
    """Open listings, and the answers that stand inside comments, without recursion."""
    waiting: list[Any] = [record]
    while waiting:
        one = waiting.pop()
        told = one.get("data") if isinstance(one, dict) else None
        if not isinstance(told, dict):
            if isinstance(one, dict):
                yield one
            continue
        children = told.get("children")
        if one.get("kind") == "Listing":
            waiting.extend(reversed(children if isinstance(children, list) else []))
        elif one.get("kind") in (COMMENT, POST):
            yield one
            waiting.append(told.get("replies"))


def _posts(record: Record) -> tuple[Found, ...]:
    if isinstance(record.get("data"), dict):
        return things(record)
    kind = COMMENT if "body" in record else POST
    named = {"name": f"{kind}_{record.get('id')}", **record}
    return things({"kind": kind, "data": named})


FORMAT = Format(
    name="reddit",
    title=say("Reddit (API, Pushshift)"),
    recognise=_recognise,
    posts=_posts,
    split=_split,
)
