"""How fast one host is asked: one question at a time, in the order they came, never too often."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime

GAP_S = 0.12
"""Seconds between two questions: 2,500 in five minutes, where Bluesky allows 3,000."""

SPARE = 0.05
"""Share of what a host allows that is left untouched, for people who use the same key."""

LONGEST_S = 900.0


class Pace:
    """Keeps the order. A source has one question out at a time, so turns are shared fairly."""

    def __init__(self) -> None:
        """Begin at once."""
        self._queue = asyncio.Lock()  # wakes those who wait in the order they came
        self._next = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn and for the pause before it."""
        async with self._queue:
            await asyncio.sleep(max(0.0, self._next - time.monotonic()))
            self._next = time.monotonic() + GAP_S
        yield

    def learn(self, headers: Mapping[str, str], *, now: datetime) -> None:
        """Slow down as a host's own counters ask (``RateLimit-*`` in their several spellings)."""
        wait_s = spread(headers, now=now)
        self._next = max(self._next, time.monotonic() + wait_s)


def spread(headers: Mapping[str, str], *, now: datetime) -> float:
    """Return the seconds to wait so that what is left lasts until the counter is full again.

    >>> at = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
    >>> left = {"ratelimit-limit": "3000", "ratelimit-remaining": "100", "ratelimit-reset": "60"}
    >>> spread(left, now=at), spread({**left, "ratelimit-remaining": "2900"}, now=at)
    (60.0, 0.0)
    """
    left, limit = _told(headers, "remaining"), _told(headers, "limit")
    until = _reset_s(headers, now)
    if left is None or not limit or until is None or left > limit * 0.5:
        return 0.0
    usable = left - limit * SPARE
    wait_s = until if usable <= 0 else until / usable
    return min(max(0.0, wait_s), LONGEST_S)


def _told(headers: Mapping[str, str], what: str) -> float | None:
    for name in (f"ratelimit-{what}", f"x-ratelimit-{what}", f"x-rate-limit-{what}"):
        with suppress(KeyError, ValueError):
            return float(headers[name])
    return None


def _reset_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until full: told as seconds, as a moment since 1970, or as a date."""
    told = _told(headers, "reset")
    if told is not None:
        return told - now.timestamp() if told > 1e9 else told  # noqa: PLR2004 - the year 2001
    with suppress(KeyError, ValueError, TypeError):
        return (datetime.fromisoformat(headers["x-ratelimit-reset"]) - now).total_seconds()
    return None
