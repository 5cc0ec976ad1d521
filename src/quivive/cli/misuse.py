"""What was typed wrong on the command line, told as every other trouble is.

The library that reads the command line has these sentences in English alone.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, cast

import typer

from quivive.vocabulary.errors import Trouble
from quivive.vocabulary.messages import Message, say

MISUSE = cast("type[Exception]", typer.BadParameter.__mro__[1])
"""What the library raises for every wrong use; it names only some of its kinds."""


def told(error: Any, commands: tuple[str, ...]) -> Trouble | None:
    """Say in our own words what a ``MISUSE`` says, and what to type instead.

    None where nothing was typed: the help page has been shown then.
    """
    command = error.ctx.command_path if error.ctx is not None else "quivive"
    remedy = say("{command} --help tells what one may type.", command=command)
    match type(error).__name__:
        case "NoArgsIsHelpError":
            return None
        case "MissingParameter":
            what = say("{name} is missing.", name=_name(error))
        case "NoSuchOption":
            what = say("There is no option {name}.", name=error.option_name)
            remedy = _perhaps(error.possibilities or [], remedy)
        case "BadOptionUsage" if "does not take" in error.message:
            what = say("{name} takes no value.", name=error.option_name)
        case "BadOptionUsage":
            what = say("{name} needs a value.", name=error.option_name)
        case "BadParameter" if error.message.endswith("is not readable."):
            path = _quoted(error, r"'(.*)'")
            what = say("The system does not let us read {name}.", name=path)
            remedy = say("Ask whoever it belongs to, or give yourself the right to read it.")
        case "BadParameter" if error.__cause__ is None:  # a sentence of our own
            what = say("{words}", words=error.message)
        case "BadParameter":
            what = say("This value of {name} is not possible.", name=_name(error))
            remedy = _possible(error.__cause__.errors()[0].get("ctx", {}), remedy)
        case _ if error.ctx is not None and error.ctx.parent is not None:
            words = _quoted(error, r"\(s\) \((.*)\)")
            what = say("These words are too many: {words}.", words=words)
            remedy = say("Several words that belong together, as a query, go between quotes.")
        case _:
            name = _quoted(error, r"'([^']*)'")
            what = say("There is no command {name}.", name=name)
            remedy = _perhaps(get_close_matches(name, commands), remedy)
    return Trouble(what, remedy)


def _name(error: Any) -> str:
    return str(error.param.get_error_hint()).replace("'", "") if error.param else ""


def _quoted(error: Any, pattern: str) -> str:
    found = re.search(pattern, error.message)
    return found[1] if found else str(error.message)


def _perhaps(names: list[str], otherwise: Message) -> Message:
    return say("Perhaps: {names}.", names=", ".join(names)) if names else otherwise


def _possible(limits: Mapping[str, Any], otherwise: Message) -> Message:
    """Say what a value may be, from what the check that refused it compared with."""
    for limit in ("le", "lt"):
        if limit in limits:
            return say("At most {number}.", number=limits[limit])
    for limit in ("ge", "gt"):
        if limit in limits:
            return say("At least {number}.", number=limits[limit])
    return otherwise
