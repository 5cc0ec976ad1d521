"""One way for a page to have something done: read the form, call the service, tell, go on."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from quivive.vocabulary.errors import Trouble
from quivive.web.people.guards import SignedInRequest

Done = TypeVar("Done")


class Refused(Exception):
    """What somebody asked for was not done.

    Attributes:
        form: as it was typed.
        trouble: why the service refused; None when the form itself has a mistake.
    """

    def __init__(self, form: Form, trouble: Trouble | None = None) -> None:
        """Keep what the page has to show again."""
        super().__init__()
        self.form, self.trouble = form, trouble

    @property
    def status(self) -> HTTPStatus:
        """The status the page is shown with."""
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.trouble is None else HTTPStatus.CONFLICT


def do(
    request: SignedInRequest,
    form: Form,
    service: Callable[..., Done],
    /,
    *,
    told: Callable[[Done], str],
    to: str,
    again: Callable[[Refused], HttpResponse],
    **known: object,
) -> HttpResponse:
    """Act, tell it and go on: the whole of a page that only does something.

    Args:
        told: says what was done.
        to: the page one goes on to.
        again: shows the form once more with what is wrong.
        known: what the page knows beside the form.
    """
    try:
        done = act(request, form, service, **known)
    except Refused as refused:
        return again(refused)
    messages.success(request, told(done))
    return redirect(to)


def act(
    request: SignedInRequest, form: Form, service: Callable[..., Done], /, **known: object
) -> Done:
    """Call a service, once, with what the form says and what the page knows; return its result.

    Raises:
        Refused: the form has a mistake, or the service does not allow it.
    """
    if not form.is_valid():
        raise Refused(form)
    try:
        return service(**form.cleaned_data, **known, person=request.user, now=timezone.now())
    except Trouble as trouble:
        raise Refused(form, trouble) from None
