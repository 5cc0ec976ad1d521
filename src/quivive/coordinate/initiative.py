"""Who leads the conversation: our updates that came before anybody asked (R-45).

It is counted from what was published, never from intentions: an update was asked for when it
replies to somebody, or when somebody had asked since our last word.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec


class Update(msgspec.Struct, frozen=True):
    """One public word of ours; ``replies`` when it answers somebody's post."""

    at: datetime
    replies: bool = False


class Initiative(msgspec.Struct, frozen=True, kw_only=True):
    """How many of our updates were our own idea.

    Attributes:
        updates: public words of ours since the onset.
        spontaneous: those that came before anybody asked.
    """

    updates: int
    spontaneous: int

    @property
    def rate(self) -> float | None:
        """Share of updates nobody had to ask for; None before the first."""
        return self.spontaneous / self.updates if self.updates else None


def initiative(
    updates: Iterable[Update], questions: Sequence[datetime], *, since: datetime
) -> Initiative:
    """Count our updates and those that came before anybody asked.

    Args:
        updates: ours since the onset, any order.
        questions: when people asked, any order.
        since: the onset.

    >>> from datetime import UTC
    >>> at = [datetime(2026, 3, 1, hour, tzinfo=UTC) for hour in range(9, 16)]
    >>> ours = [Update(at[1]), Update(at[3]), Update(at[4]), Update(at[5], replies=True)]
    >>> initiative(ours, [at[2]], since=at[0]).rate
    0.5
    """
    asked = sorted(questions)
    last, spontaneous, count = since, 0, 0
    for one in sorted(updates, key=lambda update: update.at):
        count += 1
        waited = any(last <= moment < one.at for moment in asked)
        spontaneous += not one.replies and not waited
        last = one.at
    return Initiative(updates=count, spontaneous=spontaneous)
