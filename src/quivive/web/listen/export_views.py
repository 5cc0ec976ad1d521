"""Gives stored posts as a file: our NDJSON, CSV that no spreadsheet will run, Excel, Parquet."""

from django import forms
from django.http import FileResponse, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from quivive.coordinate.permissions import Permission, may
from quivive.web.listen.downloads import hidden, send_posts
from quivive.web.listen.queries import PostFilter, exported_posts
from quivive.web.people.downloads import TYPES
from quivive.web.people.guards import SignedInRequest, needs, refuse
from quivive.web.people.services import audit


class WantedForm(forms.Form):
    """Filters of a posts page, as its address carries them."""

    since = forms.DateTimeField(required=False)
    until = forms.DateTimeField(required=False)
    leaning = forms.CharField(required=False, max_length=10)
    network = forms.CharField(required=False, max_length=60)
    reposts = forms.CharField(required=False, max_length=10)
    kept = forms.CharField(required=False, max_length=10)

    def wanted(self) -> PostFilter:
        """Return the filters as a value."""
        return PostFilter(
            **{**self.cleaned_data, "reposts": self.cleaned_data["reposts"] != "hidden"}
        )


@needs(Permission.EXPORT)
@require_GET
def named_posts(request: SignedInRequest, slug: str, kind: str) -> HttpResponseBase:
    """Write the posts with the names of their authors, for those who may see these."""
    if not may(request.roles, Permission.SEE_PERSONAL_DATA):
        return refuse(request, Permission.SEE_PERSONAL_DATA)
    return _posts(request, slug, kind, named=True)


@needs(Permission.EXPORT)
@require_GET
def posts(request: SignedInRequest, slug: str, kind: str) -> FileResponse | HttpResponse:
    """Write the posts a page shows to a file and send it, authors under pseudonyms (LR-06)."""
    return _posts(request, slug, kind, named=False)


def _posts(
    request: SignedInRequest, slug: str, kind: str, *, named: bool
) -> FileResponse | HttpResponse:
    form = WantedForm(request.GET)
    if kind not in TYPES or not form.is_valid():
        return HttpResponseBadRequest(str(form.errors))
    audit(
        person=request.user,
        action="posts.export-names" if named else "posts.export",
        subject=slug,
        detail={"kind": kind},
        now=timezone.now(),
    )
    return as_file(slug, form.wanted(), kind, named=named)


def as_file(slug: str, wanted: PostFilter, kind: str, *, named: bool) -> FileResponse:
    """Send a topic's posts."""
    found = exported_posts(slug, wanted)
    shown = found if named else hidden(found)
    return send_posts(shown, slug, kind)
