"""All that changes panels: the accounts of the press, elected people, associations, authorities."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from django.db import IntegrityError, transaction

from quivive.listen.dates import moment
from quivive.listen.residences import rows_of
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
    "contact": "contact",
    "dernier contact": "last_contact_on",
    "dernier echange": "last_contact_on",
}
COLUMNS = frozenset(FRENCH_COLUMNS.values())


@dataclass(frozen=True, slots=True)
class Entry:
    """An account of a panel, as it is typed or brought."""

    network: str
    handle: str
    name: str = ""
    place: str = ""
    contact: str = ""
    last_contact_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a file of members gave.

    Attributes:
        members: accounts that came in, each once.
        refused: lines that could not, with why.
        unread: headings of columns that a panel does not hold.
    """

    members: int
    refused: tuple[tuple[int, Message], ...]
    unread: tuple[str, ...]


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
    contact: str = "",
    last_contact_on: date | None = None,
    person: Person,
    now: datetime,
) -> None:
    """Add an account to a panel, or change what is known of it."""
    entry = Entry(network, handle, name, place, contact, last_contact_on)
    member = _keep(panel_id, entry, asdict(entry))
    audit(person=person, action="panel.member", subject=str(member), now=now)


def _keep(panel_id: int, entry: Entry, told: Mapping[str, Any]) -> PanelMember:
    """Keep an account once, however its network and its name are written, with what is told."""
    network, handle = entry.network.strip(), entry.handle.strip().lstrip("@")
    member = PanelMember.objects.filter(
        panel_id=panel_id, network__iexact=network, handle__iexact=handle
    ).first() or PanelMember(panel_id=panel_id, network=network, handle=handle)
    for name in ("name", "place", "contact", "last_contact_on"):
        if name in told:
            setattr(member, name, told[name])
    member.save()
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
        BadFile: it cannot be read, or has too many lines.
        NotAllowed: it is no table with the columns network and handle.
    """
    headings, rows = _rows(as_table(table))
    refused: list[tuple[int, Message]] = []
    kept: set[int] = set()
    for line, row in enumerate(rows, start=2):
        try:
            entry = _member(row)
        except BadRecord as trouble:
            refused.append((line, trouble.what))
            continue
        told = {name: value for name, value in asdict(entry).items() if value}
        kept.add(_keep(panel_id, entry, told).pk)
    audit(person=person, action="panel.bring", subject=str(panel_id), detail={"members": len(kept)},
          now=now)  # fmt: skip
    unread = tuple(heading for heading in headings if _column(heading) not in COLUMNS)
    return Brought(members=len(kept), refused=tuple(refused), unread=unread)


def _rows(table: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """Return the headings of a table, and its rows by the names of their columns."""
    text = table.decode("utf-8-sig", errors="replace")
    sample = text.partition("\n")[0]
    delimiter = max(",;\t", key=sample.count)
    headings, *rows = rows_of(text, delimiter=delimiter, most=MOST_LINES) or [[]]
    names = [*map(_column, headings)]
    if not {"network", "handle"} <= {*names}:
        raise NotAllowed(
            say("This is no table of accounts with the columns network and handle."),
            say(
                "Export a panel to see the form: network, handle, name, place, contact, "
                "last_contact_on."
            ),
        )
    return [*filter(None, headings)], [
        {name: cell.strip() for name, cell in zip_longest(names, row[: len(names)], fillvalue="")}
        for row in rows
        if row
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
    last = moment(told, field="last_contact_on").date() if told else None
    return Entry(
        network=row["network"][:60],
        handle=row["handle"][:200],
        name=row.get("name", "")[:200],
        place=row.get("place", "")[:200],
        contact=row.get("contact", "")[:200],
        last_contact_on=last,
    )
