"""``quivive let-in``: for whoever runs the machine, when nobody can let a person in any more."""

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
    app.command("let-in", help=_("Make a link that sets somebody's password."))(let_in)


def let_in(
    email: Annotated[str, typer.Argument(help=_("Address the person signs in with."))],
    no_second_factor: Annotated[
        bool,
        typer.Option("--no-second-factor", help=_("Take their second factors away as well.")),
    ] = False,
    data: Annotated[
        Path | None, typer.Option(help=_("Data folder of the room."), file_okay=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object."))] = False,
) -> None:
    """Print a link that works once, for three days; both deeds are on record."""
    open_house(data)
    from django.conf import settings
    from django.utils import timezone

    from quivive.web.people import queries, services

    person = queries.person_of(email)
    if person is None:
        raise NotAllowed(
            say("Nobody signs in here with the address {email}.", email=email),
            say("Write the address as the person types it at the door."),
        )
    now = timezone.now()
    dropped = no_second_factor and services.drop_second_factors(
        by=None, person_id=person.pk, now=now
    )
    services.note_new_link(by=None, person=person, now=now)
    link = settings.BASE_URL + services.invitation_path(person)
    if as_json:
        typer.echo(json.dumps({"link": link, "second_factors_dropped": dropped}))
        return
    told = _(
        "This link opens a page where {name} chooses a password. It works once, for three days."
    )
    Console(stderr=True).print(told.format(name=person))
    if dropped:
        Console(stderr=True).print(_("The password alone opens the room now."))
    typer.echo(link)
