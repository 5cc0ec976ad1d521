"""E-mails that people send or forward: whose words they hold, when written, what they say.

A forwarded letter counts as its author's, not as that of whoever forwards it. Attached letters
(RFC 2046, ``message/rfc822``) say all this themselves; forwarding inline leaves a block of
headers in the reader's language, which mail programs write in a dozen ways.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, tzinfo
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr, parsedate_to_datetime
from hashlib import sha256

import msgspec

from quivive.listen.markup import plain_text
from quivive.listen.records import SURPRISES

_OPENED = re.compile(r"(?i)<(head|style|script|title)\b|<!--")
_CLOSED = {
    "": re.compile("-->"),
    **{name: re.compile(rf"(?i)</{name}\s*>") for name in ("head", "style", "script", "title")},
}
_ANSWERED = re.compile(
    r"(?im)^[ \t]*(?:le .{5,120} a écrit|on .{5,120} wrote|am .{5,120} schrieb)\s?:\s*$"
)
_SIGNATURE = re.compile(r"(?m)^-- ?$")
_QUOTED = re.compile(r"(?m)^>.*\n?")
_PREFIX = re.compile(r"(?i)^(?:\s*(?:fwd?|tr|wg|re|aw)\s?:\s*)+")
_KEY = re.compile(
    r"(?i)^[ \t>*]*(from|de|date|sent|envoyé(?: le)?|subject|objet|sujet|to|à|pour|cc)"
    r"\*?[ \xa0]?:\*?\s*(.*)$"
)
_WHEN = re.compile(
    r"(?i)(?:(\d{1,2})(?:er)?\s+([a-zéû]{3,10})\.?,?|([a-zéû]{3,10})\.?\s+(\d{1,2}),?)\s+(\d{4})"
    r"\D{1,6}?(\d{1,2})[:h](\d{2})(?::\d{2})?\s*([ap]m)?"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan janv janvier january",
            "feb fév févr février february",
            "mar mars march",
            "apr avr avril april",
            "may mai",
            "jun juin june",
            "jul juil juillet july",
            "aug août august",
            "sep sept septembre september",
            "oct octobre october",
            "nov novembre november",
            "dec déc décembre december",
        ),
        start=1,
    )
    for name in names.split()
}
_SHORTEST_BLOCK = 2


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What a letter says.

    Attributes:
        key: the same for every copy of the letter.
        sender, name: address and name of whoever wrote the words; empty when not told.
        words: subject and text, without what they answer to and without signature.
        at: when they were written; None when no date can be read.
        carrier: address of whoever sent the letter to us.
        automatic: no person wrote it (RFC 3834).
    """

    key: str
    sender: str
    name: str
    words: str
    at: datetime | None
    carrier: str
    automatic: bool


def read_letter(raw: bytes) -> tuple[Letter, ...]:
    r"""Read a letter as it came: one value for the letter, or one for each letter attached to it.

    >>> raw = b"From: Ana <ana@a.example>\nSubject: Fwd: Froid\n\n12 rue du Port : 14 degres."
    >>> [letter] = read_letter(raw)
    >>> letter.name, letter.words
    ('Ana', 'Froid\n\n12 rue du Port : 14 degres.')
    """
    message = message_from_bytes(raw, policy=default)
    carrier = _address(message)[1]
    automatic = _header(message, "Auto-Submitted").strip().lower() not in {"", "no"}
    attached = [
        _direct(inner, inner.as_bytes(), carrier, automatic=automatic)
        for inner in _attached(message)
    ]
    if attached:
        return tuple(attached)
    return (_inline(message, raw, carrier, automatic=automatic),)


