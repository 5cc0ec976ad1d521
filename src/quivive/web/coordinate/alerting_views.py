"""How people are reached: their own ways, the Test button, and who is told when."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission
from quivive.vocabulary.errors import Trouble
from quivive.web.coordinate import alerting_queries as queries
from quivive.web.coordinate import forms, services
from quivive.web.people.acts import Refused, act
from quivive.web.people.guards import SignedInRequest, needs, signed_in
from quivive.web.people.numbers import whole

SPARE_STEPS = 2
"""Empty steps the page offers below those there are."""


@require_GET
@signed_in
def contacts(request: SignedInRequest) -> HttpResponse:
    """Show one's own ways to be reached."""
    return _contacts(request)


@require_POST
@signed_in
def add_contact(request: SignedInRequest) -> HttpResponse:
    """Add a way to be reached."""
    return _act(request, forms.ContactForm(request.POST), services.add_contact)


@require_POST
@signed_in
def change_contact(request: SignedInRequest, contact_id: int) -> HttpResponse:
    """Turn a way on or off, or change its quiet hours."""

    def change(**known: Any) -> None:
        services.change_contact(contact_id=contact_id, **known)
        messages.success(request, _("Saved."))

    return _act(request, forms.ContactChangeForm(request.POST), change)


@require_POST
@signed_in
def remove_contact(request: SignedInRequest, contact_id: int) -> HttpResponse:
    """Forget a way to be reached."""
    form = forms.NothingForm(request.POST)
    return _act(request, form, services.remove_contact, contact_id=contact_id)


@require_POST
@signed_in
def try_contact(request: SignedInRequest, contact_id: int) -> HttpResponse:
    """Send a test notice and show what became of it."""

    def attempt(**known: Any) -> None:
        services.try_contact(contact_id=contact_id, **known)
        messages.success(request, _("The test has left. Look whether it arrives."))

    return _act(request, forms.NothingForm(request.POST), attempt)


@require_GET
@needs(Permission.MANAGE_SETTINGS)
def escalation(request: SignedInRequest) -> HttpResponse:
    """Show who is told how many minutes after an alert."""
    now = timezone.now()
    services.first_steps(now=now)
    return _escalation(request, _shown_steps(now))


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def set_escalation(request: SignedInRequest) -> HttpResponse:
    """Change who is told when; a step without minutes is left out."""
    now = timezone.now()
    everybody = _everybody(now)
    count = whole(request.POST.get("steps", "")) or 0
    wanted = [
        forms.StepForm(request.POST, everybody=everybody, prefix=str(number))
        for number in range(min(count, 20))
    ]
    if not all(form.is_valid() for form in wanted):
        return _escalation(request, wanted, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    steps = [
        (form.cleaned_data["after_min"], form.cleaned_data["people"])
        for form in wanted
        if form.cleaned_data["after_min"] is not None
    ]
    try:
        services.set_steps(by=request.user, steps=steps, now=now)
    except Trouble as trouble:
        return _escalation(request, wanted, trouble=trouble, status=HTTPStatus.CONFLICT)
    return redirect("coordinate:escalation")


def _act(
    request: SignedInRequest, form: Form, service: Callable[..., object], /, **known: object
) -> HttpResponse:
    try:
        act(request, form, service, **known)
    except Refused as refused:
        return _contacts(request, refused)
    return redirect("coordinate:contacts")


def _contacts(request: SignedInRequest, refused: Refused | None = None) -> HttpResponse:
    adding = refused is not None and isinstance(refused.form, forms.ContactForm)
    values = {
        "contacts": queries.contacts(request.user),
        "form": refused.form if refused and adding else forms.ContactForm(),
        "morning_help": forms.MORNING_HELP,
        "trouble": refused and refused.trouble,
        "silence": queries.nobody_told(timezone.now()),
    }
    status = refused.status if refused else HTTPStatus.OK
    return render(request, "coordinate/contacts.html", values, status=status)


def _escalation(
    request: SignedInRequest,
    steps: list[forms.StepForm],
    *,
    trouble: Trouble | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    values = {
        "steps": steps,
        "count": len(steps),
        "trouble": trouble,
        "silence": queries.nobody_told(timezone.now()),
    }
    return render(request, "coordinate/escalation.html", values, status=status)


def _shown_steps(now: datetime) -> list[forms.StepForm]:
    everybody = _everybody(now)
    told = [
        {"after_min": step.after_min, "people": [person.pk for person in step.people.all()]}
        for step in queries.steps()
    ]
    spare: list[dict[str, object]] = [{} for _ in range(SPARE_STEPS)]
    return [
        forms.StepForm(everybody=everybody, prefix=str(number), initial=initial)
        for number, initial in enumerate([*told, *spare])
    ]


def _everybody(now: datetime) -> dict[int, str]:
    return {person.pk: str(person) for person in queries.who_can_answer(now)}
