"""Comments under YouTube videos: the Data API, yt-dlp and youtube-comment-downloader.

https://developers.google.com/youtube/v3/docs/commentThreads, the ``.info.json`` that yt-dlp writes
with ``--write-comments``, and github.com/egbertbouman/youtube-comment-downloader (read 2026-11).
The last one names no video, so its comments are known by their own number alone.
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from quivive.listen.dates import moment
from quivive.listen.mapping import Mapping, count
from quivive.listen.records import ENVELOPE, Format, Record, checked, no_field, share, typed
from quivive.listen.sources.youtube import VIDEO, comment, thread
from quivive.vocabulary.accounts import UNTOLD, Account
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

THREAD, COMMENT = "youtube#commentThread", "youtube#comment"
LISTS = ("youtube#commentThreadListResponse", "youtube#commentListResponse")


class _Collected(msgspec.Struct):
    """A comment as yt-dlp and youtube-comment-downloader tell it; each has its own names."""

    text: str
    author: str = ""
    id: str = ""
    cid: str = ""
    author_id: str = ""
    channel: str = ""
    parent: str = ""
    timestamp: float | None = None
    time_parsed: float | None = None
    like_count: int | None = None
    votes: str | int | None = None


def _is_comment(record: Record) -> bool:
    if record.get("kind") in (THREAD, COMMENT):
        return isinstance(record.get("snippet"), dict)
    kinds = ({"cid", "channel", "votes"}, {"id", "parent", "author_id", "timestamp"})
    return any({"text", "author"} | kind <= record.keys() for kind in kinds)


def _is_ours(record: Record) -> bool:
    return record.get("kind") in LISTS or _is_download(record) or _is_comment(record)


def _is_download(record: Record) -> bool:
    comments = record.get("comments")
    return record.get("extractor") == "youtube" and isinstance(comments, list)


def _recognise(sample: Sequence[Record]) -> float:
    return share(sample, _is_ours)


def _split(record: Record) -> Iterator[Record]:
    if record.get("kind") in LISTS:
        items = record.get("items")
        rows = items if isinstance(items, list) else []
        yield from (one for one in rows if isinstance(one, dict))
    elif _is_download(record):
        video = {"id": record.get("id")}
        yield from ({**one, ENVELOPE: video} for one in record["comments"] if isinstance(one, dict))
    else:
        yield record


def _posts(record: Record) -> tuple[Post, ...]:
    if record.get("kind") == THREAD:
        return _found(thread, record)
    if record.get("kind") == COMMENT:
        return _found(lambda one: (comment(one, ""),), record)
    return (_collected(record),)


def _found(read: Callable[[Record], tuple[Post, ...]], record: Record) -> tuple[Post, ...]:
    try:
        return read(record)
    except (KeyError, TypeError, AttributeError) as trouble:
        raise no_field("snippet") from trouble


def _collected(record: Record) -> Post:
    told = typed(record, _Collected)
    around = record.get(ENVELOPE)
    video = str(around.get("id") or "") if isinstance(around, dict) else ""
    number = told.id or told.cid
    above, _, below = number.partition(".")  # answers are numbered under their comment
    who = told.author_id or told.channel
    likes = told.votes if told.like_count is None else told.like_count
    return checked(
        Post(
            id=_address(video, number),
            network="youtube",
            published=moment(told.timestamp or told.time_parsed, field="timestamp"),
            attributed_to=Account(
                id=f"https://www.youtube.com/channel/{who}" if who else UNTOLD,
                handle=told.author.removeprefix("@") if told.author.startswith("@") else None,
                name=told.author or None,
            ),
            content=told.text,
            in_reply_to=_address(video, above) if below else (VIDEO + video if video else None),
            conversation=VIDEO + video if video else None,
            likes=None if likes is None else count(likes, field="votes", mapping=_PLAIN),
            kind="comment",
            url=_address(video, number) if video else None,
        )
    )


def _address(video: str, number: str) -> str:
    return f"{VIDEO}{video}&lc={number}" if video else f"youtube:{number}"


_PLAIN = Mapping(columns={})

FORMAT = Format(
    name="youtube",
    title=say("YouTube comments (API, yt-dlp, youtube-comment-downloader)"),
    recognise=_recognise,
    posts=_posts,
    split=_split,
)
