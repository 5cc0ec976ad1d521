"""Pages that make and change topics, with a preview while one types."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quivive.coordinate.permissions import Permission
from quivive.vocabulary.errors import BadQuery, NotAllowed, Trouble
from quivive.web.listen import queries, services
from quivive.web.listen.editing import editor_words
from quivive.web.listen.mistakes_shown import pointed
from quivive.web.listen.topic_forms import (
    SampleForm,
    TopicForm,
    TrialForm,
    nearest_sensitivity,
)
from quivive.web.listen.trials import try_query
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.speech import spoken


@needs(Permission.SEE_ROOM)
@require_GET
def topics(request: SignedInRequest) -> HttpResponse:
    """List what is watched, and what was."""
    return render(request, "listen/topics.html", {"topics": queries.topics()})


@needs(Permission.MANAGE_TOPICS)
@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Make a topic; the very first one begins with a suggestion."""
    suggestion = queries.first_suggestion()
    initial = {"name": suggestion.name, "query": suggestion.query} if suggestion else {}
    form = TopicForm(request.POST or None, initial=initial)
    return _edit(request, form, slug=None, suggestion=suggestion)


@needs(Permission.MANAGE_TOPICS)
@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Change a topic."""
    topic = queries.topic(slug)
    initial = {name: getattr(topic, name, "") for name in TopicForm.base_fields}
    initial["false_alarms_per_week"] = nearest_sensitivity(topic.false_alarms_per_week)
    return _edit(request, TopicForm(request.POST or None, initial=initial), slug=slug)


def _edit(
    request: SignedInRequest,
    form: TopicForm,
    *,
    slug: str | None,
    suggestion: queries.Suggestion | None = None,
) -> HttpResponse:
    saved = _saved(request, form, slug) if request.method == "POST" and form.is_valid() else None
    if saved:
        messages.success(request, _("Saved. The room counts it anew over what it has stored."))
        return redirect("room:topic", saved)
    values = {
        "form": form,
        "trial_form": TrialForm(),
        "sample_form": _sample_form(suggestion),
        "first": suggestion is not None,
        "no_post": not queries.any_post(),
        "topic": queries.topic(slug) if slug else None,
        "words": editor_words(),
        **(_typed(request) if form.is_bound else _tried(form.initial, None)),
    }
    status = 422 if form.is_bound else 200
    return render(request, "listen/topic_edit.html", values, status=status)


def _saved(request: SignedInRequest, form: TopicForm, slug: str | None) -> str | None:
    """Save, and return the topic's short name; None when somebody else changed it meanwhile."""
    given = form.cleaned_data
    try:
        return services.save_topic(
            slug=slug,
            name=given["name"],
            query=given["query"],
            aside=form.aside(),
            rules=form.rules(),
            reason=given["reason"],
            seen=given["mark"],
            person=request.user,
            now=timezone.now(),
        )
    except NotAllowed as refusal:
        assert slug is not None  # nobody changes what is being made
        form.data = {**request.POST.dict(), "mark": queries.topic(slug).mark}
        form.add_error(None, f"{spoken(refusal.what)} {spoken(refusal.remedy)}")
        return None


@needs(Permission.MANAGE_TOPICS)
@require_POST
def preview(request: SignedInRequest) -> HttpResponse:
    """Say what the query would catch, or where it cannot be read."""
    return render(request, "listen/topic_trial.html", _typed(request))


def _typed(request: HttpRequest) -> dict[str, object]:
    form = TrialForm(request.POST)
    if not form.is_valid():
        return {"refused": form}
    return _tried(form.cleaned_data, form.cleaned_data["tried_on"])


def _tried(typed: Mapping[str, Any], file: int | None) -> dict[str, object]:
    query = typed.get("query", "")
    if not query.strip():
        return {}
    try:
        trial = try_query(
            query,
            file=file,
            hide=typed.get("hide", ""),
            must_match=typed.get("must_match", ()),
            must_not_match=typed.get("must_not_match", ()),
        )
    except BadQuery as trouble:
        return pointed(query, trouble)
    return {"trial": trial}


@needs(Permission.IMPORT)
@require_POST
def sample(request: SignedInRequest) -> HttpResponse:
    """Bring real posts to try a query on: a file, or the newest of some hashtags."""
    form = SampleForm(request.POST, request.FILES)
    chosen = trouble = None
    if form.is_valid():
        now, file = timezone.now(), form.cleaned_data["file"]
        try:
            chosen = (
                services.bring_file(
                    name=file.name or "posts", content=file, person=request.user, now=now
                )
                if file
                else services.bring_sample(
                    server=form.cleaned_data["server"],
                    hashtags=form.cleaned_data["hashtags"],
                    person=request.user,
                    now=now,
                )
            )
        except Trouble as no_answer:
            trouble = no_answer
    values = {
        "trial_form": TrialForm(),
        "sample_form": form,
        "chosen": chosen,
        "trouble": trouble,
        "no_post": chosen is None,
    }
    answer = render(request, "listen/tried_on.html", values)
    if chosen is not None:
        answer["HX-Trigger-After-Settle"] = "brought"
    return answer


def _sample_form(suggestion: queries.Suggestion | None) -> SampleForm:
    return SampleForm(initial={"hashtags": suggestion.hashtags if suggestion else ""})


@needs(Permission.MANAGE_TOPICS)
@require_POST
def archive(request: SignedInRequest, slug: str) -> HttpResponse:
    """Stop watching a topic."""
    services.archive_topic(slug=slug, person=request.user, now=timezone.now())
    messages.success(request, _("Archived: nothing new is counted, what was found stays."))
    return redirect("listen:topics")


@needs(Permission.MANAGE_TOPICS)
@require_POST
def restore(request: SignedInRequest, slug: str) -> HttpResponse:
    """Watch an archived topic again."""
    services.restore_topic(slug=slug, person=request.user, now=timezone.now())
    messages.success(request, _("Watched again."))
    return redirect("listen:topics")
