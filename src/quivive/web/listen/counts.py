"""What topics counted, as rows: minutes, and the half hours they add up to.

Written without Django's rows in between: every topic has one minute an hour, heard or not.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter, itemgetter

from django.db import connection, transaction

from quivive.detect.counting import MinuteCounts
from quivive.web.listen.models import Topic

HALF_HOUR = timedelta(minutes=30)

_SUMMED = ("voices", "originals", "reposts", "negatives", "positives", "own")
_USUAL = ("expected", "upper")
_NUMBERS = (*_SUMMED, *_USUAL)
_numbers = attrgetter(*_NUMBERS)
_UPSERT = (
    f"insert into listen_minute (topic_id, minute, {', '.join(_NUMBERS)})"  # noqa: S608  our words
    f" values (%s, %s{', %s' * len(_NUMBERS)}) on conflict (topic_id, minute)"
    f" do update set {', '.join(f'{name} = excluded.{name}' for name in _NUMBERS)}"
)
_HALF_HOUR_OF = {
    "sqlite": (
        "substr(minute, 1, 14) || case when substr(minute, 15, 2) < '30' then '00:00'"
        " else '30:00' end"
    ),
    "postgresql": "to_timestamp(floor(extract(epoch from minute) / 1800) * 1800)",
}
_ADDED_UP = (*_SUMMED, "minutes", *_USUAL)
_ADD_UP = (
    f"insert into listen_halfhour (topic_id, start, {', '.join(_ADDED_UP)})"  # noqa: S608
    f" select topic_id, {{half_hour}}, {', '.join(f'sum({name})' for name in _SUMMED)},"
    f" count(*), {', '.join(f'avg({name})' for name in _USUAL)} from listen_minute"
    " where topic_id in ({topics}) and minute >= %s and minute < %s group by 1, 2"
    f" on conflict (topic_id, start)"
    f" do update set {', '.join(f'{name} = excluded.{name}' for name in _ADDED_UP)}"
)


def store_minutes(minutes: Sequence[MinuteCounts]) -> None:
    """Store the counts of closed minutes; a minute counted anew replaces what was there."""
    topics = dict(Topic.objects.values_list("slug", "pk")) if minutes else {}
    kept = [one for one in minutes if one.topic in topics]
    if not kept:
        return
    told = {at: connection.ops.adapt_datetimefield_value(at) for at in {one.minute for one in kept}}
    rows = [(topics[one.topic], told[one.minute], *_numbers(one)) for one in kept]
    # topic by topic, as the index has them: else each row waits for another page of it
    rows.sort(key=itemgetter(0))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_UPSERT, rows)
        add_up({row[0] for row in rows}, first=min(told), last=max(told))


def add_up(topics: Collection[int], *, first: datetime, last: datetime) -> None:
    """Add minutes up anew to half hours.

    Args:
        topics: those counted, by primary key.
        first, last: minutes between which they were.
    """
    places = ", ".join(["%s"] * len(topics))
    span = (_half_hour(first), _half_hour(last) + HALF_HOUR)
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD_UP.format(half_hour=_HALF_HOUR_OF[connection.vendor], topics=places),
            [*topics, *map(connection.ops.adapt_datetimefield_value, span)],
        )


def _half_hour(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
