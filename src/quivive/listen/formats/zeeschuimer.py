"""What the browser extension Zeeschuimer collects while somebody scrolls: X, TikTok, Instagram.

One line an item: ``source_platform``, ``timestamp_collected`` and, in ``data``, what the network's
own pages were sent (https://github.com/digitalmethodsinitiative/zeeschuimer, read 2026-11).
Networks change that without notice: an item in another shape is set aside with its field named.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from quivive.listen.dates import moment
from quivive.listen.mapping import Mapping as Columns
from quivive.listen.mapping import post_of
from quivive.listen.records import Format, Record, no_field, share
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

_AUTHOR = ("id", "handle", "name", "followers", "created", "summary", "verified")
_PLAIN = (
    *("id", "published", "content", "language", "likes", "reposts", "replies", "views"),
    *("in_reply_to", "repost_of", "quote_of", "conversation", "place", "url", "seen_at"),
    *("hashtags", "mentions", "links", "media"),
)
COLUMNS = {name: name for name in _PLAIN} | {
    f"attributed_to.{name}": f"by_{name}" for name in _AUTHOR
}


def _is_item(record: Record) -> bool:
    return (
        isinstance(record.get("data"), dict)
        and {
            "source_platform",
            "timestamp_collected",
        }
        <= record.keys()
    )


def _recognise(sample: Sequence[Record]) -> float:
    return share(sample, _is_item)


def _posts(record: Record) -> tuple[Post, ...]:
    platform = str(record.get("source_platform", "")).removeprefix("www.")
    data = record.get("data")
    if not isinstance(data, dict):
        raise no_field("data")
    if platform not in _READERS:
        raise BadRecord(
            say("Items of {platform} are not read yet.", platform=platform[:80] or "?"),
            say("Take them through 4CAT, or as a table with a mapping."),
            field="source_platform",
        )
    network, read = _READERS[platform]
    row = {name: value for name, value in read(data).items() if value not in (None, "", [])}
    seen = record.get("timestamp_collected")
    if seen:
        row["seen_at"] = moment(seen, field="timestamp_collected")
    return (post_of(row, Columns(columns=COLUMNS, network=network)),)


# --- X --------------------------------------------------------------------------------------------
def _tweet(data: Record) -> Record:
    tweet = data["tweet"] if isinstance(data.get("tweet"), dict) else data
    legacy = _at(tweet, "legacy")
    user = _at(tweet, "core", "user_results", "result")
    names = {**_at(user, "legacy"), **_at(user, "core")}
    number = tweet.get("rest_id") or legacy.get("id_str")
    relayed = _at(legacy, "retweeted_status_result", "result")
    relayed = _at(relayed, "tweet") or relayed
    shown = _at(relayed, "legacy") or legacy
    long = _at(relayed or tweet, "note_tweet", "note_tweet_results", "result").get("text")
    entities = _at(shown, "entities")
    return {
        "id": number,
        "published": legacy.get("created_at"),
        "content": long or shown.get("full_text"),
        "language": legacy.get("lang"),
        "in_reply_to": legacy.get("in_reply_to_status_id_str"),
        "repost_of": relayed.get("rest_id"),
        "quote_of": legacy.get("quoted_status_id_str"),
        "hashtags": _each(entities, "hashtags", "text"),
        "mentions": _each(entities, "user_mentions", "screen_name"),
        "links": _each(entities, "urls", "expanded_url"),
        "media": _each(_at(shown, "extended_entities") or entities, "media", "media_url_https"),
        "likes": None if relayed else legacy.get("favorite_count"),
        "reposts": None if relayed else legacy.get("retweet_count"),
        "replies": None if relayed else legacy.get("reply_count"),
        "views": _at(tweet, "views").get("count"),
        "url": f"https://x.com/{names.get('screen_name') or 'i'}/status/{number}",
        "by_id": user.get("rest_id"),
        "by_handle": names.get("screen_name"),
        "by_name": names.get("name"),
        "by_followers": names.get("followers_count"),
        "by_created": names.get("created_at"),
        "by_summary": names.get("description"),
        "by_verified": user.get("is_blue_verified"),
    }


# --- TikTok ---------------------------------------------------------------------------------------
def _tiktok(data: Record) -> Record:
    author = _at(data, "author")
    handle = author.get("uniqueId") or data.get("author")
    stats = _at(data, "stats")
    return {
        "id": data.get("id"),
        "published": data.get("createTime"),
        "content": data.get("desc"),
        "language": data.get("textLanguage"),
        "hashtags": _each(data, "challenges", "title") or _each(data, "textExtra", "hashtagName"),
        "likes": stats.get("diggCount"),
        "reposts": stats.get("shareCount"),
        "replies": stats.get("commentCount"),
        "views": stats.get("playCount"),
        "media": [f"https://www.tiktok.com/@{handle}/video/{data.get('id')}"],
        "url": f"https://www.tiktok.com/@{handle}/video/{data.get('id')}",
        "by_id": author.get("id"),
        "by_handle": handle,
        "by_name": author.get("nickname"),
        "by_followers": _at(data, "authorStats").get("followerCount"),
        "by_summary": author.get("signature"),
        "by_verified": author.get("verified"),
    }


# --- Instagram ------------------------------------------------------------------------------------
def _instagram(data: Record) -> Record:
    """Read what lists send; ``shortcode`` is what single pages call ``code``."""
    user = _at(data, "user") or _at(data, "owner")
    code = data.get("code") or data.get("shortcode")
    captions = _at(data, "edge_media_to_caption").get("edges") or [{}]
    first = captions[0] if isinstance(captions, list) and captions else {}
    return {
        "id": data.get("pk") or data.get("id"),
        "published": data.get("taken_at") or data.get("taken_at_timestamp"),
        "content": _at(data, "caption").get("text") or _at(first, "node").get("text"),
        "likes": data.get("like_count", _at(data, "edge_media_preview_like").get("count")),
        "replies": data.get("comment_count", _at(data, "edge_media_to_comment").get("count")),
        "views": data.get("play_count") or data.get("view_count"),
        "place": _at(data, "location").get("name"),
        "media": [f"https://www.instagram.com/p/{code}/"],
        "url": f"https://www.instagram.com/p/{code}/",
        "by_id": user.get("pk") or user.get("id"),
        "by_handle": user.get("username"),
        "by_name": user.get("full_name"),
        "by_verified": user.get("is_verified"),
    }


def _at(record: Any, *path: str) -> Record:
    """Follow a path; empty where it breaks off."""
    for step in path:
        record = record.get(step) if isinstance(record, dict) else None
    return record if isinstance(record, dict) else {}


def _each(record: Record, name: str, field: str) -> list[str]:
    found = record.get(name)
    rows = found if isinstance(found, list) else []
    return [str(one[field]) for one in rows if isinstance(one, dict) and one.get(field)]


_READERS: Mapping[str, tuple[str, Callable[[Record], Record]]] = {
    "twitter.com": ("x", _tweet),
    "x.com": ("x", _tweet),
    "tiktok.com": ("tiktok", _tiktok),
    "instagram.com": ("instagram", _instagram),
}

FORMAT = Format(
    name="zeeschuimer",
    title=say("Zeeschuimer (X, TikTok, Instagram)"),
    recognise=_recognise,
    posts=_posts,
)
