"""Leads first visitors to setup, shows everybody the room their way, and leaves nothing behind."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from quivive.coordinate.permissions import Permission, may
from quivive.web.people import queries
from quivive.web.people.speech import for_a_reader

Answer = Callable[[HttpRequest], HttpResponse]

OPEN_BEFORE_SETUP = ("/i18n/", "/language/", "/api/", "/static/")


def storable(answer: Answer) -> Answer:
    """Wrap ``answer`` so that no form holds the one sign no text of a database can (U+0000)."""

    def with_texts(request: HttpRequest) -> HttpResponse:
        request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        request.POST = _without_nul(request.POST)  # type: ignore[assignment]
        return answer(request)

    return with_texts


def _without_nul(sent: QueryDict) -> QueryDict:
    if not any("\x00" in text for _, values in sent.lists() for text in values):
        return sent
    kept = sent.copy()
    for name, values in sent.lists():
        kept.setlist(name, [text.replace("\x00", "") for text in values])
    return kept


def unkept(answer: Answer) -> Answer:
    """Wrap ``answer`` so that no browser keeps what was shown.

    On a shared computer the way back would show it to whoever comes after one signed out.
    """

    def without_copy(request: HttpRequest) -> HttpResponse:
        shown = answer(request)
        shown.headers.setdefault("Cache-Control", "no-store, private")
        return shown

    return without_copy


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
        sees_names = may(request.roles, Permission.SEE_PERSONAL_DATA)  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(person.time_zone)), for_a_reader(sees_names=sees_names):
            return answer(request)

    return with_reader
