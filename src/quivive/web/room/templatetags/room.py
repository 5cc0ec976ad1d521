"""Tags and filters of every page: sentences, numbers, times, icons, badges, small drawings."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from django import template
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quivive.assess.settings import AssessSettings
from quivive.detect.telling import HARDLY
from quivive.listen.pictures import SCREENSHOT
from quivive.listen.pseudonyms import ERASED, TAKEN_BACK, Pseudonyms
from quivive.vocabulary.accounts import UNTOLD
from quivive.vocabulary.assessments import Level
from quivive.vocabulary.messages import Message
from quivive.vocabulary.signals import KIND_NAMES, SignalKind
from quivive.web.listen.queries import reposted
from quivive.web.people import speech
from quivive.web.room import drawing
from quivive.wire.secrets import pseudonym_keys

register = template.Library()

LEVELS = {
    Level.WATCH: (_("Watch"), "M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1Z"),
    Level.SIGNAL: (_("Signal"), "M1 6 6 1l5 5-5 5Z"),
    Level.INCIDENT: (_("Incident"), "M6 1l5.5 10H.5Z"),
    Level.CRISIS: (_("Crisis"), "M1 1h10v10H1Z"),
    Level.MAJOR_CRISIS: (_("Major crisis"), "M3.5 0h5L12 3.5v5L8.5 12h-5L0 8.5v-5Z"),
}
"""Name and shape of each level: disc, diamond, triangle, square, octagon."""

KIND_ICONS = {
    SignalKind.BURST: "activity",
    SignalKind.FLARE_UP: "trending-up",
    SignalKind.SEVERE_WORD: "message-square",
    SignalKind.INFLUENTIAL_AUTHOR: "megaphone",
    SignalKind.RUMOUR: "message-square",
    SignalKind.BACKLASH: "reply",
    SignalKind.CRITICS_HASHTAG: "hash",
    SignalKind.SOURCE_JUMP: "trending-up",
    SignalKind.NEGATIVE_SHARE: "frown",
    SignalKind.SPREADING: "trending-up",
    SignalKind.UNANSWERED: "inbox",
    SignalKind.PRESS_ENQUIRY: "megaphone",
    SignalKind.BACK_TO_NORMAL: "check",
    SignalKind.DROP: "trending-down",
}

STATES = {
    **{
        kind.value: (_(KIND_NAMES[kind].text), icon, "outline") for kind, icon in KIND_ICONS.items()
    },
    "ringing": (_("ringing"), "bell-ring", "ringing"),
    "acknowledged": (_("acknowledged"), "check", "info"),
    "snoozed": (_("snoozed"), "bell-off", "warn"),
    "false-alarm": (_("false alarm"), "x", ""),
    "crisis": (_("being handled"), "shield-alert", "bad"),
    "note": (_("rang nobody"), "bell-off", ""),
    "past": (_("found in past posts"), "history", ""),
    "suspected": (_("suspected"), "eye", "warn"),
    "confirmed": (_("confirmed"), "shield-alert", "bad"),
    "responding": (_("responding"), "megaphone", "bad"),
    "vigilance": (_("vigilance"), "radar", "info"),
    "closed": (_("closed"), "archive", ""),
    "dismissed": (_("dismissed"), "x", ""),
    "waiting": (_("waiting"), "clock", ""),
    "sent": (_("sent"), "check", "good"),
    "failed": (_("failed"), "triangle-alert", "bad"),
    "cancelled": (_("no longer needed"), "x", ""),
    "draft": (_("waiting for your choice"), "pencil", "warn"),
    "queued": (_("queued"), "clock", ""),
    "running": (_("running"), "play", "info"),
    "done": (_("done"), "check", "good"),
    "stopped": (_("stopped before the end"), "triangle-alert", "bad"),
    "unverified": (_("unverified"), "circle-help", "warn"),
    "in-progress": (_("being checked"), "search", "info"),
    "true": (_("true"), "check", ""),
    "partly-true": (_("partly true"), "circle-dot", ""),
    "false": (_("false"), "x", ""),
    "not-verifiable": (_("not verifiable"), "eye-off", ""),
    "negative": (_("negative"), "frown", "bad"),
    "neutral": (_("neutral"), "meh", ""),
    "positive": (_("positive"), "smile", "good"),
    "uncertain": (_("uncertain"), "circle-help", ""),
    "misread-action": (_("misread action"), "eye", "outline"),
    "relays": (_("relays"), "repeat", "warn"),
    "denies": (_("denies"), "x", "good"),
    "asks": (_("asks"), "circle-help", "info"),
    "comments": (_("comments"), "message-square", ""),
    "new": (_("new"), "circle-dot", "info"),
    "open": (_("open"), "user", "warn"),
    "answered": (_("answered"), "check", "good"),
    "no-reply": (_("no reply"), "eye-off", ""),
}
"""Word, icon and colour of each state of anything."""

LONG, LONG_LINES = 1_000, 14
"""Signs, and line breaks, from which a post is long: no network of short posts has such."""

MOST_LINKS = 3
"""Links a card shows beside the words."""

ADDRESS = re.compile(r"https?://[^\s<>\"'\u00ab\u00bb]+[^\s<>\"'\u00ab\u00bb.,;:!?)\]]")


@register.filter
def screenshots(media: Sequence[str] | None) -> list[str]:
    """Return the hashes of a post's pictures that people brought as evidence."""
    return [one.removeprefix(SCREENSHOT) for one in media or () if one.startswith(SCREENSHOT)]


