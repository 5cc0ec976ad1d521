"""What is owed to people: answers within a month, to be told, and agreements with processors."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission
from quivive.web.people.acts import Refused, do
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.privacy import queries, services
from quivive.web.privacy.forms import (
    AnswerForm,
    ExemptForm,
    ProcessorForm,
    ProlongForm,
    RequestForm,
)


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def requests(request: SignedInRequest) -> HttpResponse:
    """Show what people asked, with the days left to answer."""
    return _requests(request)


def _requests(request: SignedInRequest, refused: Refused | None = None) -> HttpResponse:
    form = RequestForm(initial={"received_on": timezone.localdate()})
    values = {
        "asked": queries.open_requests(timezone.now()),
        "answered": queries.answered_requests(),
        "form": _again(refused, form),
        "prolong": ProlongForm(),
        "answer": AnswerForm(),
    }
    return _show(request, "privacy/requests.html", values, refused)


@require_POST
@needs(Permission.MANAGE_PRIVACY)
def note_request(request: SignedInRequest) -> HttpResponse:
    """Note what somebody asked."""
    told = _("Noted. The month runs from the day it came in.")
    return _act(request, RequestForm, services.note_request, told, "requests")


@require_POST
@needs(Permission.MANAGE_PRIVACY)
def prolong_request(request: SignedInRequest, request_id: int) -> HttpResponse:
    """Take two months more for a request."""
    told = _("Prolonged. Tell the person why, before the first month is over.")
    service = services.prolong_request
    known = {"request_id": request_id}
    return _act(request, ProlongForm, service, told, "requests", **known)


@require_POST
@needs(Permission.MANAGE_PRIVACY)
def answer_request(request: SignedInRequest, request_id: int) -> HttpResponse:
    """Note that a request was answered."""
    known = {"request_id": request_id}
    service = services.answer_request
    return _act(request, AnswerForm, service, _("Answered."), "requests", **known)


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def inform(request: SignedInRequest) -> HttpResponse:
    """Show who of the panels is still to be told."""
    return _inform(request)


def _inform(request: SignedInRequest, refused: Refused | None = None) -> HttpResponse:
    values = {"people": queries.to_inform(timezone.now()), "exempt": ExemptForm()}
    return _show(request, "privacy/inform.html", values, refused)


@require_POST
@needs(Permission.MANAGE_PRIVACY)
def note_told(request: SignedInRequest, member_id: int) -> HttpResponse:
    """Note that somebody of a panel was told."""
    known = {"member_id": member_id}
    return _act(request, Form, services.note_told, _("Noted."), "inform", **known)


@require_POST
@needs(Permission.MANAGE_PRIVACY)
def exempt(request: SignedInRequest, member_id: int) -> HttpResponse:
    """Note why somebody of a panel need not be told."""
    known = {"member_id": member_id}
    return _act(request, ExemptForm, services.exempt, _("Noted."), "inform", **known)


@require_GET
@needs(Permission.MANAGE_PRIVACY)
def processors(request: SignedInRequest) -> HttpResponse:
    """Show the companies that work on the data, with what they signed."""
    return _processors(request)


def _processors(request: SignedInRequest, refused: Refused | None = None) -> HttpResponse:
    values = {
        "companies": queries.processors(),
        "partners": queries.partners(timezone.now()),
        "form": _again(refused, ProcessorForm()),
    }
    return _show(request, "privacy/processors.html", values, refused)


@require_POST
@needs(Permission.MANAGE_PRIVACY)
def save_processor(request: SignedInRequest) -> HttpResponse:
    """Name a company, or change what is known of it."""
    service = services.save_processor
    return _act(request, ProcessorForm, service, _("Saved."), "processors")


@require_POST
@needs(Permission.MANAGE_PRIVACY)
def remove_processor(request: SignedInRequest, processor_id: int) -> HttpResponse:
    """Take a company off the list."""
    known = {"processor_id": processor_id}
    service = services.remove_processor
    told = _("Removed. Have them confirm in writing that the data are gone.")
    return _act(request, Form, service, told, "processors", **known)


def _act(
    request: SignedInRequest,
    kind: type[Form],
    service: Callable[..., Any],
    told: str,
    to: str,
    **known: object,
) -> HttpResponse:
    """Have something done, tell it, and go on to the page; or show that page with what is wrong."""
    return do(
        request,
        kind(request.POST),
        service,
        told=lambda _done: told,
        to=f"privacy:{to}",
        again=lambda refused: PAGES[to](request, refused),
        **known,
    )


PAGES = {"requests": _requests, "inform": _inform, "processors": _processors}
"""The pages whose forms are acted on, by the name of their address."""


def _again(refused: Refused | None, fresh: Form) -> Form:
    """The form as it was typed, where it is this one that has a mistake."""
    return refused.form if refused and isinstance(refused.form, type(fresh)) else fresh


def _show(
    request: SignedInRequest, template: str, values: dict[str, object], refused: Refused | None
) -> HttpResponse:
    known = {**values, "refused": refused, "trouble": refused.trouble if refused else None}
    return render(request, template, known, status=refused.status if refused else 200)
