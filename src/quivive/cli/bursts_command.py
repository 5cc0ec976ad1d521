"""``quivive bursts``: what would have rung in a series of counts, row by row."""

import csv
import sys
from pathlib import Path
from typing import Annotated, TextIO
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console
from rich.progress import track

from quivive.cli.counts import COLUMNS, Row, Wanted, read_series
from quivive.cli.speech import gettext as _
from quivive.cli.zones import known_zone

OUT = (*COLUMNS, "expected", "score", "alarm")
ACCEPTED = 0.4
"""False alarms a week: one series read on purpose may ring more easily than topics that wake."""
ROWS_A_FALSE_ALARM = 100
"""Where rows are days or weeks, that would be every other row: a hundredth of them at most."""
MANY_ROWS = 5_000
"""More rows than this take long enough for a progress bar."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bursts", help=_("Find bursts in a series of counts, strictly online."))(bursts)


def bursts(
    series: Annotated[
        Path, typer.Argument(help=_("CSV with the columns timestamp,value."), show_default=False)
    ],
    as_json: Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))] = False,
    false_alarms_per_week: Annotated[
        float | None,
        typer.Option(
            help=_("False alarms a week you accept; unless told 0.4, and one row in 100 at most."),
            min=0.001,
            max=50,
            show_default=False,
        ),
    ] = None,
    minimum: Annotated[
        int, typer.Option(help=_("Fewest posts of a window that can ring."), min=1)
    ] = 4,
    column: Annotated[
        str, typer.Option(help=_("Column of the counts, if it is not value."), show_default=False)
    ] = "",
    zone: Annotated[
        str,
        typer.Option(
            help=_("Zone people live by, and of times that do not tell theirs."),
            callback=known_zone,
        ),
    ] = "UTC",
) -> None:
    """Read the series in order; a row's answer depends on no later row."""
    from quivive.detect.bursts import BurstSettings
    from quivive.detect.series import SeriesWatch

    rows = read_series(series, Wanted(column, zone))
    asked = false_alarms_per_week is not None
    accepted = false_alarms_per_week if false_alarms_per_week is not None else ACCEPTED
    rarest = 0 if asked else ROWS_A_FALSE_ALARM
    setting = BurstSettings(accepted, minimum)
    watch = SeriesWatch(setting, rows_a_false_alarm=rarest, zone=ZoneInfo(zone))
    printer = _Printer(sys.stdout, as_json=as_json)
    console = Console(stderr=True)
    quiet = len(rows) < MANY_ROWS or not console.is_terminal
    for row in track(rows, _("Reading"), console=console, transient=True, disable=quiet):
        count = None if row.number is None else round(row.number)
        seen = watch.read(row.at, count)
        printer.put(row, count, (round(seen.expected, 3), round(seen.score, 3), int(seen.alarm)))
    if any(row.number is not None and row.number % 1 for row in rows):
        console.print(_("Counts are whole: values with decimals were rounded."))


class _Printer:
    """Writes one line out for each row in."""

    def __init__(self, out: TextIO, *, as_json: bool) -> None:
        self._out = out
        self._table = None if as_json else csv.writer(out, lineterminator="\n")
        if self._table:
            self._table.writerow(OUT)

    def put(self, row: Row, count: int | None, found: tuple[float, float, int]) -> None:
        """Write one row."""
        if self._table:
            self._table.writerow((row.timestamp, row.value, *found))
            return
        values = (row.timestamp, count, *found)
        line = msgspec.json.encode(dict(zip(OUT, values, strict=True))).decode()
        self._out.write(f"{line}\n")
