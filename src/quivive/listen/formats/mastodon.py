"""Mastodon: statuses of the REST API, searches, and events of the streaming API.

Fields as documented at https://docs.joinmastodon.org/entities/Status/.
"""

import html
import re
from collections.abc import Iterator, Sequence

import msgspec

from quivive.listen.dates import moment
from quivive.listen.markup import plain_text
from quivive.listen.records import Format, Record, checked, no_field, share, typed
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

UPDATES = ("update", "status.update")

_LINK = re.compile(r"<a\b[^<>]*>", re.IGNORECASE)
_AIM = re.compile(r'\bhref="([^"]+)"', re.IGNORECASE)
_HOST = re.compile(r"https?://([^/\s]+)")


class _Account(msgspec.Struct):
    id: str
    acct: str
    username: str | None = None
    url: str | None = None
    uri: str | None = None
    display_name: str | None = None
    followers_count: int | None = None
    following_count: int | None = None
    statuses_count: int | None = None
    created_at: str | None = None
    avatar: str | None = None
    note: str | None = None


class _Tag(msgspec.Struct):
    name: str


class _Mention(msgspec.Struct):
    id: str
    acct: str
    url: str | None = None


class _Medium(msgspec.Struct):
    url: str | None = None
    remote_url: str | None = None


class _Card(msgspec.Struct):
    url: str | None = None


class _Quote(msgspec.Struct):
    quoted_status: "_Status | None" = None


class _Status(msgspec.Struct):
    uri: str
    created_at: str
    content: str
    account: _Account
    url: str | None = None
    spoiler_text: str = ""
    language: str | None = None
    in_reply_to_id: str | None = None
    in_reply_to_account_id: str | None = None
    reblog: "_Status | None" = None
    quote: _Quote | None = None
    tags: list[_Tag] = []
    mentions: list[_Mention] = []
    media_attachments: list[_Medium] = []
    card: _Card | None = None
    favourites_count: int | None = None
    reblogs_count: int | None = None
    replies_count: int | None = None


def _is_status(record: Record) -> bool:
    if {"event", "payload"} <= record.keys():
        return True
    if isinstance(record.get("statuses"), list):
        return any(isinstance(one, dict) and _is_status(one) for one in record["statuses"])
    account = record.get("account")
    return {"uri", "content", "created_at"} <= record.keys() and isinstance(account, dict)


def _recognise(sample: Sequence[Record]) -> float:
    return share(sample, _is_status)


def _split(record: Record) -> Iterator[Record]:
    """Open searches and streaming events; events that bring no status give nothing.

    The stream tells deletions by the asked server's own number, which is no permanent address.
    """
    if "account" not in record and isinstance(record.get("statuses"), list):
        yield from (one for one in record["statuses"] if isinstance(one, dict))
    elif "payload" in record and "event" in record:
        if record["event"] in UPDATES:
            yield _payload(record["payload"])
    else:
        yield record


def _payload(payload: object) -> Record:
    if isinstance(payload, dict):
        return payload
    try:
        return msgspec.json.decode(str(payload).encode("utf-8", "replace"), type=Record)
    except (msgspec.DecodeError, RecursionError) as trouble:
        raise BadRecord(
            say("The event's payload is not a whole status."),
            say("Correct it, then replay the line."),
            field="payload",
        ) from trouble


def _posts(record: Record) -> tuple[Post, ...]:
    return (_post(typed(record, _Status)),)


def _post(status: _Status) -> Post:
    shown = status.reblog or status
    counted = status if shown is status else None
    return checked(
        Post(
            id=status.uri,
            network="mastodon",
            published=moment(status.created_at, field="created_at"),
            attributed_to=_account(status.account),
            content=_words(shown),
            language=shown.language,
            hashtags=tuple(f"#{tag.name}" for tag in shown.tags),
            mentions=tuple(f"@{one.acct}" for one in shown.mentions),
            in_reply_to=_answered(status),
            repost_of=status.reblog.uri if status.reblog else None,
            quote_of=_quoted(status),
            likes=counted.favourites_count if counted else None,
            reposts=counted.reblogs_count if counted else None,
            replies=counted.replies_count if counted else None,
            media=_media(shown),
            links=_links(shown),
            url=status.url,
        )
    )


def _account(account: _Account) -> Account:
    address = account.uri or account.url
    if not address:
        raise no_field("account.uri")
    host = _HOST.match(address)
    local = "@" not in account.acct and host
    created = moment(account.created_at, field="account.created_at") if account.created_at else None
    avatar = account.avatar
    return Account(
        id=address,
        handle=f"{account.acct}@{host.group(1)}" if local and host else account.acct,
        name=account.display_name or None,
        followers=_told(account.followers_count),
        following=_told(account.following_count),
        posts=account.statuses_count,
        created=created.date() if created else None,
        has_avatar=None if avatar is None else not avatar.endswith("/missing.png"),
        summary=plain_text(account.note) if account.note else None,
    )


def _told(count: int | None) -> int | None:
    """Read a count that accounts may hide: servers then write -1."""
    return None if count is not None and count < 0 else count


def _words(status: _Status) -> str:
    text = plain_text(status.content)
    return f"{status.spoiler_text}\n\n{text}".strip() if status.spoiler_text else text


def _answered(status: _Status) -> str | None:
    """Give the answered status its address when that can be known, else its number.

    The API tells only the number on the server that was asked. For authors of that very server
    the address follows from it, in the form Mastodon gives all its statuses.
    """
    number = status.in_reply_to_id
    if not number:
        return None
    if status.in_reply_to_account_id == status.account.id and "@" not in status.account.acct:
        return f"{status.uri.rsplit('/', 1)[0]}/{number}"
    for one in status.mentions:
        if one.id == status.in_reply_to_account_id and "@" not in one.acct and one.url:
            host = _HOST.match(one.url)
            if host:
                return f"https://{host.group(1)}/users/{one.acct}/statuses/{number}"
    return f"mastodon:{number}"


def _quoted(status: _Status) -> str | None:
    quoted = status.quote.quoted_status if status.quote else None
    return quoted.uri if quoted else None


def _media(status: _Status) -> tuple[str, ...]:
    addresses = (one.remote_url or one.url for one in status.media_attachments)
    return tuple(address for address in addresses if address)


def _links(status: _Status) -> tuple[str, ...]:
    """List the pages a status points to, leaving out its own hashtags and mentions."""
    found = [
        html.unescape(aim.group(1))
        for mark in _LINK.findall(status.content)
        if "hashtag" not in mark and "mention" not in mark and (aim := _AIM.search(mark))
    ]
    if status.card and status.card.url:
        found.append(status.card.url)
    return tuple(dict.fromkeys(found))


FORMAT = Format(
    name="mastodon",
    title=say("Mastodon (API and streaming)"),
    recognise=_recognise,
    posts=_posts,
    split=_split,
)
