"""Pages about people: who is here, their roles, their own settings, the organisation, the audit."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quivive.coordinate.permissions import Permission
from quivive.vocabulary.crises import Role
from quivive.vocabulary.errors import NotAllowed
from quivive.web.people import queries, services
from quivive.web.people.downloads import TYPES, Table, send_table
from quivive.web.people.entries import BasisEntry, OrganisationEntry
from quivive.web.people.forms import (
    AuditFilterForm,
    BasisForm,
    InviteForm,
    OrganisationForm,
    OwnAccountForm,
    OwnSettingsForm,
    RoleForm,
    TokenForm,
)
from quivive.web.people.guards import SignedInRequest, needs, signed_in

MISTAKE = 422
LINES_A_PAGE = 50
AUDIT_COLUMNS = {
    "at": datetime, "person": str, "action": str, "subject": str, "detail": str, "hash": str,
}  # fmt: skip


# --- people -----------------------------------------------------------------------------------
@require_GET
@needs(Permission.MANAGE_PEOPLE)
def people(request: SignedInRequest) -> HttpResponse:
    """List everybody, with the form that invites one more."""
    return _show_people(request, InviteForm(initial={"language": request.user.language}))


@require_POST
@never_cache
@needs(Permission.MANAGE_PEOPLE)
def invite(request: SignedInRequest) -> HttpResponse:
    """Open an account and show, once, the link that sets its password."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _show_people(request, form, status=MISTAKE)
    try:
        person = services.invite(by=request.user, **form.cleaned_data, now=timezone.now())
    except NotAllowed as trouble:
        return _show_people(request, form, trouble=trouble, status=MISTAKE)
    return _show_link(request, person)


def _show_people(
    request: SignedInRequest,
    form: InviteForm,
    *,
    trouble: NotAllowed | None = None,
    status: int = 200,
) -> HttpResponse:
    values = {"people": queries.people(), "form": form, "trouble": trouble, "now": timezone.now()}
    return render(request, "people/people.html", values, status=status)


