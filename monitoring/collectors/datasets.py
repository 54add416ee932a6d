"""What is curated: sums over all domains, whose names are users' and so no labels."""

from collections.abc import Iterator

from django.db import connection
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from knowledge.models.dataset import DEFAULT_MAX_EXAMPLES

_SUMS = """
SELECT count(*), coalesce(sum(example_count), 0), coalesce(sum(archived_count), 0), coalesce(sum(embedded_count), 0),
    coalesce(sum(content_bytes), 0),
    count(*) FILTER (WHERE NOT rotation_exempt AND example_count > coalesce(max_examples, %s)),
    pg_total_relation_size('example_history')
FROM datasets
"""

_LAST = """
SELECT extract(epoch FROM finished_at)::float FROM jobs
WHERE kind = %s AND status = 'completed' ORDER BY finished_at DESC LIMIT 1
"""

_NAMES = (
    ("mc_ai_datasets", "Domains."),
    ("mc_ai_examples", "Examples in use."),
    ("mc_ai_examples_archived", "Examples in the archive."),
    ("mc_ai_examples_embedded", "Examples with an embedding."),
    ("mc_ai_examples_bytes", "Bytes of the examples' text."),
    ("mc_ai_datasets_over_limit", "Domains with more examples than rotation will leave."),
    ("mc_ai_history_bytes", "Bytes on disk of the examples' former states."),
)


def read() -> Iterator[Metric]:
    """Yield sizes, and when rotation and import last ended well."""
    last = GaugeMetricFamily(
        "mc_ai_last_success_timestamp_seconds", "When such a job last ended well.", labels=["kind"]
    )
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [DEFAULT_MAX_EXAMPLES])
        sums = cursor.fetchone()
        for kind in ("rotation", "import"):
            cursor.execute(_LAST, [kind])
            for (moment,) in cursor.fetchall():
                last.add_metric([kind], moment)
    for (name, text), value in zip(_NAMES, sums, strict=True):
        yield GaugeMetricFamily(name, text, float(value))
    yield last
