"""Keeps sheets and forecasts of what is open up to date, cheaply."""

from datetime import datetime, timedelta

from django.db.models import Max, Q

from quivive.vocabulary.crises import CrisisState
from quivive.web.assess.foreseeing import step_of
from quivive.web.assess.models import Forecast, Threat
from quivive.web.assess.queries import topics_to_foresee
from quivive.web.assess.services import foresee, reassess, settle_forecasts, threat_of
from quivive.web.assess.spreading_services import foresee_posts, settle_posts
from quivive.web.detect.models import AlertState, Signal
from quivive.web.listen.models import Match

NEWS_EVERY = timedelta(seconds=15)
"""While posts come in, a sheet is made this often; what it shows is at most so old (R-09)."""

QUIET_EVERY = timedelta(minutes=2)
"""Without news the sheet still ages: posts leave its windows, and what grew grows no more."""

OVER = (CrisisState.CLOSED.value, CrisisState.DISMISSED.value)


def reassess_open(*, now: datetime) -> int:
    """Make the sheets that are due for open crises and ringing alerts; return how many changed."""
    ringing = Signal.objects.filter(alert__state=AlertState.RINGING, threat=None)
    for signal in ringing.select_related("topic"):
        threat_of(signal, now=now)
    open_threats = Threat.objects.select_related("topic").filter(
        Q(crisis__isnull=False) & ~Q(crisis__state__in=OVER)
        | Q(signal__alert__state=AlertState.RINGING, crisis=None)
    )
    due = [threat for threat in open_threats if _is_due(threat, now)]
    return sum(reassess(threat=threat, now=now) is not None for threat in due)


def _is_due(threat: Threat, now: datetime) -> bool:
    if threat.looked_at is None or now - threat.looked_at >= QUIET_EVERY:
        return True
    if now - threat.looked_at < NEWS_EVERY:
        return False
    newest = Match.objects.filter(topic_id=threat.topic_id).aggregate(last=Max("pk"))["last"]
    return (newest or 0) > threat.last_match


def foresee_open(*, now: datetime) -> int:
    """Foresee each open topic and its posts every ten minutes, score what came; return the rows."""
    made_at = step_of(now)
    done = set(Forecast.objects.filter(made_at=made_at).values_list("topic_id", flat=True))
    made = 0
    for topic in topics_to_foresee():
        if topic.pk not in done:
            made += len(foresee(topic=topic, made_at=made_at))
            made += len(foresee_posts(topic=topic, made_at=made_at))
    return made + settle_forecasts(now=now) + settle_posts(now=now)
