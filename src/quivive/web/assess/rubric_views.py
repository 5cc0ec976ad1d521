"""The page of the numbers that judge severity and set the clocks."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quivive.coordinate.clock import ORIGIN
from quivive.coordinate.permissions import Permission
from quivive.vocabulary.errors import NotAllowed
from quivive.web.assess import rubric_queries as queries
from quivive.web.assess import rubric_services as services
from quivive.web.assess.rubric_forms import RubricForm, named, written
from quivive.web.people.guards import SignedInRequest, needs


@needs(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def rubric(request: SignedInRequest) -> HttpResponse:
    """Show the numbers in force and every version before; keep a new one with its reason."""
    present = queries.numbers()
    form = RubricForm(request.POST or None, present=present)
    trouble = None
    back = "defaults" in request.POST
    if form.is_bound and (back or form.is_valid()):
        try:
            kept = services.set_numbers(
                wanted=queries.DEFAULTS if back else form.numbers(),
                reason=request.POST.get("reason", ""),
                person=request.user,
                now=timezone.now(),
            )
        except NotAllowed as refused:
            trouble = refused
        else:
            _tell(request, kept=kept is not None)
            return redirect("assess:rubric")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    values = {
        "form": form,
        "present": present,
        "trouble": trouble,
        "origin": ORIGIN,
        "history": [
            (
                one,
                [
                    (named(path), written(path, before), written(path, after))
                    for path, before, after in one.changed
                ],
            )
            for one in queries.history()
        ],
    }
    return render(request, "assess/rubric.html", values, status=status)


def _tell(request: SignedInRequest, *, kept: bool) -> None:
    if kept:
        messages.success(request, _("Kept as a new version: open sheets are made anew with it."))
    else:
        messages.info(request, _("Nothing changed."))
