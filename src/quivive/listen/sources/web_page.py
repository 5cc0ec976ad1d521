"""Pages that change: a petition, the statement of a town hall, a page of questions and answers.

Asked again with the marks the server gave (RFC 9110, 13.1), within what ``robots.txt`` allows
(RFC 9309). What is compared are paragraphs of real text, as jusText finds them (Pomikálek,
"Removing Boilerplate and Duplicate Content from Web Corpora", 2011): menus, dates and
advertisements around them may change as they like.
"""

import re
from collections.abc import Generator, Sequence
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from functools import cache
from hashlib import sha256
from typing import Annotated
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import justext
import msgspec

from quivive.listen.records import checked
from quivive.listen.sourcing import (
    Asked,
    Exchange,
    Page,
    Source,
    asks,
    read_cursor,
    write_cursor,
)
from quivive.listen.unreadable import broken_off, unreadable
from quivive.vocabulary.accounts import Account
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import NOT_CHANGED, OK, Kind, NoAnswer, Reply, Request

NAME = "Quivive"
"""How ``robots.txt`` may speak of us."""

LONGEST = 40_000
"""Characters of a page that are kept to compare; beyond, changes are not seen."""

SHORTER_THAN_ARTICLES = {
    "length_high": 100,
    "stopwords_low": 0.2,
    "stopwords_high": 0.25,
}
"""jusText's own thresholds (200, 0.3, 0.32) are for articles; statements are shorter."""

