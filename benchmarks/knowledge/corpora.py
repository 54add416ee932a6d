"""Corpora on disk, and the store filled with them."""

import os
import tempfile
from pathlib import Path

import orjson
from django.db import connection

from knowledge.corpus import corpus

SMALL, MIDDLE = 10_000, 100_000
LARGE = int(os.environ.get("MCAI_BENCH_EXAMPLES", "1000000"))


def corpus_file(examples: int, seed: int) -> Path:
    """Write a synthetic corpus as JSONL and return its path."""
    path = Path(tempfile.mkdtemp(prefix="mcai-bench-")) / f"synthetic-{examples}.jsonl"
    with path.open("wb") as out:
        for record in corpus(examples=examples, seed=seed):
            out.write(orjson.dumps(record) + b"\n")
    return path


def execute(sql: str, *values: object) -> list[tuple[object, ...]]:
    """Execute a statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall()) if cursor.description else []


def empty() -> None:
    """Empty the store."""
    execute("TRUNCATE datasets, examples, examples_archive, example_history, import_batches CASCADE")
