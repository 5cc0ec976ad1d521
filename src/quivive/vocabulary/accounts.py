"""Who speaks: an account on a network, as the network showed it when the post was read."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, TypeAlias

import msgspec

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""How many; checked when read. What is larger is an id or damage, and databases refuse it."""

PermanentId: TypeAlias = Annotated[str, msgspec.Meta(min_length=1)]
"""An address that a network never gives to something else; never empty."""


UNTOLD = "unknown"
"""Id of the author of a post whose file does not tell who wrote it."""


class Account(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One account, in the words of ActivityStreams actors.

    Attributes:
        id: the permanent address the network gives the account.
        handle: the name people type, without ``@``.
        followers: audience when the post was read, in accounts; None when not told.
        following: accounts it follows; None when not told.
        posts: posts it has written; None when not told.
        created: the day the account was opened; None when not told.
        summary: what it says of itself.
        location: where it says it is, in its own words.
    """

    id: PermanentId
    handle: str | None = None
    name: str | None = None
    followers: Count | None = None
    following: Count | None = None
    posts: Count | None = None
    created: date | None = None
    verified: bool | None = None
    has_avatar: bool | None = None
    summary: str | None = None
    location: str | None = None

    def goes_by(self, names: Collection[str]) -> bool:
        """Tell whether this is one of the accounts named, by id or handle, in small letters."""
        return self.id.lower() in names or (self.handle or "").lower() in names

    @property
    def is_told(self) -> bool:
        """Whether we know who this is: posts of untold authors are not one person's."""
        return self.id != UNTOLD
