"""The REST API, version 1, and its OpenAPI page."""

import logging
from http import HTTPStatus

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from quivive import __version__
from quivive.vocabulary.errors import NotAllowed, Trouble
from quivive.web.api import alerts, claims, crises, topics
from quivive.web.people.speech import spoken

log = logging.getLogger(__name__)

api = NinjaAPI(
    title="Qui-vive",
    version=__version__,
    description="Topics, signals, alerts and crises, with a token made under People.",
    urls_namespace="api",
    docs_url=None,  # its page would load scripts from elsewhere; docs/recipes/api.md shows it
)
for router in (topics.router, alerts.router, claims.router, crises.router):
    api.add_router("/v1", router)


@api.exception_handler(Trouble)
def tell_trouble(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """Say what happened and what to do, in the caller's language."""
    status = HTTPStatus.CONFLICT if isinstance(trouble, NotAllowed) else HTTPStatus.BAD_REQUEST
    said = {"what": spoken(trouble.what), "remedy": spoken(trouble.remedy)}
    return api.create_response(request, said, status=status)


@api.exception_handler(AuthenticationError)
def tell_stranger(request: HttpRequest, _refusal: AuthenticationError) -> HttpResponse:
    """Say that no token opens this."""
    return _refuse(
        request,
        HTTPStatus.UNAUTHORIZED,
        _("No token was sent, or it does not open this: it ended, or has other scopes."),
        _("Send “Authorization: Bearer” and a token. Make one under your name, API tokens."),
    )


@api.exception_handler(Http404)
@api.exception_handler(ObjectDoesNotExist)
def tell_absence(request: HttpRequest, _absence: Exception) -> HttpResponse:
    """Say that there is no such thing."""
    return _refuse(
        request,
        HTTPStatus.NOT_FOUND,
        _("There is nothing of that name or number."),
        _("Topics, alerts and crises each have a list: look it up there."),
    )


@api.exception_handler(HttpError)
def tell_refusal(request: HttpRequest, refusal: HttpError) -> HttpResponse:
    """Say why a call was not even looked at."""
    remedy = _("The description at /api/openapi.json shows what each call takes.")
    if refusal.status_code == HTTPStatus.FORBIDDEN:
        remedy = _("An administrator can give a role under People.")
    if refusal.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        remedy = _("Wait a minute, and ask for more with each call.")
    what = (
        _("The call cannot be read.")
        if refusal.status_code == HTTPStatus.BAD_REQUEST
        else str(refusal)
    )
    return _refuse(request, refusal.status_code, what, remedy)


@api.exception_handler(Exception)
def tell_fault(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Say that it is our fault: a program reads no page."""
    log.error("A call of the API failed.", exc_info=fault)
    return _refuse(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something broke on our side"),
        _("Nothing that was stored is lost. Try again; quivive doctor looks for the cause."),
    )


@api.exception_handler(ValidationError)
def tell_mistakes(request: HttpRequest, mistakes: ValidationError) -> HttpResponse:
    """Say which values cannot be read; ``detail`` says of each where it stands and what is due."""
    fields = ", ".join(str(one["loc"][-1]) for one in mistakes.errors)
    said = {
        "what": _("Missing, or not as it should be: {fields}.").format(fields=fields),
        "remedy": _("The description at /api/openapi.json shows what each call takes."),
        "detail": mistakes.errors,
    }
    return api.create_response(request, said, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _refuse(request: HttpRequest, status: int, what: str, remedy: str) -> HttpResponse:
    said = {"what": what, "remedy": remedy, "detail": HTTPStatus(status).phrase}
    return api.create_response(request, said, status=status)


urlpatterns = [path("", api.urls)]
