"""The setup page: whose room this is, what it may do, and who signs in first."""

import ipaddress
import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from quivive.vocabulary.errors import NotAllowed
from quivive.web.people import queries, services
from quivive.web.people.forms import (
    AdministratorForm,
    BasisForm,
    CodeForm,
    OrganisationForm,
    OwnAccountForm,
    OwnAccountForms,
    PlaceForm,
    PlaceForms,
)
from quivive.wire.house import forget_setup_code, setup_code

SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
KNOWS_THE_CODE = "knows_the_setup_code"
SINGLE: Mapping[str, type[forms.Form]] = {
    "organisation": OrganisationForm,
    "basis": BasisForm,
    "administrator": AdministratorForm,
}
MANY: Mapping[str, tuple[type[forms.Form], type[Any]]] = {
    "accounts": (OwnAccountForm, OwnAccountForms),
    "places": (PlaceForm, PlaceForms),
}

Sheet = dict[str, Any]
"""The five forms of the page by name: organisation, basis, administrator, accounts, places."""


@sensitive_post_parameters()
@never_cache
def setup(request: HttpRequest) -> HttpResponse:
    """Show the page, keep what was typed when the language changes, and set the room up once."""
    if queries.is_set_up():
        return redirect(settings.LOGIN_REDIRECT_URL)
    if not _may_set_up(request):
        return _ask_for_the_code(request)
    if request.method != "POST":
        return _show(request, _blank())
    if language := _chosen_language(request.POST):
        return _switch_language(request, language)
    if more := request.POST.get("more"):
        return _show(request, _with_place_to_type(_kept(request.POST, more=more), more))
    return _set_up(request)


def _set_up(request: HttpRequest) -> HttpResponse:
    sheet = _typed(request.POST)
    if not all([part.is_valid() for part in sheet.values()]):  # noqa: C419 - find every mistake
        return _show(request, sheet, status=422)
    try:
        person = services.set_up(
            organisation=sheet["organisation"].entry(request.LANGUAGE_CODE),
            basis=sheet["basis"].entry(),
            accounts=[form.entry() for form in sheet["accounts"] if form.has_changed()],
            places=[form.entry() for form in sheet["places"] if form.has_changed()],
            administrator=sheet["administrator"].entry(),
            now=timezone.now(),
        )
    except NotAllowed as trouble:
        return _show(request, sheet, trouble=trouble, status=422)
    forget_setup_code(settings.DATA)
    login(request, person, backend=SIGN_IN_BACKEND)
    return redirect(settings.AFTER_SETUP)


# --- who may ----------------------------------------------------------------------------------
def _may_set_up(request: HttpRequest) -> bool:
    return _from_this_machine(request) or bool(request.session.get(KNOWS_THE_CODE))


def _from_this_machine(request: HttpRequest) -> bool:
    """Say whether the visitor sits at this machine. A proxy's visitors do not count."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _ask_for_the_code(request: HttpRequest) -> HttpResponse:
    typed = request.POST if request.method == "POST" else request.GET
    form = CodeForm(typed if "code" in typed else None)
    if form.is_bound and form.is_valid():
        if _same_code(form.cleaned_data["code"], setup_code(settings.DATA)):
            request.session[KNOWS_THE_CODE] = True
            return redirect("people:setup")
        form.add_error("code", _("This is not the code. Read it again in the terminal."))
    status = 403 if form.is_bound else 200
    return render(request, "people/setup_code.html", {"form": form}, status=status)


def _same_code(typed: str, real: str) -> bool:
    def bare(code: str) -> bytes:
        return "".join(filter(str.isalnum, code.upper())).encode()

    return secrets.compare_digest(bare(typed), bare(real))


# --- the sheet --------------------------------------------------------------------------------
def _blank() -> Sheet:
    sheet: Sheet = {name: form(prefix=name) for name, form in SINGLE.items()}
    return sheet | {name: many(prefix=name) for name, (_one, many) in MANY.items()}


def _typed(data: QueryDict) -> Sheet:
    sheet: Sheet = {name: form(data, prefix=name) for name, form in SINGLE.items()}
    return sheet | {name: many(data, prefix=name) for name, (_one, many) in MANY.items()}


def _kept(data: QueryDict, more: str = "", untouched: Mapping[str, str] | None = None) -> Sheet:
    """Show again what was typed, without finding mistakes yet.

    Args:
        more: the name of the list that gets an empty row.
        untouched: suggestions nobody changed, which may change language.
    """
    sheet: Sheet = {}
    for name, form in SINGLE.items():
        typed = _typed_values(data, name, form)
        if name == "basis":
            typed = {key: text for key, text in typed.items() if text != (untouched or {}).get(key)}
        sheet[name] = form(prefix=name, initial=typed)
    for name, (form, many) in MANY.items():
        typed_rows = [
            _typed_values(data, f"{name}-{row}", form)
            for row in range(_row_count(data, name, many))
        ]
        rows = [row for row in typed_rows if _says_something(row)]
        sheet[name] = _with_rows(many, name, rows, extra=1 if more == name or not rows else 0)
    return sheet


def _with_place_to_type(sheet: Sheet, more: str) -> Sheet:
    """Put the keyboard into the row that was asked for: the page begins anew at its top."""
    if more in MANY:
        field = "handle" if more == "accounts" else "name"
        sheet[more].forms[-1].fields[field].widget.attrs["autofocus"] = True
    return sheet


def _says_something(row: Mapping[str, str]) -> bool:
    return bool(row.get("name") or row.get("handle"))


def _with_rows(many: type[Any], name: str, rows: list[dict[str, str]], *, extra: int) -> Any:
    forms_shown = many(prefix=name, initial=rows)
    forms_shown.extra = extra
    return forms_shown


def _typed_values(data: QueryDict, prefix: str, form: type[forms.Form]) -> dict[str, str]:
    fields = (field for field in form.base_fields if field not in {"password", "again"})
    return {
        field: str(data[f"{prefix}-{field}"]) for field in fields if f"{prefix}-{field}" in data
    }


def _row_count(data: QueryDict, name: str, many: type[Any]) -> int:
    total = data.get(f"{name}-TOTAL_FORMS", "0")
    return min(int(total), many.absolute_max) if total.isdecimal() else 0


# --- the page ---------------------------------------------------------------------------------
def _chosen_language(data: QueryDict) -> str | None:
    language = data.get("language")
    return language if language in dict(settings.LANGUAGES) else None


def _switch_language(request: HttpRequest, language: str) -> HttpResponse:
    untouched = {name: str(field.initial) for name, field in BasisForm.base_fields.items()}
    translation.activate(language)
    request.LANGUAGE_CODE = language
    answer = _show(request, _kept(request.POST, untouched=untouched))
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _show(
    request: HttpRequest, sheet: Sheet, *, trouble: NotAllowed | None = None, status: int = 200
) -> HttpResponse:
    return render(request, "people/setup.html", {**sheet, "trouble": trouble}, status=status)
