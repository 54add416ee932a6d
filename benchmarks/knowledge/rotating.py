"""Rotation of 50,000 rows beside the single statement that one would write by hand, in turn, the best of each."""

import time
from collections.abc import Callable

from django.db import transaction

from benchmarks.knowledge.corpora import MIDDLE, execute
from benchmarks.report import Row
from knowledge.archive import archive_restore
from knowledge.models import Dataset
from knowledge.rotation import rotation_run

MOVED, ROUNDS, RATIO = 50_000, 3, 1.3

_BY_HAND = """
WITH moved AS (
    DELETE FROM examples WHERE id IN (
        SELECT id FROM examples WHERE dataset_id = %s ORDER BY created_at, id LIMIT %s
    ) RETURNING *
)
INSERT INTO examples_archive (
    id, dataset_id, content, response, metadata, embedding, embedder, search_vector, content_hash, batch_id,
    revision, created_at, updated_at)
SELECT id, dataset_id, content, response, metadata, embedding, embedder, search_vector, content_hash, batch_id,
       revision, created_at, updated_at
FROM moved"""


def rows() -> list[Row]:
    """Measure on a domain of `MIDDLE` rows; every round restores what it moved, and what it moved is rolled back."""
    dataset = _domain()
    ours, hand = [], []
    for _ in range(ROUNDS):
        hand.append(_rolled_back(lambda: execute(_BY_HAND, dataset.pk, MOVED)))
        ours.append(_rolled_back(lambda: rotation_run(domain="rotated", max_examples=MIDDLE - MOVED)))
    ratio = min(ours) / min(hand)
    rotation_run(domain="rotated", max_examples=MIDDLE - MOVED)
    started = time.perf_counter()
    restored = archive_restore(domain="rotated", actor="benchmark").restored
    restoring = restored / (time.perf_counter() - started)
    execute("DELETE FROM examples WHERE dataset_id = %s", dataset.pk)
    return [
        Row(
            f"rotation of {MOVED:,} rows",
            f"{min(ours):.2f} s, {MOVED / min(ours):,.0f} rows/s",
            f"by hand {min(hand):.2f} s: {ratio:.2f} ×, at most {RATIO}",
            ratio <= RATIO,
        ),
        Row("restoring them", f"{restoring:,.0f} rows/s", "–"),
    ]


def _domain() -> Dataset:
    dataset = Dataset.objects.create(domain_name="rotated")
    execute(
        "INSERT INTO examples (dataset_id, content, response, metadata, created_at) "
        "SELECT %s, content, response, metadata, created_at FROM examples ORDER BY id LIMIT %s",
        dataset.pk,
        MIDDLE,
    )
    execute("VACUUM ANALYZE examples")
    return dataset


def _rolled_back(call: Callable[[], object]) -> float:
    with transaction.atomic():
        started = time.perf_counter()
        call()
        seconds = time.perf_counter() - started
        transaction.set_rollback(True)
    execute("VACUUM examples, examples_archive")
    return seconds
