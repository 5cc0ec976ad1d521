"""What is asked of the outside and what came back: values that stages make and ``wire`` carries."""

from datetime import datetime
from enum import StrEnum

import msgspec

from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import Message

OK, NOT_CHANGED = 200, 304
"""Statuses of HTTP that plug-ins meet (RFC 9110)."""


class Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question to a server.

    Attributes:
        url: ``https://…``; ``http`` where a site has nothing better. A mailbox is
            ``imaps://user@host/INBOX``, a folder where people drop files ``folder:///name``.
        params: added to the address, in order, encoded by the carrier.
        body: sent as it is; its type belongs in ``headers``.
        secret: a password that never stands in an address, for schemes that need one.
        accepts: statuses that the plug-in reads itself; any other is raised as
            :class:`NoAnswer` where the plug-in asked.
        largest_bytes: the reply is refused beyond this size, unpacked.
    """

    url: str
    method: str = "GET"
    params: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: bytes = b""
    secret: str = ""
    accepts: tuple[int, ...] = (OK,)
    largest_bytes: int = 10_000_000


class Part(msgspec.Struct, frozen=True, gc=False):
    """One of several things a reply holds: a letter of a mailbox, a file of a folder.

    Attributes:
        size: bytes it has to hold: one that holds fewer was cut short.
    """

    name: str
    body: bytes
    size: int

    @property
    def is_whole(self) -> bool:
        """Tell whether all of it came."""
        return len(self.body) == self.size


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came back.

    Attributes:
        url: where it came from in the end, after redirects.
        headers: names in small letters.
        at: when it came.
    """

    status: int = OK
    url: str = ""
    headers: dict[str, str] = {}
    body: bytes = b""
    parts: tuple[Part, ...] = ()
    at: datetime | None = None


class Kind(StrEnum):
    """Why a server did not give what was asked; it decides what the host does next."""

    BAD_KEY = "bad-key"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    TOO_MANY = "too-many"
    BROKEN = "broken"
    UNREACHABLE = "unreachable"
    UNSAFE = "unsafe"
    UNREADABLE = "unreadable"
    SETTINGS = "settings"


NEEDS_A_PERSON = frozenset(
    {Kind.BAD_KEY, Kind.FORBIDDEN, Kind.NOT_FOUND, Kind.UNSAFE, Kind.SETTINGS}
)
"""Asking again alone will not help: it is tried again, but rarely."""


class NoAnswer(Trouble):
    """A question that was not answered as it should be.

    Attributes:
        kind: why.  retry_s: seconds the server asks us to wait, 0 when it does not say.
    """

    def __init__(
        self, what: Message, remedy: Message, *, kind: Kind, status: int = 0, retry_s: float = 0
    ) -> None:
        """Remember why, so that the host can decide when to ask again."""
        super().__init__(what, remedy)
        self.kind = kind
        self.status = status
        self.retry_s = retry_s
