"""How good the burst rule is: on what people answered, and on a topic's own past."""

from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from quivive.coordinate.permissions import Permission
from quivive.web.detect import rule_queries
from quivive.web.listen.topic_forms import SENSITIVITIES, KeennessForm
from quivive.web.people.guards import SignedInRequest, needs


@require_GET
@needs(Permission.SEE_ALERTS)
def rules(request: SignedInRequest) -> HttpResponse:
    """Show how the alarms of each rule were judged."""
    return render(request, "detect/rules.html", {"page": rule_queries.ratings(now=timezone.now())})


@require_GET
@needs(Permission.MANAGE_TOPICS)
def past(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what the chosen sensitivity would have rung on the topic's own past."""
    form = KeennessForm(request.GET)
    if not form.is_valid():
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    accepted, minimum = (form.cleaned_data[name] for name in ("false_alarms_per_week", "minimum"))
    stops = tuple(value for value, _ in SENSITIVITIES)
    try:
        found = rule_queries.past_of(slug, stops, minimum=minimum, now=timezone.now())
    except rule_queries.NotThere:
        raise Http404 from None
    values = {
        "past": found,
        "stop": found.at(accepted) if found else None,
        "due": accepted * found.weeks if found else 0.0,
    }
    return render(request, "detect/past.html", values)
