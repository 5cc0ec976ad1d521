"""``quivive restore``: bring a kept room back."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from quivive.cli.house import SCHEMA, choose_house, embedded_folder, known_shape, open_house
from quivive.cli.speech import gettext as _
from quivive.cli.speech import moment
from quivive.wire.backups import DATABASE, Manifest, bring_back
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
        again = _settle(manifest, folder, aside)
    if as_json:
        told = {"folder": str(folder), "made_at": manifest.made_at.isoformat()}
        moved = str(aside) if aside else None
        typer.echo(json.dumps({**told, "aside": moved, "forgotten_again": again}))
        return
    console.print(_("The room is back in {folder}.").format(folder=folder))
    if aside:
        words = _("The one that was there is in {folder}; the room deletes it after thirty days.")
        console.print(words.format(folder=aside))
    console.print(_told(again, manifest))


def _settle(manifest: Manifest, folder: Path, aside: Path | None) -> dict[str, int] | None:
    """Bring the rows up to this program and to this folder; forget again who was forgotten since.

    Returns:
        How many; None where no room that was there tells.
    """
    open_house()
    from quivive.web.listen.services import move_files
    from quivive.web.people.services import audit
    from quivive.web.privacy.services import forget_again

    move_files(before=manifest.folder, after=str(folder.resolve()))
    again = forget_again(aside / DATABASE, now=now_utc()) if aside else None
    told = asdict(again) if again else None
    detail = {"made_at": manifest.made_at.isoformat(), "version": manifest.version}
    if told:
        detail |= {"members": str(told["accounts"]), "posts": str(told["posts"])}
    audit(person=None, action="restored", detail=detail, now=now_utc())
    return told


def _told(again: dict[str, int] | None, manifest: Manifest) -> str:
    if again is None:
        return _(
            "This backup does not know of anybody erased after {time}. If you erased somebody "
            "since, do it again."
        ).format(time=moment(manifest.made_at))
    if not any(again.values()):
        return _("Nobody was erased or deleted since who would have come back with it.")
    return _("Forgotten again, as in that room: people: {accounts}; posts: {posts}.").format(
        **again
    )
