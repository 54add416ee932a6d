"""The staging table: rows on their way in, outside of every lock, by COPY."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg2 import DatabaseError

from knowledge.importing.issues import Issues
from knowledge.importing.making import Row
from knowledge.importing.options import ImportOptions

CHUNK_BYTES = 1 << 17
COLUMNS = "file, line, domain, content, response, metadata, example_id, created_at, updated_at, archived_at"

# Unlogged: what a crash empties, the job that runs again fills again.
# One table an import: dropping it leaves no dead rows.
_CREATE = """
CREATE UNLOGGED TABLE {table} (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    file integer NOT NULL, line bigint NOT NULL, domain text NOT NULL,
    content text NOT NULL, response text NOT NULL, metadata jsonb NOT NULL,
    example_id bigint, created_at timestamptz, updated_at timestamptz, archived_at timestamptz
)"""
_ORPHANS = """
SELECT c.relname FROM pg_class c
WHERE c.relkind = 'r' AND c.relname LIKE 'import\\_staging\\_%' AND pg_table_is_visible(c.oid) AND NOT EXISTS (
    SELECT FROM import_batches b
    WHERE b.id::text = split_part(c.relname, '_', 3) AND b.status = 'running'
      AND b.created_at > now() - interval '1 day'
)"""

_ABANDONED = """
UPDATE import_batches SET status = 'failed', finished_at = now()
WHERE status = 'running' AND created_at < now() - interval '1 day'"""

Staged = tuple[int, int, Row]
"""The index of the file, the line, the row."""


@dataclass(slots=True)
class Staging:
    """An import that was read and waits to be applied."""

    batch: int
    table: str
    options: ImportOptions
    actor: str
    issues: Issues
    file_names: list[str] = field(default_factory=list)
    read: int = 0
    staged: int = 0
    domains: set[str] = field(default_factory=set)
    headers: dict[str, dict[str, Any]] = field(default_factory=dict)
    has_ids: bool = False
    has_archived: bool = False
    refused_files: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def note(self, row: Row) -> None:
        """Count a row that goes into the table."""
        self.staged += 1
        self.domains.add(row.domain)
        self.has_ids = self.has_ids or row.id is not None
        self.has_archived = self.has_archived or row.archived_at is not None


def staging_create(batch: int) -> str:
    """Make a staging table for this attempt at the import and return its name."""
    table = f"import_staging_{batch}_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(_CREATE.format(table=table))
    return table


def staging_drop(table: str) -> None:
    """Drop a staging table."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")


def staging_sweep() -> None:
    """Drop the staging tables that killed imports left behind, and give up imports that nobody finished in a day."""
    with connection.cursor() as cursor:
        cursor.execute(_ABANDONED)
        cursor.execute(_ORPHANS)
        for (table,) in cursor.fetchall():
            staging_drop(table)


def staging_fill(table: str, rows: Iterable[Staged]) -> None:
    """COPY the rows into the staging table, in chunks as they come."""
    chunks = _Chunks(rows)
    with connection.cursor() as cursor:
        try:
            cursor.copy_expert(f"COPY {table} ({COLUMNS}) FROM STDIN", chunks, CHUNK_BYTES)
        except DatabaseError:
            if chunks.failure is None:
                raise
            raise chunks.failure from None


def staging_forget(table: str, file: int) -> int:
    """Take out what a file brought in and return how many rows that was."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE file = %s", [file])  # noqa: S608
        return int(cursor.rowcount)


class _Chunks:
    """A readable file over rows in COPY's text format."""

    def __init__(self, rows: Iterable[Staged]) -> None:
        self.failure: BaseException | None = None
        self._chunks = _chunks(rows)

    def read(self, size: int = -1) -> bytes:
        """Return the next chunk; the driver would tell of an error by its text alone, so it is kept."""
        try:
            return next(self._chunks, b"")
        except BaseException as error:
            self.failure = error
            raise


def _chunks(rows: Iterable[Staged]) -> Iterator[bytes]:
    lines: list[str] = []
    size = 0
    for row in rows:
        lines.append(_line(*row))
        size += len(lines[-1])
        if size > CHUNK_BYTES:
            yield "".join(lines).encode()
            lines, size = [], 0
    if lines:
        yield "".join(lines).encode()


def _line(file: int, line: int, row: Row) -> str:
    texts = (_escaped(row.domain), _escaped(row.content), _escaped(row.response), _escaped(row.metadata))
    rest = (str(row.id or r"\N"), row.created_at or r"\N", row.updated_at or r"\N", row.archived_at or r"\N")
    return "\t".join((str(file), str(line), *texts, *rest)) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