@register.filter
def spoken(message: Message | Mapping[str, Any] | None) -> str:
    """Write a stored sentence out in the reader's language."""
    return speech.spoken(message)


@register.filter
def number(value: float | None) -> str:
    """Write a number the reader's way."""
    return speech.number(value)


@register.filter
def language_name(code: str) -> str:
    """Name a language the reader's way."""
    return speech.language_name(code)


@register.filter
def usual(expected: float) -> str:
    """Say what is usual; parts of one voice are for a statistician, not for a room."""
    return speech.number(expected) if expected >= HARDLY else gettext("almost nothing")


@register.filter
def called(account: Any) -> str:
    """Name an account, stored or read, as people know it; nobody is called by a missing address."""
    address = str(getattr(account, "uid", account.id))
    if address.startswith((ERASED, TAKEN_BACK)):
        return gettext("an author the room has forgotten")
    return str(
        account.name
        or account.handle
        or (gettext("author not told") if address == UNTOLD else address)
    )


@register.filter
def somebody(account: Any) -> str:
    """Name an account to readers who may not know whose it is: always the same way."""
    return gettext("Somebody {mark}").format(mark=_pseudonyms().of(account.uid)[:6])


@register.filter
def without_names(post: Any) -> str:
    """Return the words of a post without whom they speak to."""
    return _pseudonyms().hide_names(post.content, post.network)


def _pseudonyms() -> Pseudonyms:
    return Pseudonyms(pseudonym_keys()[0])


@register.filter
def network_name(network: str) -> str:
    """Name a network as people do."""
    return speech.network_name(network)


@register.filter
def is_site(network: str) -> bool:
    """Tell whether one may open a post “on” it."""
    return speech.is_site(network)


@register.filter
def pct(share: float | Literal[""] | None) -> str:
    """Write a share of one as per cent; empty where a row of an older version does not hold it."""
    return "" if share == "" else speech.percent(share)


@register.filter
def duration(length: timedelta | float | None) -> str:
    """Write a length of time."""
    return speech.duration(length)


@register.filter
def later(length: timedelta | float | None) -> str:
    """Write how long after something else, with its sign: a clock elsewhere may go ahead."""
    told = speech.duration(length)
    return told if told.startswith("−") else f"+{told}"


@register.filter
def ago(at: datetime | None) -> SafeString:
    """Write how long ago, with the exact moment for those who point at it."""
    return _time(at, speech.ago(at, timezone.now()))


@register.filter
def moment(at: datetime | None) -> SafeString:
    """Write a day and minute in the reader's zone."""
    return _time(at, speech.moment(at))


@register.filter
def hhmm(at: datetime | None) -> SafeString:
    """Write the hour and minute in the reader's zone."""
    return _time(at, speech.clock_time(at))


def _time(at: datetime | None, words: str) -> SafeString:
    if at is None:
        return escape(words)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), speech.long_moment(at), words
    )


@register.filter
def level_name(level: int) -> str:
    """Name a severity level; only 3 and above is called a crisis (DR-13)."""
    return str(LEVELS[Level(level)][0])


@register.filter
def state_name(state: str) -> str:
    """Name a state, a leaning or a kind of signal."""
    return str(STATES[state][0]) if state in STATES else state


@register.filter
def is_long(text: str) -> bool:
    """Tell whether a post would fill a screen, so that it is shown in part at first."""
    return len(text) > LONG or text.count("\n") > LONG_LINES


