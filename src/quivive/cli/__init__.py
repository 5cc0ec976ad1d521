"""The commands people type: one file a command, loaded only when it is used."""

from importlib import import_module

import typer
from rich.console import Console
from rich.text import Text

from quivive.cli.speech import gettext as _
from quivive.cli.speech import spoken
from quivive.vocabulary.errors import BadFile, BadRecord, Trouble

COMMANDS = ("assess", "bursts", "import", "match", "replay", "sentiment", "up")
"""Each has its file ``<name>_command.py`` with a function ``register(app)``."""


def main() -> None:
    """Run the command line; a trouble is told in the user's language, never as a traceback."""
    try:
        build()()
    except Trouble as trouble:
        told = f" {spoken(trouble.what)}\n{spoken(trouble.remedy)}"
        stopped = Text.assemble((_("Stopped."), "bold red"), told)
        Console(stderr=True, highlight=False).print(stopped)
        raise SystemExit(3 if isinstance(trouble, BadFile | BadRecord) else 2) from None


def build() -> typer.Typer:
    """Gather the commands."""
    app = typer.Typer(
        name="quivive",
        help=_("A self-hosted crisis room for social networks."),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for name in COMMANDS:
        import_module(f"quivive.cli.{name}_command").register(app)
    return app
