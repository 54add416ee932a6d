"""Results are kept for a time; then their files go, and what stays is a summary."""

import time
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import connection

from jobs import artifacts
from jobs.choices import Status

_ORPHAN_SECONDS = 86_400

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


def sweep_orphans(shards: Iterable[int]) -> int:
    """Remove what a death left behind: files of expired jobs, and uploads whose job was never accepted.

    An upload without a row is given a day; made files without a row are not touched, they tell of a wrong database.
    """
    removed = 0
    for shard in shards:
        made, sent = artifacts.left_in(shard, time.time() - _ORPHAN_SECONDS)
        statuses = _statuses({*made, *sent})
        orphans = {job_id for job_id in (*made, *sent) if statuses.get(job_id) == Status.EXPIRED}
        orphans.update(job_id for job_id in sent if job_id not in statuses)
        for job_id in orphans:
            artifacts.remove(job_id)
        removed += len(orphans)
    return removed


def _statuses(ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status FROM jobs WHERE id = ANY(%s)", [list(ids)])
        return dict(cursor.fetchall())
