"""What people read when a server could not be asked, or sends what we do not take."""

import socket
import ssl
import unicodedata
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

import httpx

from quivive.listen.unreadable import host_of
from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import Kind, NoAnswer
from quivive.wire.targets import InsideRefused


def no_answer(url: str, error: BaseException) -> NoAnswer:
    """Read why a connection failed."""
    host = host_of(url)
    if any(isinstance(one, InsideRefused) for one in _chain(error)):
        return NoAnswer(
            say(
                "{host} leads into this machine or its own network, so it was not asked.", host=host
            ),
            say("Use a public address; or allow your own network as the page on sources says."),
            kind=Kind.UNSAFE,
        )
    doubted = any(isinstance(one, ssl.SSLCertVerificationError) for one in _chain(error))
    if doubted or "CERTIFICATE" in str(error).upper():
        return NoAnswer(
            say("{host} does not prove who it is: its certificate is not valid.", host=host),
            say("Check the address. If it is right, its owner has to renew the certificate."),
            kind=Kind.UNSAFE,
        )
    if any(isinstance(one, ssl.SSLError) for one in _chain(error)):
        return NoAnswer(
            say("{host} answers there without the encryption that we ask for (TLS).", host=host),
            say("Check the address and its port; ask whoever runs it which one is encrypted."),
            kind=Kind.UNSAFE,
        )
    if any(_is_unknown(one) for one in _chain(error)):
        return NoAnswer(
            say("Nothing is found under the name {host}.", host=host),
            say("Check how it is written, and that this machine reaches the internet."),
            kind=Kind.UNREACHABLE,
        )
    return NoAnswer(
        say("{host} does not answer.", host=host),
        say("Nothing to do: it is asked again, less and less often."),
        kind=Kind.UNREACHABLE,
    )


def too_large(url: str, largest_bytes: int) -> NoAnswer:
    """Say that a reply was larger than agreed."""
    size = largest_bytes // 1_000_000
    return NoAnswer(
        say(
            "{host} sends more than {size} MB, so we stopped reading.", host=host_of(url), size=size
        ),
        say("Check that this is the address of a feed or page, not of a file to download."),
        kind=Kind.SETTINGS,
    )


def packed(url: str) -> NoAnswer:
    """Say that a reply is packed in a way nobody asked for."""
    return NoAnswer(
        say("{host} packs its answer in a way we did not ask for.", host=host_of(url)),
        say("Tell the site’s owner; there is nothing to set here."),
        kind=Kind.UNREADABLE,
    )


def astray(url: str) -> NoAnswer:
    """Say that redirects lead nowhere."""
    return NoAnswer(
        say("{host} sends us from one address to another without end.", host=host_of(url)),
        say("Open the address in a browser and copy the one where it ends."),
        kind=Kind.SETTINGS,
    )


def odd_key(url: str, error: UnicodeEncodeError) -> NoAnswer:
    """Say that a key holds a sign no header can carry: one comes along when people copy it."""
    sign = error.object[error.start]
    return NoAnswer(
        say(
            "A key for {host} holds a sign that no key has: {sign}.",
            host=host_of(url),
            sign=unicodedata.name(sign, f"U+{ord(sign):04X}"),
        ),
        say("Copy the key again, with nothing before or after it, and press Test."),
        kind=Kind.SETTINGS,
    )


def check_address(url: str, schemes: Collection[str]) -> None:
    """Look whether an address can be asked at all, before libraries stumble over it.

    Raises:
        NoAnswer: it cannot.
    """
    try:
        address = httpx.URL(url)
        asked = address.scheme in schemes and bool(address.host) and urlsplit(url).port != 0
        if asked:  # refuses what no name server knows, as a label that is too long
            address.raw_host.decode().encode("idna")
    except (ValueError, httpx.InvalidURL):
        asked = False
    if not asked:
        raise no_address(url)


def no_address(url: str) -> NoAnswer:
    """Say that this is no address of the web."""
    return NoAnswer(
        say("“{address}” is no address of the web.", address=url[:80]),
        say("An address begins with https:// followed by the site’s name."),
        kind=Kind.SETTINGS,
    )


def _is_unknown(error: BaseException) -> bool:
    return isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what lies below it, whatever libraries made of it."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        waiting += one.exceptions if isinstance(one, BaseExceptionGroup) else ()
