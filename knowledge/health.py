"""How a domain is: its growth, lengths, emotions, duplicates, and what is archived. Costs are bounded.

Growth comes from the index by age; lengths and emotions from the newest 20,000 examples.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from knowledge.models import Dataset

SAMPLE = 20_000
BUCKETS = 40

_GROWTH = """
WITH span AS (
    SELECT min(created_at) AS first, max(created_at) AS last FROM examples WHERE dataset_id = %(dataset)s
), buckets AS (
    SELECT width_bucket(extract(epoch FROM created_at), extract(epoch FROM first),
                        extract(epoch FROM last) + 1, %(buckets)s) AS bucket
    FROM examples, span WHERE dataset_id = %(dataset)s
)
SELECT first + (bucket - 0.5) / %(buckets)s * (last - first), count(*)
FROM buckets, span GROUP BY bucket, first, last ORDER BY bucket"""

_NEWEST = """
SELECT content, response, metadata FROM examples WHERE dataset_id = %(dataset)s
ORDER BY created_at DESC, id DESC LIMIT %(sample)s"""

_LENGTHS = f"""
SELECT floor(log(2, greatest(length(content) + length(response), 1)))::int AS power, count(*)
FROM ({_NEWEST}) newest GROUP BY power ORDER BY power"""  # noqa: S608

# One emotion, or a list of them: an example counts once for each.
_EMOTIONS = f"""
SELECT emotion, count(*) FROM ({_NEWEST}) newest, LATERAL (
    SELECT metadata->>'emotion' AS emotion WHERE jsonb_typeof(metadata->'emotion') = 'string'
    UNION
    SELECT jsonb_array_elements_text(metadata->'emotions') WHERE jsonb_typeof(metadata->'emotions') = 'array'
) named GROUP BY emotion ORDER BY count(*) DESC, emotion LIMIT 12"""  # noqa: S608

_CAUGHT = """
SELECT created_at, duplicates FROM import_batches
WHERE status = 'applied' AND domains @> jsonb_build_array(%(name)s::text) ORDER BY id DESC LIMIT %(buckets)s"""


@dataclass(frozen=True, slots=True)
class Health:
    """What the pictures of a domain show: label and count of each bar; shares add up to the domain and its archive."""

    growth: list[tuple[str, int]]
    lengths: list[tuple[str, int]]
    emotions: list[tuple[str, int]]
    duplicates: list[tuple[str, int]]
    shares: list[tuple[str, int]]


def dataset_health(dataset: Dataset) -> Health:
    """Return the figures of one domain."""
    values = {"dataset": dataset.pk, "name": dataset.domain_name, "buckets": BUCKETS, "sample": SAMPLE}
    total = 0
    growth = []
    for moment, count in _rows(_GROWTH, values):
        total += count
        growth.append((f"{moment:%Y-%m-%d}", total))
    return Health(
        growth=growth,
        lengths=[(f"{2**power:,}–{2 ** (power + 1) - 1:,}", count) for power, count in _rows(_LENGTHS, values)],
        emotions=_rows(_EMOTIONS, values),
        duplicates=[(f"{moment:%Y-%m-%d}", count) for moment, count in reversed(_rows(_CAUGHT, values))],
        shares=[("live", dataset.example_count), ("archived", dataset.archived_count)],
    )


def _rows(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
