"""A mailbox people write or forward to: letters of tenants, alerts of a press service.

IMAP as in RFC 9051, letters as in RFC 5322, signing in without a password as in RFC 6749 (6) and
Google's and Microsoft's pages on XOAUTH2 (read 2026-11). The mailbox is read, never changed.
"""

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import quote, urlencode

import msgspec

from quivive.listen.letters import Letter, read_letter
from quivive.listen.records import FIRST_YEAR, LAST_YEAR, Found, Record, checked
from quivive.listen.sourcing import (
    Asked,
    Exchange,
    Page,
    Source,
    as_json,
    asks,
    read_cursor,
    read_each,
    write_cursor,
)
from quivive.listen.unreadable import unreadable
from quivive.vocabulary.accounts import UNTOLD, Account
from quivive.vocabulary.messages import Message, say, say_many
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import Kind, NoAnswer, Reply, Request

LETTER = "urn:quivive:letter:"
"""Every address of a post that came by e-mail begins with this."""


LARGEST_BYTES = 10_000_000
"""Of one letter: larger ones carry pictures and files, which are not read anyway."""


PASSWORD, GOOGLE, MICROSOFT = "password", "google", "microsoft"

TOKENS = {
    GOOGLE: ("https://oauth2.googleapis.com/token", "https://mail.google.com/"),
    MICROSOFT: (
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
    ),
}
"""Where a refresh token is changed for one that opens the mailbox, and what for."""

EARLY = timedelta(minutes=2)
"""A token that ends so soon is changed for a new one."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Which mailbox is read, and whose letters count."""

    server: Annotated[
        str,
        asks(
            say("IMAP server"),
            say("With its port when that is not 993. The connection is always encrypted."),
            example="imap.example.org",
        ),
    ]
    user: Annotated[str, asks(say("Account name"), example="listening@example.org")]
    sign_in: Annotated[
        str,
        asks(
            say("How one signs in"),
            choices={
                PASSWORD: say("With the password"),
                MICROSOFT: say("With Microsoft (OAuth)"),
                GOOGLE: say("With Google (OAuth)"),
            },
        ),
    ] = PASSWORD
    client: Annotated[
        str, asks(say("Client id"), say("Of your own application there; OAuth alone needs it."))
    ] = ""
    password: Annotated[
        str,
        asks(
            say("Password, or refresh token"),
            say(
                "Of a mailbox made for this alone; an app password where there is one. The refresh "
                "token where one signs in with Google or Microsoft."
            ),
            secret=True,
        ),
    ]
    client_secret: Annotated[
        str,
        asks(say("Client secret"), say("Where the application has one: Google’s do."), secret=True),
    ] = ""
    folder: Annotated[str, asks(say("Folder"))] = "INBOX"
    senders: Annotated[
        tuple[str, ...],
        asks(
            say("Whose letters count"),
            say("One a line: an address, or @ and a domain. Empty: everybody’s."),
            example="@example.org",
        ),
    ] = ()
    every_min: Annotated[int, asks(say("Minutes between two looks")), msgspec.Meta(ge=1)] = 2


class _Session(msgspec.Struct):
    """What signing in gave, kept in memory alone.

    Attributes:
        refresh: Microsoft gives a new one each time; the one that was pasted ends after 90 days.
    """

    token: str
    until: datetime
    refresh: str


class _Tokens(msgspec.Struct):
    access_token: str
    expires_in: int = 3600
    refresh_token: str = ""


class _Mark(msgspec.Struct, omit_defaults=True):
    validity: str = ""
    last: str = "0"


def _collect(asked: Asked[Settings]) -> Exchange:
    mark = read_cursor(asked.cursor, _Mark) or _Mark()
    session = yield from _signed_in(asked)
    reply = yield _request(asked.settings, mark, session)
    if not all(part.is_whole for part in reply.parts):
        raise unreadable(reply)
    wanted: list[Letter] = []

    def posts(record: Record) -> tuple[Found, ...]:
        letters = [one for one in read_letter(record["raw"]) if _counts(one, asked.settings)]
        wanted.extend(letters)
        return tuple(post_of_letter(letter, asked.now) for letter in letters)

    read = read_each([{"raw": part.body} for part in reply.parts], posts)
    after = _Mark(
        validity=reply.headers.get("validity", mark.validity),
        last=reply.headers.get("last", mark.last),
    )
    return Page(
        posts=read.posts,
        unread=read.unread,
        cursor=write_cursor(after),
        session=write_cursor(session) if session else "",
        more=bool(reply.headers.get("more")),
        notes=_notes(
            others=len(reply.parts) - len(wanted) - len(read.unread),
            too_large=int(reply.headers.get("too-large") or 0),
        ),
    )


