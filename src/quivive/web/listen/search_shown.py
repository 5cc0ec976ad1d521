"""How a search is shown: what narrows it, what could, and how its posts spread over time."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from quivive.web.listen.search_queries import Counts, account_name, place_name
from quivive.web.people.numbers import whole
from quivive.web.people.speech import moment, network_name, number

FACETS = {
    "network": _lazy("Network"),
    "topic": _lazy("Topic"),
    "leaning": _lazy("Leaning"),
    "language": _lazy("Language"),
    "author": _lazy("Account"),
    "place": _lazy("Place"),
    "label": _lazy("Label"),
}
"""By what one may narrow, in the order of the page."""

NARROWING = (*FACETS, "since", "until", "hidden")


PERIODS = (1, 7, 30, 90)
"""Days up to today that one press looks through: they move on with the days, kept too."""


def kept(query: QueryDict) -> str:
    """Return the search as an address carries it: no page, no past action."""
    return urlencode(_asked(query))


def _with(query: QueryDict, **changes: str) -> str:
    return f"?{urlencode(_asked(query, **changes))}"


def _asked(query: QueryDict, **changes: str) -> dict[str, str]:
    names = ("q", *NARROWING, "days")
    asked = {name: changes.get(name, query.get(name)) for name in names}
    if asked["since"] or asked["until"]:
        asked["days"] = ""  # days one writes win over a period that moves
    return {name: value for name, value in asked.items() if value}


def periods(query: QueryDict) -> list[dict[str, Any]]:
    """Return the periods to choose from, with the address of each; the one chosen is ``now``."""
    asked = _asked(query)
    choices = {"": _("Any time")} | {
        str(days): ngettext("Today", "{count} days", days).format(count=days) for days in PERIODS
    }
    other = asked.get("days", "")
    if other not in choices and (count := whole(other)) is not None:
        choices[other] = ngettext("Today", "{count} days", count).format(count=count)
    fixed = "since" in asked or "until" in asked
    return [
        {
            "name": name,
            "address": _with(query, days=days, since="", until=""),
            "now": days == other and not fixed,
        }
        for days, name in choices.items()
    ]


def facets(query: QueryDict, counts: Counts) -> list[dict[str, Any]]:
    """Return what narrows further; a facet that is chosen already is a chip instead."""
    return [
        {
            "name": name,
            "title": title,
            "values": [
                {
                    "name": _shown(name, called),
                    "posts": posts,
                    "address": _with(query, **{name: value}),
                }
                for value, called, posts in counts.facets.get(name, [])
            ],
        }
        for name, title in FACETS.items()
        if not query.get(name) and counts.facets.get(name)
    ]


def chips(query: QueryDict, counts: Counts) -> list[dict[str, Any]]:
    """Return what narrows now, each with the address that takes it away."""
    titles = {**FACETS, "hidden": _("Hidden posts")}
    return [
        {
            "title": title,
            "value": _called(name, str(query[name]), counts),
            "name": name,
            "raw": query[name],
            "address": _with(query, **{name: ""}),
        }
        for name, title in titles.items()
        if query.get(name)
    ]


def _called(name: str, value: str, counts: Counts) -> str:
    if name == "hidden":
        return ""
    if name == "author":
        return account_name(int(value))
    if name == "place":
        return place_name(value)
    found = counts.facets.get(name, [])
    return _shown(name, next((called for one, called, _ in found if one == value), value))


def _shown(facet: str, called: str) -> str:
    return network_name(called) if facet == "network" else called


def bars(query: QueryDict, counts: Counts) -> dict[str, Any] | None:
    """Draw how posts spread over time; a bar leads to its days."""
    if not counts.bars:
        return None
    most = max(bar.posts for bar in counts.bars)
    wide = 720 / len(counts.bars)
    drawn = []
    for at, bar in enumerate(counts.bars):
        day = timezone.localtime(bar.start).date()
        last = timezone.localtime(bar.start + timedelta(seconds=counts.width_s - 1)).date()
        high = 56 * bar.posts / most
        drawn.append(
            {
                "posts": bar.posts,
                "told": f"{moment(bar.start)}: {number(bar.posts)}",
                "x": f"{at * wide:.1f}",
                "y": f"{60 - high:.1f}",
                "width": f"{max(1.0, wide - 1.5):.1f}",
                "height": f"{high:.1f}",
                "address": _with(query, since=day.isoformat(), until=last.isoformat()),
            }
        )
    return {
        "bars": drawn,
        "most": most,
        "first": counts.bars[0].start,
        "last": counts.bars[-1].start,
    }
