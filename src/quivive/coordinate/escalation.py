"""Who is told when: quiet hours, and tries that failed, until a named person says: I have it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

import msgspec

STEPS_MIN: tuple[int, ...] = (0, 5, 10, 15)
"""Default minutes after an alert rang: who is on duty, A, B, then everyone."""

CRITICAL = 8
"""Severity, on the 1 to 10 of a signal, from which quiet hours do not count."""

MOST_TRIES = 9
"""Tries to reach one person by one way, spread over about an hour; by then others were told."""

LATE_MORNING = timedelta(hours=6)
"""So long after its hour a morning note still leaves."""

_SLICE = timedelta(minutes=15)
_DAY = timedelta(days=1)

_FIRST_RETRY_S = 15.0
_LONGEST_RETRY_S = 900.0


class QuietHours(msgspec.Struct, frozen=True, kw_only=True):
    """Hours in which a person is not woken, on that person's own clock."""

    begins: time
    ends: time
    zone: str = "Europe/Paris"


def deliver_at(due: datetime, *, severity: int, quiet: QuietHours | None) -> datetime:
    """Earliest moment a person may be told: after their quiet hours, unless it is critical.

    Quiet hours delay a delivery; they never stop anything from being looked at.
    """
    if quiet is None or severity >= CRITICAL or quiet.begins == quiet.ends:
        return due
    local = due.astimezone(ZoneInfo(quiet.zone))
    if not _is_quiet(local.time(), quiet):
        return due
    end = local.replace(
        hour=quiet.ends.hour, minute=quiet.ends.minute, second=0, microsecond=0, fold=0
    )
    if local.time() >= quiet.ends:
        end += timedelta(days=1)
    return end.astimezone(due.tzinfo)


def _is_quiet(moment: time, quiet: QuietHours) -> bool:
    if quiet.begins < quiet.ends:
        return quiet.begins <= moment < quiet.ends
    return moment >= quiet.begins or moment < quiet.ends


def morning_due(now: datetime, *, at: time, zone: str) -> date | None:
    """Return the day whose morning note is due, on the reader's own clock; None when none is.

    A room that was down at that hour tells late rather than never, but not in the evening.

    >>> from datetime import UTC
    >>> morning_due(datetime(2026, 3, 3, 7, 5, tzinfo=UTC), at=time(8), zone="Europe/Paris")
    datetime.date(2026, 3, 3)
    """
    local = now.astimezone(ZoneInfo(zone))
    due = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0, fold=0)
    return local.date() if due <= local < due + LATE_MORNING else None


def silence(ways: Sequence[QuietHours | None], now: datetime) -> tuple[datetime, datetime] | None:
    """Find the next stretch, within a day, in which every way to reach anybody is quiet.

    Args:
        ways: the quiet hours of each way in use, None for a way without any.
        now: the present moment.

    Returns:
        Beginning and end, on the quarters of an hour; None when somebody can always be reached,
        and when there is no way at all.
    """
    if not ways or None in ways:
        return None
    first = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    moments = [first + number * _SLICE for number in range(_DAY // _SLICE)]
    quiet = [
        all(deliver_at(each, severity=1, quiet=way) > each for way in ways) for each in moments
    ]
    if not any(quiet):
        return None
    begins = quiet.index(True)
    lasts = next((n for n, still in enumerate(quiet[begins:]) if not still), len(quiet) - begins)
    return moments[begins], moments[begins] + lasts * _SLICE


def retry_at(attempt: int, now: datetime, seed: str | int) -> datetime | None:
    """When to try again after a temporary failure: doubling waits, spread by up to a half.

    None after :data:`MOST_TRIES`: the page then says that this way failed, and the escalation,
    which never waited for it, has told others.

    Args:
        attempt: tries made so far, from 1.
        now: when the last one failed.
        seed: something of the delivery, so that many do not come back at once.
    """
    if attempt >= MOST_TRIES:
        return None
    wait = min(_LONGEST_RETRY_S, _FIRST_RETRY_S * 2 ** min(attempt - 1, 16))
    digest = blake2b(f"{seed}/{attempt}".encode(), digest_size=4).digest()
    spread = int.from_bytes(digest, "big") / 2**32
    return now + timedelta(seconds=wait * (1 + spread / 2))
