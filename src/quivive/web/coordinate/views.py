"""The crisis room: its page, its report, and each thing people do in it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.sentiments import Leaning
from quivive.web.coordinate import forms, queries, services, stream_queries
from quivive.web.coordinate.filters import chosen_posts
from quivive.web.coordinate.partner_queries import may_enter, seen_by
from quivive.web.coordinate.tables import TABLES
from quivive.web.detect import claim_queries
from quivive.web.detect.novelty_queries import returned_media
from quivive.web.listen.search_views import chosen, to_search
from quivive.web.people.acts import Refused, act
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.queries import people

MOST_SHOWN = 600
"""Posts one page shows at most."""


@require_GET
@needs(Permission.SEE_ROOM)
def crises(request: SignedInRequest) -> HttpResponse:
    """List crises, and offer to open one by hand."""
    return _list(request)


@require_POST
@needs(Permission.OPEN_CRISIS)
def open_by_hand(request: SignedInRequest) -> HttpResponse:
    """Open a crisis nobody's signal announced."""
    form = forms.OpenForm(request.POST, topics=_topics())
    try:
        crisis = act(request, form, services.open_crisis)
    except Refused as refused:
        return _list(request, refused)
    return redirect("coordinate:crisis", crisis.pk)


@require_POST
@needs(Permission.OPEN_CRISIS)
def open_from_alert(request: SignedInRequest, alert_id: int) -> HttpResponse:
    """Open a crisis from an alert, in one action."""
    try:
        crisis = services.open_crisis(
            alert_id=alert_id,
            title=request.POST.get("title", "")[:200],
            another="another" in request.POST,
            person=request.user,
            now=timezone.now(),
        )
    except queries.NoSuchAlert:
        raise Http404 from None
    return redirect("coordinate:crisis", crisis.pk)


