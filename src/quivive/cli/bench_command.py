"""``quivive bench``: run a measurement of ours; they live beside the program, in a checkout."""

import ast
import runpy
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

import quivive
from quivive.cli.speech import gettext as _
from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import say

FOLDER = "bench"
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench", help=_("Run a measurement beside its peers."), context_settings=PASS_ON)(
        bench
    )


def bench(
    given: typer.Context,
    name: Annotated[str | None, typer.Argument(help=_("Which one; none lists them."))] = None,
) -> None:
    """Run ``bench/NAME.py`` with the words that follow its name; without a name, list them.

    Raises:
        Trouble: there is no checkout, or no such measurement.
    """
    known = _benches(_checkout())
    if name is None:
        _list(known)
        return
    if name not in known:
        raise Trouble(
            say("There is no measurement called {name}.", name=name),
            say("Known: {names}.", names=", ".join(known)),
        )
    text = _docstring(known[name])
    if "DATA" in text.partition("\n\n")[2] and not given.args:
        raise Trouble(
            say("{name} measures on data that does not come with the program.", name=name),
            say("Name the folder that holds it: `quivive bench {name} DATA`.", name=name),
        )
    sys.argv = [str(known[name]), *given.args]
    sys.path.insert(0, str(known[name].parents[1]))
    runpy.run_module(f"{FOLDER}.{name}", run_name="__main__", alter_sys=True)


def _checkout() -> Path:
    """Return the folder of measurements of the source tree that this program runs from."""
    folder = Path(quivive.__file__).parents[2] / FOLDER
    if not folder.is_dir():
        raise Trouble(
            say("Measurements are not part of the installed program."),
            say("Get the source, run `make install-dev`, then `quivive bench` in its folder."),
        )
    return folder


def _benches(folder: Path) -> dict[str, Path]:
    """Return what can be run, by name."""
    files = sorted(folder.glob("*.py"))
    return {file.stem: file for file in files if "__main__" in file.read_text(encoding="utf-8")}


def _docstring(file: Path) -> str:
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""


def _list(known: dict[str, Path]) -> None:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, file in known.items():
        table.add_row(name, _docstring(file).partition("\n")[0])
    Console(highlight=False).print(table)
