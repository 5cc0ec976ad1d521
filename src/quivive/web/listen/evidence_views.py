"""Evidence: keep a post as it is known now, look at what was kept, take a bundle away."""

from tempfile import TemporaryFile

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission, may
from quivive.listen.pictures import LARGEST_BYTES, Picture, picture_of
from quivive.vocabulary.errors import Trouble
from quivive.web.listen import evidence_queries, services
from quivive.web.listen.search_views import chosen
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.numbers import all_whole
from quivive.web.people.paging import page_of
from quivive.web.people.services import audit
from quivive.web.people.speech import number, spoken


class KeepForm(forms.Form):
    """Why posts are kept, and a picture of the page if somebody made one."""

    proof = forms.CharField(required=False, max_length=300)
    picture = forms.FileField(required=False)
    page = forms.BooleanField(required=False)


@require_GET
@needs(Permission.LABEL_POSTS)
def of_post(request: SignedInRequest, post_id: int) -> HttpResponse:
    """Show a post that somebody may keep as evidence, and ask why."""
    post = evidence_queries.keepable_post(post_id)
    if post is None:
        raise Http404
    values = {"post": post, "takes_pictures": evidence_queries.takes_pictures()}
    return render(request, "listen/evidence_of.html", values)


@require_POST
@needs(Permission.LABEL_POSTS)
def keep(request: SignedInRequest) -> HttpResponse:
    """Keep the chosen posts as evidence."""
    form = KeepForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Http404
    try:
        kept = services.capture_posts(
            posts=chosen(request),
            reason=form.cleaned_data["proof"],
            picture=_picture(request, form),
            person=request.user,
            now=timezone.now(),
        )
    except Trouble as trouble:
        messages.error(request, f"{spoken(trouble.what)} {spoken(trouble.remedy)}")
        return _back(request)
    told = ngettext("{count} post kept as evidence.", "{count} posts kept as evidence.", len(kept))
    messages.success(request, told.format(count=number(len(kept))))
    return _back(request) if len(kept) > 1 else redirect("listen:evidence-one", kept[0].pk)


def _picture(request: SignedInRequest, form: KeepForm) -> Picture | None:
    """Return the picture somebody made, or take one; evidence is kept without one, too."""
    given, posts = form.cleaned_data["picture"], chosen(request)
    if given:
        return picture_of(given.read(LARGEST_BYTES + 1))
    wanted = form.cleaned_data["page"] and evidence_queries.takes_pictures()
    if not wanted or len(posts) != 1 or not form.cleaned_data["proof"].strip():
        return None
    try:
        return services.picture_now(posts[0])
    except Trouble as trouble:
        messages.warning(request, f"{spoken(trouble.what)} {spoken(trouble.remedy)}")
        return None


def _back(request: SignedInRequest) -> HttpResponse:
    way = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(way, {request.get_host()}, request.is_secure()):
        return redirect("listen:evidence")
    return redirect(way)


@require_GET
@needs(Permission.SEE_PERSONAL_DATA)
def evidence(request: SignedInRequest) -> HttpResponse:
    """List what was kept."""
    values = {
        "page": page_of(evidence_queries.captures(), by="at", query=request.GET),
        "may_bundle": may(request.roles, Permission.EXPORT),
        "authority": evidence_queries.authority(),
        "lacks_browser": evidence_queries.lacks_browser(),
    }
    return render(request, "listen/evidence.html", values)


@require_GET
@needs(Permission.SEE_PERSONAL_DATA)
def one(request: SignedInRequest, capture_id: int) -> HttpResponse:
    """Show one piece of evidence, checked anew."""
    page = evidence_queries.evidence_page(capture_id)
    if page is None:
        raise Http404
    values = {
        "page": page,
        "may_bundle": may(request.roles, Permission.EXPORT),
        "may_empty": may(request.roles, Permission.LEGAL_HOLD),
        "authority": evidence_queries.authority(),
    }
    return render(request, "listen/evidence_one.html", values)


@require_POST
@needs(Permission.EXPORT)
def bundle(request: SignedInRequest) -> FileResponse | HttpResponse:
    """Give chosen evidence as a bundle that can be checked anywhere."""
    ids = all_whole(request.POST.getlist("captures"))
    now = timezone.now()
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    count = evidence_queries.write_bundle(file, ids, made_at=now, made_by=str(request.user))
    if not count:
        file.close()
        messages.info(request, _("Choose at least one piece of evidence first."))
        return redirect("listen:evidence")
    audit(person=request.user, action="evidence.bundle", detail={"captures": ids}, now=now)
    file.seek(0)
    name = f"evidence-{now:%Y%m%d-%H%M}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@require_POST
@needs(Permission.LEGAL_HOLD)
def empty(request: SignedInRequest, capture_id: int) -> HttpResponse:
    """Forget what a record says; its hash stays."""
    if evidence_queries.evidence_page(capture_id) is None:
        raise Http404
    try:
        services.empty_capture(
            capture_id=capture_id,
            reason=request.POST.get("reason", ""),
            person=request.user,
            now=timezone.now(),
        )
    except Trouble as trouble:
        messages.error(request, f"{spoken(trouble.what)} {spoken(trouble.remedy)}")
    return redirect("listen:evidence-one", capture_id)
