"""Progress of long reading: bytes, rate and remaining time, on standard error."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from quivive.wire.files import Batch


class Reading:
    """Follows batches of one file and counts what could not be read."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        """Start at nothing."""
        self._progress = progress
        self._task = task
        self.quarantined = 0

    def follow(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Yield the batches and move the bar."""
        for batch in batches:
            self.quarantined += len(batch.quarantined)
            self._progress.update(
                self._task, completed=batch.read_bytes, total=batch.total_bytes or None
            )
            yield batch


@contextmanager
def reading(file: Path) -> Iterator[Reading]:
    """Show a bar while a file is read; nothing is drawn where nobody looks."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        yield Reading(bar, bar.add_task(file.name, total=None))
