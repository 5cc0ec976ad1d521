"""“I saw this”: a page, and a bookmark that opens it with what one just read."""

from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from quivive.coordinate.permissions import Permission
from quivive.listen.pictures import LARGEST_BYTES, picture_of
from quivive.listen.witness import Seen
from quivive.vocabulary.errors import BadFile, BadRecord, NotAllowed
from quivive.web.listen import queries, services
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.speech import spoken

LONGEST_ADDRESS, LONGEST_NAME, LONGEST_WORDS = 500, 200, 20_000
MOST_MARKED = 4_500
"""Letters a bookmark sends along: up to twelve bytes each in an address of at most 64 kB."""


class SeenForm(forms.Form):
    """What was seen, by whom, where and when."""

    words = forms.CharField(
        label=gettext_lazy("What it says"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Word for word. Leave out what is nobody’s business."),
    )
    address = forms.URLField(
        label=gettext_lazy("Address of the page"),
        required=False,
        max_length=LONGEST_ADDRESS,
        assume_scheme="https",
        help_text=gettext_lazy("Empty for a poster, a meeting or a phone call."),
    )
    author = forms.CharField(
        label=gettext_lazy("Who says it"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("As shown there. Leave it empty where people trust to be unseen."),
    )
    at = forms.DateTimeField(
        label=gettext_lazy("When it was written"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("Empty: just now."),
    )
    screenshot = forms.FileField(
        label=gettext_lazy("Screenshot"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=gettext_lazy(
            "Kept as it is, with its fingerprint, as evidence. Nothing is read from it: type the "
            "words above."
        ),
    )


@needs(Permission.SEND_QUESTION)
@require_http_methods(["GET", "POST"])
def saw(request: SignedInRequest) -> HttpResponse:
    """Take in what a person saw."""
    asked = {name: request.GET.get(name, "")[:LONGEST_WORDS] for name in ("words", "address")}
    form = SeenForm(request.POST or None, request.FILES or None, initial=asked)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        now = timezone.now()
        seen = Seen(
            words=given["words"],
            at=given["at"] or now,
            author=given["author"],
            address=given["address"],
        )
        try:
            picture = picture_of(_bytes(given["screenshot"])) if given["screenshot"] else None
            kept = services.bring_post(seen=seen, person=request.user, now=now, picture=picture)
        except (BadRecord, BadFile, NotAllowed) as trouble:
            field = "screenshot" if isinstance(trouble, BadFile) else None
            form.add_error(field, f"{spoken(trouble.what)} {spoken(trouble.remedy)}")
        else:
            if kept:
                messages.success(request, _("Thank you. It counts like any other post."))
            else:
                messages.warning(request, _("It speaks of none of the topics, so it was not kept."))
            return redirect("listen:saw")
    values = {"form": form, "bookmark": _bookmark(request)}
    return render(request, "listen/saw.html", values, status=422 if form.is_bound else 200)


def _bytes(upload: "UploadedFile[bytes]") -> bytes:
    """Read an upload, and no more of it than shows that it is too large."""
    body: bytes = upload.read(LARGEST_BYTES + 1)
    return body


@needs(Permission.SEE_PERSONAL_DATA)
@require_GET
def screenshot(request: SignedInRequest, digest: str) -> HttpResponse:
    """Show a picture somebody brought, as it came."""
    found = queries.screenshot(digest)
    if found is None:
        raise Http404
    if not found.unchanged:
        return HttpResponse(
            _("This picture was changed since it came: its fingerprint is another."), status=409
        )
    reply = HttpResponse(found.body, content_type=found.kind)
    reply["Content-Disposition"] = f'inline; filename="{digest[:16]}"'
    return reply


def _bookmark(request: SignedInRequest) -> str:
    """Write the bookmark: it opens our page with the address and the words one has marked.

    No server takes an address without end, and half an emoji cannot be sent.
    """
    page = request.build_absolute_uri(reverse("listen:saw"))
    script = (
        "(function(){var words=String(getSelection())||document.title;"
        f"window.open('{page}?address='+encodeURIComponent(location.href.slice(0,2000))"
        f"+'&words='+encodeURIComponent(Array.from(words).slice(0,{MOST_MARKED}).join('')))}})()"
    )
    return f"javascript:{quote(script, safe='()')}"
