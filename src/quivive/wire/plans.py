"""Finds out what a file is from its first bytes: shape, encoding, delimiter, format, mapping."""

import importlib
import itertools
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache

import msgspec

import quivive.listen.formats
from quivive.listen.guesses import flat, guess_mapping, header_of
from quivive.listen.mapping import Mapping, mapped
from quivive.listen.records import ENVELOPE, SURPRISES, Format, Record, share
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.messages import say
from quivive.wire.envelopes import Path, elements_of
from quivive.wire.jsonlines import Piece, pieces_of_lines, pieces_of_stream
from quivive.wire.lines import Charset, from_latin, lines_of, looks_latin
from quivive.wire.tables import after_header, delimiter_of, pieces_of_table, rows_of

SAMPLE = 200
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
"""What no name of a column holds: the file is something else."""
SURE = 0.5
"""How sure a format must be to be taken for itself."""

MAPPED = ("csv", "table", "mapping")
"""Names that ask for a mapping, guessed if none is given."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How one file will be read.

    Attributes:
        shape: ``lines`` (one JSON object a line), ``stream`` (a JSON array, or objects over
            several lines), ``envelope`` (an object around the list of posts), ``table`` or
            ``parquet``.
        path: the names that lead to the list inside an envelope.
        latin: cp1252 rather than UTF-8; None while only ASCII was seen.
        header_line: the table's header as it stands.  header: its names, or the fields of JSON.
        mapping: the one in use, guessed or given; None when the format needs none.
        trouble: why the plan cannot be carried out; a person may correct the mapping.
    """

    shape: str
    plug_in: Format
    latin: bool | None
    delimiter: str
    header_line: str
    header: tuple[str, ...]
    mapping: Mapping | None
    sample: tuple[Record, ...]
    trouble: BadFile | None = None
    path: Path = ()


@cache
def formats() -> dict[str, Format]:
    """Find every format plug-in, by name."""
    folder = quivive.listen.formats
    names = [info.name for info in pkgutil.iter_modules(folder.__path__)]
    found = [importlib.import_module(f"{folder.__name__}.{name}").FORMAT for name in names]
    return {plug_in.name: plug_in for plug_in in found}


def plan(
    head: bytes,
    *,
    whole: bool,
    format: str,  # noqa: A002
    mapping: Mapping | None,
) -> Plan:
    """Decide how to read a file that begins with ``head``, which may be all of it.

    Raises:
        BadFile: nothing we know, or a table whose columns have to be named first.
    """
    lines = head.splitlines()
    latin = looks_latin(lines if whole else lines[:-1])
    text = from_latin(head) if latin else head.decode("utf-8", "replace")
    shape = shape_of(head)
    delimiter = ""
    if shape == "table":
        delimiter = _told_delimiter(mapping) or delimiter_of(text)
    header_line, header, pieces = _sample_pieces(
        head, shape, latin=latin, delimiter=delimiter, whole=whole
    )
    sample = [piece[3] for piece in pieces if not isinstance(piece[3], BadRecord)]
    so_far = Plan(
        shape=shape,
        plug_in=formats()["native"],
        latin=latin,
        delimiter=delimiter,
        header_line=header_line,
        header=header,
        mapping=mapping,
        sample=tuple(sample),
    )
    chosen = _with_format(so_far, format)
    if shape == "table" or (not chosen.trouble and _readable(chosen) >= SURE):
        return chosen
    return _opened(head, so_far, format) or chosen


def _told_delimiter(mapping: Mapping | None) -> str:
    told = mapping.delimiter if mapping else ""
    if len(told) > 1 or told in {'"', "\r", "\n"}:
        raise BadFile(
            say(
                "The mapping parts columns by {delimiter}, which no table can.", delimiter=told[:40]
            ),
            say("Correct its delimiter to one sign, such as a semicolon, or leave it out."),
        )
    return told


