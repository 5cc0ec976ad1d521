"""4CAT's tables (CSV, or the same columns as NDJSON), whatever network it collected from.

Columns as described at https://github.com/digitalmethodsinitiative/4cat/wiki. Reposts keep the
"RT @name:" that 4CAT writes: its tables do not tell the address of the post they repeat, so one
that we make stands for it.
"""

from collections.abc import Sequence

from quivive.listen.mapping import Mapping, post_of
from quivive.listen.records import Format, Record, share
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

ALWAYS = {"id", "thread_id", "body", "author", "timestamp"}

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id",),
    "published": ("unix_timestamp", "timestamp"),
    "content": ("body",),
    "conversation": ("thread_id",),
    "in_reply_to": ("reply_to", "parent_id"),
    "attributed_to.id": ("author_id",),
    "attributed_to.handle": ("author",),
    "attributed_to.name": ("author_fullname", "author_full", "author_name", "author_display_name"),
    "attributed_to.followers": ("author_followers", "followers"),
    "attributed_to.verified": ("verified", "is_verified", "author_verified"),
    "attributed_to.summary": ("author_bio", "author_description"),
    "language": ("language_guess", "language", "language_tag"),
    "likes": ("like_count", "likes", "num_likes"),
    "reposts": ("retweet_count", "shares", "reposts", "repost_count", "forwards"),
    "replies": ("reply_count", "comments", "num_comments", "replies"),
    "views": ("impression_count", "plays", "views", "view_count"),
    "hashtags": ("hashtags",),
    "mentions": ("mentions",),
    "links": ("urls", "links"),
    "media": ("images", "image_url", "image_urls", "thumbnail_url"),
    "place": ("place_name", "location_name", "location"),
    "url": ("link", "url", "tiktok_url", "post_url"),
}
HOSTS = {
    "twitter.com": "x",
    "x.com": "x",
    "tiktok.com": "tiktok",
    "instagram.com": "instagram",
    "bsky.app": "bluesky",
    "t.me": "telegram",
    "facebook.com": "facebook",
    "reddit.com": "reddit",
    "linkedin.com": "linkedin",
    "youtube.com": "youtube",
}
NOT_TOLD = "-1"
"""What 4CAT writes for a count the network did not give."""


def _recognise(sample: Sequence[Record]) -> float:
    return 0.9 * share(sample, lambda record: record.keys() >= ALWAYS)


def _posts(record: Record) -> tuple[Post, ...]:
    told = {name: value for name, value in record.items() if str(value) != NOT_TOLD}
    columns = {field: _column(names, told) for field, names in COLUMNS.items()}
    present = {field: name for field, name in columns.items() if name}
    return (post_of(told, Mapping(columns=present, network=_network(told))),)


def _column(names: tuple[str, ...], record: Record) -> str:
    return next((name for name in names if record.get(name) not in (None, "")), "")


def _network(record: Record) -> str:
    """Tell the network by the post's address; 4CAT's tables do not name it."""
    link = str(next((record[name] for name in COLUMNS["url"] if record.get(name)), ""))
    host = link.split("://", 1)[-1].split("/", 1)[0].removeprefix("www.").removeprefix("m.")
    return HOSTS.get(host, "4cat")


FORMAT = Format(name="4cat", title=say("4CAT table"), recognise=_recognise, posts=_posts)
