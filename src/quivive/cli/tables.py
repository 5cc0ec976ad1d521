"""Opens the table a command is given: CSV in UTF-8; what is wrong with the file is told kindly."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import say


@contextmanager
def opened_table(file: Path) -> Iterator[TextIO]:
    """Open a file for :func:`csv.reader`, reading included in what is watched.

    Raises:
        BadFile: there is no such file, it may not be read, or it is no CSV in UTF-8.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            yield text
    except FileNotFoundError:
        raise BadFile(
            say("There is no file {name}.", name=str(file)),
            say("Check the name and the folder, then try again."),
        ) from None
    except OSError:
        raise BadFile(
            say("The system does not let us read {name}.", name=str(file)),
            say("Check that it is a file, and that you may read it; then try again."),
        ) from None
    except (UnicodeDecodeError, csv.Error):
        raise BadFile(
            say("{name} is not a table in CSV and UTF-8.", name=str(file)),
            say("Save it as CSV in UTF-8, then try again."),
        ) from None
