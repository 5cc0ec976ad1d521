"""The two shapes of a source: questions and answers, or frames in and posts out.

A plug-in (one file in ``listen/sources``) says what to ask and how to read the answer. The host
carries it: retries, limits, address checks, secrets, the cursor saved with its posts. A plug-in
never waits, never looks at a clock and never opens a connection, so a test drives it with values.
"""

import re
from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec

from quivive.listen.dates import moment
from quivive.listen.engagements import Engagement
from quivive.listen.records import SURPRISES, Deletion, Found, Record, storable
from quivive.listen.unreadable import no_json
from quivive.vocabulary.capabilities import Capabilities
from quivive.vocabulary.errors import BadRecord, Trouble
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.posts import Post
from quivive.vocabulary.requests import NoAnswer, Reply, Request

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

UNAUTHORISED = 401


class Ask(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the settings page asks for one field; goes into ``Annotated[...]`` with :func:`asks`.

    Attributes:
        secret: encrypted at rest, and never shown again.
        choices: the only answers, each with its name; empty for a free answer.
        example: shown in the empty field.
    """

    label: Message
    hint: Message | None = None
    secret: bool = False
    choices: dict[str, Message] = {}
    example: str = ""


def asks(
    label: Message,
    hint: Message | None = None,
    *,
    secret: bool = False,
    choices: Mapping[str, Message] | None = None,
    example: str = "",
) -> msgspec.Meta:
    """Say how a field of settings is asked for.

    The field's type does the rest: ``str``, ``int``, ``float``, ``bool`` or ``tuple[str, ...]``
    (one a line). A field without a default must be filled in.
    """
    ask = Ask(label=label, hint=hint, secret=secret, choices=dict(choices or {}), example=example)
    return msgspec.Meta(extra={"ask": ask})


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One field of settings: what the settings page needs to ask for it.

    Attributes:
        kind: its type as msgspec tells it (``msgspec.inspect.IntType`` …), with its bounds.
        default: ``msgspec.NODEFAULT`` when it must be filled in.
    """

    name: str
    ask: Ask
    kind: Any
    default: Any


def questions(settings: type[msgspec.Struct]) -> list[Question]:
    """Return the questions of a settings struct, in order."""
    told = msgspec.inspect.type_info(settings)
    assert isinstance(told, msgspec.inspect.StructType)
    return [
        Question(name=one.name, ask=_ask(one.type), kind=_bare(one.type), default=one.default)
        for one in told.fields
    ]


def _ask(kind: Any) -> Ask:
    ask: Ask = kind.extra["ask"]
    return ask


def _bare(kind: Any) -> Any:
    while isinstance(kind, msgspec.inspect.Metadata):
        kind = kind.type
    return kind


class Search(msgspec.Struct, frozen=True, gc=False):
    """One search in the words of the network, made from a topic's query."""

    topic: str
    text: str


class Fate(StrEnum):
    """What became of a file of posts that a source handed over."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """A file of posts, to be imported as if a person had dropped it on the page of imports.

    Attributes:
        mapping: name of the saved mapping that reads it; empty lets its form be found.
    """

    name: str
    body: bytes
    mapping: str = ""


class Asked(msgspec.Struct, Generic[S], frozen=True, kw_only=True):
    """What a source is asked in one turn.

    Attributes:
        cursor: what the last :class:`Page` gave, empty on the first turn.
        session: what the last page asked to be remembered; empty after a restart.
        searches: what to look for, for sources that search; others bring all they have.
        quota: the meter as the last page showed it, also after the settings were changed.
        fates: of files it handed over, by the SHA-256 of what they hold.
        followed: addresses of posts of this network that are kept, newest first, for sources that
            ``follow`` what they brought.
        trial: a person presses Test: where one pays for what is read, little is enough.
        now: the moment of this turn.
    """

    settings: S
    now: datetime
    cursor: str = ""
    session: str = ""
    searches: tuple[Search, ...] = ()
    quota: "Quota | None" = None
    fates: Mapping[str, Fate] = {}
    followed: tuple[str, ...] = ()
    trial: bool = False


class Quota(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is left of what the network allows.

    Attributes:
        unit: what is counted, e.g. requests.  resets_at: when it is full again; None if unknown.
    """

    unit: Message
    used: float
    limit: float
    resets_at: datetime | None = None

    def used_at(self, now: datetime) -> float:
        """Return what is used at a moment: nothing, once the quota is full again."""
        return 0.0 if self.resets_at and self.resets_at <= now else self.used

    def beside(self, before: "Quota | None", stored: "Quota | None", now: datetime) -> "Quota":
        """Return the meter with what others spent meanwhile.

        Args:
            before: the meter this one went on from.
            stored: the meter as it stands now.
        """
        known = before.used_at(now) if before else 0.0
        others = max(0.0, (stored.used_at(now) if stored else 0.0) - known)
        return msgspec.structs.replace(self, used=round(self.used + others, 4))


class Page(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one turn gave; the host keeps posts and cursor together or not at all.

    Attributes:
        posts: in any order; known ones may come again.
        deletions: what people took back: posts, and what they had done with others' posts.
        engagements: what people did with posts, kept or not; known ones may come again.
        cursor: from where the next turn goes on.
        session: remembered in memory alone, never in a row: what signing in gave.
        more: there is more to read at once.
        unread: what is wrong with records that are no posts; they stop nothing.
        notes: what could not be seen this time, e.g. results beyond a ceiling.
        troubles: places that did not answer, when others did.
        ends: of a stream: hang up, for what may be spent is spent.
        files: to be imported, each content once however often it comes.
        again: kept posts as they are now; no new voices.
        around: posts that answer followed ones: kept with them, though they may speak of no topic.
    """

    posts: tuple[Post, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    cursor: str = ""
    session: str = ""
    more: bool = False
    quota: Quota | None = None
    unread: tuple[BadRecord, ...] = ()
    notes: tuple[Message, ...] = ()
    troubles: tuple[NoAnswer, ...] = ()
    ends: bool = False
    files: tuple[Brought, ...] = ()
    again: tuple[Post, ...] = ()
    around: tuple[Post, ...] = ()


Exchange: TypeAlias = Generator[Request, Reply, Page]
"""Requests out, replies in, a page at the end: ``reply = yield Request(url=…)``."""


class Subscription(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a stream is heard: ``wss://`` for WebSocket, ``https://`` for server-sent events.

    Attributes:
        silence_s: seconds without a frame after which the connection is taken for dead.
        begins: the cursor to keep as soon as the connection is made, when there is none yet, so
            that nothing said from then on is lost, whatever happens before the first frame.
        lines: each line is a message of its own, an empty one a sign of life; else an
            ``https://`` address speaks in server-sent events.
    """

    url: str
    headers: dict[str, str] = {}
    silence_s: float = 90.0
    begins: str = ""
    lines: bool = False


OPENED = "open"
"""The event of the first frame of every connection: it holds nothing, and says that we hear."""


class Frame(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One message of a stream.

    Attributes:
        event, id: of server-sent events; empty for WebSocket.
        at: when it came.
    """

    data: bytes
    at: datetime
    event: str = ""
    id: str = ""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What another machine sent to the address of a source.

    Attributes:
        headers: names in small letters.  at: when it came.
    """

    method: str
    at: datetime
    params: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: bytes = b""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What a call gave.

    Attributes:
        key: tells this call from every other; a second one with the same key is refused.
        answer: sent back as it is, where the network wants words of its own; else the host tells
            what was kept.
    """

    page: Page
    key: str
    answer: bytes = b""


class CallRefused(Trouble):
    """A call that is not believed, or cannot be read; nothing of it is kept.

    Attributes:
        status: of HTTP (RFC 9110).
    """

    def __init__(self, what: Message, remedy: Message, *, status: int) -> None:
        """Remember what to answer."""
        super().__init__(what, remedy)
        self.status = status


def not_believed() -> CallRefused:
    """Tell a stranger no more: a source that is not there and a wrong signature sound alike."""
    return CallRefused(
        say("Nobody listens at this address, or the signature does not fit."),
        say(
            "Copy the address from the source's page, check that it is not paused, and sign as "
            "that page shows."
        ),
        status=UNAUTHORISED,
    )


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a plug-in file declares as ``SOURCE``: one that asks, a stream, or one that is called.

    Attributes:
        kind: short and stable; what rows keep.
        network: as posts name it, e.g. ``bluesky``.
        title, help: what the settings page says; ``help`` what one needs and how to get it.
        cost: what it costs, in money or in effort.
        blind_spots: what this source never sees, said in every report.
        settings: a struct whose fields are made with :func:`asks`.
        capabilities: what its search can say.
        every_s: seconds between two turns; a field ``every_min`` of the settings wins.
        collect: of a pull source.
        prepare: of a stream: what is asked before each connection, if anything.
        subscribe, take: of a stream. ``take`` reads one frame; an empty cursor keeps the last.
        receive: of a source that is called; ``example`` makes a call that it accepts.
        follows: it reads kept posts again: what is answered, how often they are passed on, whether
            they are still there.
        press: what it brings is press, and flagged so.
        people: what it brings was brought by a person.
    """

    kind: str
    network: str
    title: Message
    help: Message
    cost: Message
    blind_spots: tuple[Message, ...]
    settings: type[msgspec.Struct]
    capabilities: Capabilities = Capabilities()
    every_s: int = 300
    collect: Callable[[Asked[Any]], Exchange] | None = None
    prepare: Callable[[Asked[Any]], Exchange] | None = None
    subscribe: Callable[[Asked[Any]], Subscription] | None = None
    take: Callable[[Asked[Any], Frame], Page] | None = None
    receive: Callable[[Asked[Any], Call], Taken] | None = None
    example: Callable[[Asked[Any]], Call] | None = None
    follows: bool = False
    press: bool = False
    people: bool = False

    @property
    def is_stream(self) -> bool:
        """Tell the two shapes apart."""
        return self.take is not None

    @property
    def is_called(self) -> bool:
        """Tell whether others call it: then nobody has to ask."""
        return self.receive is not None


def as_json(reply: Reply, kind: type[T]) -> T:
    """Read a reply's JSON into a type; what is odd in one record costs no other.

    Raises:
        NoAnswer: cut short, or of another shape.
    """
    try:
        try:
            return msgspec.json.decode(reply.body, type=kind, strict=False)
        except msgspec.DecodeError:
            told = msgspec.json.decode(_HALF.sub(_UNKNOWN, reply.body))
            return msgspec.convert(_without_nothings(told), kind, strict=False)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as trouble:
        raise no_json(reply) from trouble


_HALF = re.compile(rb"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]..")
"""Half of a character outside Unicode's first plane: networks that cut texts leave some behind."""

_UNKNOWN = rb"\\ufffd"


def _without_nothings(told: Any) -> Any:
    """Leave out of lists of objects what is none: there is nothing to read in it."""
    if isinstance(told, dict):
        return {name: _without_nothings(one) for name, one in told.items()}
    if isinstance(told, list):
        records = [_without_nothings(one) for one in told if isinstance(one, dict)]
        return records or [_without_nothings(one) for one in told]
    return told


def read_cursor(text: str, kind: type[T]) -> T | None:
    """Read a cursor that :func:`write_cursor` wrote; None for the first turn or a damaged one.

    >>> read_cursor(write_cursor({"a": 1}), dict)
    {'a': 1}
    """
    try:
        return msgspec.json.decode(text, type=kind) if text else None
    except (msgspec.DecodeError, UnicodeError):
        return None


def write_cursor(value: object) -> str:
    """Write a cursor: any value msgspec knows."""
    return msgspec.json.encode(value).decode()


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What some records held: the parts of a page."""

    posts: tuple[Post, ...]
    deletions: tuple[Deletion, ...]
    unread: tuple[BadRecord, ...]


def soundly_dated(record: Record, name: str, now: datetime) -> Record:
    """Give a record a date one can believe: a post with a forged or broken one is still heard."""
    try:
        moment(record.get(name), field=name)
    except BadRecord:
        return {**record, name: now.isoformat()}
    return record


def read_each(
    records: "list[Record] | tuple[Record, ...]", posts: Callable[[Record], tuple[Found, ...]]
) -> Read:
    """Read records one by one: a bad one is told, and costs only itself."""
    found: list[Found] = []
    unread: list[BadRecord] = []
    for record in records:
        try:
            found.extend(posts(record))
        except BadRecord as trouble:
            unread.append(trouble)
        except SURPRISES as trouble:
            unread.append(_surprise(trouble))
    return Read(
        posts=tuple(one for one in found if isinstance(one, Post)),
        deletions=tuple(storable(one) for one in found if isinstance(one, Deletion)),
        unread=tuple(unread),
    )


def _surprise(trouble: Exception) -> BadRecord:
    return BadRecord(
        say("The record cannot be read: {reason}.", reason=str(trouble)[:200]),
        say("Please report it: the network may have changed how it writes."),
    )
