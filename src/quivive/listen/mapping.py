"""Tables of any tool: which column holds what, guessed first, corrected and saved by people."""

import ast
import hashlib
import re
from collections.abc import Mapping as Cells
from datetime import datetime
from typing import Any

import msgspec

from quivive.listen.addresses import network_at, network_called, status_of
from quivive.listen.dates import moment, zone_named
from quivive.listen.markup import plain_text, unescaped
from quivive.listen.records import (
    LARGEST_COUNT,
    Format,
    Record,
    checked,
    no_field,
    tweet_time,
    typed,
)
from quivive.vocabulary.accounts import UNTOLD, Account
from quivive.vocabulary.errors import BadRecord
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import say
from quivive.vocabulary.posts import Post

ACCOUNT = "attributed_to."
COUNTS = ("likes", "reposts", "replies", "quotes", "views")
ACCOUNT_COUNTS = ("followers", "following", "posts")
LISTS = ("hashtags", "mentions", "media", "links")
FIELDS = tuple(name for name in Post.__struct_fields__ if name != "attributed_to") + tuple(
    ACCOUNT + name for name in Account.__struct_fields__
)
"""What a column may be mapped to: the column names of our own CSV."""

_MARKS = {"hashtags": "#", "mentions": "@"}

_LONGEST_COUNT = 18
_TWEET_ID = re.compile(r"\d{15,20}")
_MANGLED_ID = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_OF_AN_OFFICE = 15
"""A number of fewer signs is given anew by every office; those of networks are longer."""
_REFERENCES = frozenset({"in_reply_to", "repost_of", "quote_of", "conversation"})
_WORD = re.compile(r"[#@]?[^\s,;|\[\]'\"]+")
_MARKED_UP = re.compile(r"\s*<(?:p|div|span|br)\b[^>]*>")
_NO_CLOCK = re.compile(r"(?:[T ]00:00(?::00(?:\.0+)?)?)?$")
_REPEATED = re.compile(r"RT @(\w{1,15})\b:?\s*(\S.*)", re.DOTALL)
_UNTOLD = frozenset({"", "nan", "null", "none", "na", "n/a", "[]", "{}"})
_NAMED_BY = (
    *("screen_name", "username", "userName", "expanded_url", "expandedUrl", "url"),
    *("text", "tag", "title", "name"),
)
"""What tells one tag, mention or link where a list holds objects."""

_LANGUAGES = {
    "en": "english anglais", "fr": "french francais", "es": "spanish espagnol",
    "de": "german allemand", "it": "italian italien", "pt": "portuguese portugais",
    "nl": "dutch neerlandais", "ar": "arabic arabe", "tr": "turkish turc", "pl": "polish polonais",
    "ro": "romanian roumain", "ru": "russian russe", "uk": "ukrainian ukrainien",
}  # fmt: skip
_CODES = {name: code for code, names in _LANGUAGES.items() for name in names.split()}
ANY_NETWORK = "file"
"""The network of a table that names none: each row may tell its own by its address."""


