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
            plain, texts = table.schema_arrow, _texts(table.schema)
        # Texts come as numbers into a list of texts: many rows may share one that is very long.
        with parquet.ParquetFile(path, read_dictionary=texts) as table:
            for batch in table.iter_batches(batch_size=ROWS):
                _refuse_large(sum(map(_size, batch.columns)), limits)
                columns = [*map(_spelt_out, batch.columns, plain.types)]
                yield pa.RecordBatch.from_arrays(columns, names=plain.names).to_pylist()
    except (pa.ArrowException, OSError, ValueError, OverflowError) as trouble:
        raise BadFile(
            say("The Parquet file cannot be read: {reason}.", reason=str(trouble)[:200]),
            say("It is damaged or was cut while it was copied. Fetch it again and import it."),
        ) from trouble


def rows_in(path: Path) -> int:
    """Return how many rows a Parquet file says it holds, of which some were read."""
    from pyarrow import parquet

    return int(parquet.read_metadata(path).num_rows)


def _refuse_large_groups(metadata: Any, limits: Limits) -> None:
    groups = (metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups))
    _refuse_large(max(groups, default=0), limits)


def _refuse_large(size: int, limits: Limits) -> None:
    if size > limits.group_bytes:
        raise BadFile(
            say("A group of rows of this Parquet file takes {size} MB.", size=size >> 20),
            say("Write it again with smaller row groups, of 100,000 rows or fewer."),
        )


def _texts(schema: Any) -> list[str]:
    leaves = map(schema.column, range(len(schema)))
    kinds = {"STRING", "JSON", "ENUM", "NONE"}
    return [
        leaf.path
        for leaf in leaves
        if leaf.physical_type == "BYTE_ARRAY" and leaf.logical_type.type in kinds
    ]


def _spelt_out(column: Any, plain: Any) -> Any:
    """Give each row its own copy of its texts again, which are read many times faster so."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        return column.dictionary_decode()
    try:
        return column if column.type == plain else column.cast(plain)
    except pa.ArrowNotImplementedError:  # a rare kind of list: slower, and the same
        return column


def _size(column: Any) -> int:
    """Return the bytes a column takes once each row has its own copy of its texts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        lengths = pc.binary_length(column.dictionary)
        return pc.sum(pc.take(lengths, column.indices.drop_null())).as_py() or 0
    if pa.types.is_map(kind):
        return _size(column.keys) + _size(column.items)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _size(column.flatten())
    if pa.types.is_struct(kind):
        return sum(map(_size, column.flatten()))
    return int(column.nbytes)


def pieces_of_parquet(batches: Iterable[list[Record]]) -> Iterator[Piece]:
    """Give each row its number, from 1."""
    for number, record in enumerate(chain.from_iterable(batches), start=1):
        yield number, number, b"", record
