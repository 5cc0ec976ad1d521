"""Tags and filters of the inbox: why a post is where it is, and by when it wants an answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quivive.respond.asking import Reason, Urgency
from quivive.web.people.speech import duration
from quivive.web.respond.queries import cases_of_posts
from quivive.web.room.templatetags.crisis import URGENCIES
from quivive.web.room.templatetags.room import icon

register = template.Library()

COLOURS = {
    Urgency.DANGER: "ringing",
    Urgency.ALONE: "bad",
    Urgency.NEED: "warn",
    Urgency.QUESTION: "info",
}
REASONS = {
    Reason.DANGER: _("somebody may be in danger"),
    Reason.ALONE: _("somebody is alone"),
    Reason.FRAIL: _("a frail person is concerned"),
    Reason.WITHOUT: _("something vital is missing"),
    Reason.UNHEARD: _("they were not heard so far"),
    Reason.QUESTION: _("it is a question"),
    Reason.PRESS: _("a journalist asks"),
    Reason.TO_US: _("it speaks to us"),
    Reason.PLEA: _("it reads like a cry for help, by no single word"),
}


@register.simple_tag
def cases_of(posts: Sequence[str]) -> list[Any]:
    """Return the cases of these posts, those who still wait first and the gravest of them."""
    return cases_of_posts(posts)


@register.simple_tag
def urgency_badge(urgency: int) -> SafeString:
    """Show how urgent a case is: icon and word, colour comes last."""
    if not urgency:
        return SafeString("")
    name, drawn = URGENCIES[Urgency(urgency)]
    colour = COLOURS.get(Urgency(urgency), "")
    return format_html('<span class="badge {}">{}{}</span>', colour, icon(drawn), name)


@register.filter
def reason_name(reason: str) -> str:
    """Say why a post is as urgent as it is."""
    return str(REASONS[Reason(reason)])


@register.simple_tag
def due_badge(case: Any, now: datetime) -> SafeString:
    """Show the clock that counts: the first reply, then the solution."""
    if case.done_at is not None:
        return SafeString("")
    first = case.replied_at is None
    left = ((case.first_due_at if first else case.solve_due_at) - now).total_seconds()
    told = duration(abs(left))
    if left < 0:
        words = gettext("reply late by {time}") if first else gettext("settled late by {time}")
        return format_html(
            '<span class="badge bad">{}{}</span>', icon("clock"), words.format(time=told)
        )
    words = gettext("reply due in {time}") if first else gettext("to settle in {time}")
    return format_html(
        '<span class="badge outline">{}{}</span>', icon("clock"), words.format(time=told)
    )
