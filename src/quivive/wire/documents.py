"""Opens files that hold posts as no list does: feeds of sites, letters; names what holds none.

What is opened comes out in our own form, one post a line, so that the rest reads it as any file.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import pairwise

import msgspec

from quivive.listen.letters import read_letter
from quivive.listen.records import SURPRISES, Record
from quivive.listen.sources.feeds import read_feed
from quivive.listen.sources.mailbox import post_of_letter
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import NoAnswer, Reply

# Never looked at again once read (``(?>`` and ``*+``): else a few comments take hours to refuse.
_XML = rb"\A\s*(?><\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE [^>]*>\s*)*+"
_FEED = re.compile(_XML + rb"<(?:rss|feed|rdf:RDF|RDF)\b", re.DOTALL)
_PAGE = re.compile(
    rb"\A\s*(?><!--.*?-->\s*)*+<(?:!doctype html|html|head|body|table)\b", re.IGNORECASE | re.DOTALL
)
_MARKED_UP = re.compile(rb"\A\s*<[?!a-zA-Z]")
_FIELD = rb"[A-Za-z][A-Za-z0-9-]*:[ \t].*\r?\n(?:[ \t]+\S.*\r?\n)*"
_LETTER = re.compile(rb"\A(?:From \S.*\r?\n)?(?:%b){2,}" % _FIELD)
_SENT = re.compile(rb"(?mi)^(?:from|date|message-id|received|subject):[ \t]")
_NEXT_LETTER = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From \S+.*\r?\n")
_CHAT = re.compile(
    rb"\A(?:\xe2\x80\x8e)?\[?\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},?[^\n]{1,8}\d{1,2}:\d{2}[^\n]{0,12}?"
    rb"(?:\]| -) [^\n,;\t]"
)
_SURE_HEADERS = 2
_LARGEST_BYTES = 64 << 20


def opened(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Turn a feed or letters into lines of our own form; let everything else through.

    Raises:
        BadFile: a page, a chat, or something marked up that is no feed.
    """
    stream = iter(blocks)
    start = next(stream, b"")
    document = _with(start, stream)
    if _FEED.match(start):
        yield from _lines(_of_feed(_whole(document)))
    elif _PAGE.match(start) or _MARKED_UP.match(start):
        raise _no_table()
    elif _is_letter(start):
        yield from _lines(_of_letters(document))
    elif _CHAT.match(start):
        raise _chat()
    else:
        yield from document


def _with(start: bytes, stream: Iterator[bytes]) -> Iterator[bytes]:
    yield start
    yield from stream


def _lines(posts: Iterable[Post | Record]) -> Iterator[bytes]:
    for post in posts:
        yield msgspec.json.encode(post) + b"\n"


def _whole(blocks: Iterator[bytes]) -> bytes:
    found = bytearray()
    for block in blocks:
        found += block
        if len(found) > _LARGEST_BYTES:
            raise _too_large()
    return bytes(found)


def _of_feed(body: bytes) -> Iterable[Post]:
    try:
        found = read_feed(Reply(body=body), network="web", now=datetime.now(UTC))
    except NoAnswer as trouble:
        raise _no_table() from trouble
    return found.posts


def _is_letter(start: bytes) -> bool:
    found = _LETTER.match(start)
    told = _SENT.findall(found.group()) if found else []
    return len({*map(bytes.lower, told)}) >= _SURE_HEADERS


def _of_letters(blocks: Iterable[bytes]) -> Iterator[Post | Record]:
    """Read letter by letter; one whose headers nobody can read comes out as what is set aside."""
    now = datetime.now(UTC)
    for raw in _letters(blocks):
        try:
            yield from [post_of_letter(one, now) for one in read_letter(raw) if one.words]
        except (BadRecord, *SURPRISES):
            yield {"letter": raw.decode("utf-8", "replace")}


def _letters(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a mailbox (mbox, RFC 4155) where its next letter begins; a single letter is one."""
    held = b""
    for block in blocks:
        held += block
        begins = [found.start() for found in _NEXT_LETTER.finditer(held)]
        for start, end in pairwise(begins):
            yield _without_separator(held[start:end])
        held = held[begins[-1] :] if begins else held
        if len(held) > _LARGEST_BYTES:
            raise _too_large()
    if held.strip():
        yield _without_separator(held)


def _without_separator(raw: bytes) -> bytes:
    return _NEXT_LETTER.sub(b"", raw, count=1) if raw.startswith(b"From ") else raw


def _no_table() -> BadFile:
    return BadFile(
        say("This is a web page or another marked-up document, not a table of posts."),
        say("Save it as CSV or JSON; a feed (RSS, Atom) and letters (.eml, .mbox) are read."),
    )


def _chat() -> BadFile:
    return BadFile(
        say("This is a private conversation, as WhatsApp exports it."),
        say("What people write each other in private is not kept. Type what you must answer."),
    )


def _too_large() -> BadFile:
    return BadFile(
        say("One letter, or the feed, is larger than {size} MB.", size=_LARGEST_BYTES >> 20),
        say("Take its attachments out, then import it again."),
    )
