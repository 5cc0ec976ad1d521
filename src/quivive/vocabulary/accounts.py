"""Who speaks: an account on a network, as the network showed it when the post was read."""

from datetime import date

import msgspec


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
    """

    id: str
    handle: str | None = None
    name: str | None = None
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    created: date | None = None
    verified: bool | None = None
    has_avatar: bool | None = None
    summary: str | None = None
