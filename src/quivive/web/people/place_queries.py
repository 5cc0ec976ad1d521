"""All that is read of our places: by pages, by queries and by what finds places in posts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
from django.db.models import Count, Max, Q, QuerySet, Sum

from quivive.listen import residences
from quivive.listen.gazetteer import Ours
from quivive.listen.residences import Entry, Refused, Table
from quivive.listen.whereabouts import Finder
from quivive.vocabulary.places import Place as Value
from quivive.vocabulary.places import PlaceKind
from quivive.web.people.models import Person, Place, PlaceChange, PlaceLevel, PlaceTable
from quivive.wire.gazetteers import load_atlas

_KINDS = {
    PlaceLevel.BUILDING.value: PlaceKind.RESIDENCE,
    PlaceLevel.TOWN.value: PlaceKind.TOWN,
    PlaceLevel.DEPARTMENT.value: PlaceKind.DEPARTMENT,
    PlaceLevel.COUNTRY.value: PlaceKind.COUNTRY,
}

LEVELS, BUILDING = PlaceLevel.choices, PlaceLevel.BUILDING.value
"""What a place may be, with its names, and what most are."""

COLUMNS: Mapping[str, type] = {
    **dict.fromkeys(("reference", "name", "level", "other_names", "address", "town"), str),
    **dict.fromkeys(("department", "agency"), str),
    "homes": int,
}
"""Columns of the file of places, as it is exported and imported."""

SHOWN = 200
"""Places a page lists; a filter finds the others."""


def version() -> str:
    """Return what changes whenever our places do (one small query)."""
    seen = Place.objects.aggregate(count=Count("pk"), last=Max("pk"), at=Max("changed_at"))
    return f"{seen['count']}-{seen['last'] or 0}-{seen['at'].isoformat() if seen['at'] else ''}"


def finder() -> Finder:
    """Return what finds places in posts; the same one until our places change."""
    return _finder(version())


@lru_cache(maxsize=2)
def _finder(_version: str) -> Finder:
    return Finder(lambda: Ours(our_places(), load_atlas()))


def our_places() -> tuple[Value, ...]:
    """Return our places as the core knows them."""
    return tuple(
        Value(
            kind=_KINDS[row.level],
            name=row.name,
            other_names=tuple(row.other_names),
            town=row.town,
            code=row.department,
            agency=row.agency,
            address=row.address,
            homes=row.homes,
            ours=True,
        )
        for row in Place.objects.order_by("pk")
    )


def agencies() -> Mapping[str, tuple[str, ...]]:
    """Return the places each agency looks after, by its name."""
    named: dict[str, list[str]] = {}
    rows = Place.objects.exclude(agency="").order_by("agency", "pk")
    for agency, name, others in rows.values_list("agency", "name", "other_names"):
        named.setdefault(agency, []).extend((name, *others))
    return {agency: tuple(names) for agency, names in named.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceList:
    """Our places as a page lists them: at most :data:`SHOWN` of ``found``."""

    rows: list[Place]
    found: int
    total: int
    homes: int
    agencies: list[str]


def place_list(*, words: str = "", agency: str = "") -> PlaceList:
    """Return places whose name, town or reference holds some words."""
    rows = Place.objects.order_by("level", "town", "name", "pk")
    if words:
        found = Q(name__icontains=words) | Q(town__icontains=words) | Q(reference__iexact=words)
        rows = rows.filter(found | Q(other_names__icontains=words))
    if agency:
        rows = rows.filter(agency=agency)
    every = Place.objects.aggregate(count=Count("pk"), homes=Sum("homes"))
    return PlaceList(
        rows=list(rows[:SHOWN]),
        found=rows.count(),
        total=every["count"],
        homes=every["homes"] or 0,
        agencies=list(agencies()),
    )


def place(place_id: int) -> Place | None:
    """Return one place, or None."""
    return Place.objects.filter(pk=place_id).first()


def last_change(person: Person) -> PlaceChange | None:
    """Return what somebody changed last, while nothing changed after it and it still stands."""
    last = PlaceChange.objects.order_by("-pk").first()
    mine = last is not None and last.person_id == person.pk and last.undone_at is None
    return last if mine else None


def table(table_id: int) -> PlaceTable | None:
    """Return a file that was brought, or None."""
    return PlaceTable.objects.filter(pk=table_id).first()


def tables() -> QuerySet[PlaceTable]:
    """Return the files whose refused lines wait to be looked at, newest first."""
    return PlaceTable.objects.exclude(taken_at=None).exclude(refused=[]).order_by("-pk")[:5]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What taking a table in would do: lines that are new, change a place or change nothing."""

    table: Table
    new: list[Entry]
    changed: list[Entry]
    same: int


def look(text: str, columns: Mapping[str, str] | None) -> Look:
    """Read a table against what is there.

    Raises:
        BadFile: it cannot be read as a table of places.
    """
    read = residences.read(text, load_atlas(), columns)
    known = {entry_of(row).key: entry_of(row) for row in Place.objects.all()}
    new = [one for one in read.entries if one.key not in known]
    changed = [
        one
        for one in read.entries
        if one.key in known and filled(one, known[one.key]) != known[one.key]
    ]
    same = len(read.entries) - len(new) - len(changed)
    return Look(table=read, new=new, changed=changed, same=same)


def entry_of(row: Place) -> Entry:
    """Return a place as a line of a table; they are compared without the number of the line."""
    return Entry(
        line=0,
        name=row.name,
        level=row.level,
        other_names=tuple(row.other_names),
        address=row.address,
        town=row.town,
        department=row.department,
        agency=row.agency,
        homes=row.homes,
        reference=row.reference,
    )


def filled(entry: Entry, kept: Entry) -> Entry:
    """Return what a line makes of a place: an empty cell leaves what is known."""
    told = {name: getattr(entry, name) or getattr(kept, name) for name in COLUMNS}
    return Entry(line=0, **told)


def rows() -> Iterator[dict[str, Any]]:
    """Yield our places as rows of their file."""
    for row in Place.objects.order_by("pk"):
        yield {
            name: " | ".join(row.other_names) if name == "other_names" else getattr(row, name)
            for name in COLUMNS
        }


def refused_rows(row: PlaceTable) -> list[Refused]:
    """Return the lines of a file that could not be taken in."""
    return msgspec.convert(row.refused, list[Refused])
