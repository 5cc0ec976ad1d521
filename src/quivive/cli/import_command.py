"""``quivive import``: bring files of posts into the room, as the page does."""

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from quivive.cli.given import given
from quivive.cli.house import open_house
from quivive.cli.speech import gettext as _
from quivive.cli.zones import known_zone
from quivive.listen.mapping import Mapping
from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import say

if TYPE_CHECKING:
    from quivive.web.listen.queries import ImportReport


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", help=_("Bring files of posts into the room."))(import_files)


def import_files(
    files: Annotated[
        list[Path], typer.Argument(help=_("Files of posts."), show_default=False, metavar="FILE…")
    ],
    file_format: Annotated[str, typer.Option("--format", help=_("Format of the files."))] = "auto",
    mapping: Annotated[
        Path | None, typer.Option(help=_("Saved mapping of columns, a JSON file."))
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(
            *("--timezone", "--zone"),
            help=_("Zone of dates that name none; the organisation's if absent."),
            metavar="ZONE",
            callback=known_zone,
            show_default=False,
        ),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help=_("Data folder of the room."), file_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a file."))] = False,
) -> None:
    """Queue the files and wait until they are read and detected on."""
    found = [given(file) for file in files]
    columns = _columns(given(mapping)) if mapping else None
    open_house(data)
    _warn_without_topics()
    for file in found:
        report(_import_one(file, file_format, columns, timezone), as_json=as_json)


def _columns(file: Path) -> Mapping:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Mapping)
    except (msgspec.DecodeError, UnicodeDecodeError) as trouble:
        raise BadFile(
            say(
                "{name} holds no mapping of columns: {reason}.", name=file.name, reason=str(trouble)
            ),
            say("Write it as docs/recipes/import.md shows, then try again."),
        ) from trouble


def _warn_without_topics() -> None:
    from quivive.web.listen.queries import watched_topics

    if not watched_topics():
        told = _("No topic is watched: posts are counted and forgotten. Make a topic first.")
        Console(stderr=True, highlight=False).print(told, style="yellow")


def read_by(
    file: Path, file_format: str, columns: Mapping | None, zone: str | None
) -> tuple[str, Mapping | None]:
    """Return in which format and by which columns a file is read, its dates by the right clock."""
    from quivive.web.listen.queries import office_mapping
    from quivive.web.people.queries import room_zone

    if columns is not None:
        return file_format, msgspec.structs.replace(columns, zone=zone) if zone else columns
    clock = zone or room_zone()
    guess = office_mapping(file, zone=clock) if file_format in ("auto", "csv") else None
    if guess is None:
        return file_format, None
    told = _("Dates that name no zone are read by the clock of {zone} (--timezone).")
    Console(stderr=True, highlight=False).print(told.format(zone=clock))
    return "csv", guess


def _import_one(
    file: Path, file_format: str, columns: Mapping | None, zone: str | None
) -> "ImportReport":
    from django.utils import timezone

    from quivive.web.listen import services

    file_format, columns = read_by(file, file_format, columns, zone)
    import_id = services.bring_path(
        name=file.name, path=file.resolve(), person=None, now=timezone.now()
    )
    services.queue_import(
        import_id=import_id,
        file_format=file_format,
        mapping=columns,
        person=None,
        now=timezone.now(),
    )
    return _wait(import_id)


def _wait(import_id: int) -> "ImportReport":
    """Follow the import; when no worker runs the flow, run it here until it is done."""
    from django.utils import timezone

    from quivive.web.listen.checkpoints import free_engine
    from quivive.web.listen.queries import import_report
    from quivive.web.listen.worker import topics_to_rebuild
    from quivive.web.room.worker import Engine

    engine = Engine(holder=f"import-{os.getpid()}", without_topics=True)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        while True:
            ours = engine.step(now=timezone.now())
            row = import_report(import_id)
            bar.update(
                task,
                description=row.name,
                completed=row.read_bytes,
                total=row.total_bytes or None,
            )
            if row.over and not topics_to_rebuild():
                break
            if not ours:
                time.sleep(0.3)
    free_engine(holder=engine.holder)
    return row


def report(row: "ImportReport", *, as_json: bool) -> None:
    """Print what came in and what did not.

    Raises:
        BadFile: what stopped the file before its end, if anything did.
    """
    if as_json:
        typer.echo(json.dumps(_as_object(row)))
    else:
        _print(row)
    if row.trouble is not None:
        raise row.trouble


def _print(row: "ImportReport") -> None:
    console = Console(highlight=False)
    sentence = _(
        "{name}: posts read: {posts}; on your topics: {matched}, already there: {known}; "
        "lines in quarantine: {bad}."
    )
    console.print(
        sentence.format(
            name=row.name,
            posts=row.posts,
            matched=row.matched,
            known=row.known,
            bad=row.quarantined,
        ),
        markup=False,
    )
    if row.quarantined:
        console.print(_("Open them at {url}").format(url=row.url), markup=False)


def _as_object(row: "ImportReport") -> dict[str, object]:
    return {
        "file": row.name,
        "import": row.id,
        "posts": row.posts,
        "matched": row.matched,
        "new": row.matched - row.known,
        "known": row.known,
        "quarantined": row.quarantined,
        "quarantine": row.url,
    }