@require_POST
@never_cache
@needs(Permission.MANAGE_PEOPLE)
def make_link(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Show a fresh link for somebody who lost theirs."""
    person = _find(person_id)
    services.note_new_link(by=request.user, person=person, now=timezone.now())
    return _show_link(request, person)


def _show_link(request: SignedInRequest, person: queries.Person) -> HttpResponse:
    link = settings.BASE_URL + services.invitation_path(person)
    values = {"person": person, "link": link}
    with translation.override(person.language):
        mailed = get_adapter().send_mail("people/email/invitation", person.email, dict(values))
    values |= {"mailed": mailed, "mail_ready": settings.MAIL_READY}
    return render(request, "people/link.html", values)


@require_POST
@needs(Permission.MANAGE_PEOPLE)
def drop_second_factors(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Let somebody who lost telephone, keys and codes in by the password alone, and tell them."""
    person = _find(person_id)

    def drop() -> None:
        if services.drop_second_factors(by=request.user, person_id=person_id, now=timezone.now()):
            values = {"person": person, "by": request.user}
            with translation.override(person.language):
                get_adapter().send_mail("people/email/factors_dropped", person.email, values)

    return _try(request, person, drop)


@require_GET
@needs(Permission.MANAGE_PEOPLE)
def person(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Show somebody: roles, and what can be done about their account."""
    return _show_person(request, _find(person_id), RoleForm())


@require_POST
@needs(Permission.MANAGE_PEOPLE)
def give_role(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Give a role."""
    shown, form = _find(person_id), RoleForm(request.POST)
    if not form.is_valid():
        return _show_person(request, shown, form, status=MISTAKE)
    return _try(
        request,
        shown,
        lambda: services.give_role(
            by=request.user,
            person_id=person_id,
            role=Role(form.cleaned_data["role"]),
            deputy=form.cleaned_data["deputy"],
            expires_at=form.ends_at(),
            agreement=form.cleaned_data["agreement"],
            now=timezone.now(),
        ),
        form=form,
    )


@require_POST
@needs(Permission.MANAGE_PEOPLE)
def take_role(request: SignedInRequest, person_id: int, role: str) -> HttpResponse:
    """Take a role away."""
    if role not in set(Role):
        raise Http404
    return _try(
        request,
        _find(person_id),
        lambda: services.take_role(
            by=request.user, person_id=person_id, role=Role(role), now=timezone.now()
        ),
    )


@require_POST
@needs(Permission.MANAGE_PEOPLE)
def close_account(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Stop somebody from signing in."""
    return _try(
        request,
        _find(person_id),
        lambda: services.close_account(by=request.user, person_id=person_id, now=timezone.now()),
    )


@require_POST
@needs(Permission.MANAGE_PEOPLE)
def reopen_account(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Let somebody sign in again."""
    return _try(
        request,
        _find(person_id),
        lambda: services.reopen_account(by=request.user, person_id=person_id, now=timezone.now()),
    )


def _find(person_id: int) -> queries.Person:
    found = queries.person(person_id)
    if found is None:
        raise Http404
    return found


def _try(
    request: SignedInRequest,
    shown: queries.Person,
    act: Callable[[], object],
    *,
    form: RoleForm | None = None,
) -> HttpResponse:
    try:
        act()
    except NotAllowed as trouble:
        return _show_person(request, shown, form or RoleForm(), trouble=trouble, status=MISTAKE)
    return redirect("people:person", shown.pk)


def _show_person(
    request: SignedInRequest,
    shown: queries.Person,
    form: RoleForm,
    *,
    trouble: NotAllowed | None = None,
    status: int = 200,
) -> HttpResponse:
    values = {
        "person": shown,
        "second_factors": queries.second_factors(shown),
        "form": form,
        "trouble": trouble,
        "now": timezone.now(),
    }
    return render(request, "people/person.html", values, status=status)


# --- one's own --------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@signed_in
def profile(request: SignedInRequest) -> HttpResponse:
    """Show and change one's own settings."""
    fields = ("name", "language", "time_zone", "phone")
    first = {field: getattr(request.user, field) for field in fields}
    form = OwnSettingsForm(request.POST or None, initial=first)
    if not form.is_bound or not form.is_valid():
        status = MISTAKE if form.is_bound else 200
        return render(request, "people/profile.html", {"form": form}, status=status)
    services.change_own_settings(person=request.user, **form.cleaned_data, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("people:profile")


@require_http_methods(["GET", "POST"])
@never_cache
@signed_in
def tokens(request: SignedInRequest) -> HttpResponse:
    """List one's API tokens; make one and show it this once."""
    form = TokenForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        return _show_tokens(request, form, status=MISTAKE if form.is_bound else 200)
    now = timezone.now()
    fresh = services.make_token(
        person=request.user,
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=now + timedelta(days=form.cleaned_data["days"]),
        now=now,
    )
    return _show_tokens(request, TokenForm(), fresh=fresh)


def _show_tokens(
    request: SignedInRequest, form: TokenForm, *, fresh: str = "", status: int = 200
) -> HttpResponse:
    values = {
        "tokens": queries.tokens_of(request.user),
        "form": form,
        "fresh": fresh,
        "now": timezone.now(),
    }
    return render(request, "people/tokens.html", values, status=status)


@require_POST
@signed_in
def revoke_token(request: SignedInRequest, token_id: int) -> HttpResponse:
    """Close one of one's own tokens."""
    services.revoke_token(person=request.user, token_id=token_id, now=timezone.now())
    return redirect("people:tokens")


# --- the organisation -------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@needs(Permission.MANAGE_SETTINGS)
def organisation(request: SignedInRequest) -> HttpResponse:
    """Show and change the organisation's sheet."""
    if request.method != "POST":
        return _show_organisation(request)
    sheet = OrganisationForm(request.POST, prefix="organisation")
    basis = BasisForm(request.POST, prefix="basis")
    if not all([sheet.is_valid(), basis.is_valid()]):
        return _show_organisation(request, sheet=sheet, basis=basis, status=MISTAKE)
    services.change_organisation(
        by=request.user,
        organisation=sheet.entry(queries.organisation().language),
        basis=basis.entry(),
        now=timezone.now(),
    )
    messages.success(request, _("Saved."))
    return redirect("people:settings")


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def add_own_account(request: SignedInRequest) -> HttpResponse:
    """Declare an account as ours."""
    form = OwnAccountForm(request.POST, prefix="account")
    if not form.is_valid():
        return _show_organisation(request, account=form, status=MISTAKE)
    try:
        services.add_own_account(by=request.user, account=form.entry(), now=timezone.now())
    except NotAllowed as trouble:
        return _show_organisation(request, account=form, trouble=trouble, status=MISTAKE)
    return redirect("people:settings")


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def remove_own_account(request: SignedInRequest, account_id: int) -> HttpResponse:
    """Stop counting an account as ours."""
    services.remove_own_account(by=request.user, account_id=account_id, now=timezone.now())
    return redirect("people:settings")


def _show_organisation(
    request: SignedInRequest, *, status: int = 200, **shown: Any
) -> HttpResponse:
    row = queries.organisation()
    first = asdict(
        OrganisationEntry(
            name=row.name, language=row.language, time_zone=row.time_zone, dwellings=row.dwellings
        )
    )
    reasons = asdict(
        BasisEntry(
            basis=row.legal_basis,
            purpose=row.purpose,
            need=row.need,
            expectations=row.expectations,
            safeguards=row.safeguards,
        )
    )
    values = {
        "organisation": row,
        "own_accounts": queries.own_accounts(),
        "sheet": OrganisationForm(prefix="organisation", initial=first),
        "basis": BasisForm(prefix="basis", initial=reasons),
        "account": OwnAccountForm(prefix="account"),
        **shown,
    }
    return render(request, "people/organisation.html", values, status=status)


# --- the audit log ----------------------------------------------------------------------------
@require_GET
@needs(Permission.SEE_AUDIT)
def audit_log(request: SignedInRequest) -> HttpResponse:
    """Show who did what, and on demand whether the log is whole."""
    form = AuditFilterForm(request.GET, people=list(queries.people()))
    lines = queries.audit_lines(_wanted(form))
    page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
    verdict = queries.check_audit_chain() if "check" in request.GET else None
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("check", None)
    values = {
        "form": form,
        "page": page,
        "verdict": verdict,
        "query": query.urlencode(),
        "export_lines": reverse("people:audit-file", args=["x"]).removesuffix("x"),
    }
    return render(request, "people/audit.html", values)


@require_GET
@needs(Permission.SEE_AUDIT)
def audit_file(request: SignedInRequest, form: str) -> FileResponse:
    """Hand the shown lines out as a table; taking it out is on record too."""
    if form not in TYPES:
        raise Http404
    wanted = _wanted(AuditFilterForm(request.GET, people=list(queries.people())))
    services.audit(
        person=request.user, action="audit-exported", detail={"kind": form}, now=timezone.now()
    )
    return send_table(Table(columns=AUDIT_COLUMNS, rows=_rows(wanted)), "audit", form)


def _rows(wanted: queries.AuditFilter) -> Iterator[dict[str, Any]]:
    for line in queries.audit_lines(wanted).iterator(chunk_size=1000):
        yield {
            "at": line.at,
            "person": line.person.email if line.person else "",
            "action": line.action,
            "subject": line.subject,
            "detail": json.dumps(line.detail, ensure_ascii=False, sort_keys=True),
            "hash": line.hash,
        }


def _wanted(form: AuditFilterForm) -> queries.AuditFilter:
    if not form.is_valid():
        return queries.AuditFilter()
    data = form.cleaned_data
    return queries.AuditFilter(
        person_id=data["person"],
        action=data["action"],
        words=data["words"],
        since=_midnight(data["since"]) if data["since"] else None,
        until=_midnight(data["until"] + timedelta(days=1)) if data["until"] else None,
    )


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
