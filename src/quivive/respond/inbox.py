"""How far a post that wants an answer is, what may happen to it, and by when it should."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

import msgspec

from quivive.respond.asking import Urgency
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import say


class Status(StrEnum):
    """How far it is."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    NO_REPLY = "no-reply"


LIVE = (Status.NEW, Status.OPEN, Status.WAITING)
"""Somebody still has something to do."""

LOCK = timedelta(minutes=10)
"""How long one person keeps others from answering the same post, unless they go on."""

PRESENCE = timedelta(seconds=45)
"""How long somebody counts as reading or typing after the last sign."""


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """What the organisation promises: minutes to a first reply, by urgency; hours to a solution."""

    danger_min: int = 15
    alone_min: int = 30
    need_min: int = 60
    question_min: int = 240
    press_min: int = 60
    addressed_min: int = 480
    solution_h: int = 48

    def first_reply_min(self, urgency: Urgency) -> int:
        """Return within how many minutes somebody should have answered."""
        return {
            Urgency.DANGER: self.danger_min,
            Urgency.ALONE: self.alone_min,
            Urgency.NEED: self.need_min,
            Urgency.QUESTION: self.question_min,
        }.get(urgency, self.addressed_min)


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """By when people should have a first reply, and a solution."""

    first_reply: datetime
    solution: datetime


def due(seen_at: datetime, urgency: Urgency, promise: Promise, *, press: bool = False) -> Due:
    """Return the two times of a promise; they run from when we could first know of the post.

    A journalist (``press``) prints without us what nobody answered within the hour.

    >>> from datetime import UTC
    >>> told = due(datetime(2026, 3, 1, 9, tzinfo=UTC), Urgency.NEED, Promise())
    >>> f"{told.first_reply:%H:%M}", f"{told.solution:%d}"
    ('10:00', '03')
    """
    minutes = promise.first_reply_min(urgency)
    return Due(
        first_reply=seen_at
        + timedelta(minutes=min(minutes, promise.press_min) if press else minutes),
        solution=seen_at + timedelta(hours=promise.solution_h),
    )


class Dialogue(msgspec.Struct, frozen=True, kw_only=True):
    """How public questions were answered (R-22).

    Attributes:
        asked: questions whose time for an answer is over, or that have one.
        answered: those with an answer.
        median_min: middle of the minutes to an answer; None without any.
    """

    asked: int
    answered: int
    median_min: float | None

    @property
    def rate(self) -> float | None:
        """Share of questions answered; None when nobody asked."""
        return self.answered / self.asked if self.asked else None

    @property
    def median_s(self) -> float | None:
        """The same middle in seconds."""
        return None if self.median_min is None else self.median_min * 60


def dialogue(waits: Sequence[timedelta | None]) -> Dialogue:
    """Sum up how long each question waited for its answer; None for one without.

    >>> told = dialogue([timedelta(minutes=10), timedelta(minutes=30), None, None])
    >>> told.rate, told.median_min
    (0.5, 20.0)
    """
    answered = [wait.total_seconds() / 60 for wait in waits if wait is not None]
    return Dialogue(
        asked=len(waits),
        answered=len(answered),
        median_min=median(answered) if answered else None,
    )


def check_move(to: Status, reason: str) -> None:
    """Refuse a decision not to answer that says no reason (field.md 5.4).

    Raises:
        NotAllowed: with what to do.
    """
    if to is Status.NO_REPLY and not reason.strip():
        raise NotAllowed(
            say("Not answering needs a reason."),
            say("Write in a few words why nobody answers; it is kept with the post."),
        )


def mentioned(text: str, people: Mapping[int, str]) -> list[int]:
    """Return who is named after an @: by the whole name, or by a first name only one person has.

    >>> mentioned("@ana petit, @Ben ?", {1: "Ana Petit", 2: "Ben Roy", 3: "Ana Roux"})
    [1, 2]
    >>> mentioned("@ana or mail@ben", {1: "Ana Petit", 2: "Ben Roy", 3: "Ana Roux"})
    []
    """
    plain = fold(text)
    names = {number: fold(name) for number, name in people.items() if name.strip()}
    firsts = [name.split()[0] for name in names.values()]
    return sorted(
        number
        for number, name in names.items()
        if _named(name, plain)
        or (firsts.count(name.split()[0]) == 1 and _named(name.split()[0], plain))
    )


def _named(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w@])@{re.escape(name)}(?!\w)", text) is not None
