"""Tags and filters of the alert's page and of the crisis room: names, offsets, charts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quivive.respond.asking import Urgency
from quivive.vocabulary.assessments import Axis, Sign
from quivive.vocabulary.crises import CrisisState, Role
from quivive.vocabulary.signals import Certainty
from quivive.web.assess.queries import latest_forecast
from quivive.web.assess.spreading_queries import spreading
from quivive.web.assess.words import AXES, TERMS
from quivive.web.coordinate import forms
from quivive.web.coordinate.composing import severity_word
from quivive.web.coordinate.partner_queries import may_enter, seen_by
from quivive.web.coordinate.queries import crises
from quivive.web.detect.queries import Series
from quivive.web.people import speech
from quivive.web.people.words import ROLE_NAMES
from quivive.web.room import drawing
from quivive.web.room.charts import chart_of
from quivive.web.room.queries import Course, Mark

register = template.Library()

CERTAINTIES = {
    Certainty.OBSERVED: _("observed"),
    Certainty.LIKELY: _("likely"),
    Certainty.POSSIBLE: _("possible"),
    Certainty.UNLIKELY: _("unlikely"),
    Certainty.UNKNOWN: _("unknown"),
}
TRENDS = {
    "growing": (_("growing"), "trending-up"),
    "stable": (_("stable"), "arrow-right"),
    "receding": (_("receding"), "trending-down"),
    "unclear": (_("no clear trend"), "circle-help"),
}
URGENCIES = {
    Urgency.DANGER: (_("may be in danger"), "siren"),
    Urgency.ALONE: (_("in need and alone"), "user"),
    Urgency.NEED: (_("in need"), "life-buoy"),
    Urgency.QUESTION: (_("asks"), "circle-help"),
    Urgency.ADDRESSED: (_("speaks to us"), "message-square"),
}
WAYS = {
    CrisisState.CONFIRMED: (_("Confirm"), _("It is real: the team works on it.")),
    CrisisState.RESPONDING: (_("We are answering"), _("Our first words are out or on their way.")),
    CrisisState.VIGILANCE: (_("Calm is back"), _("Nothing new for a while; we keep watch.")),
    CrisisState.CLOSED: (
        _("Close the crisis"),
        _("The days of watch are over, or a reason is given."),
    ),
    CrisisState.DISMISSED: (_("Dismiss"), _("It was looked at and needs no team.")),
}
SIGNS = {
    "speed": _("It doubles within the hour"),
    "binary": _("Most only pass it on"),
    "clusters": _("Three groups or more talk of it"),
    "cross-media": _("The press is in it"),
    "diversity": _("Nobody weighs two views"),
}
LOG_KINDS = {
    "posts-added": "plus",
    "onset": "flag",
    "signal": "activity",
    "flare-up": "trending-up",
    "level": "gauge",
    "opened": "shield-alert",
    "state": "arrow-right",
    "reason": "quote",
    "lead": "user",
    "speaker": "megaphone",
    "task-added": "plus",
    "task-owner": "user",
    "task-done": "square-check",
    "task-reopened": "rotate-ccw",
    "milestone": "clock",
    "joined": "bell-ring",
    "enquiry": "megaphone",
    "note": "pencil",
    "decision": "shield-check",
    "input": "list-checks",
    "override": "gauge",
    "override-end": "gauge",
}
"""Icon of each kind of line."""


@register.simple_tag(takes_context=True)
def running_crises(context: Context) -> list[tuple[int, str]]:
    """Return the crises people work on and the reader may enter, by number and title."""
    request = context["request"]
    found = crises(over=False, seen=seen_by(request.user, request.roles))
    return [(crisis.pk, crisis.title) for crisis in found]


@register.simple_tag(takes_context=True)
def open_to_reader(context: Context, crisis: Any) -> bool:
    """Tell whether the reader may enter a crisis, so that no button leads to a closed door."""
    request = context["request"]
    return crisis is not None and may_enter(request.user, request.roles, crisis.pk)


@register.filter
def axis_name(axis: str) -> str:
    """Name an axis."""
    return str(AXES[Axis(axis)][0])


@register.filter
def axis_help(axis: str) -> str:
    """Say what an axis looks at."""
    return str(AXES[Axis(axis)][1])


@register.filter
def term_name(code: str) -> str:
    """Name a term of the score."""
    return str(TERMS.get(code, code))


@register.filter
def certainty_name(certainty: str) -> str:
    """Name how sure a signal is."""
    return str(CERTAINTIES[Certainty(certainty)])


@register.filter
def severity_in_words(severity: int) -> str:
    """Name a signal's distance from usual, 1 to 10."""
    return severity_word(severity)


@register.filter
def role_name(role: str) -> str:
    """Name a role."""
    return str(ROLE_NAMES[Role(role)])


@register.filter
def trend_name(trend: str) -> str:
    """Name where it goes."""
    return str(TRENDS.get(trend, (trend, ""))[0])


@register.filter
def trend_icon(trend: str) -> str:
    """Return the icon of where it goes."""
    return TRENDS.get(trend, ("", "circle-help"))[1]


@register.filter
def way_name(state: str) -> str:
    """Name a move to a state, as a button does."""
    return str(WAYS[CrisisState(state)][0])


@register.filter
def way_help(state: str) -> str:
    """Say what a move to a state means."""
    return str(WAYS[CrisisState(state)][1])


