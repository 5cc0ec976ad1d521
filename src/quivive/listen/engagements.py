"""What others do with a post: likes, reposts, replies and quotes, as a live stream tells them.

A stream that tells each of them, and each that is taken back, lets posts be counted as they are
answered, without asking the network again.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from quivive.vocabulary.posts import Post


class Kind(StrEnum):
    """What was done, by the name of the counter of a post that tells of it."""

    LIKE = "likes"
    REPOST = "reposts"
    REPLY = "replies"
    QUOTE = "quotes"


class Engagement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that somebody did with a post.

    Attributes:
        id: its own permanent address, under which it is taken back.
        post: the address of the post.
    """

    id: str
    post: str
    kind: Kind


def engagements_of(post: Post) -> Iterator[Engagement]:
    """Tell what a post does with others: it may answer one and quote another.

    >>> from datetime import UTC, datetime
    >>> from quivive.vocabulary.accounts import Account
    >>> answer = Post(
    ...     id="at://ben/1", network="bluesky", published=datetime(2026, 3, 9, tzinfo=UTC),
    ...     attributed_to=Account(id="ben"), content="Yes", in_reply_to="at://ana/1",
    ... )
    >>> [(one.kind.value, one.post) for one in engagements_of(answer)]
    [('replies', 'at://ana/1')]
    """
    for kind, other in (
        (Kind.REPOST, post.repost_of),
        (Kind.REPLY, post.in_reply_to),
        (Kind.QUOTE, post.quote_of),
    ):
        if other:
            yield Engagement(id=post.id, post=other, kind=kind)
