"""``quivive doctor``: whether the house is sound, and what to do where it is not."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from quivive.cli.house import choose_house, is_embedded, open_house
from quivive.cli.speech import gettext as _
from quivive.cli.speech import spoken
from quivive.vocabulary.messages import Message
from quivive.wire.backups import DATABASE
from quivive.wire.checkup import Finding, State, check_ground, check_mail
from quivive.wire.house import now_utc

SIGNS = {State.FINE: ("✓", "green"), State.WARN: ("!", "yellow"), State.BAD: ("✗", "red")}
FINDINGS = 1
"""Exit code when something wants attention."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", help=_("Look whether the room is sound, and say what to do."))(doctor)


def doctor(
    data: Annotated[
        Path | None, typer.Option(help=_("Data folder of the room."), file_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a finding."))] = False,
) -> None:
    """Look at the disk, the secret, the database, mail, sources, people and the audit log."""
    folder = choose_house(data)
    found = list(check_ground(folder, embedded=_has_database(folder)))
    if all(one.state is not State.BAD for one in found if one.about == "database"):
        found += _inside()
    for one in found:
        _tell(one, as_json=as_json)
    if any(one.state is not State.FINE for one in found):
        raise typer.Exit(FINDINGS)


def _has_database(folder: Path) -> bool:
    return is_embedded() and (folder / DATABASE).exists()


def _inside() -> list[Finding]:
    open_house()
    from django.conf import settings

    from quivive.web.room.checkup import check_room

    mail = check_mail(settings.EMAIL_HOST, settings.EMAIL_PORT, ready=settings.MAIL_READY)
    return [mail, *check_room(now=now_utc())]


def _tell(one: Finding, *, as_json: bool) -> None:
    if as_json:
        line = {
            "about": one.about,
            "state": one.state,
            "what": spoken(one.what),
            "remedy": _said(one.remedy),
        }
        typer.echo(msgspec.json.encode(line).decode())
        return
    sign, colour = SIGNS[one.state]
    line_of_text = Text.assemble((f"{sign} ", colour), spoken(one.what))
    if one.remedy:
        line_of_text.append(f"\n  {spoken(one.remedy)}", style="dim")
    Console(highlight=False).print(line_of_text)


def _said(message: Message | None) -> str | None:
    return spoken(message) if message else None
