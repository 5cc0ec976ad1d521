"""All that changes our places: typed one by one, brought as a table, taken back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from quivive.listen import residences
from quivive.listen.residences import Entry
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say
from quivive.web.people.models import Person, Place, PlaceChange, PlaceTable
from quivive.web.people.place_queries import COLUMNS, entry_of, filled, look
from quivive.web.people.services import audit
from quivive.wire.spreadsheets import as_table

_KEPT = (*COLUMNS,)


@transaction.atomic
def save_place(*, place_id: int | None = None, person: Person, now: datetime, **told: Any) -> Place:
    """Make a place, or change one.

    Args:
        told: its fields by name, as :class:`Place` has them.

    Raises:
        NotAllowed: another place has the same name in the same town, or the same reference.
    """
    row = Place.objects.select_for_update().filter(pk=place_id).first() if place_id else None
    before: dict[int, Any] = {row.pk: _as_it_is(row)} if row else {}
    row = row or Place()
    for name in _KEPT:
        if name in told:
            setattr(row, name, told[name])
    key = entry_of(row).key
    for other in Place.objects.exclude(pk=row.pk):
        if entry_of(other).key == key:
            raise NotAllowed(
                say("{name} is in the list already.", name=row.name),
                say("Change that one, or say in which town this one is."),
            )
    row.save()
    _note(row.name, before or {row.pk: None}, person=person, now=now)
    audit(person=person, action="place-saved", subject=row.name, detail={"level": row.level},
          now=now)  # fmt: skip
    return row


@transaction.atomic
def remove_place(*, place_id: int, person: Person, now: datetime) -> None:
    """Take a place out of the list."""
    row = Place.objects.filter(pk=place_id).first()
    if row is not None:
        _note(row.name, {row.pk: _as_it_is(row)}, person=person, now=now)
        row.delete()
        audit(person=person, action="place-removed", subject=row.name, now=now)


def bring_table(*, name: str, table: bytes, person: Person, now: datetime) -> PlaceTable:
    """Keep a file to be looked at; nothing of it counts yet.

    Raises:
        BadFile: it is no table of places.
    """
    text = residences.decoded(as_table(table))
    read = look(text, None).table
    return PlaceTable.objects.create(
        name=name[:200], table=text, columns=read.columns, brought_by=person, brought_at=now
    )


@transaction.atomic
def map_table(*, table_id: int, columns: Mapping[str, str], person: Person, now: datetime) -> None:
    """Say which heading holds what; the file is looked at again.

    Raises:
        BadFile: no heading is left that names a place.
    """
    row = PlaceTable.objects.select_for_update().get(pk=table_id, taken_at=None)
    row.columns = look(row.table, columns).table.columns
    row.save(update_fields=["columns"])


@transaction.atomic
def take_table(*, table_id: int, person: Person, now: datetime) -> int:
    """Take in what a table tells; return how many places that changed. Twice changes nothing.

    An empty cell leaves what is known; no place is removed because a table does not name it.
    """
    row = PlaceTable.objects.select_for_update().filter(pk=table_id, taken_at=None).first()
    if row is None:
        return 0
    seen = look(row.table, row.columns)
    known = {entry_of(place).key: place for place in Place.objects.select_for_update()}
    before: dict[int, dict[str, Any] | None] = {}
    for entry in (*seen.new, *seen.changed):
        place = known.get(entry.key) or Place()
        if place.pk:
            before[place.pk] = _as_it_is(place)
        _fill(place, filled(entry, entry_of(place)) if place.pk else entry)
        place.save()
        before.setdefault(place.pk, None)
    row.taken_at, row.table = now, ""
    row.refused = msgspec.to_builtins(seen.table.refused)
    row.save()
    if before:
        _note(row.name, before, person=person, now=now)
    detail = {"new": len(seen.new), "changed": len(seen.changed), "same": seen.same,
              "refused": len(seen.table.refused)}  # fmt: skip
    audit(person=person, action="places-brought", subject=row.name, detail=detail, now=now)
    return len(before)


def drop_table(*, table_id: int, person: Person, now: datetime) -> None:
    """Forget a file, with the lines of it that could not be taken in."""
    PlaceTable.objects.filter(pk=table_id).delete()


@transaction.atomic
def undo_change(*, change_id: int, person: Person, now: datetime) -> None:
    """Put our places back as they were before the last change.

    Raises:
        NotAllowed: something changed since, or it was taken back already.
    """
    change = PlaceChange.objects.select_for_update().filter(pk=change_id, undone_at=None).first()
    last = PlaceChange.objects.order_by("-pk").first()
    if change is None or last is None or last.pk != change.pk:
        raise NotAllowed(
            say("This can no longer be taken back: the places changed since."),
            say("Change them one by one."),
        )
    for number, kept in change.before.items():
        if kept is None:
            Place.objects.filter(pk=number).delete()
        else:
            Place(pk=int(number), **kept).save()
    change.undone_at = now
    change.save(update_fields=["undone_at"])
    audit(person=person, action="places-undone", subject=change.what, now=now)


def _as_it_is(row: Place) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _KEPT}


def _fill(row: Place, entry: Entry) -> None:
    for name in _KEPT:
        value = getattr(entry, name)
        setattr(row, name, list(value) if name == "other_names" else value)


def _note(what: str, before: Mapping[int, Any], *, person: Person, now: datetime) -> None:
    PlaceChange.objects.create(person=person, what=what[:200], at=now, before=dict(before))
    _forget_old()


def _forget_old() -> None:
    """Only the last change can be taken back: older ones are of no use."""
    kept: Iterable[int] = PlaceChange.objects.order_by("-pk").values_list("pk", flat=True)[:1]
    PlaceChange.objects.exclude(pk__in=list(kept)).delete()
