"""What people read when a server refuses, or answers with what no source can read."""

import re
from urllib.parse import urlsplit

import msgspec

from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.requests import Kind, NoAnswer, Reply

BAD_REQUEST, BAD_KEY, FORBIDDEN, NOT_FOUND, GONE, TOO_MANY = 400, 401, 403, 404, 410, 429
BROKEN = 500

_LOOKED_AT = 1_000
_PAGE = re.compile(rb"(?is)\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b")
_LATER = say("It is asked again later. Should it last, check the address, and report it.")


_REFUSALS = {
    BAD_KEY: (
        say("{host} does not accept the key or the password."),
        say("Open the source, enter it again, and press Test."),
        Kind.BAD_KEY,
    ),
    FORBIDDEN: (
        say("{host} does not let us read this."),
        say("Check what the key or the account may do there, then press Test."),
        Kind.FORBIDDEN,
    ),
    NOT_FOUND: (
        say("{host} has nothing at this address."),
        say("Open the source and correct the address or the name."),
        Kind.NOT_FOUND,
    ),
    TOO_MANY: (
        say("{host} asks us to slow down."),
        say("Nothing to do: it is asked again when it allows it."),
        Kind.TOO_MANY,
    ),
    BROKEN: (
        say("{host} is out of order (error {status})."),
        say("Nothing to do: it is asked again, less and less often."),
        Kind.BROKEN,
    ),
    BAD_REQUEST: (
        say("{host} refuses the question (error {status})."),
        say("Open the source, check its settings, and press Test."),
        Kind.SETTINGS,
    ),
}
_REFUSALS[GONE] = _REFUSALS[NOT_FOUND]


def refused(url: str, status: int, *, retry_s: float = 0.0) -> NoAnswer:
    """Read a status that nobody asked for (RFC 9110, section 15)."""
    other = BROKEN if status >= BROKEN else BAD_REQUEST
    what, remedy, kind = _REFUSALS.get(status, _REFUSALS[other])
    told = msgspec.structs.replace(what, values={"host": host_of(url), "status": str(status)})
    return NoAnswer(told, remedy, kind=kind, status=status, retry_s=retry_s)


def no_json(reply: Reply) -> NoAnswer:
    """Say what came where JSON was asked for.

    >>> from quivive.vocabulary.messages import in_english, render
    >>> told = no_json(Reply(url="https://a.example/api?q=eau", body=b"<html>Sorry</html>"))
    >>> render(told.what, in_english)
    'https://a.example/api answers with a web page, not with what programs read.'
    """
    if _PAGE.match(reply.body[:_LOOKED_AT]):
        return web_page(reply.url)
    return broken_off(reply) if _is_cut(reply.body) else unreadable(reply)


def unreadable(reply: Reply) -> NoAnswer:
    """Say that an answer is not what it should be."""
    if not reply.body.strip() and not reply.parts:
        return _told(say("{address} answers with nothing at all.", address=_address(reply.url)))
    return _told(say("The answer of {address} cannot be read.", address=_address(reply.url)))


def broken_off(reply: Reply) -> NoAnswer:
    """Say that the end of an answer is missing."""
    address = _address(reply.url)
    return _told(say("The answer of {address} breaks off before its end.", address=address))


def web_page(url: str) -> NoAnswer:
    """Say that somebody answers people there, and no programs."""
    return NoAnswer(
        say(
            "{address} answers with a web page, not with what programs read.", address=_address(url)
        ),
        say("It may be under repair, and is asked again later. Should it last, check the address."),
        kind=Kind.UNREADABLE,
    )


def host_of(url: str) -> str:
    """Name the server of an address, for people."""
    try:
        return urlsplit(url).hostname or url[:80]
    except ValueError:
        return url[:80]


def _told(what: Message) -> NoAnswer:
    return NoAnswer(what, _LATER, kind=Kind.UNREADABLE)


def _address(url: str) -> str:
    """Leave out what was asked: it may be long, or somebody's name."""
    return url.partition("?")[0]


def _is_cut(body: bytes) -> bool:
    """Tell JSON that ends too early from what is none, and from nothing.

    >>> _is_cut(b'{"posts": [{"id"'), _is_cut(b"Sorry"), _is_cut(b'{"posts": 3}'), _is_cut(b" ")
    (True, False, False, False)
    """
    try:
        msgspec.json.decode(body)
    except msgspec.DecodeError as trouble:
        return "truncated" in str(trouble) and bool(body.strip())
    except (RecursionError, UnicodeDecodeError):
        return False
    return False
