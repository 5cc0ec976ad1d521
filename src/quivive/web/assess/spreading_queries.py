"""Posts that spread, with what is foreseen of them, and how such forecasts did."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from quivive.assess.forecast.scoring import Score, score
from quivive.web.assess.models import PostForecast

FRESH = timedelta(minutes=75)
"""A post that stands still is foreseen each hour."""
SHOWN = 5
AGES = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 168))
"""Ages up to which forecasts are scored together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRecord:
    """How forecasts of posts younger than ``until`` did; ``after`` is the age before."""

    after: timedelta
    until: timedelta
    score: Score | None


def spreading(topic_id: int, *, now: datetime) -> list[PostForecast]:
    """Return the newest forecast of each post of a topic that spreads, the largest first."""
    fresh = PostForecast.objects.filter(
        post__matches__topic=topic_id,
        post__matches__hidden=False,
        post__deleted_at=None,
        post__hiding=None,
        made_at__gt=now - FRESH,
        made_at__lte=now,
    )
    newest: dict[int, PostForecast] = {}
    for forecast in fresh.select_related("post__author").order_by("made_at"):
        newest[forecast.post_id] = forecast
    return sorted(newest.values(), key=lambda one: -one.p50)[:SHOWN]


def records_by_age(*, since: datetime) -> list[AgeRecord]:
    """Score what was foreseen since then and has come due, by the age of the posts."""
    rows = PostForecast.objects.filter(came__isnull=False, made_at__gt=since)
    told = list(rows.values_list("post__published", "made_at", "p10", "p50", "p90", "came"))
    found = []
    for after, until in zip((timedelta(0), *AGES), AGES, strict=False):
        some = [
            (p10, p50, p90, float(came or 0))
            for published, made_at, p10, p50, p90, came in told
            if after <= made_at - published < until
        ]
        found.append(AgeRecord(after=after, until=until, score=score(some)))
    return found
