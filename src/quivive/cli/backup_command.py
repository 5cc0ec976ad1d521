"""``quivive backup``: keep a room in one file, while it runs."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from quivive.cli.house import choose_house, embedded_folder, program_version
from quivive.cli.speech import gettext as _
from quivive.cli.speech import localise
from quivive.wire.backups import keep
from quivive.wire.house import now_utc


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backup", help=_("Keep the room in one file; it may be running."))(backup)


def backup(
    target: Annotated[Path, typer.Argument(help=_("File to write."), show_default=False)],
    data: Annotated[
        Path | None, typer.Option(help=_("Data folder of the room."), file_okay=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=_("Replace the file."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object."))] = False,
) -> None:
    """Copy database, secret and brought files, as they stand at one moment."""
    folder = embedded_folder(choose_house(data))
    console = Console(stderr=True, highlight=False)
    with console.status(_("Keeping the room …")):
        manifest = keep(folder, target, version=program_version(), now=now_utc(), replace=force)
    size = target.stat().st_size
    if as_json:
        typer.echo(json.dumps({"file": str(target), "bytes": size, "files": len(manifest.digests)}))
        return
    told = _("Kept in {file} ({size} MB). It holds the room's secret: store it like a key.")
    console.print(told.format(file=target, size=localise(size / 1e6)))
