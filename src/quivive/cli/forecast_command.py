"""``quivive forecast``: how many reposts a post will have in the end, seen at one age."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import numpy as np
import typer
from rich.console import Console

from quivive.assess.forecast.cascade import HORIZON_S, YOUNGEST_S, CascadeForecast, forecast_cascade
from quivive.assess.forecast.features import Floats
from quivive.cli.speech import gettext as _
from quivive.cli.speech import localise
from quivive.cli.tables import Table, read_table
from quivive.vocabulary.errors import BadFile, BadRecord
from quivive.vocabulary.messages import Message, length, say

TIME, FOLLOWERS = "time_s", "followers"
LARGEST = 10**12


class Cascade(NamedTuple):
    """A post and its reposts.

    ``times`` in seconds after the post, reposts only; ``followers`` of the author first, then of
    each reposter; None when a row lacks them.
    """

    times: Floats
    followers: Floats | None


class Row(NamedTuple):
    """One row: its line, its moment in seconds, the account's followers if known."""

    line: int
    time_s: float
    followers: float | None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("forecast", help=_("Foresee how many reposts a post will have."))(forecast)


def forecast(
    cascade: Annotated[
        Path,
        typer.Argument(
            help=_("CSV with the columns time_s,followers; the first row is the post."),
            show_default=False,
        ),
    ],
    at: Annotated[
        float, typer.Option(min=0, help=_("Age of the post in seconds; later rows are not read."))
    ],
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object."))] = False,
) -> None:
    """Forecast from the rows up to the age."""
    from quivive.wire.models import load_cascade

    if not math.isfinite(at):
        raise typer.BadParameter(_("The age is a number of seconds."))
    seen = read_cascade(cascade, until_s=at)
    found = forecast_cascade(load_cascade(), seen.times, seen.followers, at_s=at)
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
    else:
        _tell(found)


def read_cascade(file: Path, *, until_s: float) -> Cascade:
    """Read a file up to an age; what came later is not even looked at.

    Raises:
        BadFile: the file cannot be read, lacks a column or holds no post.
        BadRecord: a row is malformed; the message names its line.
    """
    rows = list(_rows(read_table(file), file.name))
    if not rows:
        raise BadFile(
            say("{name} holds no post.", name=file.name),
            say("Put the post in the first row, at time 0, then a row for each repost."),
        )
    return _cascade(rows, until_s)


def _cascade(rows: list[Row], until_s: float) -> Cascade:
    post, reposts = rows[0], rows[1:]
    early = next((row.line for row in reposts if row.time_s < post.time_s), None)
    if early is not None:
        raise _bad(say("Line {line} is a repost from before the post.", line=early))
    seen = [row for row in reposts if row.time_s - post.time_s <= until_s]
    times = np.array([row.time_s - post.time_s for row in seen], float)
    known = [row.followers for row in (post, *seen)]
    followers = [one for one in known if one is not None]
    return Cascade(times, np.array(followers) if len(followers) == len(known) else None)


def _rows(table: Table, name: str) -> Iterator[Row]:
    header = [name.lower() for name in table.header]
    if TIME not in header:
        raise BadFile(
            say("{name} has no column time_s in its first line.", name=name),
            say("Put time_s,followers in the first line, then the post, then its reposts."),
        )
    time_at = header.index(TIME)
    followers_at = header.index(FOLLOWERS) if FOLLOWERS in header else None
    for line, cells in table.lines:
        if not any(cells):
            continue
        if len(cells) <= time_at:
            raise _bad(say("Line {line} has too few cells.", line=line))
        written = (
            cells[followers_at] if followers_at is not None and len(cells) > followers_at else ""
        )
        yield Row(line, _seconds(cells[time_at], line), _followers(written, line))


def _seconds(cell: str, line: int) -> float:
    number = _number(cell)
    if number is None or not 0 <= number <= LARGEST:
        raise _bad(say("Line {line} has a time that is no number of seconds from 0.", line=line))
    return number


def _followers(cell: str, line: int) -> float | None:
    if not cell.strip():
        return None
    number = _number(cell)
    if number is None or not 0 <= number <= LARGEST:
        raise _bad(say("Line {line} has followers that are no count.", line=line))
    return number


def _number(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _bad(what: Message) -> BadRecord:
    return BadRecord(
        what,
        say("Correct it: seconds since the post, then a count of followers or nothing."),
    )


def _tell(found: CascadeForecast) -> None:
    console = Console(highlight=False)
    console.print(
        _("Reposts after {length}: {count}.").format(
            count=localise(found.observed), length=localise(length(found.at_s))
        )
    )
    if found.at_s >= HORIZON_S:
        console.print(_("A week is over: forecasts go no further."))
        return
    low, middle, high = (localise(round(one)) for one in msgspec.structs.astuple(found.final))
    console.print(
        _("A week after the post: about {middle}; four times in five from {low} to {high}.").format(
            middle=middle, low=low, high=high
        )
    )
    if not found.followers_known:
        console.print(_("Followers are not known for every row, so reach is not used."))
    if found.extrapolated:
        console.print(_("This post is outside what was learnt from: the range is wider."))
    elif found.at_s < YOUNGEST_S:
        console.print(_("The first minute tells little: ask again later."))