def _attached(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            for inner in part.iter_parts():
                if isinstance(inner, EmailMessage):
                    yield inner


def _inline(message: EmailMessage, raw: bytes, carrier: str, *, automatic: bool) -> Letter:
    direct = _direct(message, raw, carrier, automatic=automatic)
    found = _forwarded(_text(message))
    if found is None:
        return direct
    told, words = found
    name, sender = parseaddr(told.get("from", ""))
    zone = direct.at.tzinfo if direct.at else None
    at = _when(told.get("date", ""), zone) or direct.at
    return msgspec.structs.replace(
        direct,
        sender=sender if "@" in sender else "",
        name=name or told.get("from", "").partition("<")[0].strip(),
        words=_said(told.get("subject", ""), words),
        at=min(at, direct.at) if at and direct.at else at,
    )


def _direct(message: EmailMessage, raw: bytes, carrier: str, *, automatic: bool) -> Letter:
    name, sender = _address(message)
    named = _header(message, "Message-ID").strip() or raw.decode("utf-8", "replace")
    return Letter(
        key=sha256(named.encode("utf-8", "replace")).hexdigest()[:32],
        sender=sender,
        name=name,
        words=_said(_header(message, "Subject"), _text(message)),
        at=_date(_header(message, "Date")),
        carrier=carrier,
        automatic=automatic,
    )


def _header(message: EmailMessage, name: str) -> str:
    """Return a header as people read it; as it stands where the library trips over it.

    A sender that breaks off (``From: <``) is enough, and a letter is worth reading all the same.
    """
    try:
        return str(message.get(name, ""))
    except (*SURPRISES, UnboundLocalError):
        told = (str(value) for one, value in message.raw_items() if one.lower() == name.lower())
        return next(told).replace("\0", "")


def _address(message: EmailMessage) -> tuple[str, str]:
    name, address = parseaddr(_header(message, "From"))
    return name, address.lower()


def _date(told: str) -> datetime | None:
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        at = parsedate_to_datetime(told)
        return at if at.tzinfo else None
    return None


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        text = str(body.get_content())
    except (LookupError, UnicodeError, TypeError):  # an alphabet nobody knows
        payload = body.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if body.get_content_subtype() == "html":
        text = plain_text(_shown(text))
    return text.replace("\r\n", "\n")


def _shown(page: str) -> str:
    """Leave out what a page does not show; what is opened and never closed stays.

    >>> _shown("<style>p {}</style><p>Eau <!-- 1 -->froide <!-- 2")
    '<p>Eau froide <!-- 2'
    """
    parts: list[str] = []
    endless: set[str] = set()  # each is looked for in vain but once
    at = 0
    while found := _OPENED.search(page, at):
        name = (found[1] or "").lower()
        closed = None if name in endless else _CLOSED[name].search(page, found.end())
        if closed is None:
            endless.add(name)
        parts.append(page[at : found.start() if closed else found.end()])
        at = closed.end() if closed else found.end()
    return "".join([*parts, page[at:]])


def _said(subject: str, text: str) -> str:
    """Lay subject and words together; leave out what is answered to, and the signature."""
    text = _SIGNATURE.split(_ANSWERED.split(text)[0])[0]
    words = _QUOTED.sub("", text).strip()
    title = _PREFIX.sub("", " ".join(subject.split()))
    return "\n\n".join(part for part in (title, words) if part)


def _forwarded(text: str) -> tuple[dict[str, str], str] | None:
    """Find the block of headers that forwarding leaves; returns it with the words that follow."""
    told: dict[str, str] = {}
    lines = text.split("\n")
    for at, line in enumerate(lines):
        found = _KEY.match(line)
        if found:
            told.setdefault(_meaning(found.group(1)), found.group(2).strip())
        elif told and line.strip():
            if "from" in told and len(told) >= _SHORTEST_BLOCK:
                words = (part.removeprefix(">").removeprefix(" ") for part in lines[at:])
                return told, "\n".join(words)
            told = {}
    return None


def _meaning(key: str) -> str:
    match key.lower():
        case "from" | "de":
            return "from"
        case "subject" | "objet" | "sujet":
            return "subject"
        case "to" | "à" | "pour" | "cc":
            return "to"
    return "date"


def _when(told: str, zone: tzinfo | None) -> datetime | None:
    """Read a date as mail programs write it for people, in French or English."""
    if at := _date(told):
        return at
    found = _WHEN.search(told)
    if not found or zone is None:
        return None
    day, month = found.group(1) or found.group(4), found.group(2) or found.group(3)
    number = _MONTHS.get(month.lower().rstrip("."))
    hour = int(found.group(6)) % 12 if found.group(8) else int(found.group(6))
    hour += 12 if (found.group(8) or "").lower() == "pm" else 0
    with suppress(ValueError):
        if number:
            minute = int(found.group(7))
            return datetime(int(found.group(5)), number, int(day), hour, minute, tzinfo=zone)
    return None
