"""``quivive erase-person``: forget somebody who asks for it, from the machine itself."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from quivive.cli.house import open_house
from quivive.cli.speech import gettext as _
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("erase-person", help=_("Erase an account and all it wrote from the room."))(
        erase_person
    )


def erase_person(
    name: Annotated[str, typer.Argument(help=_("Name or address of the account."))],
    network: Annotated[str, typer.Option(help=_("Network, where several know the name."))] = "",
    objects: Annotated[
        bool, typer.Option("--object", help=_("Take in nothing more of it either."))
    ] = False,
    export: Annotated[
        Path | None, typer.Option(help=_("First write all that is kept to this file (NDJSON)."))
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    data: Annotated[
        Path | None, typer.Option(help=_("Data folder of the room."), file_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object."))] = False,
) -> None:
    """Find one account by its exact name or address, and forget it."""
    open_house(data)
    from django.utils import timezone

    from quivive.web.privacy import queries, services
    from quivive.wire.exports import write_rows

    asked = name.lstrip("@").casefold()
    found = [
        row
        for row in queries.accounts_named(name)
        if asked in {row.handle.casefold(), row.uid.casefold()} and network in {"", row.network}
    ]
    if len(found) != 1:
        raise _no_one(name, [f"{row.uid} ({row.network})" for row in found])
    account = found[0]
    if export is not None:
        write_rows(queries.everything_of(account), {}, export, "ndjson")
    if not yes:
        typer.confirm(_("Erase it? This cannot be undone."), abort=True)
    gone = services.erase_account(
        account_id=account.pk, objects=objects, person=None, now=timezone.now()
    )
    told = {"posts": len(gone.addresses), "reposts": gone.reposts, "lines": gone.lines}
    if as_json:
        typer.echo(json.dumps(told))
    else:
        Console(stderr=True).print(_("Erased: {posts} posts.").format(posts=told["posts"]))


def _no_one(name: str, found: list[str]) -> NotAllowed:
    if not found:
        return NotAllowed(
            say("No account of the name {name} is known here.", name=name),
            say("Write the name as its posts show it, or the account’s address."),
        )
    return NotAllowed(
        say("Several accounts have this name: {accounts}.", accounts=", ".join(found)),
        say("Give the address instead of the name, or --network."),
    )
