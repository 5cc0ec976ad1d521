"""Leads first visitors to setup, shows everybody the room their way, and refuses bad signs."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from quivive.web.people import queries

Answer = Callable[[HttpRequest], HttpResponse]

OPEN_BEFORE_SETUP = ("/i18n/", "/language/", "/api/", "/static/")


def storable(answer: Answer) -> Answer:
    """Wrap ``answer`` so that no form holds the one sign no text of a database can (U+0000)."""

    def with_texts(request: HttpRequest) -> HttpResponse:
        sent = [*request.GET.lists(), *request.POST.lists()]
        if any("\x00" in text for name, values in sent for text in (name, *values)):
            raise BadRequest("a form with U+0000")
        return answer(request)

    return with_texts


def first_visit(answer: Answer) -> Answer:
    """Wrap ``answer`` so that a room that is nobody's shows nothing but its setup page.

    Somebody signed in proves that the room is set up, so only strangers cost a query.
    """

    def with_setup(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated or queries.is_set_up():
            return answer(request)
        setup = reverse("people:setup")
        if request.path.startswith((setup, *OPEN_BEFORE_SETUP)):
            return answer(request)
        return redirect(setup)

    return with_setup


def reader_settings(answer: Answer) -> Answer:
    """Wrap ``answer`` so that pages speak as the person reads, and know their roles."""

    def with_reader(request: HttpRequest) -> HttpResponse:
        person = request.user
        if not person.is_authenticated:
            request.roles = frozenset()  # type: ignore[attr-defined]
            return answer(request)
        request.roles = queries.roles_of(person, now=timezone.now())  # type: ignore[attr-defined]
        translation.activate(person.language)
        request.LANGUAGE_CODE = person.language
        with timezone.override(ZoneInfo(person.time_zone)):
            return answer(request)

    return with_reader
