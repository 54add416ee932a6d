"""The formats that examples leave in."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any

import orjson

from knowledge.errors import KnowledgeError
from knowledge.exporting.rows import ExportRow, as_json
from knowledge.interchange import ARCHIVED_COLUMN, COLUMNS, guard
from knowledge.models import Dataset

PARQUET_ROWS = 5_000

Writer = Callable[[IO[bytes], Sequence[Dataset], Iterable[ExportRow]], None]


def write_jsonl(out: IO[bytes], datasets: Sequence[Dataset], rows: Iterable[ExportRow]) -> None:
    """Write an object a line."""
    for row in rows:
        out.write(as_json(row))
        out.write(b"\n")


def write_json(out: IO[bytes], datasets: Sequence[Dataset], rows: Iterable[ExportRow]) -> None:
    """Write one document: what is known of the domain, and its examples, one a line.

    Raises
    ------
    KnowledgeError
        There is more than one domain: a document describes one.
    """
    if len(datasets) != 1:
        raise KnowledgeError("format", "A JSON document holds one domain; name one, or take jsonl, csv or parquet.")
    head = orjson.dumps(header(datasets[0]))
    out.write(head[:-1] + b',"examples":[')
    for index, row in enumerate(rows):
        out.write(b",\n" if index else b"\n")
        out.write(as_json(row))
    out.write(b"\n]}\n")


def write_csv(out: IO[bytes], datasets: Sequence[Dataset], rows: Iterable[ExportRow]) -> None:
    """Write a table; no cell of it is a formula to a spreadsheet."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    table = csv.writer(text)
    table.writerow([*COLUMNS, ARCHIVED_COLUMN])
    table.writerows(_cells(row) for row in rows)
    text.detach()


def write_parquet(out: IO[bytes], datasets: Sequence[Dataset], rows: Iterable[ExportRow]) -> None:
    """Write a Parquet file.

    Raises
    ------
    KnowledgeError
        pyarrow is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise KnowledgeError("format", "Parquet needs pyarrow, which is not installed.") from error
    moment = pyarrow.timestamp("us", tz="UTC")
    types = [pyarrow.int64(), *[pyarrow.string()] * 4, *[moment] * 3]
    schema = pyarrow.schema(list(zip([*COLUMNS, ARCHIVED_COLUMN], types, strict=True)))
    stream = iter(rows)
    with pyarrow.parquet.ParquetWriter(out, schema) as writer:
        while chunk := list(islice(stream, PARQUET_ROWS)):
            writer.write_table(pyarrow.Table.from_pylist(chunk, schema))


def header(dataset: Dataset) -> dict[str, Any]:
    """Return what is known of a domain, as the JSON format has it before the examples."""
    return {
        "domain": dataset.domain_name,
        "version": dataset.version,
        "metadata": dataset.metadata,
        "max_examples": dataset.max_examples,
        "rotation_exempt": dataset.rotation_exempt,
        "created_at": dataset.created_at,
    }


def _cells(row: ExportRow) -> Iterator[str]:
    for name in COLUMNS:
        value = row[name]
        yield guard(value) if isinstance(value, str) else str(value if name == "id" else value.isoformat())
    archived = row.get(ARCHIVED_COLUMN)
    yield "" if archived is None else archived.isoformat()


WRITERS: dict[str, Writer] = {
    "json": write_json,
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
}
MEDIA_TYPES = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
