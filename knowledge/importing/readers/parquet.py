"""Parquet, where pyarrow is installed."""

import io
from collections.abc import Iterator
from typing import Any

from knowledge.importing.issues import FileError, RowError

BATCH_ROWS = 1_000


def read_parquet(stream: io.BufferedReader) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    """Yield each row, numbered from 1.

    Raises
    ------
    FileError
        pyarrow is not installed, or the file is no Parquet.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise FileError("Reading Parquet needs pyarrow, which is not installed.") from error
    try:
        file = pyarrow.parquet.ParquetFile(stream)
    except (pyarrow.ArrowInvalid, OSError) as error:
        raise FileError(f"This is no readable Parquet file: {error}.") from error
    number = 0
    for batch in file.iter_batches(batch_size=BATCH_ROWS):
        for row in batch.to_pylist():
            number += 1
            yield number, {name: value for name, value in row.items() if value is not None}
