"""Parquet in and out, a group of rows at a time."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from quivive.listen.records import Record
from quivive.vocabulary.errors import BadFile
from quivive.vocabulary.messages import say
from quivive.wire.archives import Limits
from quivive.wire.jsonlines import Piece

ROWS = 2_000


def records_of(path: Path, limits: Limits) -> Iterator[list[Record]]:
    """Yield rows of a Parquet file, by lists.

    Raises:
        BadFile: damaged, cut, or with groups of rows too large to hold.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as table:
            _refuse_large_groups(table.metadata, limits)
            for batch in table.iter_batches(batch_size=ROWS):
                yield batch.to_pylist()
    except (pa.ArrowException, OSError, ValueError, OverflowError) as trouble:
        raise BadFile(
            say("The Parquet file cannot be read: {reason}.", reason=str(trouble)[:200]),
            say("It is damaged or was cut while it was copied. Fetch it again and import it."),
        ) from trouble


def _refuse_large_groups(metadata: Any, limits: Limits) -> None:
    groups = (metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups))
    largest = max(groups, default=0)
    if largest > limits.group_bytes:
        raise BadFile(
            say("A group of rows of this Parquet file takes {size} MB.", size=largest >> 20),
            say("Write it again with smaller row groups, of 100,000 rows or fewer."),
        )


def pieces_of_parquet(batches: Iterable[list[Record]]) -> Iterator[Piece]:
    """Give each row its number, from 1."""
    for number, record in enumerate(chain.from_iterable(batches), start=1):
        yield number, number, b"", record
