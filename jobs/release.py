"""Giving back at once what a dying process held, without waiting for its lease to run out."""

from typing import Any
from uuid import UUID

from django.db import connection

from jobs.choices import Outcome

_LAPSE = """
UPDATE jobs SET lease_until = clock_timestamp() - interval '1 second'
WHERE id = %(id)s AND worker = %(worker)s AND status = 'processing'
"""

_RELEASE = """
WITH held AS (
    SELECT id, lease_token FROM jobs
    WHERE status = 'processing' AND starts_with(worker, %(prefix)s) FOR UPDATE SKIP LOCKED
), released AS (
    UPDATE jobs SET status = 'queued', stage = '', lease_token = NULL, lease_until = NULL, worker = '',
        dispatched_at = NULL, max_attempts = max_attempts + 1, available_at = clock_timestamp()
    FROM held WHERE jobs.id = held.id RETURNING jobs.id
), attempt AS (
    UPDATE job_attempts SET finished_at = clock_timestamp(), outcome = %(outcome)s
    FROM held WHERE job_id = held.id AND token = held.lease_token
), logged AS (
    INSERT INTO job_events (job_id, type, data, at)
    SELECT id, 'requeued', jsonb_build_object('why', %(outcome)s::text, 'delay', 0), clock_timestamp() FROM released
)
SELECT count(*) FROM released
"""


def release_lost(job_id: UUID, worker: str) -> None:
    """Let the lease that a dead process held on the job lapse now; the reconciler requeues or fails the job."""
    _execute(_LAPSE, {"id": job_id, "worker": worker})


def release_all(prefix: str) -> None:
    """Put back what the children of a worker that is told to stop still hold; the attempt is not counted."""
    _execute(_RELEASE, {"prefix": prefix, "outcome": str(Outcome.RELEASED)})


def _execute(sql: str, params: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
