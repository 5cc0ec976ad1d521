"""The room's own pages: lookout, signals, topics, live updates, and how pages are made."""

import sys
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import DisallowedHost
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from quivive.coordinate.permissions import Permission, may
from quivive.vocabulary.assessments import Level
from quivive.vocabulary.sentiments import Leaning
from quivive.vocabulary.signals import SignalKind
from quivive.web.assess.queries import latest_forecast
from quivive.web.coordinate.partner_queries import is_outside
from quivive.web.detect import claim_queries
from quivive.web.detect import queries as detected
from quivive.web.listen import queries as listened
from quivive.web.people.guards import SignedInRequest, needs
from quivive.web.people.numbers import whole
from quivive.web.people.paging import page_of
from quivive.web.people.typed import words_of
from quivive.web.privacy.queries import pressing_requests
from quivive.web.room import live as updates
from quivive.web.room import queries, samples, services
from quivive.web.room.charts import chart_of
from quivive.web.room.templatetags.room import STATES
from quivive.web.waiting.database import is_held

SPANS = (("24h", _lazy("24 hours")), ("7d", _lazy("7 days")), ("30d", _lazy("30 days")))
"""Spans people choose from, and their names."""


@require_GET
@needs(Permission.SEE_ROOM)
def lookout(request: SignedInRequest) -> HttpResponse:
    """Show the home page, or only its body to a page that shows it again."""
    span = _span(request, "24h", among=("24h", "7d"))
    template = (
        "room/lookout_body.html" if request.headers.get("HX-Request") else "room/lookout.html"
    )
    now, whole = timezone.now(), "all" in request.GET
    page = queries.lookout(span=span, now=now, most=None if whole else queries.MOST_ROWS)
    values = {"lookout": page, "span": span, "whole": whole}
    if may(request.roles, Permission.MANAGE_PRIVACY):
        values["pressing"] = pressing_requests(now)
    return render(request, template, values)


@require_POST
@needs(Permission.SEE_ROOM)
def watched(request: SignedInRequest) -> HttpResponse:
    """Note that somebody looked around."""
    services.say_watched(person=request.user, now=timezone.now())
    messages.success(request, _("Noted: you have looked around."))
    return redirect("room:lookout")


@require_GET
@needs(Permission.SEE_ALERTS)
def signals(request: SignedInRequest) -> HttpResponse:
    """Show the feed of signals."""
    chosen = {name: request.GET.get(name, "") for name in ("topic", "kind", "state")}
    values = {
        "page": page_of(detected.signals(**chosen), by="found_at", query=request.GET),
        "topics": queries.topic_names(),
        "kinds": [kind.value for kind in SignalKind],
        "states": queries.SIGNAL_STATES,
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "export_query": _asked(chosen),
        **_exports(),
    }
    return render(request, "room/signals.html", values)


@require_GET
@needs(Permission.SEE_ROOM)
def topic(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show one topic: its course, its posts, its signals."""
    span = _span(request, "24h", among=tuple(queries.SPANS))
    now = timezone.now()
    chosen = {name: request.GET.get(name, "") for name in ("leaning", "network", "reposts", "kept")}
    sheet = queries.topic_sheet(slug, span=span, now=now)
    values = {
        "sheet": sheet,
        "claims": claim_queries.panel(sheet.topic),
        "chart": chart_of(sheet.course, sheet.marks, latest_forecast(sheet.topic.pk, now=now)),
        "span": span,
        "spans": SPANS,
        "leanings": [leaning.value for leaning in Leaning],
        "page": page_of(
            queries.topic_posts(sheet.topic, **chosen), by="heard_at", query=request.GET
        ),
        "chosen": chosen,
        "filtered": any(chosen.values()),
        "export_query": _asked({**chosen, "topic": slug}),
        "export_posts": reverse("listen:export", args=[slug, "x"]).removesuffix("x"),
        "export_names": reverse("listen:export-names", args=[slug, "x"]).removesuffix("x"),
        **_exports(),
    }
    return render(request, "room/topic.html", values)


@require_GET
@needs(Permission.SEE_ALERTS)
def claims(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show all that posts of a topic claim."""
    topic = listened.topic(slug)
    page = page_of(claim_queries.all_of(topic), by="last_at", query=request.GET)
    export = reverse("detect:claims-export", args=[slug, "x"]).removesuffix("x")
    values = {
        "topic": topic,
        "page": page,
        "claims": claim_queries.tell(page.items),
        "export_claims": export,
    }
    return render(request, "room/claims.html", values)


@require_GET
@needs(Permission.SEE_ALERTS)
def ringing(request: SignedInRequest) -> HttpResponse:
    """Show the banner again, after an alert changed."""
    return render(request, "room/parts/ringing.html")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language from now on, and go back to where the person was."""
    chosen = request.POST.get("language", "")
    way = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(way, {request.get_host()}, request.is_secure()):
        way = "/"
    answer = HttpResponseRedirect(way)
    if chosen not in dict(settings.LANGUAGES):
        return answer
    if request.user.is_authenticated:
        services.speak(person=request.user, language=chosen)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return answer


@require_GET
@needs(Permission.SEE_ROOM)
def design(request: SignedInRequest) -> HttpResponse:
    """Show every part that pages are made of."""
    values = {
        **samples.PARTS,
        "onset": timezone.now() - samples.SINCE_ONSET,
        "levels": list(Level),
        "states": list(STATES),
    }
    return render(request, "room/design.html", values)


@never_cache
async def live(request: HttpRequest) -> HttpResponseBase:
    """Send what changes, as it changes, to people who are signed in."""
    if not may(request.roles, Permission.SEE_ROOM):  # type: ignore[attr-defined]
        return HttpResponse(status=403)
    known = request.headers.get("Last-Event-ID", "")
    after = known or request.GET.get("after", "")
    answer = StreamingHttpResponse(
        updates.stream(
            whole(after),
            person=request.user.pk or 0,
            resumes=bool(known),
            outside=is_outside(request.roles),  # type: ignore[attr-defined]
        ),
        content_type="text/event-stream",
    )
    answer["X-Accel-Buffering"] = "no"  # nginx must pass each event on at once
    return answer


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read, and say so when only its address is not ours.

    Without the request: what the page's frame asks of it (who reads, from where) is not known yet.
    """
    unknown_address = isinstance(exception, DisallowedHost)
    return HttpResponse(
        render_to_string("400.html", {"unknown_address": unknown_address}), status=400
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault, or that the database was held, and give back what was typed.

    Without the request: what the page's frame asks of it may be what broke.
    """
    held = is_held(sys.exc_info()[1])
    status = HTTPStatus.SERVICE_UNAVAILABLE if held else HTTPStatus.INTERNAL_SERVER_ERROR
    values = {"held": held, "typed": words_of(request)}
    return HttpResponse(render_to_string("500.html", values), status=status)


def _exports() -> dict[str, str]:
    """Return the addresses of the files of this page, without their kind."""
    return {
        f"export_{table}": reverse("detect:signals-export", args=[table, "x"]).removesuffix("x")
        for table in ("signals", "alerts")
    }


def _asked(chosen: Mapping[str, str]) -> str:
    """Write filters as an address carries them, without those that choose everything."""
    return urlencode({name: value for name, value in chosen.items() if value})


def _span(request: HttpRequest, default: str, *, among: tuple[str, ...]) -> str:
    chosen = request.GET.get("span", default)
    return chosen if chosen in among else default
