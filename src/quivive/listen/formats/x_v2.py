"""Tweets as the X API v2 gives them: pages with ``includes``, twarc 2 flattened, 4CAT's NDJSON.

Fields as documented at https://docs.x.com/x-api/fundamentals/data-dictionary.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from quivive.listen.dates import moment
from quivive.listen.markup import unescaped
from quivive.listen.records import Format, Record, checked, no_field, share, tweet_time, typed
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

DEFAULT_PICTURE = "default_profile_images"


class _Count(msgspec.Struct):
    like_count: int | None = None
    retweet_count: int | None = None
    reply_count: int | None = None
    impression_count: int | None = None
    followers_count: int | None = None
    following_count: int | None = None
    tweet_count: int | None = None


class _User(msgspec.Struct):
    id: str | None = None
    username: str | None = None
    name: str | None = None
    created_at: str | None = None
    verified: bool | None = None
    description: str | None = None
    location: str | None = None
    profile_image_url: str | None = None
    public_metrics: _Count = msgspec.field(default_factory=_Count)


class _Tag(msgspec.Struct):
    tag: str


class _Mention(msgspec.Struct):
    username: str


class _Link(msgspec.Struct):
    url: str | None = None
    expanded_url: str | None = None
    unwound_url: str | None = None


class _Entities(msgspec.Struct):
    hashtags: list[_Tag] = []
    mentions: list[_Mention] = []
    urls: list[_Link] = []


class _Medium(msgspec.Struct):
    url: str | None = None
    preview_image_url: str | None = None


class _Attachments(msgspec.Struct):
    media: list[_Medium] = []
    media_keys: list[Any] = []


class _Geo(msgspec.Struct):
    full_name: str | None = None


class _Note(msgspec.Struct):
    text: str
    entities: _Entities | None = None


class _Reference(msgspec.Struct):
    type: str
    id: str
    text: str | None = None
    entities: _Entities | None = None
    note_tweet: _Note | None = None
    author: _User | None = None


class _Tweet(msgspec.Struct):
    id: str
    text: str
    created_at: str | None = None
    author_id: str | None = None
    author: _User | None = None
    author_user: _User | None = None  # 4CAT's name for it
    conversation_id: str | None = None
    lang: str | None = None
    public_metrics: _Count = msgspec.field(default_factory=_Count)
    entities: _Entities | None = None
    attachments: _Attachments | None = None
    referenced_tweets: list[_Reference] = []
    note_tweet: _Note | None = None
    geo: _Geo | None = None

    def referring(self, kind: str) -> _Reference | None:
        """Return the tweet this one retweets, quotes or answers."""
        return next((one for one in self.referenced_tweets if one.type == kind), None)


def _is_tweet(record: Record) -> bool:
    if _is_page(record):
        return any(map(_is_tweet, _data(record))) or "meta" in record
    told = {"author_id", "author", "author_user", "public_metrics", "conversation_id"}
    other = {"$type", "record", "network", "visibility", "attributed_to"}
    others = {"createdAt", "fullText"}  # collectors of pages write their own names
    return (
        {"id", "text"} <= record.keys()
        and bool(told & record.keys() - other)
        and others.isdisjoint(record)
    )


def _is_page(record: Record) -> bool:
    return isinstance(record.get("data"), list | dict) or (
        isinstance(record.get("meta"), dict) and "result_count" in record["meta"]
    )


def _recognise(sample: Sequence[Record]) -> float:
    return 0.9 * share(sample, _is_tweet)


def _data(page: Record) -> list[Any]:
    data = page.get("data", [])
    rows = data if isinstance(data, list) else [data]
    return [row for row in rows if isinstance(row, dict)]


def _split(record: Record) -> Iterator[Record]:
    """Open a page and give each tweet what the page includes about it, as twarc flattens."""
    if not _is_page(record):
        yield record
        return
    users = _included(record, "users", "id")
    tweets = _included(record, "tweets", "id")
    media = _included(record, "media", "media_key")
    places = _included(record, "places", "id")
    for tweet in _data(record):
        found = dict(tweet)
        if _in(tweet.get("author_id"), users):
            found["author"] = users[tweet["author_id"]]
        references = tweet.get("referenced_tweets")
        if isinstance(references, list):
            found["referenced_tweets"] = [_joined(one, tweets, "id") for one in references]
        attached = tweet.get("attachments")
        if isinstance(attached, dict):
            keys = attached.get("media_keys", [])
            found["attachments"] = {"media": [media[key] for key in keys if _in(key, media)]}
        if isinstance(tweet.get("geo"), dict):
            found["geo"] = _joined(tweet["geo"], places, "place_id")
        yield found


def _in(key: Any, known: dict[str, Record]) -> bool:
    return isinstance(key, str) and key in known


def _included(page: Record, kind: str, key: str) -> dict[str, Record]:
    includes = page.get("includes")
    rows = includes.get(kind, []) if isinstance(includes, dict) else []
    return {
        row[key]: row
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and isinstance(row.get(key), str)
    }


def _joined(one: Any, known: dict[str, Record], key: str) -> Any:
    if not isinstance(one, dict) or not _in(one.get(key), known):
        return one
    return {**known[one[key]], **one}


def _unfolded(row: Record) -> Record:
    """Fold a row of twarc's table back into a tweet: dotted columns, lists as JSON in a cell.

    >>> _unfolded({"id": "1", "author.username": "ana", "referenced_tweets.quoted.id": "2"})
    {'id': '1', 'author': {'username': 'ana'}, 'referenced_tweets': [{'type': 'quoted', 'id': '2'}]}
    """
    tweet: Record = {}
    for column, cell in row.items():
        *folders, name = column.split(".")
        inside = tweet
        for folder in folders:
            inside = inside.setdefault(folder, {})
        if cell not in {"", None}:
            inside[name] = cell if name == "text" else _listed(cell)
    references = tweet.get("referenced_tweets")
    if isinstance(references, dict):
        told = [{"type": kind, **one} for kind, one in references.items() if one]
        tweet["referenced_tweets"] = told
    return tweet


def _listed(cell: str) -> Any:
    try:
        return msgspec.json.decode(cell) if cell.startswith("[") else cell
    except msgspec.DecodeError:
        return cell


def _from_table(record: Record) -> bool:
    return "author_id" in record and all(
        isinstance(cell, str) or cell is None for cell in record.values()
    )


def _posts(record: Record) -> tuple[Post, ...]:
    tweet = typed(_unfolded(record) if _from_table(record) else record, _Tweet)
    author = _account(tweet)
    repost, quoted = tweet.referring("retweeted"), tweet.referring("quoted")
    answered = tweet.referring("replied_to")
    entities = _entities(tweet, repost)
    counts = _Count() if repost else tweet.public_metrics
    post = Post(
        id=f"x:{tweet.id}",
        network="x",
        published=(tweet_time(tweet.id) if not tweet.created_at else None)
        or moment(tweet.created_at, field="created_at"),
        attributed_to=author,
        content=unescaped(_words(tweet, repost)),
        language=tweet.lang,
        hashtags=tuple(f"#{one.tag}" for one in entities.hashtags),
        mentions=tuple(f"@{one.username}" for one in entities.mentions),
        in_reply_to=f"x:{answered.id}" if answered else None,
        repost_of=f"x:{repost.id}" if repost else None,
        quote_of=f"x:{quoted.id}" if quoted else None,
        conversation=f"x:{tweet.conversation_id}" if tweet.conversation_id else None,
        likes=counts.like_count,
        reposts=counts.retweet_count,
        replies=counts.reply_count,
        views=counts.impression_count,
        media=_media(tweet.attachments),
        links=_links(entities),
        place=tweet.geo.full_name if tweet.geo else None,
        url=f"https://x.com/{author.handle or 'i'}/status/{tweet.id}",
    )
    return (checked(post),)


def _account(tweet: _Tweet) -> Account:
    user = tweet.author or tweet.author_user or _User()
    number = tweet.author_id or user.id
    if not number:
        raise no_field("author_id")
    created = moment(user.created_at, field="author.created_at") if user.created_at else None
    picture = user.profile_image_url
    return Account(
        id=f"x:{number}",
        handle=user.username,
        name=user.name,
        followers=user.public_metrics.followers_count,
        following=user.public_metrics.following_count,
        posts=user.public_metrics.tweet_count,
        created=created.date() if created else None,
        verified=user.verified,
        has_avatar=None if picture is None else DEFAULT_PICTURE not in picture,
        summary=user.description,
        location=user.location or None,
    )


def _words(tweet: _Tweet, repost: _Reference | None) -> str:
    """Return the whole text: a retweet's own is cut, and long posts keep theirs in a note."""
    if repost and repost.note_tweet:
        return repost.note_tweet.text
    if repost and repost.text is not None:
        return repost.text
    return tweet.note_tweet.text if tweet.note_tweet else tweet.text


def _entities(tweet: _Tweet, repost: _Reference | None) -> _Entities:
    if repost and repost.entities:
        return repost.entities
    note = tweet.note_tweet.entities if tweet.note_tweet else None
    return note or tweet.entities or _Entities()


def _media(attachments: _Attachments | None) -> tuple[str, ...]:
    if not attachments:
        return ()
    addresses = [one.url or one.preview_image_url for one in attachments.media]
    whole = (key for key in attachments.media_keys if isinstance(key, dict))  # as 4CAT does
    addresses += [one.get("url") or one.get("preview_image_url") for one in whole]
    return tuple(one for one in addresses if isinstance(one, str))


def _links(entities: _Entities) -> tuple[str, ...]:
    addresses = (one.unwound_url or one.expanded_url or one.url for one in entities.urls)
    return tuple(one for one in addresses if one)


FORMAT = Format(
    name="x-v2",
    title=say("X (Twitter) API v2, twarc 2"),
    recognise=_recognise,
    posts=_posts,
    split=_split,
)
