"""Pages that bring files in: drop, preview, progress, quarantine."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quivive.coordinate.permissions import Permission
from quivive.vocabulary.errors import BadFile
from quivive.web.listen import queries, services
from quivive.web.listen.import_forms import CorrectionForm, MappingForm
from quivive.web.people.guards import SignedInRequest, needs


@needs(Permission.IMPORT)
@require_http_methods(["GET", "POST"])
def imports(request: SignedInRequest) -> HttpResponse:
    """List what was brought; take new files."""
    if request.method == "GET":
        return render(request, "listen/imports.html", {"imports": queries.imports()})
    files = request.FILES.getlist("files")
    if not files:
        messages.error(request, _("No file came with the form. Choose one, then send it again."))
        return redirect("listen:imports")
    now = timezone.now()
    brought = [
        services.bring_file(name=file.name or "posts", content=file, person=request.user, now=now)
        for file in files
    ]
    if len(brought) == 1:
        return redirect("listen:import-preview", brought[0])
    return redirect("listen:imports")


@needs(Permission.IMPORT)
@require_http_methods(["GET", "POST"])
def preview(request: SignedInRequest, import_id: int) -> HttpResponse:
    """Show how a file reads, let columns be corrected and looked at again, then start."""
    waiting = queries.waiting_import(import_id)
    if waiting is None:
        return redirect("listen:import", import_id)
    try:
        look = queries.look_at_import(import_id, saved=request.GET.get("saved"))
    except BadFile as trouble:
        return render(
            request, "listen/import_preview.html", {"import": waiting, "trouble": trouble}
        )
    form = MappingForm(look, request.POST or None) if look.mapping and look.rows else None
    again = "again" in request.POST
    if form and again and form.is_valid():
        look = queries.look_again(import_id, form.mapping())
    elif request.method == "POST" and (form is None or form.is_valid()):
        mapping = form.mapping() if form else None
        if form and form.cleaned_data["save_as"]:
            services.save_mapping(
                name=form.cleaned_data["save_as"],
                mapping=form.mapping(),
                person=request.user,
                now=timezone.now(),
            )
        services.queue_import(
            import_id=import_id,
            file_format=look.format or "csv",
            mapping=mapping,
            person=request.user,
            now=timezone.now(),
        )
        return redirect("listen:import", import_id)
    values = {"import": waiting, "look": look, "form": form, "saved": queries.saved_mappings()}
    return render(request, "listen/import_preview.html", values)


@needs(Permission.IMPORT)
@require_GET
def one_import(request: SignedInRequest, import_id: int) -> HttpResponse:
    """Show how far a file is, and what could not be read."""
    page = queries.import_page(import_id, page=request.GET.get("page", "1"))
    if page is None:
        raise Http404
    part = "listen/import_progress.html" if request.htmx else "listen/import.html"  # type: ignore[attr-defined]
    return render(request, part, {"page": page})


@needs(Permission.IMPORT)
@require_POST
def stop(request: SignedInRequest, import_id: int) -> HttpResponse:
    """Stop reading a file."""
    services.stop_import(import_id=import_id, person=request.user, now=timezone.now())
    return redirect("listen:import", import_id)


@needs(Permission.IMPORT)
@require_POST
def correct(request: SignedInRequest, line_id: int) -> HttpResponse:
    """Read a bad line again as corrected."""
    form = CorrectionForm(request.POST)
    import_id = queries.import_of_line(line_id)
    if form.is_valid():
        try:
            services.correct_line(
                line_id=line_id,
                corrected=form.cleaned_data["raw"],
                watch=queries.compiled_watch(),
                person=request.user,
                now=timezone.now(),
            )
        except BadFile as trouble:
            values = {"page": queries.import_page(import_id, page="1"), "trouble": trouble}
            return render(request, "listen/import.html", values, status=422)
        messages.success(request, _("The line was read."))
    return redirect("listen:import", import_id)


@needs(Permission.IMPORT)
@require_POST
def discard(request: SignedInRequest, line_id: int) -> HttpResponse:
    """Set a bad line aside."""
    services.discard_line(line_id=line_id, person=request.user, now=timezone.now())
    return redirect("listen:import", queries.import_of_line(line_id))


@needs(Permission.IMPORT)
@require_GET
def quarantine_file(request: SignedInRequest, import_id: int) -> HttpResponse:
    """Give the bad lines as a file that can be corrected and imported again."""
    name, content = queries.quarantine_file(import_id)
    reply = HttpResponse(content, content_type="text/plain; charset=utf-8")
    reply["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return reply
