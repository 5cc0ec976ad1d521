"""All that is read of panels: by pages, by queries, by rules and by the three-axis sheet."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from quivive.assess.heard import ActorRole
from quivive.listen.known import Known
from quivive.vocabulary.folding import fold
from quivive.web.people.models import Organisation, Panel, PanelMember, PublicRole
from quivive.web.people.place_queries import agencies, finder
from quivive.web.people.queries import own_accounts
from quivive.wire.models import tell_language

ROLES = PublicRole.choices
"""Public functions a panel may have, with their names."""


def panels() -> QuerySet[Panel]:
    """Return the panels with how many accounts each has (``count``)."""
    return Panel.objects.annotate(count=Count("members"))


def panel(panel_id: int) -> Panel | None:
    """Return one panel with its members, or None."""
    return Panel.objects.filter(pk=panel_id).prefetch_related("members").first()


def known_to_us() -> Known:
    """Return what the room knows beside a post: panels, places, its zone and its language."""
    named: dict[str, list[str]] = {}
    for name, handle in PanelMember.objects.order_by("pk").values_list("panel__name", "handle"):
        named.setdefault(name, []).append(handle)
    told = Organisation.objects.values_list("time_zone", "language").first()
    zone, language = told or ("UTC", None)
    panels = {name: tuple(handles) for name, handles in sorted(named.items())}
    return Known(
        panels=panels,
        agencies=agencies(),
        finder=finder(),
        zone=ZoneInfo(zone or "UTC"),
        language=language,
        tell=tell_language,
    )


def ringing_handles() -> tuple[str, ...]:
    """Return the accounts whose word on any topic rings, each once."""
    members = PanelMember.objects.filter(panel__rings=True).order_by("handle")
    return tuple(dict.fromkeys(members.values_list("handle", flat=True)))


def public_roles() -> Mapping[tuple[str, str], ActorRole]:
    """Return the role a person gave each account of a panel, by network and folded handle."""
    rows = PanelMember.objects.values_list("network", "handle", "panel__role")
    return {(network, fold(handle)): ActorRole(role) for network, handle, role in rows}


COLUMNS: Mapping[str, type] = {
    "network": str, "handle": str, "name": str, "place": str, "contact": str,
    "last_contact_on": str,
}  # fmt: skip
"""Columns of a panel's file, as it is exported and imported."""


REGISTER_COLUMNS: dict[str, type] = {"panel": str, "role": str, **COLUMNS}
"""Columns of the whole register's file; our own accounts stand in no panel."""


def register_rows() -> Iterator[dict[str, Any]]:
    """Yield our own accounts, then everybody who stands in a panel (R-15)."""
    for account in own_accounts():
        named = {"network": account.network, "handle": account.handle, "name": account.purpose}
        yield {"role": "own", **named}
    for row in Panel.objects.prefetch_related("members"):
        yield from ({"panel": row.name, "role": row.role, **one} for one in member_rows(row))


def member_rows(row: Panel) -> Iterator[dict[str, Any]]:
    """Yield a panel's members as rows of its file."""
    for member in row.members.all():
        last = member.last_contact_on
        yield {
            "network": member.network,
            "handle": member.handle,
            "name": member.name,
            "place": member.place,
            "contact": member.contact,
            "last_contact_on": last.isoformat() if last else None,
        }