class Mapping(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How to read one tool's table; kept as JSON beside the files it reads.

    Attributes:
        columns: from our field (one of :data:`FIELDS`) to the table's column.
        network: of all posts, unless a column tells it, or it is ``file`` and the row's address
            tells it. ``x`` lets a tweet's id give its date and its account.
        clock: the column of the hour, where the column of the date holds days alone.
        date_format: as ``strptime``; empty reads the usual forms.
        zone: IANA zone of dates that name none.
        day_first: whether 03/04 is the third of April.
        decimal: the mark between units and decimals in counts such as ``1,2 k``.
        delimiter: between columns; empty lets it be found.
        defaults: fields that are the same for every row, e.g. ``{"language": "fr"}``.
    """

    columns: dict[str, str]
    network: str = ANY_NETWORK
    clock: str = ""
    date_format: str = ""
    zone: str = "UTC"
    day_first: bool = True
    decimal: str = "."
    delimiter: str = ""
    defaults: dict[str, str] = {}

    @property
    def enough(self) -> bool:
        """Whether it can make posts: a text, and a date or tweet ids that carry one."""
        told = {*self.columns, *self.defaults}
        dated = "published" in told or (self.network == "x" and bool({"id", "url"} & told))
        return "content" in told and dated


def mapped(mapping: Mapping, *, name: str = "csv") -> Format:
    """Make a format of a mapping."""
    unknown = {*mapping.columns, *mapping.defaults} - {*FIELDS}
    if unknown:
        raise BadRecord(
            say("The mapping has no such field: {field}.", field=min(unknown)),
            say("Use one of: {fields}.", fields=", ".join(FIELDS)),
            field=min(unknown),
        )
    try:
        zone_named(mapping.zone)
    except (LookupError, ValueError, OSError) as trouble:
        raise BadRecord(
            say("There is no time zone called {zone}.", zone=mapping.zone[:60]),
            say("Write it as in Europe/Paris."),
            field="zone",
        ) from trouble
    return Format(
        name=name,
        title=say("Table with a mapping"),
        recognise=lambda _: 0.0,
        posts=lambda record: (post_of(record, mapping),),
    )


def post_of(record: Record, mapping: Mapping) -> Post:
    """Read one row."""
    row = _told(record, mapping)
    network = _network(row, mapping)
    content = str(row.get("content", ""))
    content = plain_text(content) if _MARKED_UP.match(content) else unescaped(content)
    if not content.strip() and "repost_of" not in row and "media" not in row:
        raise no_field(mapping.columns.get("content", "content"))
    handle, tweet = status_of(str(row.get("url", "")))
    if handle and f"{ACCOUNT}handle" not in row:
        row[f"{ACCOUNT}handle"] = handle
    if network == "x" and tweet and not _TWEET_ID.fullmatch(str(row.get("id", ""))):
        row["id"] = tweet
    published = _published(record, row, mapping, network)
    fields = _plain(row, mapping, network)
    if "title" in fields:
        fields["title"] = unescaped(fields["title"])
    author = _author(row, mapping, network)
    if network == "x":
        fields = _as_reposts_are(fields, content)
    fields["id"] = _id(row, mapping, network, published) or _made_id(
        author["id"], published, content
    )
    return checked(
        typed(
            {
                **fields,
                "network": network,
                "content": content,
                "published": published,
                "attributed_to": author,
            },
            Post,
        )
    )


def _told(record: Record, mapping: Mapping) -> dict[str, Any]:
    """Keep the cells that tell something, by our names."""
    row: dict[str, Any] = dict(mapping.defaults)
    for field, column in mapping.columns.items():
        value = _cell(record, column)
        if isinstance(value, str):
            value = value.strip() if field != "content" else value
            if value.lower() in _UNTOLD and field != "content":
                continue
        if value is not None and value not in ([], {}):
            row[field] = value
    return row


def _cell(record: Record, column: str) -> Any:
    """Read a column, or a path such as ``user.name`` in nested JSON."""
    if column in record or "." not in column:
        return record.get(column)
    value: Any = record
    for step in column.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _network(row: dict[str, Any], mapping: Mapping) -> str:
    told = row.pop("network", "")
    if told:
        return network_called(str(told))
    if mapping.network != ANY_NETWORK:
        return mapping.network
    found = (network_at(str(row.get(name, ""))) for name in ("url", "id", "conversation"))
    return next(filter(None, found), ANY_NETWORK)


def _published(record: Record, row: Cells[str, Any], mapping: Mapping, network: str) -> datetime:
    value = _with_clock(row.get("published"), _cell(record, mapping.clock))
    carried = tweet_time(_bare(row.get("id", ""))) if network == "x" else None
    if value is None and carried:
        return carried
    field = mapping.columns.get("published", "published")
    try:
        return _moment(value, field, mapping)
    except BadRecord:
        if carried:
            return carried
        raise


def _with_clock(day: Any, clock: Any) -> Any:
    """Join a day and an hour that stand in two columns.

    >>> _with_clock("05/03/2024", "18h22"), _with_clock("2024-03-05 00:00:00", "18:22:00")
    ('05/03/2024 18h22', '2024-03-05 18:22:00')
    """
    if not clock or day is None:
        return day
    return f"{_NO_CLOCK.sub('', str(day).strip(), count=1)} {str(clock).strip()}"


def _moment(value: Any, field: str, mapping: Mapping) -> datetime:
    return moment(
        value,
        field=field,
        date_format=mapping.date_format,
        zone=mapping.zone,
        day_first=mapping.day_first,
    )


def _plain(row: Cells[str, Any], mapping: Mapping, network: str) -> Record:
    """Read the fields that are neither the text, the date nor the author."""
    fields: Record = {}
    for name, value in row.items():
        if name.startswith(ACCOUNT) or name in {"id", "content", "published", "network"}:
            continue
        if name in COUNTS:
            fields[name] = count(value, field=mapping.columns.get(name, name), mapping=mapping)
        elif name in LISTS:
            fields[name] = _marked(words(value), _MARKS.get(name, ""))
        elif name in {"deleted_at", "seen_at"}:
            fields[name] = _moment(value, mapping.columns.get(name, name), mapping)
        elif name in _REFERENCES:
            fields[name] = _referred(_bare(value), network)
        elif name == "language":
            fields[name] = _CODES.get(fold(str(value)), str(value))
        else:
            fields[name] = str(value)
    return fields


def _as_reposts_are(fields: Record, content: str) -> Record:
    """Know a retweet by its ``RT @name:``, and leave it no counts: they are the original's.

    Where no column names the original, an address made of its author and words stands for it, the
    same in every retweet of it.
    """
    found = _REPEATED.match(content)
    if found and "repost_of" not in fields:
        handle, said = found.groups()
        fields = {**fields, "repost_of": _hashed("retweet", handle.lower(), said.rstrip(" …"))}
    if "repost_of" in fields:
        return {name: value for name, value in fields.items() if name not in COUNTS}
    return fields


def _author(row: Cells[str, Any], mapping: Mapping, network: str) -> Record:
    account: Record = {}
    for name, value in row.items():
        if not name.startswith(ACCOUNT):
            continue
        field = name.removeprefix(ACCOUNT)
        if field in ACCOUNT_COUNTS:
            column = mapping.columns.get(name, name)
            account[field] = count(value, field=column, mapping=mapping)
        elif field == "created":
            account[field] = _moment(value, mapping.columns.get(name, name), mapping).date()
        elif field in {"verified", "has_avatar"}:
            account[field] = str(value).strip().lower() in {
                "1",
                "1.0",
                "true",
                "t",
                "yes",
                "oui",
                "vrai",
            }
        else:
            account[field] = _bare(value).lstrip("@") if field == "handle" else str(value)
    who = account.get("id") or account.get("handle") or account.get("name")
    whole = who is None or str(who).startswith(("did:", "http"))
    account["id"] = (who or UNTOLD) if whole else f"{network}:{who}"
    return account


def count(value: Any, *, field: str, mapping: Mapping) -> int | None:
    """Read a count as tools write it: ``1 234``, ``1,234``, ``12.0``, ``1,2 k``, ``3M``.

    >>> count("1,2 k", field="likes", mapping=Mapping(columns={}, decimal=","))
    1200
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value) if len(value) < _LONGEST_COUNT else LARGEST_COUNT + 1
    text = re.sub(r"[\s\u00a0\u202f'’_]", "", str(value)).lower()
    if re.fullmatch(r"\d+[.,]\d{1,2}[km]", text):
        text = text.replace(",", ".")
        mapping = msgspec.structs.replace(mapping, decimal=".")
    other = "." if mapping.decimal == "," else ","
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", text):
        text = re.sub("[.,]", "", text)
    text = text.replace(other, "").replace(mapping.decimal, ".")
    found = re.fullmatch(r"(\d+(?:\.\d*)?)([km]?)", text)
    if not found:
        raise BadRecord(
            say(
                "The number {value} in {field} cannot be understood.",
                value=str(value)[:80],
                field=field,
            ),
            say("Write it in figures, or leave the cell empty."),
            field=field,
        )
    return round(float(found.group(1)) * {"": 1, "k": 1_000, "m": 1_000_000}[found.group(2)])