def _signed_in(asked: Asked[Settings]) -> Generator[Request, Reply, _Session | None]:
    """Change the refresh token for one that opens the mailbox; None where a password does.

    Raises:
        NoAnswer: no application was named, or the provider does not take the token any more.
    """
    settings = asked.settings
    if settings.sign_in not in TOKENS:
        return None
    kept = read_cursor(asked.session, _Session)
    if kept and asked.now < kept.until - EARLY:
        return kept
    if not settings.client.strip():
        raise NoAnswer(
            say("Signing in without a password needs the client id of your application."),
            say("Open the source and fill it in; the page on what people bring says where from."),
            kind=Kind.SETTINGS,
        )
    refresh = kept.refresh if kept else settings.password
    try:
        reply = yield _exchange(settings, refresh)
    except NoAnswer as trouble:
        if trouble.status not in {400, 401}:
            raise
        raise NoAnswer(
            say("The mail provider does not take the refresh token any more."),
            say("Make a new one as the page on what people bring says, and paste it."),
            kind=Kind.BAD_KEY,
        ) from trouble
    given = as_json(reply, _Tokens)
    until = asked.now + timedelta(seconds=given.expires_in)
    return _Session(given.access_token, until, given.refresh_token or refresh)


def _exchange(settings: Settings, refresh: str) -> Request:
    address, scope = TOKENS[settings.sign_in]
    asked = {
        "grant_type": "refresh_token",
        "client_id": settings.client.strip(),
        "client_secret": settings.client_secret,
        "refresh_token": refresh,
        "scope": scope,
    }
    return Request(
        url=address,
        method="POST",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        body=urlencode({name: value for name, value in asked.items() if value}).encode(),
    )


def _request(settings: Settings, mark: _Mark, session: _Session | None) -> Request:
    return Request(
        url=f"imaps://{quote(settings.user, safe='')}@{_place(settings)}/{quote(settings.folder)}",
        secret=session.token if session else settings.password,
        params={
            "after": mark.last,
            "validity": mark.validity,
            **({"sign-in": "XOAUTH2"} if session else {}),
        },
        largest_bytes=LARGEST_BYTES,
    )


def _place(settings: Settings) -> str:
    """Return the server's name, with its port if told, of what people paste: ``imaps://name/``."""
    return settings.server.rpartition("://")[2].strip().rstrip("/")


def _counts(letter: Letter, settings: Settings) -> bool:
    """Tell whether a person we know of sent it. No machine's letter counts: it would echo ours."""
    known = [one.strip().lower() for one in settings.senders if one.strip()]
    trusted = any(
        letter.carrier.endswith(one) if one.startswith("@") else letter.carrier == one
        for one in known
    )
    return bool(letter.words) and not letter.automatic and (trusted or not known)


def post_of_letter(letter: Letter, now: datetime) -> Post:
    """Make a post of a letter; one without a date, or with none of this world, is of now."""
    at = letter.at
    sound = at is not None and FIRST_YEAR <= at.year <= LAST_YEAR
    return checked(
        Post(
            id=LETTER + letter.key,
            network="e-mail",
            published=min(at, now) if at is not None and sound else now,
            attributed_to=Account(
                id=f"mailto:{letter.sender}" if letter.sender else UNTOLD,
                handle=letter.sender or None,
                name=letter.name or None,
            ),
            content=letter.words,
        )
    )


def _notes(*, others: int, too_large: int) -> tuple[Message, ...]:
    notes: list[Message] = []
    if others > 0:
        notes.append(
            say_many(
                "{count} letter of a machine or of somebody else was left aside.",
                "{count} letters of machines or of others were left aside.",
                others,
            )
        )
    if too_large:
        notes.append(
            say_many(
                "{count} letter above 10 MB was not read.",
                "{count} letters above 10 MB were not read.",
                too_large,
            )
        )
    return tuple(notes)


SOURCE = Source(
    kind="mailbox",
    network="e-mail",
    title=say("E-mails people forward"),
    help=say(
        "A mailbox of its own, to which your team forwards what tenants, local groups and press "
        "services write. A forwarded letter counts as its author’s. The mailbox is only read."
    ),
    cost=say("Free with any mailbox that speaks IMAP."),
    blind_spots=(
        say("E-mails: only what somebody forwards is seen; pictures in letters are not read."),
        say("E-mails: a sender’s address can be forged; your mail server has to refuse forgeries."),
    ),
    settings=Settings,
    collect=_collect,
    every_s=120,
    people=True,
)
