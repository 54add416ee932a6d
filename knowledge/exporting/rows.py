"""The examples of a domain as a stream, whose memory and cost a row do not grow."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import connection

from knowledge.interchange import ARCHIVED_COLUMN, COLUMNS
from knowledge.models import Dataset

CHUNK_ROWS = 2_000
BEGINNING = (datetime(1, 1, 1, tzinfo=UTC), 0)

_PAGE = """
SELECT id, content, response, metadata, created_at, updated_at, {archived_at} FROM {table}
WHERE dataset_id = %s AND (created_at, id) > (%s, %s) ORDER BY created_at, id LIMIT %s"""
_LIVE = _PAGE.format(table="examples", archived_at="NULL")
_ARCHIVED = _PAGE.format(table="examples_archive", archived_at="archived_at")

ExportRow = dict[str, Any]
"""The columns of `interchange.COLUMNS`; ``metadata`` is JSON text, the dates are datetimes."""


def rows_of(dataset: Dataset, *, archived: bool = False) -> Iterator[ExportRow]:
    """Yield the domain's examples, the oldest first, and then, if asked for, the archived ones."""
    yield from _pages(_LIVE, dataset)
    if archived:
        yield from _pages(_ARCHIVED, dataset)


def as_json(row: ExportRow) -> bytes:
    """Return a row as one JSON object."""
    return orjson.dumps(row | {"metadata": orjson.Fragment(row["metadata"])})


def _pages(sql: str, dataset: Dataset) -> Iterator[ExportRow]:
    after: tuple[datetime, int] | None = BEGINNING
    while after is not None:
        with connection.cursor() as cursor:
            cursor.execute(sql, [dataset.pk, *after, CHUNK_ROWS])
            found = cursor.fetchall()
        for row in found:
            yield _row(dataset.domain_name, row)
        after = (found[-1][4], found[-1][0]) if len(found) == CHUNK_ROWS else None


def _row(domain: str, found: tuple[Any, ...]) -> ExportRow:
    *values, archived_at = found
    row = dict(zip(COLUMNS, (values[0], domain, *values[1:]), strict=True))
    return row if archived_at is None else row | {ARCHIVED_COLUMN: archived_at}