def words(value: Any) -> list[str]:
    """Split a cell that lists several things: JSON, or words between spaces, commas or bars.

    >>> words([{"screen_name": "ana", "id": "9"}]), words("[{'text': 'eau'}]"), words("eau, gaz")
    (['ana'], ['eau'], ['eau', 'gaz'])
    """
    if isinstance(value, str) and value.startswith("[{"):
        value = _objects(value)
    if isinstance(value, list | tuple):
        found = (_name(one) for one in value)
        return [one for one in found if one]
    return _WORD.findall(str(value))


def _name(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    return next((str(one[name]) for name in _NAMED_BY if one.get(name)), "")


def _objects(cell: str) -> Any:
    """Read objects written into a cell: as JSON, or as Python shows them, which some tools do."""
    for read in (msgspec.json.decode, ast.literal_eval):
        try:
            return read(cell)
        except (msgspec.DecodeError, ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return []


def _marked(found: list[str], mark: str) -> list[str]:
    """Begin hashtags with ``#`` and mentions with ``@``, as in the text."""
    return [mark + word.removeprefix(mark) for word in found]


def _bare(value: Any) -> str:
    """Take off the quotes that spreadsheets and researchers put around long numbers."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip().strip("'\"`")


def permanent(given: str, network: str) -> str:
    """Give an id its network, unless it is an address already.

    >>> permanent("536831867329466369", "x"), permanent("at://did:plc:a/p/1", "bluesky")
    ('x:536831867329466369', 'at://did:plc:a/p/1')
    """
    return given if ":" in given else f"{network}:{given}"


def _referred(given: str, network: str) -> str:
    """Give the address of a post that another one repeats or answers, also named by its link."""
    _, tweet = status_of(given)
    return f"x:{tweet}" if tweet else permanent(given, network)


def _id(row: Cells[str, Any], mapping: Mapping, network: str, published: datetime) -> str:
    """Read the id; one that a spreadsheet rounded (``5.7E+17``) names many posts, so none."""
    given = _bare(row.get("id", ""))
    if given and not _MANGLED_ID.fullmatch(given):
        if network == ANY_NETWORK and len(given) < _OF_AN_OFFICE:
            given = _of_one_office(given, mapping, published)
        return permanent(given, network)
    return str(row.get("url", ""))


def _of_one_office(number: str, mapping: Mapping, published: datetime) -> str:
    """Put the date to a number, for two offices both have a request 1; not where rows refer to it.

    The date is the one of the table's clock: it stays when its zone is corrected.
    """
    if _REFERENCES & mapping.columns.keys():
        return number
    return f"{number}@{published.astimezone(zone_named(mapping.zone)):%Y%m%dT%H%M%S}"


def _made_id(author: str, published: datetime, content: str) -> str:
    """Make an id from what a post says, who says it and when: the same row, the same id."""
    return _hashed(author, published.isoformat(), content)


def _hashed(*parts: str) -> str:
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
    return f"row:{digest[:24]}"
