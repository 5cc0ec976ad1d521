"""The meter of a network that is paid by what one reads: it stops before the budget is exceeded."""

from datetime import datetime

import msgspec

from quivive.listen.sourcing import Quota
from quivive.vocabulary.messages import say
from quivive.vocabulary.requests import Kind, NoAnswer

RESERVE = 0.02
"""Share of the budget kept back: what is on its way when a stream is hung up is still billed."""


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """What is paid, in dollars.

    Attributes:
        post, author: for one that is read, those that come along included.
        month: what may be spent in a calendar month (UTC).
    """

    post: float
    author: float
    month: float


class Spent(msgspec.Struct, frozen=True):
    """Dollars spent this month."""

    dollars: float = 0.0

    def read(self, price: Price, *, posts: int, authors: int) -> "Spent":
        """Add what an answer cost."""
        return Spent(self.dollars + posts * price.post + authors * price.author)


def spent(meter: Quota | None, *, now: datetime) -> Spent:
    """Return what the meter shows: nothing on the first turn of a month."""
    return Spent(meter.used_at(now) if meter else 0.0)


def affordable(so_far: Spent, price: Price) -> int:
    """Return how many posts may still be read, each with its author and a quoted post with its own.

    >>> affordable(Spent(4.0), Price(post=0.005, author=0.01, month=10.0))
    193
    """
    left = price.month * (1 - RESERVE) - so_far.dollars
    return max(0, int(left / (2 * price.post + 2 * price.author)))


def meter(so_far: Spent, price: Price, *, now: datetime) -> Quota:
    """Return the meter that people see."""
    return Quota(
        unit=say("dollars this month"),
        used=round(so_far.dollars, 4),
        limit=price.month,
        resets_at=next_month(now),
    )


def used_up(price: Price, *, now: datetime) -> NoAnswer:
    """Say that nothing may be read before the month is over; the source sleeps, and tells so."""
    return NoAnswer(
        say("The budget of ${budget} a month is used up.", budget=price.month),
        say("Reading goes on with the new month, or at once when you raise the budget."),
        kind=Kind.TOO_MANY,
        retry_s=min((next_month(now) - now).total_seconds(), 86_400.0),
    )


def next_month(now: datetime) -> datetime:
    """Return the moment the next month begins.

    >>> next_month(datetime(2026, 12, 24, 18, 0)).isoformat()
    '2027-01-01T00:00:00'
    """
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if first.month == 12:  # noqa: PLR2004 - December
        return first.replace(year=first.year + 1, month=1)
    return first.replace(month=first.month + 1)
