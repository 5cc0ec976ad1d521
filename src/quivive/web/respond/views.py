"""The inbox: the queue, one case beside it, and each thing people do there."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from msgspec import to_builtins

from quivive.coordinate.permissions import Permission, may
from quivive.respond.inbox import Status
from quivive.vocabulary.errors import NotAllowed
from quivive.web.listen import services as listening
from quivive.web.listen.evidence_queries import takes_pictures
from quivive.web.listen.search_views import chosen as chosen_posts
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.numbers import all_whole, whole
from quivive.web.people.speech import number, spoken
from quivive.web.people.words import ROLE_NAMES
from quivive.web.respond import queries, services
from quivive.web.respond.forms import SNOOZES, SettingsForm, SnoozeForm, StatusForm


@require_GET
@needs(Permission.SEE_PERSONAL_DATA)
def inbox(request: SignedInRequest) -> HttpResponse:
    """Show who waits for an answer, in the order in which they should have one."""
    return _page(request, None)


@require_GET
@needs(Permission.SEE_PERSONAL_DATA)
def case(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Show one case beside the queue."""
    now = timezone.now()
    try:
        page = queries.case_page(case_id, person=request.user, now=now)
    except queries.NotThere:
        raise Http404 from None
    services.see_mentions(case_id=case_id, person=request.user, now=now)
    return _page(request, page)


def _page(request: SignedInRequest, page: queries.CasePage | None) -> HttpResponse:
    now = timezone.now()
    view = request.GET.get("view", "")
    view = view if view in queries.VIEWS else queries.VIEWS[0]
    deed = whole(request.GET.get("deed", ""))
    found = queries.queue(
        view, person=request.user, roles=tuple(request.roles), now=now,
        after=request.GET.get("after", ""),
    )  # fmt: skip
    values = {
        "queue": found,
        "view": view,
        "dialogue": queries.dialogue_lately(now=now),
        "views": _views(found.counts),
        "page": page,
        "now": now,
        "people": queries.handlers(now=now),
        "teams": [(role.value, ROLE_NAMES[role]) for role in queries.teams()],
        "snoozes": SNOOZES,
        "statuses": list(Status),
        "deed": queries.deed(deed, request.user) if deed is not None else None,
        "takes_pictures": takes_pictures(),
        "may_handle": may(request.roles, Permission.HANDLE_INBOX),
        "may_write": may(request.roles, Permission.WRITE_LOG),
    }
    return render(request, "respond/inbox.html", values)


def _views(counts: dict[str, int]) -> list[tuple[str, str, int | None]]:
    names = {
        "all": _("Waiting"),
        "mine": _("Mine"),
        "new": _("New"),
        "named": _("I am named"),
        "snoozed": _("Out of sight"),
        "done": _("Done"),
    }
    return [(code, name, counts.get(code)) for code, name in names.items()]


@require_POST
@needs(Permission.HANDLE_INBOX)
def bulk(request: SignedInRequest) -> HttpResponse:
    """Do one thing with the chosen cases, one or many."""
    cases = all_whole(request.POST.getlist("cases"))
    if not cases:
        messages.info(request, _("Choose at least one post first."))
        return _back(request)
    acts: dict[str, Callable[[SignedInRequest, list[int]], services.Done | None]] = {
        "status": _status,
        "assign": _assign,
        "take": _take,
        "snooze": _snooze,
        "wake": _wake,
        "merge": _merge,
        "label": _label,
    }
    chosen = acts.get(request.POST.get("act", ""))
    if chosen is None:
        raise Http404
    return _do(request, lambda: chosen(request, cases))


def _status(request: SignedInRequest, cases: list[int]) -> services.Done:
    form = StatusForm(request.POST)
    if not form.is_valid():
        raise Http404
    return services.set_status(
        cases=cases, **form.cleaned_data, person=request.user, now=timezone.now()
    )


def _take(request: SignedInRequest, cases: list[int]) -> services.Done:
    return services.assign(cases=cases, to=request.user, person=request.user, now=timezone.now())


def _assign(request: SignedInRequest, cases: list[int]) -> services.Done:
    to, now = request.POST.get("to", ""), timezone.now()
    number = whole(to)
    person = queries.person_named(number, now=now) if number is not None else None
    team = to if to in {role.value for role in queries.teams()} else ""
    return services.assign(cases=cases, to=person, team=team, person=request.user, now=now)


def _snooze(request: SignedInRequest, cases: list[int]) -> services.Done:
    form, now = SnoozeForm(request.POST), timezone.now()
    if not form.is_valid():
        raise Http404
    until = form.moment(now)
    return services.snooze(cases=cases, until=until, person=request.user, now=now)


def _wake(request: SignedInRequest, cases: list[int]) -> services.Done:
    return services.wake(cases=cases, person=request.user, now=timezone.now())


def _merge(request: SignedInRequest, cases: list[int]) -> services.Done:
    return services.merge(cases=cases, person=request.user, now=timezone.now())


