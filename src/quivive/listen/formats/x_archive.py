"""The ``tweets.js`` of the archive that X lets its users download: what one account wrote.

The file names no author (``account.js`` does), so its tweets have none. Fields are those of API
v1.1, with numbers written as text.
"""

from collections.abc import Sequence

from quivive.listen.mapping import Mapping, post_of
from quivive.listen.records import Format, Record, share
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

TWEET = Mapping(
    columns={
        "id": "id_str",
        "published": "created_at",
        "content": "full_text",
        "language": "lang",
        "likes": "favorite_count",
        "reposts": "retweet_count",
        "in_reply_to": "in_reply_to_status_id_str",
        "hashtags": "hashtags",
        "mentions": "mentions",
        "links": "links",
        "media": "media",
    },
    network="x",
)

_TOLD = {
    "hashtags": ("hashtags", "text"),
    "mentions": ("user_mentions", "screen_name"),
    "links": ("urls", "expanded_url"),
    "media": ("media", "media_url_https"),
}


def _is_tweet(record: Record) -> bool:
    tweet = record.get("tweet")
    return isinstance(tweet, dict) and {"id_str", "full_text"} <= tweet.keys()


def _recognise(sample: Sequence[Record]) -> float:
    return share(sample, _is_tweet)


def _posts(record: Record) -> tuple[Post, ...]:
    tweet = record["tweet"] if isinstance(record.get("tweet"), dict) else record
    lists = {name: _listed(tweet, *where) for name, where in _TOLD.items()}
    row = {**tweet, **{name: found for name, found in lists.items() if found}}
    return (post_of(row, TWEET),)


def _listed(tweet: Record, kind: str, field: str) -> list[str]:
    entities = tweet.get("extended_entities" if kind == "media" else "entities")
    found = entities.get(kind) if isinstance(entities, dict) else None
    if not isinstance(found, list):
        return []
    return [str(one[field]) for one in found if isinstance(one, dict) and one.get(field)]


FORMAT = Format(
    name="x-archive",
    title=say("X archive (tweets.js)"),
    recognise=_recognise,
    posts=_posts,
)
