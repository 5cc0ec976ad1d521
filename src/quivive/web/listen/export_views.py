"""Gives stored posts as a file: our own NDJSON, CSV that no spreadsheet will run, Parquet."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from django import forms
from django.http import FileResponse, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.http import require_GET

from quivive.coordinate.permissions import Permission
from quivive.web.listen.queries import PostFilter, exported_posts
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.services import audit
from quivive.wire.exports import write_posts

TYPES = {
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


class WantedForm(forms.Form):
    """Filters of a posts page, as its address carries them."""

    since = forms.DateTimeField(required=False)
    until = forms.DateTimeField(required=False)
    leaning = forms.CharField(required=False, max_length=10)
    network = forms.CharField(required=False, max_length=60)


@needs(Permission.EXPORT)
@require_GET
def posts(request: SignedInRequest, slug: str, kind: str) -> FileResponse | HttpResponse:
    """Write the posts a page shows to a file and send it."""
    form = WantedForm(request.GET)
    if kind not in TYPES or not form.is_valid():
        return HttpResponseBadRequest(str(form.errors))
    audit(
        person=request.user,
        action="posts.export",
        subject=slug,
        detail={"kind": kind},
        now=timezone.now(),
    )
    return as_file(slug, PostFilter(**form.cleaned_data), kind)


def as_file(slug: str, wanted: PostFilter, kind: str) -> FileResponse:
    """Write posts to a file that vanishes once it is sent."""
    with NamedTemporaryFile(suffix=f".{kind}", delete=False) as place:
        path = Path(place.name)
    try:
        write_posts(exported_posts(slug, wanted), path, kind)
        file = path.open("rb")
    finally:
        path.unlink()  # an open file outlives its name
    return FileResponse(
        file, as_attachment=True, filename=f"{slug}.{kind}", content_type=TYPES[kind]
    )