def _label(request: SignedInRequest, cases: list[int]) -> None:
    listening.label_posts(
        posts=queries.posts_of(cases),
        name=request.POST.get("label", ""),
        person=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("Labelled."))


@require_POST
@needs(Permission.HANDLE_INBOX)
def open_cases(request: SignedInRequest) -> HttpResponse:
    """Put posts found by a search into the inbox."""
    posts = chosen_posts(request)
    return _do(
        request,
        lambda: services.open_cases(posts=posts, person=request.user, now=timezone.now()),
    )


@require_POST
@needs(Permission.WRITE_LOG)
def note(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Write something only the team reads."""
    _known(case_id)
    text = request.POST.get("text", "")
    return _do(
        request,
        lambda: services.write_note(
            case_id=case_id, text=text, person=request.user, now=timezone.now()
        ),
        case_id,
    )


@require_POST
@needs(Permission.HANDLE_INBOX)
def answered(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Say that we answered."""
    _known(case_id)
    url = request.POST.get("url", "")
    return _do(
        request,
        lambda: services.answer(case_id=case_id, url=url, person=request.user, now=timezone.now()),
    )


@require_POST
@needs(Permission.HANDLE_INBOX)
def lock(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Say "I am answering", or take over from somebody who is."""
    _known(case_id)
    take_over = request.POST.get("take_over") == "1"
    return _do(
        request,
        lambda: services.lock(
            case_id=case_id, person=request.user, now=timezone.now(), take_over=take_over
        ),
        case_id,
    )


@require_POST
@needs(Permission.HANDLE_INBOX)
def unlock(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Stop answering."""
    return _do(
        request,
        lambda: services.unlock(case_id=case_id, person=request.user, now=timezone.now()),
        case_id,
    )


@require_POST
@needs(Permission.HANDLE_INBOX)
def unmerge(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Let a merged case stand for itself again."""
    return _do(
        request,
        lambda: services.unmerge(case_id=case_id, person=request.user, now=timezone.now()),
        case_id,
    )


@require_POST
@needs(Permission.SEE_PERSONAL_DATA)
def here(request: SignedInRequest, case_id: int) -> HttpResponse:
    """Note that somebody reads a case, types, or leaves it."""
    _known(case_id)
    doing, now = request.POST.get("doing", "reading"), timezone.now()
    if doing == "left":
        services.leave(case_id=case_id, person=request.user, now=now)
    else:
        services.be_here(case_id=case_id, typing=doing == "typing", person=request.user, now=now)
    return HttpResponse(status=204)


@require_POST
@needs(Permission.HANDLE_INBOX)
def undo(request: SignedInRequest, deed_id: int) -> HttpResponse:
    """Take one's own last action back."""

    def back() -> None:
        done = services.undo(deed_id=deed_id, person=request.user, now=timezone.now())
        messages.success(request, _("Taken back: the posts are as they were."))
        if done.left:
            left = ngettext(
                "{count} changed since and stays as it is.",
                "{count} changed since and stay as they are.",
                done.left,
            )
            messages.info(request, left.format(count=number(done.left)))

    return _do(request, back)


@needs(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def promises(request: SignedInRequest) -> HttpResponse:
    """Show and change what is promised to people who ask."""
    kept = queries.inbox_settings()
    initial = to_builtins(queries.promised()) | {
        "take_days": kept.take_days,
        "escalates": kept.escalates,
    }
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.save_settings(**form.said(), person=request.user, now=timezone.now())
        messages.success(request, _("Kept. What still waits is held to the new promise."))
        return redirect("respond:settings")
    return render(
        request, "respond/settings.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _do(
    request: SignedInRequest, service: Callable[[], Any], case_id: int | None = None
) -> HttpResponse:
    """Call a service; say why when it refuses, and offer to take back what it did."""
    try:
        done = service()
    except NotAllowed as trouble:
        messages.error(request, f"{spoken(trouble.what)} {spoken(trouble.remedy)}")
        return _back(request, case_id)
    except queries.NotThere:
        raise Http404 from None
    if not isinstance(done, services.Done):
        return _back(request, case_id)
    if done.left:
        left = ngettext(
            "{count} was left alone: somebody is answering it.",
            "{count} were left alone: somebody is answering them.",
            done.left,
        )
        messages.info(request, left.format(count=number(done.left)))
    return _back(request, case_id, deed=str(done.deed.pk) if done.deed else "")


def _back(request: SignedInRequest, case_id: int | None = None, deed: str = "") -> HttpResponse:
    """Go back to the same view, and to the case that is next when one was open."""
    view = QueryDict(request.POST.get("query", "")).get("view", "")
    asked = {name: value for name, value in (("view", view), ("deed", deed)) if value}
    following = case_id or whole(request.POST.get("next", ""))
    at = reverse("respond:case", args=[following]) if following else reverse("respond:inbox")
    return redirect(f"{at}?{urlencode(asked)}" if asked else at)


def _known(case_id: int) -> None:
    if not queries.is_there(case_id):
        raise Http404
