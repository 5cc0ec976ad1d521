"""All that changes panels: the accounts of the press, elected people, associations, authorities."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from quivive.listen.dates import moment
from quivive.vocabulary.errors import BadRecord, NotAllowed
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import Message, say
from quivive.web.people.models import Panel, PanelMember, Person
from quivive.web.people.services import audit
from quivive.wire.spreadsheets import as_table

MOST_LINES = 5_000
FRENCH_COLUMNS = {
    "reseau": "network",
    "compte": "handle",
    "nom": "name",
    "lieu": "place",
    "dernier contact": "last_contact_on",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An account of a panel, as it is typed or brought."""

    network: str
    handle: str
    name: str = ""
    place: str = ""
    last_contact_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a file of members gave: how many came in, and each line that could not, with why."""

    members: int
    refused: tuple[tuple[int, Message], ...]


@transaction.atomic
def save_panel(
    *, panel_id: int | None = None, name: str, role: str, rings: bool, person: Person, now: datetime
) -> int:
    """Make a panel, or change one.

    Raises:
        NotAllowed: another panel has this name.
    """
    row = Panel.objects.filter(pk=panel_id).first() if panel_id else None
    row = row or Panel()
    row.name, row.role, row.rings = name.strip(), role, rings
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NotAllowed(
            say("A panel of the name {name} is there already.", name=name),
            say("Open it, or choose another name."),
        ) from None
    audit(person=person, action="panel.save", subject=row.name, detail={"role": role}, now=now)
    return row.pk


@transaction.atomic
def remove_panel(*, panel_id: int, person: Person, now: datetime) -> None:
    """Forget a panel and whom it named."""
    row = Panel.objects.filter(pk=panel_id).first()
    if row is not None:
        row.delete()
        audit(person=person, action="panel.remove", subject=row.name, now=now)


@transaction.atomic
def save_member(
    *,
    panel_id: int,
    network: str,
    handle: str,
    name: str = "",
    place: str = "",
    last_contact_on: date | None = None,
    person: Person,
    now: datetime,
) -> None:
    """Add an account to a panel, or change what is known of it."""
    member = _keep(panel_id, Entry(network, handle, name, place, last_contact_on))
    audit(person=person, action="panel.member", subject=str(member), now=now)


def _keep(panel_id: int, entry: Entry) -> PanelMember:
    known = {"name": entry.name.strip(), "place": entry.place.strip()}
    member, _new = PanelMember.objects.update_or_create(
        panel_id=panel_id,
        network=entry.network.strip(),
        handle=entry.handle.strip().lstrip("@"),
        defaults={**known, "last_contact_on": entry.last_contact_on},
    )
    return member


@transaction.atomic
def remove_member(*, member_id: int, person: Person, now: datetime) -> None:
    """Take an account out of a panel."""
    row = PanelMember.objects.filter(pk=member_id).first()
    if row is not None:
        row.delete()
        audit(person=person, action="panel.member-out", subject=str(row), now=now)


@transaction.atomic
def bring_members(*, panel_id: int, table: bytes, person: Person, now: datetime) -> Brought:
    """Take in a table of accounts; bad lines are told, the others come in, twice changes nothing.

    Raises:
        BadFile: it is a workbook that cannot be read.
        NotAllowed: it is no table with the columns network and handle.
    """
    rows = _rows(as_table(table))
    refused: list[tuple[int, Message]] = []
    kept = 0
    for line, row in enumerate(rows, start=2):
        try:
            _keep(panel_id, _member(row))
        except BadRecord as trouble:
            refused.append((line, trouble.what))
        else:
            kept += 1
    audit(person=person, action="panel.bring", subject=str(panel_id), detail={"members": kept},
          now=now)  # fmt: skip
    return Brought(members=kept, refused=tuple(refused))


def _rows(table: bytes) -> list[dict[str, str]]:
    text = table.decode("utf-8-sig", errors="replace")
    sample = text.partition("\n")[0]
    delimiter = max(",;\t", key=sample.count)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    columns = {_column(name) for name in (rows[0] if rows else {}) if name}
    if not {"network", "handle"} <= columns or len(rows) > MOST_LINES:
        raise NotAllowed(
            say("This is no table of accounts with the columns network and handle."),
            say("Export a panel to see the form: network, handle, name, place, last_contact_on."),
        )
    return [
        {_column(name): (value or "").strip() for name, value in row.items() if name}
        for row in rows
    ]


def _column(heading: str) -> str:
    """Know a column by its name, in French too.

    >>> _column("Réseau"), _column("Dernier contact"), _column("handle")
    ('network', 'last_contact_on', 'handle')
    """
    folded = fold(heading).strip().replace("_", " ")
    return FRENCH_COLUMNS.get(folded, folded.replace(" ", "_"))


def _member(row: dict[str, str]) -> Entry:
    for field in ("network", "handle"):
        if not row[field]:
            raise BadRecord(
                say("The field {field} is missing.", field=field), say("Add it."), field=field
            )
    told = row.get("last_contact_on", "")
    contact = moment(told, field="last_contact_on").date() if told else None
    return Entry(
        network=row["network"][:60],
        handle=row["handle"][:200],
        name=row.get("name", "")[:200],
        place=row.get("place", "")[:200],
        last_contact_on=contact,
    )
