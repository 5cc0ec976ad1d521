"""``quivive telegram-sign-in``: signs in to Telegram once and prints the session to keep."""

import asyncio

import typer
from rich.console import Console

from quivive.cli.speech import gettext as _
from quivive.vocabulary.errors import NotAllowed
from quivive.vocabulary.messages import say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "telegram-sign-in", help=_("Sign in to Telegram once, for the source of that name.")
    )(sign_in)


def sign_in() -> None:
    """Ask for what Telegram asks, then print the session: the source's settings take it."""
    try:
        import telethon
    except ImportError:
        raise NotAllowed(
            say("Telegram needs a part that is not installed."),
            say("Install it with: pip install 'quivive[telegram]'."),
        ) from None
    api_id = typer.prompt(_("API id"), type=int)
    api_hash = typer.prompt(_("API hash"), hide_input=True)
    phone = typer.prompt(_("Phone number of the account, with its country’s prefix"))
    try:
        session = asyncio.run(_session(api_id, api_hash, phone))
    except (telethon.errors.RPCError, OSError, ValueError) as trouble:
        raise NotAllowed(
            say("Telegram does not let you in: {reason}", reason=str(trouble)[:200]),
            say("Check the API id, the API hash and the code, then try again."),
        ) from trouble
    Console(stderr=True).print(_("Put this into the field Session of the source; it is a secret:"))
    typer.echo(session)


async def _session(api_id: int, api_hash: str, phone: str) -> str:
    from quivive.wire.telegram import client_for

    client = client_for(api_id, api_hash)
    try:
        await client.start(
            phone=phone,
            code_callback=lambda: typer.prompt(_("Code that Telegram sent")),
            password=lambda: typer.prompt(_("Password of the second step"), hide_input=True),
        )
        return str(client.session.save())
    finally:
        await client.disconnect()
