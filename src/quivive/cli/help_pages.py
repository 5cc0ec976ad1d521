"""Help pages in the user's language, where the library that draws them knows English alone."""

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from quivive.cli.speech import gettext as _


class Command(TyperCommand):
    """A command whose help page speaks as its sentences do."""

    def get_usage(self, ctx: Any) -> str:
        """Write how the command is typed."""
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Give the option ``--help``."""
        return _explained(super().get_help_option(ctx))


class Group(TyperGroup):
    """The same for all commands together."""

    def get_usage(self, ctx: Any) -> str:
        """Write how a command is typed."""
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """Give the option ``--help``."""
        return _explained(super().get_help_option(ctx))


def speak(app: typer.Typer) -> typer.Typer:
    """Have every command's help page speak."""
    for command in app.registered_commands:
        command.cls, command.options_metavar = Command, _("[OPTIONS]")
    return app


def _usage(written: str) -> str:
    return written.replace("Usage:", _("Usage:"), 1)


def _explained(option: Any) -> Any:
    option.help = _("Show this page.")
    return option
