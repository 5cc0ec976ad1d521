"""Our places: the list, one place, and a table of them that is looked at before it counts."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission
from quivive.vocabulary.errors import BadFile, NotAllowed
from quivive.web.people import place_queries as queries
from quivive.web.people import place_services as services
from quivive.web.people.acts import Refused, act
from quivive.web.people.downloads import TYPES, Table, send_table
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.place_forms import NAMES, ColumnsForm, EntryForm, TableForm
from quivive.web.people.speech import number, spoken
from quivive.wire.cells import guarded


@require_GET
@needs(Permission.SEE_ROOM)
def places(request: SignedInRequest) -> HttpResponse:
    """Show our places."""
    return _places(request)


def _places(request: SignedInRequest, refused: Refused | None = None) -> HttpResponse:
    words, agency = request.GET.get("q", "").strip(), request.GET.get("agency", "")
    shown: dict[type[Form], Form] = {EntryForm: EntryForm(), TableForm: TableForm()}
    if refused:
        shown[type(refused.form)] = refused.form
    values = {
        "export_places": reverse("people:places-export", args=["x"]).removesuffix("x"),
        "list": queries.place_list(words=words, agency=agency),
        "words": words,
        "agency": agency,
        "form": shown[EntryForm],
        "table": shown[TableForm],
        "change": queries.last_change(request.user),
        "tables": queries.tables(),
        "trouble": refused.trouble if refused else None,
    }
    return render(request, "people/places.html", values, status=refused.status if refused else 200)


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def new(request: SignedInRequest) -> HttpResponse:
    """Make a place."""
    try:
        act(request, EntryForm(request.POST), services.save_place)
    except Refused as refused:
        return _places(request, refused)
    return redirect("people:places")


@require_GET
@needs(Permission.MANAGE_SETTINGS)
def place(request: SignedInRequest, place_id: int) -> HttpResponse:
    """Show one place, to change it."""
    return _place(request, place_id)


def _place(request: SignedInRequest, place_id: int, refused: Refused | None = None) -> HttpResponse:
    row = queries.place(place_id)
    if row is None:
        raise Http404
    kept: dict[str, Any] = {name: getattr(row, name) for name in queries.COLUMNS}
    kept["other_names"] = ", ".join(row.other_names)
    values = {
        "place": row,
        "form": refused.form if refused else EntryForm(initial=kept),
        "trouble": refused.trouble if refused else None,
    }
    return render(request, "people/place.html", values, status=refused.status if refused else 200)


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def change(request: SignedInRequest, place_id: int) -> HttpResponse:
    """Change a place."""
    if queries.place(place_id) is None:
        raise Http404
    try:
        act(request, EntryForm(request.POST), services.save_place, place_id=place_id)
    except Refused as refused:
        return _place(request, place_id, refused)
    return redirect("people:places")


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def remove(request: SignedInRequest, place_id: int) -> HttpResponseRedirect:
    """Take a place out."""
    services.remove_place(place_id=place_id, person=request.user, now=timezone.now())
    return redirect("people:places")


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def undo(request: SignedInRequest, change_id: int) -> HttpResponse:
    """Put the places back as they were."""
    try:
        act(request, Form({}), services.undo_change, change_id=change_id)
    except Refused as refused:
        if isinstance(refused.trouble, NotAllowed):
            messages.error(request, spoken(refused.trouble.what))
    return redirect("people:places")


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def bring(request: SignedInRequest) -> HttpResponse:
    """Take a file, to be looked at."""
    try:
        row = act(request, TableForm(request.POST, request.FILES), services.bring_table)
    except Refused as refused:
        return _places(request, refused)
    return redirect("people:place-table", row.pk)


@require_GET
@needs(Permission.MANAGE_SETTINGS)
def table(request: SignedInRequest, table_id: int) -> HttpResponse:
    """Show what a file would do, and which of its lines cannot be read."""
    return _table(request, table_id)


def _table(request: SignedInRequest, table_id: int, refused: Refused | None = None) -> HttpResponse:
    row = queries.table(table_id)
    if row is None:
        raise Http404
    values: dict[str, Any] = {"row": row, "names": NAMES}
    if row.taken_at:
        values["bad"] = queries.refused_rows(row)
    else:
        try:
            look = queries.look(row.table, row.columns)
        except BadFile as trouble:
            values["trouble"] = trouble
        else:
            columns = {"headings": look.table.headings, "columns": row.columns}
            values |= {"look": look, "form": ColumnsForm(**columns), "bad": look.table.refused}
    if refused:
        values |= {"form": refused.form, "trouble": refused.trouble}
    status = refused.status if refused else 200
    return render(request, "people/place_table.html", values, status=status)


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def map_table(request: SignedInRequest, table_id: int) -> HttpResponse:
    """Say which heading holds what."""
    row = queries.table(table_id)
    if row is None or row.taken_at:
        raise Http404
    look = queries.look(row.table, row.columns)
    form = ColumnsForm(request.POST, headings=look.table.headings, columns=row.columns)
    try:
        act(request, form, services.map_table, table_id=table_id)
    except Refused as refused:
        return _table(request, table_id, refused)
    return redirect("people:place-table", table_id)


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def take(request: SignedInRequest, table_id: int) -> HttpResponse:
    """Let a file count."""
    row = queries.table(table_id)
    if row is None:
        raise Http404
    done = services.take_table(table_id=table_id, person=request.user, now=timezone.now())
    told = ngettext("%(count)s place taken in.", "%(count)s places taken in.", done)
    messages.success(request, told % {"count": number(done)})
    row.refresh_from_db()
    return redirect("people:place-table", table_id) if row.refused else redirect("people:places")


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def drop(request: SignedInRequest, table_id: int) -> HttpResponseRedirect:
    """Forget a file."""
    services.drop_table(table_id=table_id, person=request.user, now=timezone.now())
    return redirect("people:places")


@require_GET
@needs(Permission.MANAGE_SETTINGS)
def refused_csv(request: SignedInRequest, table_id: int) -> HttpResponse:
    """Give the lines that could not be taken in, each with why."""
    row = queries.table(table_id)
    if row is None:
        raise Http404
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow((_("Line"), _("Why"), _("What to do"), _("The line")))
    for one in queries.refused_rows(row):
        lines.writerow((one.line, spoken(one.what), spoken(one.remedy), guarded(one.raw)))
    answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type=TYPES["csv"])
    answer["Content-Disposition"] = 'attachment; filename="refused.csv"'
    return answer


@require_GET
@needs(Permission.EXPORT)
def export(request: SignedInRequest, form: str) -> FileResponse:
    """Give our places as a table; its CSV can be brought in again."""
    if form not in TYPES:
        raise Http404
    return send_table(Table(columns=queries.COLUMNS, rows=queries.rows()), "places", form)
