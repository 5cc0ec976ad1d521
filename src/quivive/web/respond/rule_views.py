"""The rules of the inbox: their order, one rule, what it would have done, and what it did."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission
from quivive.respond.rules import Rule
from quivive.web.people.acts import Refused, act
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.speech import number
from quivive.web.respond import queries, services
from quivive.web.respond import rule_queries as read
from quivive.web.respond.rule_forms import RuleForm, initial_of, told_line


@require_GET
@needs(Permission.SEE_ROOM)
def rules(request: SignedInRequest) -> HttpResponse:
    """Show the rules in their order."""
    people = {str(one.pk): str(one) for one in queries.handlers(now=timezone.now())}
    shown = [
        {
            "row": row,
            "conditions": [
                told_line(one["asks"], one["value"], people, asks=True) for one in row.conditions
            ],
            "actions": [
                told_line(one["does"], one["value"], people, asks=False) for one in row.actions
            ],
        }
        for row in read.rules()
    ]
    return render(request, "respond/rules.html", {"rules": shown})


@require_GET
@needs(Permission.MANAGE_SETTINGS)
def new(request: SignedInRequest) -> HttpResponse:
    """Show an empty rule."""
    return _page(request, None, _form())


@require_GET
@needs(Permission.MANAGE_SETTINGS)
def rule(request: SignedInRequest, rule_id: int) -> HttpResponse:
    """Show one rule, to change it, with what it did."""
    row = read.rule(rule_id)
    if row is None:
        raise Http404
    return _page(request, rule_id, _form(initial=initial_of(row.name, row.conditions, row.actions)))


def _form(data: Any = None, **kwargs: Any) -> RuleForm:
    return RuleForm(data, people=queries.handlers(now=timezone.now()), **kwargs)


def _page(
    request: SignedInRequest,
    rule_id: int | None,
    form: RuleForm,
    *,
    refused: Refused | None = None,
    tried: read.Tried | None = None,
) -> HttpResponse:
    values = {
        "rule": read.rule(rule_id) if rule_id else None,
        "form": form,
        "runs": read.runs_of(rule_id) if rule_id else [],
        "tried": tried,
        "trouble": refused.trouble if refused else None,
    }
    return render(request, "respond/rule.html", values, status=refused.status if refused else 200)


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def save(request: SignedInRequest, rule_id: int | None = None) -> HttpResponse:
    """Keep a rule, or only try it on stored posts."""
    form = _form(request.POST)
    if "try" in request.POST and form.is_valid():
        told = form.cleaned_data
        wanted = Rule(
            key=rule_id or 0,
            name=told["name"],
            conditions=tuple(told["conditions"]),
            actions=tuple(told["actions"]),
        )
        try:
            act(request, form, services.check_rule)
        except Refused as refused:
            return _page(request, rule_id, form, refused=refused)
        tried = read.try_out(wanted, now=timezone.now())
        return _page(request, rule_id, form, tried=tried)
    try:
        act(request, form, services.save_rule, rule_id=rule_id)
    except Refused as refused:
        return _page(request, rule_id, form, refused=refused)
    return redirect("respond:rules")


@require_POST
@needs(Permission.MANAGE_SETTINGS)
def change(request: SignedInRequest, rule_id: int) -> HttpResponse:
    """Let a rule count or rest, move it, forget it, or take back what it did."""
    if read.rule(rule_id) is None:
        raise Http404
    known: dict[str, Any] = {"rule_id": rule_id, "person": request.user, "now": timezone.now()}
    match request.POST.get("what"):
        case "on" | "off" as what:
            services.switch_rule(active=what == "on", **known)
        case "up" | "down" as what:
            services.move_rule(up=what == "up", **known)
        case "remove":
            services.remove_rule(**known)
        case "undo":
            _take_back(request, known)
            return redirect("respond:rule", rule_id)
        case _:
            raise Http404
    return HttpResponseRedirect(redirect("respond:rules").url)


def _take_back(request: SignedInRequest, known: dict[str, Any]) -> None:
    back, left = services.undo_runs(**known)
    told = ngettext("{count} post is as it was.", "{count} posts are as they were.", back)
    messages.success(request, told.format(count=number(back)))
    if left:
        kept = ngettext(
            "{count} changed since and stays as it is.",
            "{count} changed since and stay as they are.",
            left,
        )
        messages.info(request, kept.format(count=number(left)))