@register.filter
def log_icon(kind: str) -> str:
    """Return the icon of a kind of log line."""
    return LOG_KINDS.get(kind, "circle-dot")


@register.filter
def urgency_name(urgency: int) -> str:
    """Say what a post asks for; empty when it asks nothing."""
    return str(URGENCIES[Urgency(urgency)][0]) if urgency else ""


@register.filter
def urgency_icon(urgency: int) -> str:
    """Return the icon of what a post asks for."""
    return URGENCIES[Urgency(urgency)][1] if urgency else ""


@register.filter
def harm_name(harm: float | None) -> str:
    """Say what harm is at stake, in the sentence of the scale."""
    return _chosen(forms.HARMS, "" if harm is None else str(float(harm)))


@register.filter
def type_name(kind: str | None) -> str:
    """Name a kind of threat."""
    return _chosen(forms.TYPES, kind or "")


def _chosen(choices: Sequence[tuple[Any, Any]], value: str) -> str:
    return next((str(name) for one, name in choices if str(one) == value), value)


@register.filter
def offset(at: datetime | None, onset: datetime) -> str:
    """Write a moment as minutes or hours from the onset, as crisis rooms do."""
    if at is None:
        return ""
    minutes = round((at - onset).total_seconds() / 60)
    sign, minutes = ("−", -minutes) if minutes < 0 else ("+", minutes)
    hours, left = divmod(minutes, 60)
    if hours >= 24:  # noqa: PLR2004 - a day
        return gettext("T{sign}{days} d").format(sign=sign, days=hours // 24)
    if hours:
        return gettext("T{sign}{hours} h {left:02d}").format(sign=sign, hours=hours, left=left)
    return gettext("T{sign}{minutes} min").format(sign=sign, minutes=minutes)


@register.filter
def clock_face(seconds: int) -> str:
    """Write a running clock: hours, minutes, seconds.

    >>> clock_face(3725)
    '01:02:05'
    """
    minutes, left = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{left:02d}"


@register.filter
def posts_behind(ids: Sequence[str], posts: Mapping[str, Any]) -> list[Any]:
    """Return the stored posts among these ids, in their order."""
    return [posts[uid] for uid in ids if uid in posts]


@register.filter
def of_axis(terms: Sequence[Any], axis: str) -> list[Any]:
    """Return the terms of one axis."""
    return [term for term in terms if term.axis == axis]


@register.filter
def points_of(terms: Sequence[Any]) -> float:
    """Add up what terms bring to the score."""
    return float(sum(term.points for term in terms))


@register.filter
def times(value: float, factor: float) -> float:
    """Multiply, for drawings that need a share or a score."""
    return value * factor


@register.filter
def own_words(message: Mapping[str, Any]) -> bool:
    """Tell a person's own words from a sentence of the room."""
    return bool(message.get("own"))


@register.inclusion_tag("room/parts/chart.html")
def series_chart(
    series: Series,
    id: str,  # noqa: A002 - the part's own name
    topic: int | None = None,
) -> dict[str, object]:
    """Draw a course with its normal band, onset, alarms, our own words and what is foreseen."""
    own = [
        Mark(at=at, kind="own")
        for at, count in zip(series.starts, series.own, strict=True)
        if count
    ]
    alarms = [Mark(at=at, kind="alarm") for at in series.alarms]
    course = Course(
        starts=tuple(series.starts),
        voices=tuple(series.voices),
        expected=tuple(series.expected),
        upper=tuple(series.upper),
        negatives=tuple(series.negatives),
        positives=(),
        originals=(),
        reposts=(),
        own=tuple(series.own),
    )
    marks = [Mark(at=series.onset, kind="onset"), *alarms, *own]
    foreseen = latest_forecast(topic, now=timezone.now()) if topic is not None else []
    return {"id": id, "chart": chart_of(course, marks, foreseen)}


@register.inclusion_tag("assess/parts/spreading.html", takes_context=True)
def spreading_posts(context: Context, topic: int) -> dict[str, object]:
    """Show posts of a topic that spread, with what is foreseen of each."""
    found = spreading(topic, now=timezone.now())
    drawn = [drawing.fan(one.observed, one.p10, one.p50, one.p90) for one in found]
    return {
        "rows": list(zip(found, drawn, strict=True)),
        "may_see_people": context.get("may_see_people"),
    }


@register.inclusion_tag("room/parts/pips.html")
def pips(severity: int) -> dict[str, object]:
    """Draw a severity of 1 to 10 as ten marks."""
    return {"severity": severity, "marks": [(12 * at, at < severity) for at in range(10)]}


@register.inclusion_tag("room/parts/spark.html")
def score_history(history: Sequence[Any]) -> dict[str, object]:
    """Draw how the score went, oldest first."""
    scores = [row.score for row in history]
    if not scores:
        return {"drawn": drawing.spark([]), "label": ""}
    label = gettext("Score over time: from {first} to {last}, at most {most}").format(
        first=speech.number(scores[0]),
        last=speech.number(scores[-1]),
        most=speech.number(max(scores)),
    )
    return {"drawn": drawing.spark(scores), "label": label}


@register.filter
def sign_name(name: str) -> str:
    """Name a factor of a storm of outrage."""
    return str(SIGNS[name])


@register.filter
def present(signs: Sequence[Sign]) -> int:
    """Count the factors that are there."""
    return sum(one.there is True for one in signs)
