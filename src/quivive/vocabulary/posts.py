"""What is said: one public message, in the words of ActivityStreams."""

from datetime import datetime
from typing import Annotated, TypeAlias

import msgspec

from quivive.vocabulary.accounts import Account, Count, PermanentId

Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time that knows its zone; UTC wherever we make it ourselves."""


class Post(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One public message.

    ``id`` is the permanent address the network gives the post, so that collecting the same post
    twice changes nothing. A pure repost carries ``repost_of`` and may have no words of its own.

    Attributes:
        published: when the network says it was written. Networks let people forge it.
        seen_at: when we first read it; None in files that do not tell.
        language: the tag the network gave (BCP 47), which is often wrong.
        likes, reposts, replies, quotes, views: counts when read; None when not told.
        title: of an article, a video or a thread; None where the network has none.
        kind: ``article``, ``review`` or ``comment``; None for what networks call a post.
        deleted_at: when its author took it back; its words must then be forgotten.
        brought: how a person brought it (``seen``, ``mailbox``, ``folder`` …); None for what was
            collected from its network.
    """

    id: PermanentId
    network: str
    published: Moment
    attributed_to: Account
    content: str
    language: str | None = None
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    in_reply_to: str | None = None
    repost_of: str | None = None
    quote_of: str | None = None
    conversation: str | None = None
    likes: Count | None = None
    reposts: Count | None = None
    replies: Count | None = None
    quotes: Count | None = None
    views: Count | None = None
    media: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    place: str | None = None
    url: str | None = None
    title: str | None = None
    kind: str | None = None
    deleted_at: Moment | None = None
    seen_at: Moment | None = None
    brought: str | None = None

    @property
    def heard_at(self) -> datetime:
        """When the room could first know of it: the clock of the flow, live and replayed."""
        return self.seen_at or self.published
