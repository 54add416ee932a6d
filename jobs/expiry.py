"""Results are kept for a time; then their files go, and what stays is a summary."""

from uuid import UUID

from django.conf import settings
from django.db import connection

from jobs import artifacts

_EXPIRE = """
WITH old AS (
    SELECT id FROM jobs WHERE status IN ('completed', 'failed', 'cancelled') AND expires_at < clock_timestamp()
    LIMIT 200 FOR UPDATE SKIP LOCKED
), gone AS (
    UPDATE jobs SET status = 'expired', result = NULL, params = '{}',
        stage = jobs.status, expires_at = clock_timestamp() + %(keep)s * interval '1 second'
    FROM old WHERE jobs.id = old.id RETURNING jobs.id
), logged AS (
    INSERT INTO job_events (job_id, type, data, at) SELECT id, 'expired', '{}', clock_timestamp() FROM gone
)
SELECT id FROM gone
"""


def expire_results() -> int:
    """Expire what was kept long enough, files first to go; return how many jobs that were."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, {"keep": settings.MCAI_SUMMARY_SECONDS})
        ids: list[UUID] = [row[0] for row in cursor.fetchall()]
    for job_id in ids:
        artifacts.remove(job_id)
    return len(ids)
