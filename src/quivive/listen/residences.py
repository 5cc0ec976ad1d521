"""Reads an organisation's own list of residences: a table of any tool, bad lines with a reason."""

import csv
import io
import re
from collections.abc import Iterator, Mapping

import msgspec

from quivive.listen.gazetteer import Atlas
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import Message, say
from quivive.vocabulary.places import PlaceKind

HEADINGS: dict[str, str] = {
    "name": "name nom residence immeuble batiment designation libelle programme groupe ensemble",
    "level": "level niveau type nature kind",
    "other_names": "other_names othernames autresnoms surnom surnoms alias nicknames appellations",
    "address": "address adresse rue voie street",
    "postcode": "postcode codepostal cp zip postalcode",
    "town": "town ville commune city localite",
    "department": "department departement dept dep codedepartement",
    "agency": "agency agence antenne secteur territoire direction",
    "homes": "homes logements nblogements nombredelogements nombrelogements dwellings lots",
    "reference": "reference ref code id identifiant numero codegroupe coderesidence",
}
"""How columns are called in such tables, folded and without signs; the first that fits is taken."""

FIELDS = tuple(HEADINGS)
MOST_LINES = 20_000
MOST_BYTES = 5_000_000
LONGEST_CELL = 50_000
"""Letters; the library's own limit is one for the whole process, and others raise it."""

_LEVELS = {
    "building": "building residence immeuble batiment tour foyer",
    "town": "town ville commune city",
    "department": "department departement county",
    "country": "country pays",
}
_LEVEL = {word: level for level, words in _LEVELS.items() for word in words.split()}
_LIMITS = {"name": 200, "address": 300, "town": 200, "agency": 100, "reference": 60}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One place as a line tells it; ``department`` is its number."""

    line: int
    name: str
    level: str = "building"
    other_names: tuple[str, ...] = ()
    address: str = ""
    town: str = ""
    department: str = ""
    agency: str = ""
    homes: int | None = None
    reference: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same place as another line's: its reference, or its name and town."""
        if self.reference:
            return (self.level, "#", fold(self.reference))
        return (self.level, fold(self.name), fold(self.town))


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A line that could not be taken in, as it stands, with why and what to do."""

    line: int
    raw: str
    what: Message
    remedy: Message


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table as it is read; ``columns`` says which heading holds what."""

    headings: tuple[str, ...]
    columns: dict[str, str]
    entries: tuple[Entry, ...]
    refused: tuple[Refused, ...]


def decoded(table: bytes) -> str:
    """Return the text of a file, whichever of both usual ways it was written.

    Raises:
        BadFile: it is no text.
    """
    if table.startswith(b"PK") or b"\0" in table[:2_000].replace(b"\0\0", b""):
        raise BadFile(
            say("This is a workbook or another binary file, not a table of text."),
            say("Save it as CSV in your spreadsheet, and bring that file."),
        )
    try:
        return table.decode("utf-8-sig")
    except UnicodeDecodeError:
        return table.decode("cp1252", errors="replace")


def rows_of(text: str, *, delimiter: str, most: int) -> list[list[str]]:
    """Cut a table into rows.

    Raises:
        BadFile: it has more than ``most`` lines, or a quotation mark that is never closed.
    """
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as trouble:
        raise _endless_cell() from trouble
    if any(len(cell) > LONGEST_CELL for row in rows for cell in row):
        raise _endless_cell()
    if len(rows) > most:
        raise BadFile(
            say("This table has more than {most} lines.", most=most),
            say("Cut it into several files."),
        )
    return rows


def _endless_cell() -> BadFile:
    return BadFile(
        say("One cell of this table is far too long: a quotation mark may never be closed."),
        say("Correct it in your spreadsheet, save the table as CSV, and bring that file."),
    )


def read(text: str, atlas: Atlas, columns: Mapping[str, str] | None = None) -> Table:
    """Read a table.

    Args:
        text: with headings in its first line; separated by commas, semicolons or tabs.
        atlas: knows departments and towns.
        columns: heading of each of :data:`FIELDS`; None lets them be guessed.

    Raises:
        BadFile: it has no headings, too many lines, or nothing that names a place.
    """
    rows = rows_of(text, delimiter=_delimiter(text), most=MOST_LINES)
    headings = tuple(cell.strip() for cell in rows[0]) if rows else ()
    chosen = dict(columns) if columns is not None else guess(headings)
    chosen = {name: heading for name, heading in chosen.items() if heading in headings}
    if "name" not in chosen:
        raise BadFile(
            say("No column of this table names a place."),
            say("Its first line must hold headings: name, town, department, agency, homes."),
        )
    entries: dict[tuple[str, ...], Entry] = {}
    refused = []
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            entry = _entry(line, row, headings, chosen, atlas)
            _check_twice(entry, entries)
        except BadRecord as trouble:
            raw = _as_line(row)
            refused.append(Refused(line=line, raw=raw, what=trouble.what, remedy=trouble.remedy))
        else:
            entries.setdefault(entry.key, entry)
    return Table(
        headings=headings, columns=chosen, entries=tuple(entries.values()), refused=tuple(refused)
    )


