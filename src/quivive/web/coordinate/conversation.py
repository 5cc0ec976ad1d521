"""Puts posts of a stream in the order people read them: by conversation, or by who needs help."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from quivive.respond.asking import Urgency, urgency

DEEPEST = 3
"""Replies further down are shown at this depth: a phone has no room for more."""


class Said(Protocol):
    """What is needed of a stored post."""

    uid: str
    in_reply_to: str
    content: str
    own: bool
    published: datetime

    @property
    def plea(self) -> float:
        """Return the share with which it reads like a cry for help."""


Post = TypeVar("Post", bound=Said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One post of the stream.

    Attributes:
        depth: how far it is indented under the post it answers; 0 when that is not shown.
        urgency: how soon somebody should answer.  answered: one of our posts replies to it.
    """

    uid: str
    depth: int
    urgency: Urgency
    answered: bool


def rows_of(posts: Iterable[Said], answered: Collection[str]) -> list[Row]:
    """Judge each post on its own words; our own posts ask for nothing."""
    return [
        Row(
            uid=post.uid,
            depth=0,
            urgency=Urgency.NONE if post.own else urgency(post.content, plea=post.plea),
            answered=post.uid in answered,
        )
        for post in posts
    ]


def helped_first(posts: Sequence[Post], answered: Collection[str]) -> list[Post]:
    """Order by need, then by waiting time; what we answered comes last (R-52, not by followers)."""
    need = {row.uid: row.urgency for row in rows_of(posts, answered)}
    return sorted(posts, key=lambda post: (post.uid in answered, -need[post.uid], post.published))


def threaded(posts: Sequence[Said]) -> list[tuple[str, int]]:
    """Return ids with their depth: each reply under what it answers, when that is shown too.

    Conversations keep the order in which they first come up; replies follow in order of time.
    """
    shown = {post.uid for post in posts}
    under: dict[str, list[str]] = {}
    for post in sorted(posts, key=lambda one: one.published):
        if post.in_reply_to in shown and post.in_reply_to != post.uid:
            under.setdefault(post.in_reply_to, []).append(post.uid)
    nested = {uid for replies in under.values() for uid in replies}
    placed: dict[str, int] = {}
    for post in posts:
        if post.uid not in nested:
            _place(post.uid, under, placed)
    for post in posts:  # replies that answer each other in a ring have no beginning
        _place(post.uid, under, placed)
    return list(placed.items())


def _place(root: str, under: dict[str, list[str]], placed: dict[str, int]) -> None:
    todo = [(root, 0)]
    while todo:
        uid, depth = todo.pop()
        if uid in placed:
            continue
        placed[uid] = min(depth, DEEPEST)
        todo += [(reply, depth + 1) for reply in reversed(under.get(uid, []))]
