"""Reads letters of a mailbox over IMAP (RFC 9051), encrypted, and changes nothing there.

A mailbox is asked as ``imaps://user@host:port/INBOX``; port 143 means STARTTLS. The reply's parts
are whole letters, named by their number (UID) and in that order.
"""

import imaplib
import re
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from quivive.listen.unreadable import BAD_KEY, refused
from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import Kind, NoAnswer, Part, Reply, Request
from quivive.wire import refusals
from quivive.wire.targets import InsideTarget, stay_outside

LETTERS = 50
"""Letters a reply holds at most; ``more`` in its headers tells that others wait."""

PATIENCE_S = 20.0
IMAPS_PORT, STARTTLS_PORT = 993, 143

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_SPEAKABLE = re.compile(r"[^\x00-\x1f\x7f\"\\]+")


def read_mailbox(request: Request, *, local_allowed: bool) -> Reply:
    """Return the letters after the one named, oldest first; for a thread of its own.

    Args:
        request: ``params`` hold ``after``, the number of the last letter known, and ``validity``,
            the mailbox's mark at that time: when it changed, numbers begin anew. With ``sign-in``
            ``XOAUTH2`` the secret is an access token.

    Raises:
        NoAnswer: with what a person may do about it.
    """
    try:
        if local_allowed:
            return _read(request)
        with stay_outside():
            return _read(request)
    except (InsideTarget, imaplib.IMAP4.error, OSError, EOFError, ValueError) as trouble:
        raise refusals.no_answer(request.url, trouble) from trouble


def _read(request: Request) -> Reply:
    address = urlsplit(request.url)
    box = _connected(address.hostname or "", address.port or IMAPS_PORT)
    try:
        _sign_in(box, unquote(address.username or ""), request)
        folder = unquote(address.path.strip("/")) or "INBOX"
        validity = _opened(box, folder, request)
        after = int(request.params.get("after") or 0)
        if request.params.get("validity") not in {None, "", validity}:
            after = 0
        numbers = [one for one in _numbers(box, after) if one > after]
        parts = [_letter(box, number, request.largest_bytes) for number in numbers[:LETTERS]]
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            box.logout()
    return Reply(
        url=request.url,
        parts=tuple(part for part in parts if part),
        headers={
            "validity": validity,
            "last": str(numbers[:LETTERS][-1] if numbers else after),
            "more": "1" if len(numbers) > LETTERS else "",
            "too-large": str(parts.count(None) or ""),
        },
        at=datetime.now(UTC),
    )


def _connected(host: str, port: int) -> imaplib.IMAP4:
    safe = ssl.create_default_context()
    if port == STARTTLS_PORT:
        box = imaplib.IMAP4(host, port, timeout=PATIENCE_S)
        try:
            box.starttls(safe)
        except imaplib.IMAP4.error as trouble:  # it knows no encryption
            raise ssl.SSLError(str(trouble)) from trouble
        return box
    return imaplib.IMAP4_SSL(host, port, ssl_context=safe, timeout=PATIENCE_S)


def _sign_in(box: imaplib.IMAP4, user: str, request: Request) -> None:
    """Give name and password; as SASL where the server knows it, because it takes any letter."""
    try:
        if request.params.get("sign-in") == "XOAUTH2":
            _show_token(box, user, request.secret)
        elif "AUTH=PLAIN" in box.capabilities:
            told = f"\0{user}\0{request.secret}".encode()
            box.authenticate("PLAIN", lambda _challenge: told)
        elif _SPEAKABLE.fullmatch(user) and _SPEAKABLE.fullmatch(request.secret):
            box.login(f'"{user}"', request.secret)
        else:
            raise refused(request.url, BAD_KEY)
    except (imaplib.IMAP4.abort, OSError):
        raise
    except imaplib.IMAP4.error as refusal:
        raise refused(request.url, BAD_KEY) from refusal


def _show_token(box: imaplib.IMAP4, user: str, token: str) -> None:
    """Sign in with an access token; a server that refuses it says why, and wants an empty word."""
    answers = iter([f"user={user}\1auth=Bearer {token}\1\1".encode()])
    box.authenticate("XOAUTH2", lambda _challenge: next(answers, b""))


def _opened(box: imaplib.IMAP4, folder: str, request: Request) -> str:
    """Open a folder to read only; returns its mark (UIDVALIDITY)."""
    status = "NO"
    if _SPEAKABLE.fullmatch(folder):
        status, _count = box.select(f'"{folder}"', readonly=True)
    if status != "OK":
        raise NoAnswer(
            say("The mailbox has no folder called {folder}.", folder=folder[:80]),
            say("Open the source and correct the name; the usual one is INBOX."),
            kind=Kind.NOT_FOUND,
        )
    told = box.response("UIDVALIDITY")[1]
    return told[0].decode() if told and isinstance(told[0], bytes) else ""


def _numbers(box: imaplib.IMAP4, after: int) -> list[int]:
    status, found = box.uid("SEARCH", "UID", f"{after + 1}:*")
    if status != "OK" or not found or not isinstance(found[0], bytes):
        return []
    return sorted(int(number) for number in found[0].split())


def _letter(box: imaplib.IMAP4, number: int, largest_bytes: int) -> Part | None:
    """Return a letter as it is; None for one that is too large, or was moved away meanwhile."""
    _status, told = box.uid("FETCH", str(number), "(RFC822.SIZE)")
    size = _SIZE.search(b" ".join(line for line in told if isinstance(line, bytes)))
    if size is None or int(size.group(1)) > largest_bytes:
        return None
    _status, found = box.uid("FETCH", str(number), "(BODY.PEEK[])")
    for piece in found:
        if isinstance(piece, tuple):
            return Part(name=str(number), body=piece[1], size=len(piece[1]))
    return None
