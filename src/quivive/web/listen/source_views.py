"""Pages of live sources: how they fare, their settings, and a test that shows what comes back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from msgspec import convert, to_builtins

from quivive.coordinate.permissions import Permission
from quivive.listen.sourcing import Quota, Source
from quivive.vocabulary.requests import NoAnswer
from quivive.web.listen import services, source_queries
from quivive.web.listen.mishaps import mishaps
from quivive.web.listen.source_forms import SourceForm
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.numbers import whole
from quivive.web.people.speech import spoken
from quivive.wire.plugins import sources as plug_ins

METERS = "meters-of-tests"
"""In the session: what tests spent of sources that are not saved yet, by kind."""


@needs(Permission.SEE_ROOM)
@require_GET
def sources(request: SignedInRequest) -> HttpResponse:
    """Show how every source fares, and which more there are."""
    values = {
        "lines": source_queries.source_lines(now=timezone.now()),
        "topics": source_queries.topic_lines(now=timezone.now()),
        "mishaps": mishaps(now=timezone.now()),
        "kinds": plug_ins().values(),
    }
    return render(request, "listen/sources.html", values)


@needs(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest, kind: str) -> HttpResponse:
    """Add a source."""
    plug_in = _plug_in(kind)
    form = SourceForm(
        request.POST or None, plug_in=plug_in, initial={"name": spoken(plug_in.title)[:100]}
    )
    return _edit(request, form, source_id=None)


@needs(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, source_id: int) -> HttpResponse:
    """Change a source; its secrets are never shown."""
    line = source_queries.source_line(source_id, now=timezone.now())
    if line is None or line.plug_in is None:
        raise Http404
    form = SourceForm(
        request.POST or None,
        plug_in=line.plug_in,
        kept=services.secret_fields(line.plug_in) if line.row.secrets else frozenset(),
        initial={**line.row.settings, "name": line.row.name},
    )
    return _edit(request, form, source_id=source_id, line=line)


def _edit(
    request: SignedInRequest,
    form: SourceForm,
    *,
    source_id: int | None,
    line: source_queries.SourceLine | None = None,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        if source_queries.name_taken(form.cleaned_data["name"], but=source_id):
            form.add_error("name", _("Another source has this name."))
        else:
            try:
                saved = services.save_source(
                    source_id=source_id,
                    name=form.cleaned_data["name"],
                    kind=form.plug_in.kind,
                    values=form.values(),
                    meter=_tests_of(request, form.plug_in.kind),
                    person=request.user,
                    now=timezone.now(),
                )
            except NoAnswer as trouble:
                form.add_error(None, f"{spoken(trouble.what)} {spoken(trouble.remedy)}")
            else:
                messages.success(request, _("Saved. The collector takes it up in a moment."))
                return _after_saving(form.plug_in, saved)
    values = {"form": form, "plug_in": form.plug_in, "line": line}
    if line is not None and not form.is_bound:
        values["trouble"] = source_queries.trouble_of_settings(line.row.pk)
    if line is not None and form.plug_in.is_called:
        values["call_address"] = request.build_absolute_uri(
            reverse("listen:call", args=[source_id])
        )
    status = 422 if form.is_bound else 200
    return render(request, "listen/source_edit.html", values, status=status)


def _after_saving(plug_in: Source, source_id: int) -> HttpResponse:
    """Go on to the list; or to where programs send to, for that is what one needs next."""
    if plug_in.is_called:
        return redirect("listen:source-edit", source_id)
    return redirect("listen:sources")


@needs(Permission.MANAGE_SETTINGS)
@require_POST
def trial(request: SignedInRequest, kind: str) -> HttpResponse:
    """Ask a source once, as it is typed, and show what came back; nothing is kept."""
    source_id = whole(request.POST.get("source", ""))
    plug_in = _plug_in(kind)
    kept = services.secret_fields(plug_in) if source_id else frozenset()
    form = SourceForm(request.POST, plug_in=plug_in, kept=kept)
    if not form.is_valid():
        return render(request, "listen/source_trial.html", {"form": form})
    tried = services.try_source(
        kind=kind,
        values=form.values(),
        source_id=source_id,
        meter=_tests_of(request, kind),
        now=timezone.now(),
    )
    if source_id is None and tried.page and tried.page.quota:
        request.session[METERS] = {
            **request.session.get(METERS, {}),
            kind: to_builtins(tried.page.quota),
        }
    return render(request, "listen/source_trial.html", {"tried": tried})


def _tests_of(request: SignedInRequest, kind: str) -> Quota | None:
    """Return what this person's tests of a source that is not saved yet have spent."""
    told = request.session.get(METERS, {}).get(kind)
    return convert(told, Quota) if told else None


@needs(Permission.MANAGE_SETTINGS)
@require_POST
def pause(request: SignedInRequest, source_id: int) -> HttpResponse:
    """Stop asking a source."""
    services.pause_source(source_id=source_id, person=request.user, now=timezone.now())
    messages.success(request, _("Paused: alerts and reports will say that it is not seen."))
    return redirect("listen:sources")


@needs(Permission.MANAGE_SETTINGS)
@require_POST
def resume(request: SignedInRequest, source_id: int) -> HttpResponse:
    """Ask a source again."""
    services.resume_source(source_id=source_id, person=request.user, now=timezone.now())
    messages.success(request, _("Asked again, from where it stopped."))
    return redirect("listen:sources")


@needs(Permission.MANAGE_SETTINGS)
@require_POST
def remove(request: SignedInRequest, source_id: int) -> HttpResponse:
    """Forget a source with its secrets."""
    services.remove_source(source_id=source_id, person=request.user, now=timezone.now())
    messages.success(request, _("Removed. The posts it brought stay."))
    return redirect("listen:sources")


def _plug_in(kind: str) -> Source:
    try:
        return plug_ins()[kind]
    except KeyError:
        raise Http404 from None
