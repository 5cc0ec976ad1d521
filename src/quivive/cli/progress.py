"""Progress of long reading: bytes, rate and remaining time, on standard error."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from quivive.cli.speech import spoken
from quivive.vocabulary.messages import say, say_many
from quivive.wire.files import Batch, Quarantined

_TOLD = 3
"""Reasons that are told, the most frequent first."""


class Reading:
    """Follows batches of one file and counts what could not be read."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        """Start at nothing."""
        self._progress = progress
        self._task = task
        self.quarantined = 0
        self._alike: dict[tuple[str, str], int] = {}
        self._first: dict[tuple[str, str], Quarantined] = {}

    def follow(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Yield the batches and move the bar."""
        for batch in batches:
            for bad in batch.quarantined:
                self._remember(bad)
            self._progress.update(
                self._task, completed=batch.read_bytes, total=batch.total_bytes or None
            )
            yield batch

    def _remember(self, bad: Quarantined) -> None:
        reason = (bad.what.text, bad.field)
        self.quarantined += 1
        self._alike[reason] = self._alike.get(reason, 0) + 1
        self._first.setdefault(reason, bad)

    def tell_reasons(self, console: Console) -> None:
        """Say why lines could not be read: a line of each kind, and how many are like it."""
        for reason in sorted(self._alike, key=lambda one: -self._alike[one])[:_TOLD]:
            first, others = self._first[reason], self._alike[reason] - 1
            place = say("Line {line}:", line=str(first.line))
            if others:
                place = say_many(
                    "Line {line}, and {count} more like it:",
                    "Line {line}, and {count} more like it:",
                    others,
                    line=str(first.line),
                )
            console.print(f"{spoken(place)} {spoken(first.what)}", markup=False, style="yellow")


@contextmanager
def reading(file: Path) -> Iterator[Reading]:
    """Show a bar while a file is read; nothing is drawn where nobody looks."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        reader = Reading(bar, bar.add_task(file.name, total=None))
        yield reader
    reader.tell_reasons(console)


def turns(name: str, count: int, *, each: int) -> Iterator[int]:
    """Yield where each turn of ``each`` things begins, and show how far that is."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task(name, total=count)
        for first in range(0, count, each):
            yield first
            bar.advance(task, min(each, count - first))