def _opened(head: bytes, so_far: Plan, name: str) -> Plan | None:
    """Look for posts in the lists inside: the list of most records that can be read."""
    lists: dict[Path, list[Record]] = defaultdict(list)
    with suppress(BadFile):  # the head may end inside an element
        for path, piece in elements_of([head], Charset(latin=so_far.latin), limit=len(head)):
            if not isinstance(piece[3], BadRecord) and len(lists[path]) < SAMPLE:
                lists[path].append(piece[3])
    plans = []
    for path, sample in lists.items():
        inside = msgspec.structs.replace(
            so_far, shape="envelope", path=path, sample=tuple(sample), header=()
        )
        plans.append(_with_format(inside, name))
    found = [how for how in plans if not how.trouble and _readable(how) >= SURE]
    private = (how for how in plans if any(map(how.plug_in.private, how.sample)))
    return max(found, key=lambda how: len(how.sample), default=next(private, None))


def plan_for_parquet(
    sample: Sequence[Record],
    *,
    format: str,  # noqa: A002
    mapping: Mapping | None,
) -> Plan:
    """Decide how to read the rows of a Parquet file."""
    so_far = Plan(
        shape="parquet",
        plug_in=formats()["native"],
        latin=False,
        delimiter="",
        header_line="",
        header=header_of(sample),
        mapping=mapping,
        sample=tuple(sample),
    )
    return _with_format(so_far, format)


def shape_of(head: bytes) -> str:
    r"""Tell JSON lines, a JSON stream and a table apart.

    >>> shape_of(b'{"id": 1}\n{"id": 2}\n'), shape_of(b'[\n {"id": 1}'), shape_of(b"id,text\n")
    ('lines', 'stream', 'table')
    """
    lines = [line.strip() for line in head.split(b"\n")[:SAMPLE] if line.strip()]
    first = lines[0] if lines else b""
    if first.startswith(b"["):
        follows = first[1:].lstrip() or (lines[1] if len(lines) > 1 else b"")
        return "stream" if follows[:1] in {b"{", b"]", b""} else "table"
    objects = sum(line.startswith(b"{") for line in lines)
    pretty = len(lines) > 1 and not first.endswith(b"}") and lines[1][:1] in {b'"', b"}"}
    if first.startswith(b"{") and pretty and objects * 2 < len(lines):
        return "stream"
    return "lines" if first.startswith(b"{") or objects * 2 > len(lines) else "table"


def _sample_pieces(
    head: bytes, shape: str, *, latin: bool | None, delimiter: str, whole: bool
) -> tuple[str, tuple[str, ...], list[Piece]]:
    """Read the first records; the last line of a head that is not all may be cut."""
    charset, limit = Charset(latin=latin), max(len(head), 1)
    if shape == "stream":
        found = pieces_of_stream([head], charset, limit=limit)
        return "", (), _until_broken(found)
    lines = list(lines_of([head], limit=limit))
    if len(lines) > 1 and not whole:
        lines.pop()
    if shape == "lines":
        pieces = pieces_of_lines(lines, charset)
        return "", (), list(itertools.islice(pieces, SAMPLE))
    rows = rows_of(lines, charset, delimiter=delimiter, limit=limit)
    raw, header, below = after_header(rows)
    pieces = pieces_of_table(below, header)
    return charset.text(raw), header, list(itertools.islice(pieces, SAMPLE))


def _until_broken(pieces: Iterator[Piece]) -> list[Piece]:
    found: list[Piece] = []
    with suppress(BadFile):  # the head may end inside an element; reading on will tell
        found.extend(itertools.islice(pieces, SAMPLE))
    return found


def _with_format(so_far: Plan, name: str) -> Plan:
    """Choose the format and the mapping by the sample."""
    header = so_far.header or header_of(map(_unwrapped, so_far.sample))
    chosen = msgspec.structs.replace(so_far, header=header)
    try:
        if so_far.mapping:
            _refuse_other_tables(so_far)
            return msgspec.structs.replace(chosen, plug_in=_mapped(so_far.mapping, header))
        if name not in {"auto", *MAPPED}:
            return msgspec.structs.replace(chosen, plug_in=_named(name))
    except BadFile as trouble:
        return msgspec.structs.replace(chosen, trouble=trouble)
    best = max(formats().values(), key=lambda plug_in: plug_in.recognise(so_far.sample))
    if name != "auto" or best.recognise(so_far.sample) < SURE:
        return _with_guess(chosen)
    known = msgspec.structs.replace(chosen, plug_in=best)
    if all(map(best.private, so_far.sample)):
        return msgspec.structs.replace(known, trouble=_private())
    return known if _readable(known) >= SURE else _more_readable(known, _with_guess(chosen))


