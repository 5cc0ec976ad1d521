"""What every file format shares: records in, posts (or what is wrong with them) out."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar

import msgspec

from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Moment, Post

Record: TypeAlias = dict[str, Any]
"""One JSON object, or one row of a table by column name."""

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

ENVELOPE = "envelope"
"""Where a record that stood in a list keeps what its file tells beside the list."""

LARGEST_COUNT = 2**53
"""No network counts further; larger numbers are ids or damage, and databases refuse them."""

LONGEST_ADDRESS, LONGEST_NETWORK = 500, 60
"""No network gives longer ids; longer ones are damage, and indexes of databases refuse them."""

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Outside these years a date of a post is a mistake in reading it, or in writing it."""

TWEETS_WITH_TIME = 29_700_000_000
"""Tweet ids above this one (4 November 2010) carry their time."""

SURPRISES = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What a format may raise at a record that its author had not foreseen."""

_TWITTER_EPOCH_MS = 1_288_834_974_657
_PLACE = re.compile(r"\$(?:\.([\w.\[\]]+))?")
_MISSING = re.compile(r"missing required field `([^`]+)`")
_EXPECTED = re.compile(r"Expected `([^`]+)`(?:, got `([^`]+)`)?")


class Deletion(msgspec.Struct, frozen=True, kw_only=True):
    """A post that its author took back: its words must be forgotten.

    Attributes:
        id: the post's permanent address.  deleted_at: None when the file does not tell.
    """

    id: str
    deleted_at: Moment | None = None


Found: TypeAlias = Post | Deletion


def taken_back(posts: Iterable[Post], *, now: datetime) -> list[Deletion]:
    """Return the deletions that posts tell of themselves: their words may match no topic any more.

    >>> from quivive.vocabulary.posts import Account
    >>> at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> told = {"network": "test", "published": at, "attributed_to": Account(id="b"), "content": ""}
    >>> [one.id for one in taken_back([Post(id="a", deleted_at=at, **told)], now=at)]
    ['a']
    """
    return [
        Deletion(id=post.id, deleted_at=at)
        for post in posts
        if (at := post.deleted_at) is not None and at <= now
    ]


def whole(record: Record) -> Iterable[Record]:
    """Keep a record as it is: most formats hold one post a record."""
    return (record,)


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One way to write posts down: what a plug-in file in ``listen/formats`` declares.

    Attributes:
        name: short and stable, what people type after ``--format``.
        recognise: how sure we are that a sample is in this format, 0 to 1.
        posts: what one record holds; raises :class:`BadRecord`, naming the field at fault.
        private: whether a record is of a conversation that is not ours to read.
        split: opens a page of many posts into single records; one bad post then costs one post.
    """

    name: str
    title: Message
    recognise: Callable[[Sequence[Record]], float]
    posts: Callable[[Record], tuple[Found, ...]]
    split: Callable[[Record], Iterable[Record]] = whole
    private: Callable[[Record], bool] = lambda _: False


def typed(record: Record, kind: type[T]) -> T:
    """Give a record its types, or say which field is wrong.

    Numbers and booleans written as text are accepted, because tables have nothing else.
    """
    try:
        return msgspec.convert(record, kind, strict=False)
    except msgspec.ValidationError as trouble:
        raise wrong_field(trouble) from trouble
    except OverflowError as trouble:
        raise BadRecord(
            say("The record holds a number that is too large to be a count or a date."),
            say("Correct the number, then replay the line."),
        ) from trouble


def wrong_field(trouble: msgspec.ValidationError) -> BadRecord:
    """Turn msgspec's words into ours.

    >>> class Tweet(msgspec.Struct):
    ...     likes: int
    >>> try:
    ...     msgspec.convert({"likes": "many"}, Tweet)
    ... except msgspec.ValidationError as trouble:
    ...     print(wrong_field(trouble))
    The field likes holds str where int is expected. Correct this field, then replay the line.
    """
    text = str(trouble)
    found = _PLACE.search(text)
    place = (found.group(1) or "") if found else ""
    missing = _MISSING.search(text)
    if missing:
        field = f"{place}.{missing.group(1)}".lstrip(".")
        return no_field(field)
    expected = _EXPECTED.search(text)
    if expected and expected.group(2) and place:
        what = say(
            "The field {field} holds {got} where {expected} is expected.",
            field=place,
            got=expected.group(2),
            expected=expected.group(1),
        )
    elif "timezone" in text:
        what = say("The date in {field} has no time zone.", field=place)
    else:
        what = say("The record cannot be read: {reason}.", reason=text)
    return BadRecord(what, say("Correct this field, then replay the line."), field=place)


def no_field(field: str) -> BadRecord:
    """Say that a field we cannot do without is absent or empty."""
    return BadRecord(
        say("The field {field} is missing.", field=field),
        say("Add it, then replay the line; or leave the line aside if it is not a post."),
        field=field,
    )


