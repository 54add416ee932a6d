"""Ends of jobs that no worker holds: cancelled while waiting, past their deadline, or out of attempts."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from jobs import signals
from jobs.choices import Status

# `only` names the states in which a row may be closed; the fence of a running job is that its lease has run out.
_CLOSE = """
WITH closed AS (
    UPDATE jobs SET status = %(status)s, stage = %(status)s, error = %(error)s, lease_until = NULL,
        dispatched_at = NULL, finished_at = clock_timestamp(),
        expires_at = clock_timestamp() + %(keep)s * interval '1 second'
    WHERE id = ANY(%(ids)s) AND (status = 'queued'
        OR (%(overdue)s AND status = 'processing' AND lease_until < clock_timestamp())
        OR (%(running)s AND status = 'processing'))
    RETURNING id, kind, callback_url, lease_token
), attempt AS (
    UPDATE job_attempts SET finished_at = clock_timestamp(), outcome = %(outcome)s, error = %(error)s
    FROM closed WHERE job_id = closed.id AND token = closed.lease_token AND outcome = 'running'
), logged AS (
    INSERT INTO job_events (job_id, type, data, at)
    SELECT id, %(status)s, %(error)s::jsonb, clock_timestamp() FROM closed
), told AS (
    INSERT INTO webhook_deliveries (job_id, event, url, tries, due_at, last_error)
    SELECT id, %(status)s, callback_url, 0, clock_timestamp(), '' FROM closed WHERE callback_url <> ''
)
SELECT id, kind FROM closed
"""


def close(
    ids: Sequence[UUID],
    status: Status,
    error: Mapping[str, Any],
    *,
    overdue: bool = False,
    running: bool = False,
    outcome: str | None = None,
) -> list[UUID]:
    """Bring waiting jobs to a final state; with `overdue` also those whose lease ran out, with `running` any.

    A worker that still runs one of them finds its fence gone. Return the ids of those that were closed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _CLOSE,
            {
                "ids": list(ids),
                "status": str(status),
                "error": json.dumps(error),
                "overdue": overdue,
                "running": running,
                "outcome": outcome or str(status),
                "keep": settings.MCAI_RESULT_SECONDS,
            },
        )
        rows = cursor.fetchall()
    for _, kind in rows:
        transaction.on_commit(partial(signals.closed.send_robust, None, kind=kind, status=status))
    return [job_id for job_id, _ in rows]