def _unwrapped(record: Record) -> Record:
    return {name: value for name, value in record.items() if name != ENVELOPE}


def _more_readable(known: Plan, guess: Plan) -> Plan:
    """Choose by trial: ``id,text,author`` are columns of one network, and of anybody's table."""
    better = not guess.trouble and _readable(guess) > _readable(known)
    return guess if better else known


def _readable(how: Plan) -> float:
    """Tell what share of the sample the plan's format makes posts of."""
    return share(how.sample, lambda record: _reads(how.plug_in, record))


def _reads(plug_in: Format, record: Record) -> bool:
    try:
        for part in plug_in.split(record):
            plug_in.posts(part)
    except (BadRecord, *SURPRISES):
        return False
    return True


def _with_guess(so_far: Plan) -> Plan:
    """Guess a mapping; what cannot be guessed is for a person to say."""
    header = so_far.header
    rows = [[laid.get(name) for name in header] for laid in map(flat, so_far.sample)]
    guess = guess_mapping(header, rows)
    chosen = msgspec.structs.replace(so_far, mapping=guess)
    try:
        _refuse_nothing(so_far)
        return msgspec.structs.replace(chosen, plug_in=_mapped(guess, header))
    except BadFile as trouble:
        return msgspec.structs.replace(chosen, trouble=trouble)


def _refuse_other_tables(so_far: Plan) -> None:
    """Refuse at once what the mapping cannot read one line of, as another night's table may be.

    Only a table names all its columns before its rows.
    """
    _refuse_bytes(so_far)
    if so_far.shape != "table" or not so_far.mapping:
        return
    needed = (so_far.mapping.columns.get(field, "") for field in ("content", "published"))
    for column in filter(None, needed):
        if column not in so_far.header:
            raise BadFile(
                say(
                    "The mapping reads the column {column}, which is not among: {columns}.",
                    column=column,
                    columns=", ".join(so_far.header)[:500],
                ),
                say("Export the table as before, or import it by hand and correct the mapping."),
            )


def _refuse_bytes(so_far: Plan) -> None:
    if _CONTROL.search("".join(so_far.header)):
        raise BadFile(
            say("This file holds no text: it is damaged, or written by another program."),
            say("Export the posts as CSV, JSON, NDJSON or Parquet, then bring that."),
        )


def _refuse_nothing(so_far: Plan) -> None:
    _refuse_bytes(so_far)
    if so_far.sample:
        return
    if so_far.shape == "table" and so_far.header:
        raise BadFile(
            say("The table has a header and no row that can be read."),
            say("Make the export again, or check what its first rows hold."),
        )
    raise BadFile(
        say("No line at the beginning of the file can be read."),
        say("If it is JSON, write one object a line. If it is a table, begin with a header."),
    )


def _private() -> BadFile:
    return BadFile(
        say("This is a private conversation: what people write each other in private is not kept."),
        say("Only public channels and groups are read. Type what you must answer."),
    )


def _unfound(mapping: Mapping, columns: str) -> BadFile:
    """Say which column is missing: people know their own table, and look for what is wrong."""
    if "content" in mapping.columns:
        what = say("No column is surely that of the dates, among: {columns}.", columns=columns)
    elif mapping.network == "x" and "id" in mapping.columns:
        return BadFile(
            say("The table holds the numbers of posts, not their words."),
            say("Fetch the posts by their numbers (twarc hydrate), then import what that writes."),
        )
    else:
        what = say("No column was found that holds a text, among: {columns}.", columns=columns)
    return BadFile(
        what, say("Say which column is which with a mapping (see docs/recipes/import.md).")
    )


def _mapped(mapping: Mapping, header: tuple[str, ...]) -> Format:
    if not mapping.enough:
        raise _unfound(mapping, ", ".join(header)[:500])
    try:
        return mapped(mapping)
    except BadRecord as trouble:
        raise BadFile(trouble.what, trouble.remedy) from trouble


def _named(name: str) -> Format:
    if name in formats():
        return formats()[name]
    raise BadFile(
        say("There is no format called {name}.", name=name),
        say("Use auto, or one of: {names}.", names=", ".join([*sorted(formats()), "csv"])),
    )
