"""``quivive sentiment``: how each text of a file reads, with the words that decided."""

import csv
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from quivive.cli.given import given
from quivive.cli.speech import gettext as _
from quivive.cli.speech import harmless
from quivive.listen.guesses import NAMES
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.folding import fold
from quivive.vocabulary.messages import say
from quivive.vocabulary.sentiments import Sentiment
from quivive.wire.archives import container_of
from quivive.wire.lines import looks_latin
from quivive.wire.tables import delimiter_of

BATCH = 2_000
TABLES = {".csv", ".tsv"}
LONGEST = 16 << 20
"""Letters a cell may have."""
HEAD = 1 << 20
"""Bytes that tell how accents are written."""
TEXTS = frozenset(NAMES["content"].split())


class Author(msgspec.Struct):
    """Who wrote a post."""

    id: str = ""


class Worded(msgspec.Struct):
    """What matters here of a native post."""

    content: str
    language: str | None = None
    attributed_to: Author | None = None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sentiment", help=_("Say how each text reads: negative, neutral, positive."))(
        sentiment
    )


def sentiment(
    file: Annotated[
        Path,
        typer.Argument(
            help=_("One text a line, a table with a column of texts, or native NDJSON."),
            show_default=False,
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
) -> None:
    """Read the file line by line and answer in the same order, one line for each text."""
    from quivive.wire.models import load_languages, load_sentiment

    file = given(file)
    reader, languages = load_sentiment(), load_languages()
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(file.name, total=file.stat().st_size)
        for batch in _batches(_lines(file)):
            texts = [worded.content for worded in batch]
            tags = [worded.language for worded in batch]
            authors = [worded.attributed_to.id if worded.attributed_to else "" for worded in batch]
            home = languages.mostly(texts, tags)
            read = reader.read(texts, tags, authors if all(authors) else None, home)
            for worded, found in zip(batch, read, strict=True):
                sys.stdout.write(_as_line(found) if as_json else _as_words(worded.content, found))
            bar.advance(task, sum(len(text.encode()) for text in texts))


def _batches(lines: Iterator[Worded]) -> Iterator[list[Worded]]:
    while batch := list(islice(lines, BATCH)):
        yield batch


def _lines(file: Path) -> Iterator[Worded]:
    """Read posts when the first line is one, and plain texts otherwise."""
    with file.open("rb") as opened:
        if b"\0" in (start := opened.read(512)) or container_of(start) != "plain":
            raise _no_text(file)
    if file.suffix.lower() in TABLES and (texts := _texts_of_table(file)) is not None:
        yield from texts
        return
    posts = None
    with file.open(encoding=_charset(file), errors="replace", newline="\n") as text:
        for number, line in enumerate(text, start=1):
            written = line.rstrip("\r\n")
            if posts is None:
                posts = _post(written) is not None
                if not posts and _is_object(written):
                    raise _no_post()
            worded = _post(written) if posts else Worded(written)
            if worded is None:
                raise BadRecord(
                    say("Line {line} is no post, although the first line is one.", line=number),
                    say('Give every line a JSON object with "content", or plain text throughout.'),
                )
            yield worded


def _charset(file: Path) -> str:
    """Tell from its first lines how a file writes accents: as UTF-8, or as old Windows programs."""
    with file.open("rb") as opened:
        return "cp1252" if looks_latin(opened.readlines(HEAD)) else "utf-8-sig"


def _texts_of_table(file: Path) -> Iterator[Worded] | None:
    """Read the texts of a table whose first line names their column; None where it names none."""
    with file.open(encoding=_charset(file), errors="replace") as opened:
        head = opened.readline()
    delimiter = delimiter_of(head)
    names = next(csv.reader([head], delimiter=delimiter), [])
    column = next((i for i, name in enumerate(names) if fold(name).strip() in TEXTS), None)
    return None if column is None else _column(file, column, delimiter)


def _column(file: Path, column: int, delimiter: str) -> Iterator[Worded]:
    csv.field_size_limit(LONGEST)
    with file.open(encoding=_charset(file), errors="replace", newline="") as opened:
        rows = csv.reader(opened, delimiter=delimiter)
        next(rows)
        try:
            for row in rows:
                if row:
                    yield Worded(row[column] if column < len(row) else "")
        except csv.Error as trouble:  # a quotation mark that never ends
            raise _no_text(file) from trouble


def _post(line: str) -> Worded | None:
    if not line.startswith("{"):
        return None
    try:
        return msgspec.json.decode(line, type=Worded)
    except (msgspec.DecodeError, RecursionError):
        return None


def _is_object(line: str) -> bool:
    try:
        return isinstance(msgspec.json.decode(line), dict)
    except (msgspec.DecodeError, RecursionError):
        return False


def _no_text(file: Path) -> BadFile:
    return BadFile(
        say("{name} is no text: it is packed, or written by another program.", name=file.name),
        say("Unpack it, or save its column of texts as plain text, one a line."),
    )


def _no_post() -> BadRecord:
    return BadRecord(
        say('The first line is a JSON object without "content", so nothing tells its text.'),
        say("Write one text a line, or bring the file in with “quivive import” and export it."),
    )


def _as_line(found: Sentiment) -> str:
    shares = {"negative": found.negative, "neutral": found.neutral, "positive": found.positive}
    said: dict[str, Any] = {
        "language": found.language,
        "label": found.label,
        "p": shares,
        "interval": [found.low, found.high],
        "anger": found.anger,
        "irony": found.irony,
        "enquiry": found.enquiry,
        "plea": found.plea,
        "support": found.support,
        "reasons": found.reasons,
    }
    return msgspec.json.encode(said).decode() + "\n"


def _as_words(text: str, found: Sentiment) -> str:
    return f"{found.label:<10} {found.language:<4} {harmless(text)}\n"
