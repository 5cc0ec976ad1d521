"""The alert's page, and what people do with an alert: one action each."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from quivive.coordinate.permissions import Permission, may
from quivive.web.detect import claim_queries, queries, services
from quivive.web.detect.forms import AcknowledgeForm, FalseAlarmForm, SnoozeForm
from quivive.web.people.acts import Refused, act
from quivive.web.people.guards import SignedInRequest, needs

FORMS: dict[str, type[Form]] = {
    "acknowledge": AcknowledgeForm,
    "snooze": SnoozeForm,
    "false_alarm": FalseAlarmForm,
}
"""What can be answered, by the name of its dialog."""


@needs(Permission.SEE_ALERTS)
def alert(request: SignedInRequest, alert_id: int) -> HttpResponse:
    """Show what the alert rests on and what can be done."""
    return _page(request, alert_id)


@require_POST
@needs(Permission.ACKNOWLEDGE)
def acknowledge(request: SignedInRequest, alert_id: int) -> HttpResponse:
    """Stop the escalation: somebody is on it."""
    return _act(request, alert_id, AcknowledgeForm(request.POST), services.acknowledge)


@require_POST
@needs(Permission.ACKNOWLEDGE)
def snooze(request: SignedInRequest, alert_id: int) -> HttpResponse:
    """Ring again later."""
    form = SnoozeForm(request.POST)

    def until_then(*, length: str, now: datetime, **known: Any) -> None:
        services.snooze(until=form.until(now), now=now, **known)

    return _act(request, alert_id, form, until_then)


@require_POST
@needs(Permission.ACKNOWLEDGE)
def false_alarm(request: SignedInRequest, alert_id: int) -> HttpResponse:
    """Say that nothing is going on, and why."""
    return _act(request, alert_id, FalseAlarmForm(request.POST), services.mark_false_alarm)


def _act(
    request: SignedInRequest, alert_id: int, form: Form, service: Callable[..., object]
) -> HttpResponse:
    try:
        act(request, form, service, alert_id=alert_id)
    except Refused as refused:
        return _page(request, alert_id, refused)
    return redirect("detect:alert", alert_id)


def _page(request: SignedInRequest, alert_id: int, refused: Refused | None = None) -> HttpResponse:
    try:
        page = queries.alert_page(alert_id, now=timezone.now())
    except queries.NotThere:
        raise Http404 from None
    shown: dict[str, Form] = {name: form() for name, form in FORMS.items()}
    faulty = ""
    if refused and refused.trouble is None:
        faulty = next(name for name, form in FORMS.items() if type(refused.form) is form)
        shown[faulty] = refused.form
    values = {
        "page": page,
        "claims": claim_queries.panel(page.topic),
        "now": timezone.now(),
        "forms": shown,
        "faulty": faulty,
        "trouble": refused and refused.trouble,
        "may": {each.name: may(request.roles, each) for each in Permission},
    }
    return render(
        request,
        "detect/alert.html",
        values,
        status=refused.status if refused else HTTPStatus.OK,
    )
