"""The REST API, version 1, and its OpenAPI page."""

from http import HTTPStatus

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI

from quivive import __version__
from quivive.vocabulary.errors import NotAllowed, Trouble
from quivive.web.api import alerts, claims, crises, topics
from quivive.web.people.speech import spoken

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


@api.exception_handler(ObjectDoesNotExist)
def tell_absence(request: HttpRequest, _absence: ObjectDoesNotExist) -> HttpResponse:
    """Say that there is no such thing."""
    return api.create_response(request, {"detail": "Not Found"}, status=HTTPStatus.NOT_FOUND)


urlpatterns = [path("", api.urls)]