@register.filter
def linkify(text: str) -> SafeString:
    """Escape words of strangers and make their addresses links that vouch for nothing."""
    parts, last = [], 0
    for found in ADDRESS.finditer(text):
        parts.append(escape(text[last : found.start()]))
        parts.append(
            format_html(
                '<a href="{}" rel="nofollow ugc noopener noreferrer" target="_blank">{}</a>',
                found[0],
                found[0],
            )
        )
        last = found.end()
    parts.append(escape(text[last:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


@register.filter
def leading_away(links: Sequence[str] | None, words: str) -> list[str]:
    """Return where a post's links lead, but for those its words show whole (R-58).

    Networks shorten addresses in the words and tell the long ones beside them.
    """
    web = [one for one in links or () if ADDRESS.fullmatch(one) and one not in words]
    return list(dict.fromkeys(web))[:MOST_LINKS]


@register.filter
def without_scheme(address: str) -> str:
    """Write an address as people read it."""
    return address.split("://", 1)[-1].removeprefix("www.")


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """Draw an icon of ``icons.txt``; a word beside it says the same."""
    return format_html(
        '<svg class="icon {}" width="17" height="17" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"/></svg>',
        classes,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def level(value: int, classes: str = "") -> SafeString:
    """Show a severity level: shape, number and word; colour comes last."""
    name, shape = LEVELS[Level(value)]
    return format_html(
        '<span class="badge level-{} {}"><svg class="shape" viewBox="0 0 12 12" '
        'aria-hidden="true"><path d="{}"/></svg>{} · {}</span>',
        int(value),
        classes,
        shape,
        int(value),
        name,
    )


@register.simple_tag
def state(value: str, label: str = "") -> SafeString:
    """Show a state (of an alert, a crisis, an import, a leaning …) as icon and word."""
    name, drawn, colour = STATES.get(value, (value, "circle-dot", ""))
    return format_html('<span class="badge {}">{}{}</span>', colour, icon(drawn), label or name)


@register.inclusion_tag("room/parts/spark.html")
def spark(
    values: Sequence[float], uppers: Sequence[float] = (), label: str = ""
) -> dict[str, object]:
    """Draw a line of counts with its normal band; ``label`` says it in words."""
    return {"drawn": drawing.spark(values, uppers), "label": label or gettext("Course of counts")}


@register.inclusion_tag("room/parts/bar.html")
def bar(share: float | None, label: str, classes: str = "") -> dict[str, object]:
    """Draw a share of one as a bar; ``label`` says it in words."""
    width = 100 * min(1.0, max(0.0, share or 0.0))
    return {"width": f"{width:.1f}", "label": label, "classes": classes}


@register.inclusion_tag("room/parts/scale.html")
def severity_scale(
    score: float, low: float, high: float, levels: Sequence[float] = AssessSettings().levels
) -> dict[str, object]:
    """Draw a score of 100 with its interval on the scale of five levels."""
    drawn = drawing.scale(score, low, high, levels=levels)
    return {"drawn": drawn, "score": score, "low": low, "high": high}


def _counted_at(document: Mapping[str, Any]) -> datetime | None:
    """When the network's counts were read; None when a file does not tell (R-58)."""
    read = document.get("counted_at", document.get("post", {}).get("seen_at"))
    return datetime.fromisoformat(read) if read else None


@register.inclusion_tag("room/parts/post.html", takes_context=True)
def post_card(
    context: Context,
    post: Any,
    evidence: str = "",
    *,
    relayed: bool = False,
    keepable: bool = False,
    parts: Sequence[tuple[str, bool]] = (),
    labels: Sequence[Any] = (),
    places: Sequence[Any] = (),
) -> dict[str, object]:
    """Show a stored post: who, when, the words as text, and the way to the original.

    ``keepable`` leads to keeping it as evidence; ``parts`` are its words with those to mark;
    ``labels`` what the team put on it, ``places`` where it speaks of. Readers whose role does not
    open personal data see who spoke under a pseudonym, and no way to the original (LR-06).
    """
    named = bool(post.own or context.get("may_see_people"))
    address = post.document.get("post", {}).get("url") or post.uid
    return {
        "post": post,
        "named": named,
        "original": reposted(post),
        "counted_at": _counted_at(post.document),
        "evidence": evidence,
        "relayed": relayed,
        "keepable": keepable,
        "parts": parts,
        "labels": labels,
        "places": places,
        "address": address if named and ADDRESS.fullmatch(address) else "",
    }


@register.inclusion_tag("room/parts/field.html")
def field(bound: BoundField) -> dict[str, object]:
    """Show one field of a form: label, help, control, mistakes.

    The keyboard goes to the first mistake, which may stand far down a page that begins at its top.
    """
    if bound.errors:
        bound.field.widget.attrs["autofocus"] = True
    return {"field": bound}


FILES = (("xlsx", "Excel"), ("csv", "CSV"), ("ndjson", "JSON"), ("parquet", "Parquet"))
"""Kinds of file people choose from, the one that opens well everywhere first."""


@register.inclusion_tag("room/parts/exports.html")
def exports(name: str, *parts: Any, query: str = "") -> dict[str, object]:
    """Show a menu of files to take away: ``exports "id" title address title address … query=``.

    Args:
        name: id of the menu, so that a live update leaves it open.
        parts: title and address (without the kind) of each table, in turn.
        query: the page's filters, as its own address carries them.
    """
    asked = f"?{query}" if query else ""
    groups = [
        {
            "title": title,
            "files": [{"name": told, "address": f"{at}{kind}{asked}"} for kind, told in FILES],
        }
        for title, at in zip(parts[::2], parts[1::2], strict=True)
    ]
    return {"id": name, "groups": groups, "filtered": bool(query)}