def tweet_time(tweet_id: str | int) -> datetime | None:
    """Read the time a tweet id carries, to the millisecond; None for ids before November 2010.

    >>> tweet_time("536831867329466369").isoformat(timespec="seconds")
    '2014-11-24T10:41:05+00:00'
    """
    number = int(tweet_id) if str(tweet_id).isdecimal() else 0
    if not TWEETS_WITH_TIME < number < 2**63:
        return None
    return datetime.fromtimestamp(((number >> 22) + _TWITTER_EPOCH_MS) / 1000, UTC)


def share(sample: Sequence[Record], looks_right: Callable[[Record], bool]) -> float:
    """Tell what share of a sample looks right; 0 for an empty one."""
    return sum(map(looks_right, sample)) / len(sample) if sample else 0.0


def checked(post: Post) -> Post:
    """Refuse what would hurt later: absurd counts, no id; leave out what databases refuse.

    Times are brought to UTC.
    """
    author = post.attributed_to
    if not post.id:
        raise no_field("id")
    if not author.id:
        raise no_field("attributed_to.id")
    for field, count in (
        ("likes", post.likes),
        ("reposts", post.reposts),
        ("replies", post.replies),
        ("quotes", post.quotes),
        ("views", post.views),
        ("attributed_to.followers", author.followers),
        ("attributed_to.following", author.following),
        ("attributed_to.posts", author.posts),
    ):
        if count is not None and not 0 <= count <= LARGEST_COUNT:
            raise _no_count(field, count)
    return sound(storable(post))


def storable(said: S) -> S:
    r"""Leave out the two things that types let through and no database keeps.

    NUL characters go, halves of a character (lone surrogates) become a question mark: a stranger
    who puts one into a post's language must not keep all other posts from being stored.

    >>> storable(Deletion(id="at://ana\0/1")).id
    'at://ana/1'
    """
    try:
        if b"\\u0000" not in msgspec.json.encode(said):
            return said
    except UnicodeEncodeError:
        pass
    return msgspec.convert(_cleaned(msgspec.to_builtins(said)), type(said))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _cleaned(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value]
    return value


def sound(post: Post) -> Post:
    """Refuse what types let through and rows cannot hold; bring times to UTC.

    Raises:
        BadRecord: an address no index takes, a date outside the years of networks.
    """
    author, at = post.attributed_to, post.published
    if (
        len(post.id) > LONGEST_ADDRESS
        or len(author.id) > LONGEST_ADDRESS
        or len(post.network) > LONGEST_NETWORK
        or (post.repost_of is not None and len(post.repost_of) > LONGEST_ADDRESS)
        or (post.in_reply_to is not None and len(post.in_reply_to) > LONGEST_ADDRESS)
    ):
        raise _too_long(post)
    plain = post.seen_at is None and post.deleted_at is None and at.tzinfo is UTC
    return post if plain and FIRST_YEAR <= at.year <= LAST_YEAR else _in_utc(post)


def _too_long(post: Post) -> BadRecord:
    lengths = {
        "id": len(post.id),
        "attributed_to.id": len(post.attributed_to.id),
        "repost_of": len(post.repost_of or ""),
        "in_reply_to": len(post.in_reply_to or ""),
    }
    field = max(lengths, key=lengths.__getitem__)
    if lengths[field] <= LONGEST_ADDRESS:
        lengths["network"], field = len(post.network), "network"
    return BadRecord(
        say(
            "The field {field} holds {length} characters, which no network gives.",
            field=field,
            length=lengths[field],
        ),
        say("Correct this field, then replay the line."),
        field=field,
    )


def holds_nul() -> BadRecord:
    """Say that a text holds the one character that databases refuse."""
    return BadRecord(
        say("The text holds a NUL character."),
        say("Remove the NUL characters, then replay the line."),
        field="content",
    )


def _no_count(field: str, count: int) -> BadRecord:
    return BadRecord(
        say("The field {field} holds {count}, which is no count.", field=field, count=count),
        say("Correct the number or empty the field, then replay the line."),
        field=field,
    )


def _in_utc(post: Post) -> Post:
    moments = {
        "published": post.published,
        "deleted_at": post.deleted_at,
        "seen_at": post.seen_at,
    }
    for field, at in moments.items():
        if at is not None and not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise _no_date(at, field)
    late = {name: at for name, at in moments.items() if at is not None and at.tzinfo is not UTC}
    if not late:
        return post
    return msgspec.structs.replace(post, **{n: at.astimezone(UTC) for n, at in late.items()})


def _no_date(at: datetime, field: str) -> BadRecord:
    return BadRecord(
        say(
            "The date {value} in {field} lies outside the years {first} to {last}.",
            value=at.date().isoformat(),
            field=field,
            first=str(FIRST_YEAR),
            last=str(LAST_YEAR),
        ),
        say("Correct the date, then replay the line."),
        field=field,
    )


def bad_date(text: str, field: str) -> BadRecord:
    """Say that a date could not be understood."""
    return BadRecord(
        say("The date {value} in {field} cannot be understood.", value=text[:80], field=field),
        say("Write it as 2024-05-17T14:30:00Z, or give the date format in the mapping."),
        field=field,
    )