@require_GET
@needs(Permission.SEE_ROOM)
def crisis(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Show the crisis room."""
    return _room(request, crisis_id)


@require_GET
@needs(Permission.SEE_ROOM)
def report(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Show the situation report, to copy or print."""
    values = _report(crisis_id)
    return render(request, "coordinate/situation.html", values)


@require_GET
@needs(Permission.SEE_ROOM)
def report_text(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Give the situation report as plain text."""
    values = _report(crisis_id)
    return render(
        request, "coordinate/situation.txt", values, content_type="text/plain; charset=utf-8"
    )


@require_POST
@needs(Permission.LABEL_POSTS)
def add_posts(request: SignedInRequest) -> HttpResponse:
    """Put posts found by a search into a crisis; the search offers to take it back."""
    number = request.POST.get("crisis", "")
    posts = chosen(request)
    if not number.isdecimal() or not posts:
        raise Http404
    if not may_enter(request.user, request.roles, number):
        raise Http404
    try:
        deed = services.add_posts(
            crisis_id=int(number), posts=posts, person=request.user, now=timezone.now()
        )
    except queries.NOT_THERE:
        raise Http404 from None
    return to_search(request, deed=deed.pk)


@require_POST
@needs(Permission.CHANGE_STATE)
def change_state(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Move the crisis on."""
    form = forms.StateForm(request.POST)
    known = {"crisis_id": crisis_id, "roles": request.roles}
    return _act(request, crisis_id, form, services.change_state, **known)


@require_POST
@needs(Permission.OPEN_CRISIS)
def join_alert(request: SignedInRequest, crisis_id: int, alert_id: int) -> HttpResponse:
    """Put one more alert of the topic into the crisis."""
    form = forms.NothingForm(request.POST)
    known = {"crisis_id": crisis_id, "alert_id": alert_id}
    return _act(request, crisis_id, form, services.join_alert, **known)


@require_POST
@needs(Permission.CHANGE_STATE)
def assign_lead(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Say who leads."""
    form = forms.PersonForm(request.POST)

    def assign(*, person_id: int, **known: Any) -> None:
        services.assign_lead(lead_id=person_id, **known)

    return _act(request, crisis_id, form, assign, crisis_id=crisis_id)


@require_POST
@needs(Permission.CHANGE_STATE)
def assign_speaker(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Say who alone speaks for us."""
    form = forms.PersonForm(request.POST)

    def assign(*, person_id: int, **known: Any) -> None:
        services.assign_speaker(speaker_id=person_id, **known)

    return _act(request, crisis_id, form, assign, crisis_id=crisis_id)


@require_POST
@needs(Permission.ASSIGN_TASK)
def add_task(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Add something to do."""
    form = forms.TaskForm(request.POST, people=_people())

    def add(*, in_min: int, now: datetime, **known: Any) -> None:
        services.add_task(due_at=now + timedelta(minutes=in_min), now=now, **known)

    return _act(request, crisis_id, form, add, crisis_id=crisis_id)


@require_POST
@needs(Permission.TAKE_TASK)
def own_task(request: SignedInRequest, task_id: int) -> HttpResponse:
    """Take a task; only those who assign tasks may give it to somebody else."""
    form = forms.OwnerForm(request.POST)
    crisis_id = _crisis_of(task_id)
    chosen = form.cleaned_data["owner_id"] if form.is_valid() else None
    others = chosen not in (None, request.user.pk)
    if others and not may(request.roles, Permission.ASSIGN_TASK):
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    return _act(request, crisis_id, form, services.own_task, task_id=task_id)


@require_POST
@needs(Permission.TAKE_TASK)
def finish_task(request: SignedInRequest, task_id: int) -> HttpResponse:
    """Tick a task off."""
    form = forms.NothingForm(request.POST)
    return _act(request, _crisis_of(task_id), form, services.finish_task, task_id=task_id)


@require_POST
@needs(Permission.TAKE_TASK)
def reopen_task(request: SignedInRequest, task_id: int) -> HttpResponse:
    """Say that a task is not done after all."""
    form = forms.NothingForm(request.POST)
    return _act(request, _crisis_of(task_id), form, services.reopen_task, task_id=task_id)


@require_POST
@needs(Permission.WRITE_LOG)
def add_enquiry(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Note that a journalist asks something."""
    form = forms.EnquiryForm(request.POST, people=_people())
    return _act(request, crisis_id, form, services.add_enquiry, crisis_id=crisis_id)


@require_POST
@needs(Permission.WRITE_LOG)
def answer_enquiry(request: SignedInRequest, enquiry_id: int) -> HttpResponse:
    """Keep what a journalist was told."""
    crisis_id = queries.enquiry_crisis(enquiry_id)
    if crisis_id is None:
        raise Http404
    form = forms.AnswerForm(request.POST)
    return _act(request, crisis_id, form, services.answer_enquiry, enquiry_id=enquiry_id)


@require_POST
@needs(Permission.WRITE_LOG)
def write_note(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Write a line of the log."""
    form = forms.NoteForm(request.POST)
    return _act(request, crisis_id, form, services.write_note, crisis_id=crisis_id)


@require_POST
@needs(Permission.WRITE_LOG)
def record_decision(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Keep a decision with what was known."""
    form = forms.DecisionForm(request.POST)
    return _act(request, crisis_id, form, services.record_decision, crisis_id=crisis_id)


@require_POST
@needs(Permission.WRITE_LOG)
def reach_milestone(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Note that a step of the golden hour is reached."""
    form = forms.MilestoneForm(request.POST)
    return _act(request, crisis_id, form, services.reach_milestone, crisis_id=crisis_id)


@require_POST
@needs(Permission.GIVE_INPUTS)
def set_inputs(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Say what only people can say of the threat."""
    form = forms.InputsForm(request.POST)

    def give(*, person: Any, now: Any, **_everything: object) -> None:
        services.set_inputs(
            crisis_id=crisis_id, changes=form.said(), person=person, roles=request.roles, now=now
        )

    return _act(request, crisis_id, form, give)


@require_POST
@needs(Permission.OVERRIDE_LEVEL)
def override_level(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Set the level by hand."""
    form = forms.LevelForm(request.POST)
    return _act(request, crisis_id, form, services.override_level, crisis_id=crisis_id)


@require_POST
@needs(Permission.OVERRIDE_LEVEL)
def end_override(request: SignedInRequest, crisis_id: int) -> HttpResponse:
    """Give the level back to the assessment."""
    form = forms.NothingForm(request.POST)
    return _act(request, crisis_id, form, services.end_override, crisis_id=crisis_id)


def _act(
    request: SignedInRequest,
    crisis_id: int,
    form: Form,
    service: Callable[..., object],
    /,
    **known: object,
) -> HttpResponse:
    try:
        act(request, form, service, **known)
    except Refused as refused:
        return _room(request, crisis_id, refused)
    except queries.NOT_THERE:
        raise Http404 from None
    return redirect("coordinate:crisis", crisis_id)


def _room(request: SignedInRequest, crisis_id: int, refused: Refused | None = None) -> HttpResponse:
    now = timezone.now()
    try:
        page = queries.crisis_page(crisis_id, now)
    except queries.NOT_THERE:
        raise Http404 from None
    threat = page.threat
    everybody = {person.pk: str(person) for person in page.people}
    fresh = [
        forms.StateForm(),
        forms.PersonForm(),
        forms.TaskForm(people=everybody),
        forms.EnquiryForm(people=everybody),
        forms.NoteForm(),
        forms.DecisionForm(),
        forms.LevelForm(),
        forms.InputsForm.showing(page.said),
    ]
    shown = {type(form).__name__: form for form in fresh}
    faulty = type(refused.form).__name__ if refused else ""
    values = {
        "page": page,
        "series": queries.series(threat, now),
        "claims": claim_queries.panel(threat.topic),
        "returned": returned_media(threat.topic),
        **_stream(request, page),
        "forms": shown | ({faulty: refused.form} if refused else {}),
        "faulty": faulty,
        "trouble": refused and refused.trouble,
        "may": {each.name: may(request.roles, each) for each in Permission},
        "may_speak": page.crisis.lets_speak(request.user),
        "now": now,
    }
    return render(request, "coordinate/crisis.html", values, status=_status(refused))


def _stream(request: SignedInRequest, page: queries.CrisisPage) -> dict[str, object]:
    """Read the filters of the stream; one that cannot be read chooses nothing."""
    asked = request.GET.get
    order = asked("order", "")
    shown = asked("shown", "")
    chosen = chosen_posts(request.GET)
    order = order if order in stream_queries.ORDERS else stream_queries.ORDERS[0]
    most = min(int(shown), MOST_SHOWN) if shown.isdecimal() else stream_queries.STREAM_STEP
    return {
        "may_keep": may(request.roles, Permission.LABEL_POSTS),
        "stream": stream_queries.stream(page.threat, chosen, order=order, shown=most),
        "chosen": chosen,
        "order": order,
        "leanings": [leaning.value for leaning in Leaning],
        "export": {table: _export(page.crisis.pk, table) for table in ("posts", *TABLES)},
        "export_query": _export_query(chosen),
    }


def _export(crisis_id: int, table: str) -> str:
    """Return the address of a table's file, without its kind."""
    return reverse("coordinate:crisis-export", args=[crisis_id, table, "x"]).removesuffix("x")


def _export_query(chosen: stream_queries.ChosenPosts) -> str:
    """Write the filters as an address carries them, without those that choose everything."""
    asked = {
        "leaning": chosen.leaning,
        "network": chosen.network,
        "words": "only" if chosen.words else "",
        "kept": "hidden" if chosen.hidden else "",
    }
    return urlencode({name: value for name, value in asked.items() if value})


def _people() -> dict[int, str]:
    return {person.pk: str(person) for person in people().filter(is_active=True)}


def _list(request: SignedInRequest, refused: Refused | None = None) -> HttpResponse:
    seen = seen_by(request.user, request.roles)
    values = {
        "running": queries.crises(over=False, seen=seen),
        "over": queries.crises(over=True, seen=seen)[:50],
        "form": refused.form if refused else forms.OpenForm(topics=_topics()),
        "trouble": refused and refused.trouble,
        "may_open": may(request.roles, Permission.OPEN_CRISIS),
    }
    return render(request, "coordinate/crises.html", values, status=_status(refused))


def _status(refused: Refused | None) -> HTTPStatus:
    return refused.status if refused else HTTPStatus.OK


def _report(crisis_id: int) -> dict[str, object]:
    try:
        found = queries.situation_report(crisis_id, timezone.now())
        return {"report": found, "crisis": queries.crisis(crisis_id)}
    except queries.NOT_THERE:
        raise Http404 from None


def _crisis_of(task_id: int) -> int:
    crisis_id = queries.task_crisis(task_id)
    if crisis_id is None:
        raise Http404
    return crisis_id


def _topics() -> list[tuple[int, str]]:
    return list(queries.topics().values_list("pk", "name"))
