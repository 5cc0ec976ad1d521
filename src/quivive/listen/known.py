"""What the room knows beside a post when a query is read on it."""

from collections.abc import Mapping
from datetime import UTC, tzinfo

import msgspec


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the organisation told the room.

    Attributes:
        panels: accounts to listen to (press, elected people …), handles or ids by panel.
        agencies: places each agency looks after, as posts name them.
        zone: of the clock on the wall, for ``since:``, ``until:`` and ``hour:``.
    """

    panels: Mapping[str, tuple[str, ...]] = {}
    agencies: Mapping[str, tuple[str, ...]] = {}
    zone: tzinfo = UTC


NOTHING_KNOWN = Known()


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a stored post; only searches among stored posts may ask for it.

    Attributes:
        claims: what is being said, in the words of the claim.
        stances: ``relays``, ``denies`` or ``asks``.
        velocity_per_hour: reposts and replies an hour; None when it was read only once.
        botlike: the account bears indications of automation; None when nobody looked.
    """

    status: str = ""
    assigned: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    priority: str = ""
    claims: tuple[str, ...] = ()
    stances: tuple[str, ...] = ()
    crises: tuple[str, ...] = ()
    velocity_per_hour: float | None = None
    botlike: bool | None = None


NOT_STORED = Stored()
