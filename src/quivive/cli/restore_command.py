"""``quivive restore``: bring a kept room back."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from quivive.cli.house import SCHEMA, choose_house, embedded_folder, known_shape, open_house
from quivive.cli.speech import gettext as _
from quivive.wire.backups import Manifest, bring_back
from quivive.wire.house import now_utc


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("restore", help=_("Bring a room back from a backup."))(restore)


def restore(
    source: Annotated[Path, typer.Argument(help=_("File to read."), show_default=False)],
    data: Annotated[
        Path | None, typer.Option(help=_("Data folder of the room."), file_okay=False)
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help=_("Move a room that is there aside."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object."))] = False,
) -> None:
    """Check the backup, move the room that is there aside, put the kept one in its place."""
    folder = embedded_folder(choose_house(data))
    known = known_shape()
    console = Console(stderr=True, highlight=False)
    with console.status(_("Bringing the room back …")):
        manifest, aside = bring_back(source, folder, known=known, replace=force, now=now_utc())
        (folder / SCHEMA).unlink(missing_ok=True)
        _settle(manifest, folder)
    if as_json:
        told = {"folder": str(folder), "made_at": manifest.made_at.isoformat()}
        typer.echo(json.dumps({**told, "aside": str(aside) if aside else None}))
        return
    console.print(_("The room is back in {folder}.").format(folder=folder))
    if aside:
        console.print(_("The one that was there is in {folder}.").format(folder=aside))


def _settle(manifest: Manifest, folder: Path) -> None:
    """Bring the rows up to this program, and to this folder."""
    open_house()
    from quivive.web.listen.services import move_files
    from quivive.web.people.services import audit

    move_files(before=manifest.folder, after=str(folder.resolve()))
    detail = {"made_at": manifest.made_at.isoformat(), "version": manifest.version}
    audit(person=None, action="restored", detail=detail, now=now_utc())