def guess(headings: tuple[str, ...]) -> dict[str, str]:
    """Guess which heading holds what.

    >>> guess(("Nom de la résidence", "Ville", "Nb logements", "Note"))
    {'name': 'Nom de la résidence', 'town': 'Ville', 'homes': 'Nb logements'}
    """
    found: dict[str, str] = {}
    for exact in (True, False):
        for field, words in HEADINGS.items():
            if field in found:
                continue
            fits = _fitting(headings, words.split(), exact=exact)
            if free := [one for one in fits if one not in found.values()]:
                found[field] = free[-1]
    return {field: found[field] for field in HEADINGS if field in found}


def _fitting(headings: tuple[str, ...], words: list[str], *, exact: bool) -> list[str]:
    """Headings that are one of the words, or begin with one, best word last."""
    fits = []
    for word in reversed(words):
        for heading in headings:
            bare = re.sub(r"[^a-z0-9]", "", fold(heading))
            if bare == word or (not exact and len(word) > 2 and bare.startswith(word)):  # noqa: PLR2004
                fits.append(heading)
    return fits


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _as_line(row: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(row)
    return out.getvalue()[:2_000]


def _entry(
    line: int,
    row: list[str],
    headings: tuple[str, ...],
    columns: Mapping[str, str],
    atlas: Atlas,
) -> Entry:
    if len(row) > len(headings) and any(cell.strip() for cell in row[len(headings) :]):
        raise BadRecord(
            say("This line has more cells than there are headings."),
            say("Put quotes around a cell that holds the separator."),
            field="name",
        )
    cells = dict(zip(headings, (" ".join(cell.split()) for cell in row), strict=False))
    told = {field: cells.get(heading, "") for field, heading in columns.items()}
    for field, most in _LIMITS.items():
        if len(told.get(field, "")) > most:
            raise BadRecord(
                say("{field} is longer than {most} characters.", field=field, most=most),
                say("Make it shorter."),
                field=field,
            )
    if not told["name"]:
        raise BadRecord(say("The name of the place is missing."), say("Fill it in."), field="name")
    level = _level(told.get("level", ""))
    town = told.get("town", "")
    return Entry(
        line=line,
        name=told["name"],
        level=level,
        other_names=tuple(_several(told.get("other_names", ""))),
        address=told.get("address", ""),
        town=town,
        department=_department(told, town or (told["name"] if level == "town" else ""), atlas),
        agency=told.get("agency", ""),
        homes=_homes(told.get("homes", "")),
        reference=told.get("reference", ""),
    )


def _level(told: str) -> str:
    if not told:
        return "building"
    found = _LEVEL.get(re.sub(r"[^a-z]", "", fold(told)).rstrip("s"))
    if found is None:
        raise BadRecord(
            say("{value} is no kind of place.", value=told[:40]),
            say("Write residence, town, department or country, or leave it empty."),
            field="level",
        )
    return found


def _several(told: str) -> Iterator[str]:
    for part in re.split(r"[|;/,]", told):
        if name := part.strip()[:200]:
            yield name


def _homes(told: str) -> int | None:
    if not told:
        return None
    digits = re.sub(r"[\s.,](?=\d{3}(?!\d))|[.,]0+$", "", told)
    if not re.fullmatch(r"[0-9]{1,6}", digits):
        raise BadRecord(
            say("{value} is no number of homes.", value=told[:40]),
            say("Write it in figures, or leave the cell empty."),
            field="homes",
        )
    return int(digits)


def _department(told: Mapping[str, str], town: str, atlas: Atlas) -> str:
    """Return the number of the department, which the town must be in where both are known."""
    asked, postcode = told.get("department", ""), told.get("postcode", "").replace(" ", "")
    code = ""
    if asked:
        found = atlas.department(re.sub(r"\s*[-(].*$", "", asked)) or atlas.department(asked)
        if found is None:
            raise BadRecord(
                say("There is no department {value}.", value=asked[:40]),
                say("Write its number, such as 69 or 2A, or its name."),
                field="department",
            )
        code = found.code
    elif postcode:
        there = atlas.by_postcode.get(postcode.rjust(5, "0"), ())
        if not there:
            raise BadRecord(
                say("There is no French postcode {value}.", value=postcode[:20]),
                say("Correct it, or leave the cell empty."),
                field="postcode",
            )
        code = there[0].code
    towns = [one for one in atlas.named(town) if one.kind is PlaceKind.TOWN and one.code]
    if code and towns and code not in {one.code for one in towns}:
        raise BadRecord(
            say("There is no town {town} in the department {code}.", town=town[:60], code=code),
            say("Correct one of both."),
            field="department",
        )
    return code or (towns[0].code if len(towns) == 1 else "")


def _check_twice(entry: Entry, entries: Mapping[tuple[str, ...], Entry]) -> None:
    """Refuse a line that says something else of a place than an earlier line did."""
    earlier = entries.get(entry.key)
    if earlier is not None and msgspec.structs.replace(entry, line=earlier.line) != earlier:
        raise BadRecord(
            say("Line {line} names this place already, and says otherwise.", line=earlier.line),
            say("Keep one of both, or give each its own reference."),
            field="name",
        )
