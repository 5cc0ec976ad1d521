"""RSS, Atom and JSON Feed: newspapers, blogs, town halls.

RSS 2.0, RFC 4287 and https://www.jsonfeed.org/version/1.1/; read 2026-11.
"""

import re
from calendar import timegm
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from html import escape, unescape
from io import BytesIO
from typing import Annotated, Any, TypeAlias
from urllib.parse import urljoin, urlsplit

import feedparser
import msgspec

from quivive.listen.dates import moment
from quivive.listen.markup import plain_text
from quivive.listen.records import (
    FIRST_YEAR,
    LAST_YEAR,
    SURPRISES,
    Found,
    Record,
    checked,
    no_field,
    typed,
)
from quivive.listen.sourcing import (
    Asked,
    Exchange,
    Page,
    Read,
    Source,
    asks,
    read_cursor,
    read_each,
    write_cursor,
)
from quivive.listen.unreadable import broken_off, no_json, unreadable
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import NOT_CHANGED, OK, Kind, NoAnswer, Reply, Request

_WHOLE = re.compile(rb"</(?:\w+:)?(?:rss|feed|RDF)>\s*(?:<!--.*?-->\s*)*$", re.DOTALL)
_TYPES = "application/feed+json, application/atom+xml, application/rss+xml, application/xml;q=0.9"
_FEED_TYPES = frozenset({"application/feed+json", "application/atom+xml", "application/rss+xml"})
_PAGE = re.compile(
    r"\s*(?:(?><!--.*?-->)\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_LINK = re.compile(r"<link\b[^>]{0,1000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*["']?([^"'\s>]+)""")
_LOOKED_AT = 100_000
"""Bytes of a page that are searched for its feed."""
_FEW = 5
"""Articles under which a feed shows too little to tell that some were missed."""
_TOLD = timedelta(days=1)
"""How long a gap is told."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The feeds to read."""

    feeds: Annotated[
        tuple[str, ...],
        asks(
            say("Addresses of feeds"),
            say("One a line. Most newspapers and town halls have one: look for “RSS”."),
            example="https://example.org/feed.xml",
        ),
    ]
    press: Annotated[
        bool, asks(say("These are press"), say("Articles then count as press when one assesses."))
    ] = True
    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=1)] = 5


class _Seen(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is remembered of a feed.

    Attributes:
        etag, modified: what tells whether it has changed (RFC 9110, 13.1).
        newest: date of the newest article read.
        gap: between which dates articles may have passed unseen, and when that was found.
    """

    etag: str = ""
    modified: str = ""
    newest: datetime | None = None
    gap: tuple[datetime, datetime, datetime] | None = None


class _Article(msgspec.Struct, frozen=True, kw_only=True):
    """One entry, whatever the feed is written in; texts still marked up."""

    id: str
    url: str | None
    title: str
    words: str
    published: str | datetime | None
    language: str | None


_Feed: TypeAlias = tuple[str, list[Any], Callable[[Record], _Article]]
"""A feed's title, its entries, and how an article is read from one."""


def _collect(asked: Asked[Settings]) -> Exchange:
    """Ask each feed in turn; one that fails stops no other."""
    seen = read_cursor(asked.cursor, dict[str, _Seen]) or {}
    seen = {address: mark for address, mark in seen.items() if address in asked.settings.feeds}
    reads: list[Read] = []
    troubles: list[NoAnswer] = []
    for address in asked.settings.feeds:
        try:
            reply = yield _request(address, seen.get(address, _Seen()))
            if reply.status != NOT_CHANGED:
                network = "press" if asked.settings.press else "web"
                reads.append(read_feed(reply, network=network, now=asked.now, address=address))
                before = seen.get(address, _Seen())
                seen[address] = _mark(reply, reads[-1].posts, before=before, now=asked.now)
        except NoAnswer as trouble:
            troubles.append(trouble)
    if troubles and len(troubles) == len(asked.settings.feeds):
        raise troubles[0]
    return Page(
        posts=tuple(post for read in reads for post in read.posts),
        unread=tuple(bad for read in reads for bad in read.unread),
        cursor=write_cursor(seen),
        troubles=tuple(troubles),
        notes=tuple(_gaps(seen, asked.now)),
    )


def _request(address: str, seen: _Seen) -> Request:
    unless = {"If-None-Match": seen.etag, "If-Modified-Since": seen.modified}
    known = {name: value for name, value in unless.items() if value}
    return Request(url=address, headers={"Accept": _TYPES, **known}, accepts=(OK, NOT_CHANGED))


def _mark(reply: Reply, posts: tuple[Post, ...], *, before: _Seen, now: datetime) -> _Seen:
    """Remember what was read; a version cut short is asked for again.

    A feed shows its last articles alone: where all of them are newer than the newest that was
    known, others may have come and gone meanwhile.
    """
    dates = [post.published for post in posts if post.published < now]  # others have none to trust
    newest, gap = before.newest, before.gap
    if newest and len(dates) >= _FEW and min(dates) > newest:
        gap = (newest, min(dates), now)
    newest = max([*dates, *([newest] if newest else [])], default=None)
    if not _is_whole(reply.body):
        return _Seen(newest=newest, gap=gap)
    return _Seen(
        etag=reply.headers.get("etag", ""),
        modified=reply.headers.get("last-modified", ""),
        newest=newest,
        gap=gap,
    )


def _gaps(seen: Mapping[str, _Seen], now: datetime) -> Iterator[Message]:
    for address, mark in seen.items():
        if mark.gap is not None and now - mark.gap[2] < _TOLD:
            yield say(
                "{address} shows its last articles alone: some that it had between {begin} and "
                "{end} may not have been read.",
                address=address,
                begin=mark.gap[0].isoformat(),
                end=mark.gap[1].isoformat(),
            )


def _is_whole(body: bytes) -> bool:
    return _is_json(body) or _WHOLE.search(body) is not None


def _is_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_feed(reply: Reply, *, network: str, now: datetime, address: str = "") -> Read:
    """Read the articles of a feed; ``address`` is its own, where that is known.

    Raises:
        NoAnswer: it is no feed.
    """
    title, entries, article = _of_json(reply) if _is_json(reply.body) else _of_xml(reply)
    site = title or urlsplit(address).netloc

    def post(entry: Record) -> tuple[Found, ...]:
        return (_post(article(entry), site, address, network, now),)

    return read_each(entries, post)


def _post(article: _Article, site: str, address: str, network: str, now: datetime) -> Post:
    key = article.id or article.url
    if not key:
        raise no_field("id")
    words = "\n\n".join(filter(None, (plain_text(article.title), plain_text(article.words))))
    return checked(
        Post(
            # A guid is unique in its own feed only, unless it is an address.
            id=key if urlsplit(key).scheme else urljoin(address, f"#{key}"),
            network=network,
            published=_published(article.published, now),
            attributed_to=Account(
                id=_site(article.url or address), handle=_site(article.url or address), name=site
            ),
            content=words,
            language=article.language,
            url=article.url,
        )
    )


def _site(address: str) -> str:
    return urlsplit(address).netloc.removeprefix("www.") or address


def _published(told: str | datetime | None, now: datetime) -> datetime:
    """Read the date; an article without one, or with none of this world, is of now."""
    if isinstance(told, datetime):
        return told if FIRST_YEAR <= told.year <= LAST_YEAR else now
    try:
        return moment(told, field="published") if told else now
    except BadRecord:
        return now


def _of_xml(reply: Reply) -> _Feed:
    headers = {
        "content-type": reply.headers.get("content-type", "application/xml"),
        "content-location": reply.url,
    }
    try:
        parsed: Any = feedparser.parse(BytesIO(reply.body), response_headers=headers)
    except SURPRISES as trouble:  # it trusts what a damaged feed says of its own letters
        raise unreadable(reply) from trouble
    if not parsed.get("version"):
        raise _no_feed(reply)
    entries = parsed["entries"]
    if entries and not _is_whole(reply.body):
        entries = entries[:-1]  # its words may be cut in the middle
        if not entries:
            raise broken_off(reply)
    language = parsed["feed"].get("language")
    return str(parsed["feed"].get("title", "")), entries, partial(_article, language=language)


def _no_feed(reply: Reply) -> NoAnswer:
    """Say what stands there instead; a page often tells where its feed is."""
    page = reply.body[:_LOOKED_AT].decode(errors="replace")
    if not _PAGE.match(page):
        return unreadable(reply)
    links = (
        {name.lower(): value for name, value in _ATTRIBUTE.findall(link)}
        for link in _LINK.findall(page)
    )
    named = (link.get("href") for link in links if link.get("type", "").lower() in _FEED_TYPES)
    feed = next(filter(None, named), "")
    return NoAnswer(
        say("{address} is a web page, not a feed.", address=reply.url.partition("?")[0]),
        say("Give the address of its feed instead: {feed}", feed=urljoin(reply.url, unescape(feed)))
        if feed
        else say(
            "Look for “RSS” on that page and copy where it leads; or watch the page itself with "
            "the source for web pages."
        ),
        kind=Kind.UNREADABLE,
    )


def _article(entry: Any, language: str | None) -> _Article:
    contents = [one.get("value") or "" for one in entry.get("content", [])]
    plain = dict(entry)  # feedparser's own lookup gives one date for another, with a warning
    told = plain.get("published_parsed") or plain.get("updated_parsed")
    return _Article(
        id=entry.get("id") or "",
        url=entry.get("link"),
        title=entry.get("title") or "",
        words=max([entry.get("summary") or "", *contents], key=len),
        published=_moment(told) if told else plain.get("published") or plain.get("updated"),
        language=language,
    )


def _moment(told: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(told), UTC)
    except (ValueError, OverflowError, OSError):
        return None


class _Item(msgspec.Struct):
    id: str | int | float = ""
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    language: str | None = None


class _JsonFeed(msgspec.Struct):
    version: str
    items: list[Any]
    title: str = ""
    language: str | None = None


def _of_json(reply: Reply) -> _Feed:
    try:
        feed = msgspec.json.decode(reply.body.removeprefix(b"\xef\xbb\xbf"), type=_JsonFeed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as trouble:
        raise no_json(reply) from trouble
    return feed.title, feed.items, partial(_of_item, language=feed.language)


def _of_item(record: Record, language: str | None) -> _Article:
    item = typed(record, _Item)
    return _Article(
        id=str(item.id),
        url=item.url or item.external_url,
        title=item.title or "",
        words=item.content_html or escape(item.content_text or item.summary or ""),
        published=item.date_published or item.date_modified,
        language=item.language or language,
    )


SOURCE = Source(
    kind="feeds",
    network="press",
    title=say("Press and sites (RSS, Atom, JSON Feed)"),
    help=say(
        "The feeds of newspapers, blogs, town halls and associations. Nothing is needed but "
        "their addresses."
    ),
    cost=say("Free."),
    blind_spots=(
        say("Feeds show the beginning of articles; what stands behind a paywall is not seen."),
        say("Comments under articles are not seen."),
    ),
    settings=Settings,
    collect=_collect,
)
