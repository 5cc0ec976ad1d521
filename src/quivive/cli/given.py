"""The file a command is given: one that is there, or what another program pours in."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO

from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import say

STANDARD_INPUT = Path("-")

_KEPT: list[IO[bytes]] = []
"""What was poured in; each is removed when the command ends."""


def given(file: Path) -> Path:
    """Return the file itself; what comes by a pipe, or as ``-``, is kept aside until the end.

    Formats look at the beginning of a file before they read it, which a pipe gives only once.

    Raises:
        BadFile: there is no such file, or it is a folder.
    """
    if file == STANDARD_INPUT:
        return _kept_aside(sys.stdin.buffer)
    if file.is_fifo():
        with file.open("rb") as pipe:
            return _kept_aside(pipe)
    if file.is_dir():
        raise BadFile(
            say("{name} is a folder.", name=str(file)),
            say("Name one of the files in it."),
        )
    if not file.is_file():
        raise BadFile(
            say("There is no file {name}.", name=str(file)),
            say("Check the name and the folder, then try again."),
        )
    return file


def _kept_aside(poured: IO[bytes]) -> Path:
    aside = tempfile.NamedTemporaryFile(prefix="quivive-")  # noqa: SIM115  kept to the end
    shutil.copyfileobj(poured, aside)
    aside.flush()
    _KEPT.append(aside)
    return Path(aside.name)