RULES_LAST = timedelta(days=1)
_MISSING = (404, 410)
_FORBIDDEN = (401, 403)
_TITLE = re.compile(rb"(?is)<title[^>]*>(.*?)</title")
_OPENED, _CLOSED = re.compile(rb"(?i)<html[\s>]"), re.compile(rb"(?i)</(?:html|body)\s*>")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Which pages are watched."""

    pages: Annotated[
        tuple[str, ...],
        asks(
            say("Addresses of pages"),
            say("One a line. A page that has a feed is better read by its feed."),
            example="https://example.org/petition",
        ),
    ]
    every_line: Annotated[
        bool,
        asks(
            say("Watch short lines too"),
            say(
                "Counters and lists, such as the number of signatures; menus that change are "
                "then heard as well."
            ),
        ),
    ] = False
    press: Annotated[bool, asks(say("These are press"))] = False
    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=5)] = 15


class _Seen(msgspec.Struct, omit_defaults=True):
    """A page as it was."""

    etag: str = ""
    modified: str = ""
    lines: tuple[str, ...] = ()


class _Rules(msgspec.Struct, omit_defaults=True):
    """What a site allows, as last read."""

    at: datetime
    text: str = ""


class _Cursor(msgspec.Struct, omit_defaults=True):
    pages: dict[str, _Seen] = {}
    rules: dict[str, _Rules] = {}


def _collect(asked: Asked[Settings]) -> Exchange:
    """Look at every page that may be looked at; one that fails stops no other."""
    known = read_cursor(asked.cursor, _Cursor) or _Cursor()
    kept = _Cursor()
    posts: list[Post] = []
    notes: list[Message] = []
    troubles: list[NoAnswer] = []
    for address in dict.fromkeys(asked.settings.pages):
        seen = known.pages.get(address, _Seen())
        kept.pages[address] = seen
        try:
            yield from _allowed(address, known.rules, kept.rules, asked.now)
            reply = yield _request(address, seen)
            if reply.status == NOT_CHANGED:
                continue
            title, lines = _read(reply, every_line=asked.settings.every_line)
        except NoAnswer as trouble:
            troubles.append(trouble)
            continue
        if not lines:
            notes.append(say("{address} holds no text we can read.", address=address[:200]))
            continue
        if lines != seen.lines:
            posts.append(_post(address, title, seen.lines, lines, asked))
        kept.pages[address] = _Seen(
            etag=reply.headers.get("etag", ""),
            modified=reply.headers.get("last-modified", ""),
            lines=lines,
        )
    if troubles and len(troubles) == len(kept.pages):
        raise troubles[0]
    return Page(
        posts=tuple(posts),
        notes=tuple(notes),
        cursor=write_cursor(kept),
        troubles=tuple(troubles),
    )


def _allowed(
    address: str, known: dict[str, _Rules], kept: dict[str, _Rules], now: datetime
) -> Generator[Request, Reply, None]:
    """Read what the site allows, once a day; a site without rules allows everything (RFC 9309).

    Raises:
        NoAnswer: the site asks programs not to read this page.
    """
    place = _rules_of(address)
    rules = kept.get(place) or known.get(place)
    if rules is None or now - rules.at > RULES_LAST:
        reply = yield Request(
            url=place, accepts=(OK, *_MISSING, *_FORBIDDEN), largest_bytes=500_000
        )
        text = reply.body.decode("utf-8", "replace") if reply.status == OK else ""
        rules = _Rules(at=now, text=text)
    kept[place] = rules
    robots = RobotFileParser()
    robots.parse(rules.text.splitlines())
    if not robots.can_fetch(NAME, address):
        raise NoAnswer(
            say("{host} asks programs not to read this page.", host=urlsplit(address).netloc),
            say("Ask its owner, look for its feed, or read it yourself and bring what you see."),
            kind=Kind.FORBIDDEN,
        )


def _rules_of(address: str) -> str:
    """Return where a page's site keeps its rules.

    What is no address is given back as it was typed: whoever asks it tells people their own words.
    """
    try:
        return urljoin(address, "/robots.txt") if urlsplit(address).netloc else address
    except ValueError:
        return address


def _request(address: str, seen: _Seen) -> Request:
    unless = {"If-None-Match": seen.etag, "If-Modified-Since": seen.modified}
    marks = {name: value for name, value in unless.items() if value}
    return Request(url=address, headers={"Accept": "text/html", **marks}, accepts=(OK, NOT_CHANGED))


def _read(reply: Reply, *, every_line: bool) -> tuple[str, tuple[str, ...]]:
    """Return a page's title and its paragraphs.

    Raises:
        NoAnswer: cut short, or no HTML at all.
    """
    if _OPENED.search(reply.body) and not _CLOSED.search(reply.body):
        raise broken_off(reply)
    try:
        paragraphs = justext.justext(
            reply.body, _common_words(), encoding=_encoding(reply), **SHORTER_THAN_ARTICLES
        )
    except Exception as trouble:  # lxml, for what is no HTML
        raise unreadable(reply) from trouble
    lines: list[str] = []
    size = 0
    for paragraph in paragraphs:
        text = " ".join(str(paragraph.text).split())
        if text and (every_line or not paragraph.is_boilerplate) and size < LONGEST:
            lines.append(text[:LONGEST])
            size += len(text)
    found = _TITLE.search(reply.body)
    title = justext.core.html_to_dom(found.group(1), encoding=_encoding(reply)) if found else None
    return (" ".join(title.text_content().split()) if title is not None else ""), tuple(lines)


def _encoding(reply: Reply) -> str | None:
    """Read the alphabet the server names; without one the page itself is asked."""
    found = re.search(r"charset=[\"']?([\w-]+)", reply.headers.get("content-type", ""))
    return found.group(1) if found else None


@cache
def _common_words() -> frozenset[str]:
    """Return the small words of French and English, by which text is told from menus."""
    return frozenset(justext.get_stoplist("French") | justext.get_stoplist("English"))


def _post(
    address: str, title: str, before: Sequence[str], now: Sequence[str], asked: Asked[Settings]
) -> Post:
    """Make a post of a page seen for the first time, or of what has changed in it."""
    words = "\n\n".join(now) if not before else "\n".join(changes(before, now))
    mark = sha256("\n".join(now).encode()).hexdigest()[:16]
    site = urlsplit(address).netloc.removeprefix("www.")
    return checked(
        Post(
            id=address if not before else f"{address}#changed-{mark}",
            network="press" if asked.settings.press else "web",
            published=asked.now,
            attributed_to=Account(id=site, handle=site, name=title[:100] or site),
            content="\n\n".join(part for part in (title, words) if part),
            url=address,
        )
    )


def changes(before: Sequence[str], now: Sequence[str]) -> list[str]:
    """Say which paragraphs went and which came, in their order.

    >>> changes(["Travaux lundi.", "Merci."], ["Travaux mardi.", "Merci."])
    ['− Travaux lundi.', '+ Travaux mardi.']
    """
    told: list[str] = []
    for kind, old, old_end, new, new_end in SequenceMatcher(
        None, before, now, autojunk=False
    ).get_opcodes():
        if kind != "equal":
            told += [f"\N{MINUS SIGN} {line}" for line in before[old:old_end]]
            told += [f"+ {line}" for line in now[new:new_end]]
    return told


SOURCE = Source(
    kind="web-page",
    network="web",
    title=say("Pages that change"),
    help=say(
        "A petition, a statement, a page of the press: what came and what went is heard as a "
        "post each time its text changes."
    ),
    cost=say("Free."),
    blind_spots=(
        say(
            "Pages: what is written by scripts after loading is not seen, nor what wants a sign-in."
        ),
        say("Pages: what came and went between two looks is not seen."),
    ),
    settings=Settings,
    collect=_collect,
    every_s=900,
)
