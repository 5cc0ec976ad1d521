"""The alert's page, and what people do with an alert: one action each."""

from http import HTTPStatus

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.errors import Trouble
from quivive.web.detect import queries, services
from quivive.web.detect.forms import AcknowledgeForm, FalseAlarmForm, SnoozeForm
from quivive.web.people.guards import SignedInRequest, needs


@needs(Permission.SEE_ALERTS)
def alert(request: SignedInRequest, alert_id: int) -> HttpResponse:
    """Show what the alert rests on and what can be done."""
    return _page(request, alert_id)


@require_POST
@needs(Permission.ACKNOWLEDGE)
def acknowledge(request: SignedInRequest, alert_id: int) -> HttpResponse:
    """Stop the escalation: somebody is on it."""
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        return _page(request, alert_id, acknowledge=form)
    try:
        services.acknowledge(
            alert_id=alert_id,
            person=request.user,
            comment=form.cleaned_data["comment"],
            now=timezone.now(),
        )
    except Trouble as trouble:
        return _page(request, alert_id, trouble)
    return redirect("detect:alert", alert_id)


@require_POST
@needs(Permission.ACKNOWLEDGE)
def snooze(request: SignedInRequest, alert_id: int) -> HttpResponse:
    """Ring again later."""
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        return _page(request, alert_id, snooze=form)
    now = timezone.now()
    try:
        services.snooze(
            alert_id=alert_id,
            person=request.user,
            until=form.until(now),
            now=now,
        )
    except Trouble as trouble:
        return _page(request, alert_id, trouble)
    return redirect("detect:alert", alert_id)


@require_POST
@needs(Permission.ACKNOWLEDGE)
def false_alarm(request: SignedInRequest, alert_id: int) -> HttpResponse:
    """Say that nothing is going on, and why."""
    form = FalseAlarmForm(request.POST)
    if not form.is_valid():
        return _page(request, alert_id, false_alarm=form)
    try:
        services.mark_false_alarm(
            alert_id=alert_id,
            person=request.user,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except Trouble as trouble:
        return _page(request, alert_id, trouble)
    return redirect("detect:alert", alert_id)


def _page(
    request: SignedInRequest, alert_id: int, trouble: Trouble | None = None, **faulty: Form
) -> HttpResponse:
    try:
        page = queries.alert_page(alert_id, now=timezone.now())
    except queries.NotThere:
        raise Http404 from None
    forms = {
        "acknowledge": AcknowledgeForm(),
        "snooze": SnoozeForm(),
        "false_alarm": FalseAlarmForm(),
        **faulty,
    }
    status = HTTPStatus.OK
    if trouble:
        status = HTTPStatus.CONFLICT
    elif faulty:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    values = {
        "page": page,
        "forms": forms,
        "faulty": next(iter(faulty), ""),
        "trouble": trouble,
        "may": {each.name: may(request.roles, each) for each in Permission},
    }
    return render(request, "detect/alert.html", values, status=status)
