"""The commands people type: one file a command, loaded only when it is used."""

import errno
import gc
import os
import sqlite3
import sys
from importlib import import_module
from pkgutil import iter_modules

import typer
from rich.console import Console
from rich.text import Text

from quivive.cli.help_pages import Group, speak
from quivive.cli.misuse import MISUSE, told
from quivive.cli.speech import gettext as _
from quivive.cli.speech import spoken
from quivive.vocabulary.errors import BadFile, BadRecord, Trouble
from quivive.vocabulary.messages import say
from quivive.wire.house import data_folder, is_full

COMMANDS = tuple(
    module.name.removesuffix("_command").replace("_", "-")
    for module in iter_modules(__path__)
    if module.name.endswith("_command")
)
"""Each has its file ``<name>_command.py`` with a function ``register(app)``."""

OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""Looking for garbage at each 700th object, as Python does, is a tenth of what a start costs."""

_FULL = (errno.ENOSPC, errno.EDQUOT)


def main() -> None:
    """Run the command line; a trouble is told in the user's language, never as a traceback."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    try:
        code = build(sys.argv[1:2])(standalone_mode=False)
    except MISUSE as wrong:
        if trouble := told(wrong, COMMANDS):
            _tell(trouble)
        raise SystemExit(2) from None
    except typer.Abort:
        Console(stderr=True).print(_("Stopped."))
        raise SystemExit(1) from None
    except Trouble as trouble:
        _tell(trouble)
        raise SystemExit(3 if isinstance(trouble, BadFile | BadRecord) else 2) from None
    except Exception as trouble:
        of_the_system = _of_the_system(trouble)
        if of_the_system is None:
            raise
        _tell(of_the_system)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left has no place
        raise SystemExit(4) from None
    raise SystemExit(code)


def _tell(trouble: Trouble) -> None:
    words = f" {spoken(trouble.what)}\n{spoken(trouble.remedy)}"
    stopped = Text.assemble((_("Stopped."), "bold red"), words)
    Console(stderr=True, highlight=False).print(stopped)


def _of_the_system(trouble: Exception) -> Trouble | None:
    """Put into words what the system refuses: a full disk, a folder that is not there or closed."""
    if _lacks_room(trouble):
        return Trouble(
            say("There is no room left where this is written."), say("Make room, then try again.")
        )
    if any(_is_io_error(one) for one in (trouble, trouble.__cause__)):
        return Trouble(
            say("The disk did not take what was written to the database."),
            say(
                "See whether it fails, is full, or whether files may only grow so large; then try "
                "again."
            ),
        )
    if isinstance(trouble, OSError) and trouble.filename is not None:
        return Trouble(
            say("The system does not let us read or write {name}.", name=str(trouble.filename)),
            say("Check that its folder is there, and that you may write in it; then try again."),
        )
    return None


def _lacks_room(trouble: BaseException) -> bool:
    """Tell whether a disk is full, as the system says it, or the database in its own words."""
    if isinstance(trouble, OSError):
        return trouble.errno in _FULL
    told = (trouble, trouble.__cause__)  # Django wraps what the database said
    return any(isinstance(one, sqlite3.OperationalError) for one in told) and is_full(data_folder())


def _is_io_error(trouble: BaseException | None) -> bool:
    return isinstance(trouble, sqlite3.OperationalError) and "disk I/O" in str(trouble)


def build(typed: list[str] | None = None) -> typer.Typer:
    """Gather the commands; when the first word typed names one, no other is loaded.

    ``work`` is what ``up`` starts, so it lives in the same file.
    """
    app = typer.Typer(
        name="quivive",
        cls=Group,
        options_metavar=_("[OPTIONS]"),
        subcommand_metavar=_("COMMAND [ARGUMENTS]…"),
        help=_("A self-hosted crisis room for social networks."),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(lambda: None)  # without it, a single command would swallow its own name
    asked = ["up" if word == "work" else word for word in typed or []]
    for name in [word for word in asked if word in COMMANDS] or COMMANDS:
        import_module(f"quivive.cli.{name.replace('-', '_')}_command").register(app)
    return speak(app)
