"""All that pages read of threats: what people said of them, what is foreseen, how that did."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db.models import Max, Q

from quivive.assess.forecast.scoring import PROMISED, Score, score
from quivive.assess.forecast.volume import HOURS
from quivive.vocabulary.assessments import HumanInputs
from quivive.vocabulary.claims import ClaimStatus
from quivive.vocabulary.crises import CrisisState
from quivive.web.assess.models import Forecast, Threat
from quivive.web.assess.spreading_queries import AgeRecord, records_by_age
from quivive.web.detect.claim_queries import called, checked
from quivive.web.detect.models import AlertState
from quivive.web.listen.models import Topic

FRESH = timedelta(hours=1)
"""A forecast older than this is no longer shown as one."""
MEMORY = timedelta(days=90)
LATEST = 30
ASKS = 0.5
"""Share from which words read as an enquiry."""
ENOUGH = 10
"""Fewer forecasts than this do not tell how good they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How the forecasts of one topic and one horizon did.

    Attributes:
        few: too few have come due to tell.
    """

    topic: Topic
    hours: int
    score: Score
    few: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastPage:
    """What the page of past forecasts shows.

    Attributes:
        overall: score by horizon over all topics; None where none is due.
        records: by topic and horizon.  posts: of posts that spread, by their age.
        latest: the newest forecasts, due or not.
        promised: share of outcomes that ranges should hold.
    """

    overall: list[tuple[int, Score | None]]
    records: list[Record]
    posts: list[AgeRecord]
    latest: list[Forecast]
    promised: float


def latest_forecast(topic_id: int, *, now: datetime) -> list[Forecast]:
    """Return the newest forecast of a topic, one row a horizon.

    Nothing when it is old, or made before the threat began: it did not know of it.
    """
    begun = Threat.objects.filter(topic_id=topic_id).aggregate(last=Max("onset"))["last"]
    since = max(now - FRESH, begun or now - FRESH)
    newest = (
        Forecast.objects.filter(topic_id=topic_id, made_at__lte=now, made_at__gt=since)
        .order_by("-made_at")
        .first()
    )
    if newest is None:
        return []
    return list(Forecast.objects.filter(topic_id=topic_id, made_at=newest.made_at))


def forecast_page(*, now: datetime) -> ForecastPage:
    """Score what has come due in the last 90 days."""
    due = Forecast.objects.filter(came__isnull=False, made_at__gt=now - MEMORY)
    found: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {}
    for topic, hours, p10, p50, p90, came in due.values_list(
        "topic", "hours", "p10", "p50", "p90", "came"
    ):
        found.setdefault((topic, hours), []).append((p10, p50, p90, came or 0))
    topics = Topic.objects.in_bulk({topic for topic, _ in found})
    told = ((topics[topic], hours, score(rows)) for (topic, hours), rows in found.items())
    records = [
        Record(topic=topic, hours=hours, score=one, few=one.made < ENOUGH)
        for topic, hours, one in told
        if one is not None
    ]
    return ForecastPage(
        overall=[
            (hours, score([row for (_, h), rows in found.items() if h == hours for row in rows]))
            for hours in HOURS
        ],
        records=sorted(records, key=lambda record: (record.topic.name, record.hours)),
        posts=records_by_age(since=now - MEMORY),
        latest=list(Forecast.objects.select_related("topic")[:LATEST]),
        promised=PROMISED,
    )


def said(threat: Threat) -> HumanInputs:
    """Return what people answered on the crisis page itself."""
    return msgspec.convert(threat.inputs, HumanInputs)


def inputs_of(threat: Threat) -> HumanInputs:
    """Return what people said; of the claim, what they found out last, wherever they said so."""
    inputs = said(threat)
    answered = inputs.claim_status is not None
    claim = called(threat.topic, inputs.claim) if answered else checked(threat.topic)
    if claim is None or (answered and not _is_newer(claim.checked_at, inputs.claim_at)):
        return inputs
    return msgspec.structs.replace(
        inputs,
        claim=inputs.claim or str(claim),
        claim_status=ClaimStatus(claim.status),
        claim_source=claim.source,
        claim_by=str(claim.checked_by or ""),
        claim_at=claim.checked_at,
    )


def _is_newer(checked_at: datetime | None, answered_at: datetime | None) -> bool:
    return checked_at is not None and (answered_at is None or checked_at > answered_at)


def topics_to_foresee() -> list[Topic]:
    """Return topics with an alert that rings, an open crisis, or a rule on what is foreseen."""
    over = (CrisisState.CLOSED.value, CrisisState.DISMISSED.value)
    waiting = Q(signals__alert__state=AlertState.RINGING)
    open_crisis = Q(threats__crisis__isnull=False) & ~Q(threats__crisis__state__in=over)
    asked = Q(spread_reposts__isnull=False)
    return list(Topic.objects.filter(waiting | open_crisis | asked, archived_at=None).distinct())
