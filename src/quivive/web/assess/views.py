"""Pages of the assess stage."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from quivive.coordinate.permissions import Permission
from quivive.web.assess import queries
from quivive.web.people.guards import SignedInRequest, needs


@require_GET
@needs(Permission.SEE_ROOM)
def forecasts(request: SignedInRequest) -> HttpResponse:
    """Show how past forecasts did."""
    page = queries.forecast_page(now=timezone.now())
    return render(request, "assess/forecasts.html", {"page": page})
