"""Reads the numbers that judge severity from a file people can write (TOML)."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from quivive.assess.settings import AssessSettings, fault
from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import Message, say


def read_rubric(path: Path) -> AssessSettings:
    """Read the numbers a file changes; those it leaves out are the program's.

    Raises:
        BadFile: it cannot be read, names a number there is none of, or makes no sheet.
    """
    try:
        asked = tomllib.loads(path.read_text("utf-8"))
    except UnicodeDecodeError:
        raise _bad(path, say("It is not text in UTF-8.")) from None
    except tomllib.TOMLDecodeError as error:
        raise _bad(path, say("It is not TOML: {why}", why=str(error))) from None
    return _numbers(path, asked)


def _numbers(path: Path, asked: dict[str, Any]) -> AssessSettings:
    plain = msgspec.to_builtins(AssessSettings(), str_keys=True)
    if "version" not in asked:
        raise _bad(path, say("It has no version."))
    for name, value in asked.items():
        within = value if isinstance(value, dict) else {name: value}
        place = plain.get(name) if isinstance(value, dict) else plain
        if not isinstance(place, dict) or (unknown := within.keys() - place.keys()):
            wrong = name if not isinstance(place, dict) else min(unknown)
            raise _bad(path, say("There is no number called {name}.", name=wrong))
        place.update(within)
    try:
        settings = msgspec.convert(plain, AssessSettings)
    except msgspec.ValidationError as error:
        raise _bad(path, say("A number is not what it should be: {why}", why=str(error))) from None
    if wrong := fault(settings):
        raise _bad(path, wrong)
    return settings


def _bad(path: Path, what: Message) -> BadFile:
    return BadFile(what, say("Correct {name}; docs/pathway/assess.md shows one.", name=path.name))
