"""What our Facebook page and our Instagram account share: both are asked of Meta's Graph API.

Edges and paging as in https://developers.facebook.com/docs/graph-api (read 2026-11).
"""

from collections.abc import Generator, Sequence
from typing import TypeVar

import msgspec

from quivive.listen.records import Record
from quivive.listen.sourcing import Page, Read, as_json
from quivive.listen.unreadable import BAD_KEY, BAD_REQUEST, FORBIDDEN, TOO_MANY, refused
from quivive.vocabulary.requests import OK, Kind, NoAnswer, Reply, Request

API = "https://graph.facebook.com/v23.0"

_MEANT = {
    **dict.fromkeys((102, 190), BAD_KEY),
    **dict.fromkeys((4, 17, 32, 341, 368, 613), TOO_MANY),
    10: FORBIDDEN,
}
_OF_PERMISSIONS = range(200, 300)

T = TypeVar("T")


class _Error(msgspec.Struct):
    code: int = 0


class _Refusal(msgspec.Struct):
    error: _Error


class _Paging(msgspec.Struct):
    cursors: dict[str, str] = {}
    next: str | None = None


class Edge(msgspec.Struct):
    """A page of things that hang on another: comments under a post, posts on a page."""

    data: list[Record]
    paging: _Paging = msgspec.field(default_factory=_Paging)

    @property
    def after(self) -> str:
        """Where the next page begins; empty on the last."""
        return self.paging.cursors.get("after", "") if self.paging.next else ""


def edge(token: str, path: str, **params: str) -> Generator[Request, Reply, Edge]:
    """Ask for one page of an edge."""
    reply = yield Request(
        url=f"{API}/{path}",
        params=params,
        headers={"Authorization": f"Bearer {token}"},
        accepts=(OK, BAD_REQUEST),
    )
    if reply.status == BAD_REQUEST:
        raise refused(reply.url, _meant(reply))
    return as_json(reply, Edge)


def _meant(reply: Reply) -> int:
    """Read what a refusal means: this API answers 400 to nearly all it does not like.

    Codes as in https://developers.facebook.com/docs/graph-api/guides/error-handling (2026-11).

    >>> _meant(Reply(body=b'{"error": {"code": 190, "message": "Session has expired"}}'))
    401
    """
    try:
        code = msgspec.json.decode(reply.body, type=_Refusal).error.code
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return BAD_REQUEST
    if code in _OF_PERMISSIONS:
        return FORBIDDEN
    return _MEANT.get(code, BAD_REQUEST)


def if_allowed(
    asking: Generator[Request, Reply, T], instead: T, troubles: list[NoAnswer]
) -> Generator[Request, Reply, T]:
    """Ask for what a token may be too weak for; the refusal is told, and stops nothing else."""
    try:
        return (yield from asking)
    except NoAnswer as trouble:
        if trouble.kind is not Kind.FORBIDDEN:
            raise
        troubles.append(trouble)
        return instead


def laid_together(reads: Sequence[Read], troubles: Sequence[NoAnswer], *, cursor: str = "") -> Page:
    """Make one page of all that was read: each post once, as it was read last."""
    return Page(
        posts=tuple({post.id: post for read in reads for post in read.posts}.values()),
        unread=tuple(bad for read in reads for bad in read.unread),
        cursor=cursor,
        troubles=tuple(troubles),
    )
