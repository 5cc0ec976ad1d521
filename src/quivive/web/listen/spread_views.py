"""The page that says where it is talked about."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from quivive.coordinate.permissions import Permission
from quivive.vocabulary.places import Scope
from quivive.web.listen import spread_queries as queries
from quivive.web.people.guards import SignedInRequest, needs

PERIODS = {"day": _("24 hours"), "week": _("7 days"), "month": _("30 days")}
RUNGS = {
    Scope.BUILDING: _("Your residences"),
    Scope.TOWN: _("Your towns"),
    Scope.DEPARTMENT: _("Your departments"),
    Scope.NATIONAL: _("The country"),
    Scope.ABROAD: _("Abroad"),
}


@require_GET
@needs(Permission.SEE_ROOM)
def spread(request: SignedInRequest) -> HttpResponse:
    """Show the ladder from our residences to abroad."""
    period = request.GET.get("period", "week")
    period = period if period in PERIODS else "week"
    topics = queries.topics()
    topic = request.GET.get("topic", "")
    topic = topic if topic in dict(topics) else ""
    ladder = queries.ladder(topic=topic, period=period, now=timezone.now())
    values = {
        "ladder": ladder,
        "rungs": [(RUNGS[rung.scope], rung) for rung in ladder.rungs],
        "periods": PERIODS.items(),
        "period": period,
        "topics": topics,
        "topic": topic,
        "narrowed": urlencode({"topic": topic} if topic else {}),
    }
    return render(request, "listen/spread.html", values)
