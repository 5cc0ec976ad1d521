"""Search among stored posts: one page, its files, what is done with what was found."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    QueryDict,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.errors import BadQuery, NotAllowed
from quivive.web.listen import search_queries, services
from quivive.web.listen.downloads import hidden, send_posts
from quivive.web.listen.mistakes_shown import pointed
from quivive.web.listen.search_shown import NARROWING, bars, chips, facets, kept, periods
from quivive.web.people.downloads import TYPES
from quivive.web.people.guards import SignedInRequest, needs, refuse
from quivive.web.people.numbers import all_whole, whole
from quivive.web.people.services import audit
from quivive.web.people.speech import spoken

MOST_DAYS = 3_660


class SearchForm(forms.Form):
    """A search as its address carries it."""

    q = forms.CharField(required=False, max_length=2_000, strip=False)
    network = forms.CharField(required=False, max_length=60)
    topic = forms.SlugField(required=False)
    leaning = forms.CharField(required=False, max_length=10)
    language = forms.CharField(required=False, max_length=8)
    author = forms.IntegerField(required=False, min_value=1)
    place = forms.CharField(required=False, max_length=300)
    label = forms.CharField(required=False, max_length=40)
    since = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}))
    days = forms.IntegerField(required=False, min_value=1, max_value=MOST_DAYS)
    hidden = forms.BooleanField(required=False)
    before = forms.IntegerField(required=False)

    def asked(self) -> search_queries.Asked:
        """Return what is looked for. Raises BadQuery."""
        kept = {name: self.cleaned_data[name] for name in NARROWING}
        days = self.cleaned_data["days"]
        if days and not (kept["since"] or kept["until"]):
            kept["since"] = timezone.localdate() - timedelta(days=days - 1)
        return search_queries.Asked(query=search_queries.read(self.cleaned_data["q"]), **kept)


@require_GET
@needs(Permission.SEE_PERSONAL_DATA)
def search(request: SignedInRequest) -> HttpResponse:
    """Show what is found, how it spreads, and how to narrow it."""
    return _page(request)


def _page(
    request: SignedInRequest, *, trouble: NotAllowed | None = None, status: int = 200
) -> HttpResponse:
    form = SearchForm(request.GET)
    values: dict[str, Any] = {
        "form": form,
        "kept": kept(request.GET),
        "periods": periods(request.GET),
        "views": search_queries.views_of(request.user),
        "labels": search_queries.label_names(),
        "deed": _deed(request),
        "trouble": trouble,
        "may_handle": may(request.roles, Permission.HANDLE_INBOX),
        "may_label": may(request.roles, Permission.LABEL_POSTS),
        "most_changed": search_queries.MOST_CHANGED,
    }
    if not form.is_valid():
        return render(request, "listen/search.html", values, status=422)
    text = form.cleaned_data["q"]
    try:
        asked = form.asked()
    except BadQuery as mistake:
        values |= pointed(text, mistake)
        return render(request, "listen/search.html", values, status=422)
    counts = search_queries.counts(asked)
    values |= {
        "hits": search_queries.search(asked, before=form.cleaned_data["before"]),
        "counts": counts,
        "facets": facets(request.GET, counts),
        "bars": bars(request.GET, counts),
        "chips": chips(request.GET, counts),
        "export": reverse("listen:search-export", args=["x"]).removesuffix("x"),
        "export_names": reverse("listen:search-export-names", args=["x"]).removesuffix("x"),
    }
    return render(request, "listen/search.html", values, status=status)


def _deed(request: SignedInRequest) -> Any:
    number = whole(request.GET.get("deed", ""))
    return search_queries.deed(number, request.user) if number is not None else None


@require_GET
@needs(Permission.EXPORT)
def export(request: SignedInRequest, form: str) -> FileResponse | HttpResponse:
    """Write all that is found to a file and send it, authors under pseudonyms (LR-06)."""
    return _export(request, form, named=False)


@require_GET
@needs(Permission.EXPORT)
def named_export(request: SignedInRequest, form: str) -> HttpResponseBase:
    """Write it with the names of the authors, for those who may see these."""
    if not may(request.roles, Permission.SEE_PERSONAL_DATA):
        return refuse(request, Permission.SEE_PERSONAL_DATA)
    return _export(request, form, named=True)


def _export(request: SignedInRequest, form: str, *, named: bool) -> FileResponse | HttpResponse:
    wanted = SearchForm(request.GET)
    if form not in TYPES or not wanted.is_valid():
        raise Http404
    try:
        asked = wanted.asked()
    except BadQuery as mistake:
        return HttpResponseBadRequest(spoken(mistake.what))
    audit(
        person=request.user,
        action="posts.export-names" if named else "posts.export",
        subject="search",
        detail={"form": form, "search": kept(request.GET)},
        now=timezone.now(),
    )
    found = search_queries.found_posts(asked)
    shown = found if named else hidden(found)
    return send_posts(shown, "search", form)


@require_POST
@needs(Permission.LABEL_POSTS)
def label(request: SignedInRequest) -> HttpResponse:
    """Label what was chosen."""
    return _act(request, services.label_posts, name=request.POST.get("label", ""))


@require_POST
@needs(Permission.LABEL_POSTS)
def unlabel(request: SignedInRequest) -> HttpResponse:
    """Take a label off what was chosen."""
    return _act(request, services.unlabel_posts, name=request.POST.get("label", ""))


@require_POST
@needs(Permission.LABEL_POSTS)
def hide(request: SignedInRequest) -> HttpResponse:
    """Leave what was chosen out of lists."""
    return _act(request, services.hide_posts, reason=request.POST.get("reason", ""))


@require_POST
@needs(Permission.LABEL_POSTS)
def show(request: SignedInRequest) -> HttpResponse:
    """Show what was chosen again."""
    return _act(request, services.show_posts)


def _act(request: SignedInRequest, service: Callable[..., Any], **said: str) -> HttpResponse:
    """Do something with the chosen posts, and offer to take it back."""
    query = QueryDict(request.POST.get("search", ""))
    try:
        posts = chosen(request)
        if not posts:
            messages.info(request, _("Choose at least one post first."))
            return _back(query)
        deed = service(posts=posts, **said, person=request.user, now=timezone.now())
    except (NotAllowed, BadQuery) as trouble:
        messages.error(request, f"{spoken(trouble.what)} {spoken(trouble.remedy)}")
        return _back(query)
    return _back(query, deed=deed.pk)


def chosen(request: SignedInRequest) -> list[int]:
    """Return the posts that were ticked, or all that the search finds. Raises BadQuery."""
    if request.POST.get("all"):
        form = SearchForm(QueryDict(request.POST.get("search", "")))
        return search_queries.found_ids(form.asked()) if form.is_valid() else []
    return all_whole(request.POST.getlist("posts"))


def to_search(request: SignedInRequest, *, deed: int) -> HttpResponse:
    """Go back to the search, which offers to take back what was done."""
    return _back(QueryDict(request.POST.get("search", "")), deed=deed)


def _back(query: QueryDict, **more: int) -> HttpResponse:
    asked = "&".join([kept(query), *(f"{name}={value}" for name, value in more.items())])
    return redirect(f"{reverse('listen:search')}?{asked}")


@require_POST
@needs(Permission.LABEL_POSTS)
def undo(request: SignedInRequest, deed_id: int) -> HttpResponse:
    """Take one's own last action back."""
    try:
        services.undo(deed_id=deed_id, person=request.user, now=timezone.now())
        messages.success(request, _("Taken back: the posts are as they were."))
    except NotAllowed as trouble:
        messages.error(request, f"{spoken(trouble.what)} {spoken(trouble.remedy)}")
    return _back(QueryDict(request.POST.get("search", "")))


@require_POST
@needs(Permission.SEE_PERSONAL_DATA)
def save_view(request: SignedInRequest) -> HttpResponse:
    """Keep a search under a name."""
    query = QueryDict(request.POST.get("search", ""))
    try:
        _row, new = services.save_view(
            name=request.POST.get("name", ""),
            address=kept(query),
            shared=bool(request.POST.get("shared")),
            person=request.user,
            now=timezone.now(),
        )
        told = (
            _("Kept: you find it above the search from now on.")
            if new
            else _("Kept in place of your search that had this name.")
        )
        messages.success(request, told)
    except NotAllowed as trouble:
        messages.error(request, f"{spoken(trouble.what)} {spoken(trouble.remedy)}")
    return _back(query)


@require_POST
@needs(Permission.SEE_PERSONAL_DATA)
def forget_view(request: SignedInRequest, view_id: int) -> HttpResponse:
    """Forget a search one kept."""
    try:
        services.forget_view(view_id=view_id, person=request.user, now=timezone.now())
        messages.success(request, _("Forgotten."))
    except NotAllowed as trouble:
        messages.error(request, f"{spoken(trouble.what)} {spoken(trouble.remedy)}")
    return _back(QueryDict(request.POST.get("search", "")))
