"""Panels: whom we listen to because of a public function, and bring in as tables."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission
from quivive.web.people import panel_queries as queries
from quivive.web.people import panel_services as services
from quivive.web.people.acts import Refused, act
from quivive.web.people.downloads import TYPES, Table, send_table
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.queries import own_accounts
from quivive.web.people.speech import spoken

LARGEST_TABLE = 2_000_000


class PanelForm(forms.Form):
    """A panel's name, its function, and whether it rings."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy('As queries ask for it: panel:"elus".'),
    )
    role = forms.ChoiceField(label=gettext_lazy("Public function"), choices=queries.ROLES)
    rings = forms.BooleanField(
        label=gettext_lazy("Ring when one of them speaks of a topic"), required=False, initial=True
    )


class MemberForm(forms.Form):
    """One account of a panel."""

    network = forms.CharField(
        label=gettext_lazy("Network"),
        max_length=60,
        help_text=gettext_lazy("As posts name it, e.g. bluesky."),
    )
    handle = forms.CharField(label=gettext_lazy("Account name"), max_length=200)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, required=False)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    contact = forms.CharField(
        label=gettext_lazy("Contact"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Who answers there, by telephone or e-mail."),
    )
    last_contact_on = forms.DateField(
        label=gettext_lazy("Last contact"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class TableForm(forms.Form):
    """A file of accounts."""

    table = forms.FileField(label=gettext_lazy("CSV or Excel file"))

    def clean_table(self) -> bytes:
        """Read the file, unless it is too large to be a list of people."""
        file = self.cleaned_data["table"]
        if file.size > LARGEST_TABLE:
            raise forms.ValidationError(_("This file is too large to be a list of accounts."))
        content: bytes = file.read()
        return content


@require_GET
@needs(Permission.SEE_ROOM)
def panels(request: SignedInRequest) -> HttpResponse:
    """Show all panels."""
    return _panels(request)


def _panels(request: SignedInRequest, refused: Refused | None = None) -> HttpResponse:
    values = {
        "panels": queries.panels(),
        "own_accounts": own_accounts(),
        "export_register": reverse("people:register-export", args=["x"]).removesuffix("x"),
        "form": refused.form if refused else PanelForm(),
        "trouble": refused.trouble if refused else None,
    }
    return render(request, "people/panels.html", values, status=refused.status if refused else 200)


@require_POST
@needs(Permission.MANAGE_TOPICS)
def new(request: SignedInRequest) -> HttpResponse:
    """Make a panel."""
    try:
        number = act(request, PanelForm(request.POST), services.save_panel)
    except Refused as refused:
        return _panels(request, refused)
    return redirect("people:panel", number)


@require_GET
@needs(Permission.SEE_ROOM)
def panel(request: SignedInRequest, panel_id: int) -> HttpResponse:
    """Show one panel with its members."""
    return _panel(request, panel_id)


def _panel(request: SignedInRequest, panel_id: int, refused: Refused | None = None) -> HttpResponse:
    row = queries.panel(panel_id)
    if row is None:
        raise Http404
    kept = {"name": row.name, "role": row.role, "rings": row.rings}
    shown: dict[type[forms.Form], forms.Form] = {
        PanelForm: PanelForm(initial=kept, prefix="panel"),
        MemberForm: MemberForm(),
        TableForm: TableForm(),
    }
    if refused:
        shown[type(refused.form)] = refused.form
    values: dict[str, Any] = {
        "panel": row,
        "export_panel": reverse("people:panel-export", args=[row.pk, "x"]).removesuffix("x"),
        "form": shown[PanelForm],
        "member": shown[MemberForm],
        "table": shown[TableForm],
        "trouble": refused.trouble if refused else None,
    }
    return render(request, "people/panel.html", values, status=refused.status if refused else 200)


@require_POST
@needs(Permission.MANAGE_TOPICS)
def change(request: SignedInRequest, panel_id: int) -> HttpResponse:
    """Change a panel."""
    form = PanelForm(request.POST, prefix="panel")
    try:
        act(request, form, services.save_panel, panel_id=panel_id)
    except Refused as refused:
        return _panel(request, panel_id, refused)
    return redirect("people:panel", panel_id)


@require_POST
@needs(Permission.MANAGE_TOPICS)
def remove(request: SignedInRequest, panel_id: int) -> HttpResponseRedirect:
    """Forget a panel."""
    services.remove_panel(panel_id=panel_id, person=request.user, now=timezone.now())
    return redirect("people:panels")


@require_POST
@needs(Permission.MANAGE_TOPICS)
def add_member(request: SignedInRequest, panel_id: int) -> HttpResponse:
    """Add an account, or change what is known of it."""
    if queries.panel(panel_id) is None:
        raise Http404
    try:
        act(request, MemberForm(request.POST), services.save_member, panel_id=panel_id)
    except Refused as refused:
        return _panel(request, panel_id, refused)
    return redirect("people:panel", panel_id)


@require_POST
@needs(Permission.MANAGE_TOPICS)
def remove_member(request: SignedInRequest, panel_id: int, member_id: int) -> HttpResponseRedirect:
    """Take an account out."""
    services.remove_member(member_id=member_id, person=request.user, now=timezone.now())
    return redirect("people:panel", panel_id)


@require_POST
@needs(Permission.MANAGE_TOPICS)
def bring(request: SignedInRequest, panel_id: int) -> HttpResponse:
    """Take in a table of accounts, and say which lines could not be."""
    if queries.panel(panel_id) is None:
        raise Http404
    form = TableForm(request.POST, request.FILES)
    try:
        brought = act(request, form, services.bring_members, panel_id=panel_id)
    except Refused as refused:
        return _panel(request, panel_id, refused)
    count = brought.members
    told = ngettext("%(count)s account came in.", "%(count)s accounts came in.", count)
    messages.success(request, told % {"count": count})
    if brought.unread:
        unread = ", ".join(brought.unread)
        messages.warning(
            request, _("Not taken, for a panel has no such column: %(names)s.") % {"names": unread}
        )
    for line, why in brought.refused[:10]:
        messages.warning(request, _("Line %(line)s: %(why)s") % {"line": line, "why": spoken(why)})
    return redirect("people:panel", panel_id)


@require_GET
@needs(Permission.EXPORT)
def export(request: SignedInRequest, panel_id: int, form: str) -> FileResponse:
    """Give a panel as a table; its CSV can be brought in again."""
    row = queries.panel(panel_id)
    if row is None or form not in TYPES:
        raise Http404
    table = Table(columns=queries.COLUMNS, rows=queries.member_rows(row))
    return send_table(table, f"panel-{panel_id}", form)


@require_GET
@needs(Permission.EXPORT)
def export_register(request: SignedInRequest, form: str) -> FileResponse:
    """Give our own accounts and all panels as one table."""
    if form not in TYPES:
        raise Http404
    table = Table(columns=queries.REGISTER_COLUMNS, rows=queries.register_rows())
    return send_table(table, "register", form)
