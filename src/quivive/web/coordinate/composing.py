"""Words a notice for one person, in their language and time zone.

Posts are written by strangers: their words travel as an excerpt on one line, without addresses
one could press and without calls to a whole chat room, and mark-up in them is shown, never obeyed.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from quivive.vocabulary.messages import Message
from quivive.web.coordinate.alerting_queries import Day
from quivive.wire.notices import Notice, one_line

EXCERPT = 280
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_CALL = re.compile(r"([@#<`*_~\[])")
_NOBODY = "\u2060"  # word joiner: invisible, and chat servers no longer see a command

WORDS = ((9, _("Extreme")), (7, _("Serious")), (4, _("Moderate")), (1, _("Slight")))
"""From this severity on, the word that opens the subject (CAP 1.2: extreme to minor)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a notice says.

    Attributes:
        compares: it sets what was heard against the usual; what waits for an answer does not.
        step_min: minutes after the alert at which this notice was due; 0 for the first.
        first_words: the first post as written, empty when it was taken back.
    """

    alert_id: int
    topic: str
    severity: int
    reason: Message
    compares: bool
    observed: int
    expected: float
    window_min: int
    rang_at: datetime
    onset: datetime
    step_min: int
    first_author: str
    first_words: str
    first_published: datetime | None
    blind_spots: list[Message]


def alert_notice(facts: Facts, *, language: str, time_zone: str, key: str) -> Notice:
    """Word the notice of an alert."""
    with translation.override(language), timezone.override(ZoneInfo(time_zone)):
        values = {
            "facts": facts,
            "excerpt": excerpt(facts.first_words),
            "address": settings.BASE_URL + reverse("detect:alert", args=[facts.alert_id]),
            "key": key,
        }
        return Notice(
            key=key,
            subject=f"[Qui-vive] {severity_word(facts.severity)} · {one_line(facts.topic)}",
            text=render_to_string("coordinate/notice.txt", values),
            html=render_to_string("coordinate/notice.html", values),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What a notice says of a source that brings nothing, or of a room that does not listen.

    Attributes:
        source: its name; empty for the room itself.
        reason: as in ``Outage.Reason``.  over: it answers again.
        what, remedy: messages of its trouble, as kept; None where there is none.
    """

    source: str
    reason: str
    began_at: datetime
    over: bool
    lasted: timedelta
    what: dict[str, Any] | None
    remedy: dict[str, Any] | None


def outage_notice(silence: Silence, *, language: str, time_zone: str, key: str) -> Notice:
    """Word the notice of a source that brings nothing, or answers again."""
    with translation.override(language), timezone.override(ZoneInfo(time_zone)):
        title = _of_silence(silence)
        values = {
            "silence": silence,
            "title": title,
            "address": settings.BASE_URL
            + reverse("listen:sources" if silence.source else "room:lookout"),
            "key": key,
        }
        return Notice(
            key=key,
            subject=f"[Qui-vive] {title}",
            text=render_to_string("coordinate/outage_notice.txt", values),
            html=render_to_string("coordinate/outage_notice.html", values),
        )


def _of_silence(silence: Silence) -> str:
    if not silence.source:
        over, began = gettext("The room listens again"), gettext("The room does not listen")
        return over if silence.over else began
    title = (
        gettext("The source “{name}” answers again")
        if silence.over
        else gettext("The source “{name}” brings nothing")
    )
    return title.format(name=one_line(silence.source))


def morning_notice(day: Day, *, language: str, time_zone: str, key: str) -> Notice:
    """Word the note of the morning: what happened since yesterday, or that nothing did."""
    with translation.override(language), timezone.override(ZoneInfo(time_zone)):
        title = _headline(day)
        values = {
            "day": day,
            "title": title,
            "address": settings.BASE_URL + reverse("room:lookout"),
            "ways": settings.BASE_URL + reverse("coordinate:contacts"),
            "key": key,
        }
        return Notice(
            key=key,
            subject=f"[Qui-vive] {title}",
            text=render_to_string("coordinate/morning_notice.txt", values),
            html=render_to_string("coordinate/morning_notice.html", values),
        )


def _headline(day: Day) -> str:
    if day.calm:
        return gettext("Nothing to report")
    told = [gettext("The room does not listen")] if day.blind else []
    counted = (
        (len(day.crises), ngettext("{n} crisis open", "{n} crises open", len(day.crises))),
        (day.ringing, ngettext("{n} alert rings", "{n} alerts ring", day.ringing)),
        (len(day.rang), ngettext("{n} alert in a day", "{n} alerts in a day", len(day.rang))),
        (
            len(day.silent),
            ngettext("{n} source brings nothing", "{n} sources bring nothing", len(day.silent)),
        ),
    )
    return ", ".join([*told, *(words.format(n=count) for count, words in counted if count)])


def test_notice(*, language: str, key: str) -> Notice:
    """Word the notice the Test button sends."""
    with translation.override(language):
        values = {"address": settings.BASE_URL, "key": key}
        return Notice(
            key=key,
            subject="[Qui-vive] " + gettext("This is a test: you can be reached this way."),
            text=render_to_string("coordinate/test_notice.txt", values),
            html=render_to_string("coordinate/test_notice.html", values),
        )


def severity_word(severity: int) -> str:
    """Return the word for a severity of 1 to 10."""
    return str(next(word for least, word in WORDS if severity >= least or least == 1))


def excerpt(words: str) -> str:
    """Return a stranger's words as a notice may carry them.

    >>> excerpt("@everyone sign in at https://example.org/x now").replace(_NOBODY, "")
    '@everyone sign in at […] now'
    """
    flat = _ADDRESS.sub("[…]", one_line(words))
    short = flat if len(flat) <= EXCERPT else flat[: EXCERPT - 1].rstrip() + "…"
    return _CALL.sub(rf"\1{_NOBODY}", short)
