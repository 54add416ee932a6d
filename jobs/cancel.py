"""Cancelling and trying again."""

from uuid import UUID

from django.db import connection

from jobs import dependents, dispatch
from jobs.choices import Status
from jobs.closing import close
from jobs.errors import PermanentError

_ASK = """
UPDATE jobs SET cancel_requested = true WHERE id = %(id)s AND status = 'processing' RETURNING true
"""

_AGAIN = """
WITH again AS (
    UPDATE jobs SET status = 'queued', stage = '', error = NULL, result = NULL, finished_at = NULL,
        expires_at = NULL, deadline = NULL, lease_token = NULL, worker = '', cancel_requested = false,
        dispatched_at = NULL, dispatches = 0, max_attempts = attempts + %(attempts)s,
        available_at = clock_timestamp(), sort_at = clock_timestamp()
    WHERE id = %(id)s AND status IN ('failed', 'cancelled')
    RETURNING id, queue
), logged AS (
    INSERT INTO job_events (job_id, type, data, at) SELECT id, 'retried', '{}', clock_timestamp() FROM again
)
SELECT queue FROM again
"""


class NotPossible(PermanentError):
    """The job's state does not allow it."""


def cancel(job_id: UUID) -> Status:
    """Cancel a waiting job at once, or ask the worker of a running one to stop; return the state as it is now.

    Raises `NotPossible` for a job that has ended otherwise.
    """
    error = {"code": "cancelled", "message": "cancelled by its owner"}
    # A job may go from waiting to running, or back, between the two statements: then the next round meets it.
    for _ in range(3):
        if close([job_id], Status.CANCELLED, error):
            dependents.settle(job_id)
            return Status.CANCELLED
        if _ask(job_id):
            return Status.PROCESSING
    return _already(job_id)


def retry(job_id: UUID, attempts: int) -> None:
    """Put a failed or cancelled job back in the queue, with so many further attempts. Raises `NotPossible`."""
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, {"id": job_id, "attempts": attempts})
        row: tuple[str] | None = cursor.fetchone()
    if row is None:
        raise NotPossible(f"the job is {_status(job_id)}; only a failed or cancelled job can be tried again")
    dispatch.fill(row[0])


def _ask(job_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_ASK, {"id": job_id})
        return cursor.fetchone() is not None


def _already(job_id: UUID) -> Status:
    status = _status(job_id)
    if status != Status.CANCELLED:
        raise NotPossible(f"the job is already {status}")
    return status


def _status(job_id: UUID) -> Status:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM jobs WHERE id = %s", [job_id])
        return Status(cursor.fetchone()[0])
