"""The lease: a worker's fenced hold on a job.

Every statement names the row by id *and* token, so that one who lost the lease changes nothing, and takes its time
from the database, so that a worker's clock counts for nothing. Each writes the job, its attempt and its event log
in one round trip.

A claim and a beat do not wait for the disk: a database that crashes over one forgets it, the job is then waiting, or
its lease shorter, and the fence does the rest. A submission and an end do wait: they were told to somebody.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connections

from jobs.caps import caps
from jobs.choices import Outcome, Status
from jobs.statements import Statement


@dataclass(frozen=True, slots=True)
class Lease:
    """What a claim gives: the job's matter, and the token that fences it."""

    job_id: UUID
    token: UUID
    kind: str
    queue: str
    params: dict[str, Any]
    attempt: int
    max_attempts: int
    time_limit: int
    owner_id: int
    others_wait: bool
    waited: float = 0.0
    request_id: str = ""
    traceparent: str = ""


_CLAIM = Statement(
    "claim",
    """
WITH claimed AS (
    UPDATE jobs SET status = 'processing', attempts = attempts + 1, lease_token = %(token)s,
        lease_until = clock_timestamp() + %(lease)s * interval '1 second', worker = %(worker)s,
        started_at = coalesce(started_at, clock_timestamp()), stage = 'started', dispatched_at = NULL
    WHERE id = %(id)s AND status = 'queued' AND waiting_on = 0 AND available_at <= clock_timestamp()
    RETURNING id, kind, queue, params, attempts, max_attempts, time_limit, owner_id, request_id, traceparent,
        extract(epoch FROM clock_timestamp() - available_at)::float AS waited
), attempt AS (
    INSERT INTO job_attempts (job_id, number, token, worker, started_at, outcome)
    SELECT id, attempts, %(token)s, %(worker)s, clock_timestamp(), 'running' FROM claimed
), logged AS (
    INSERT INTO job_events (job_id, type, data, at)
    SELECT id, 'processing', jsonb_build_object('attempt', attempts), clock_timestamp() FROM claimed
)
SELECT kind, queue, params::text, attempts, max_attempts, time_limit, owner_id,
       EXISTS (SELECT FROM jobs w WHERE w.queue = claimed.queue AND w.status = 'queued' AND w.dispatched_at IS NULL
               AND NOT w.capped),
       waited, request_id, traceparent, set_config('synchronous_commit', 'off', true)
FROM claimed
""",
)

# The same where kinds have caps. Most systems have none, and need not pay for the question.
_CLAIM_CAPPED = Statement(
    "claim_capped",
    _CLAIM.sql.replace(
        "AND available_at <= clock_timestamp()",
        """AND available_at <= clock_timestamp()
      AND (NOT %(caps)s::jsonb ? kind OR jobs_slot_free(kind, (%(caps)s::jsonb ->> kind)::int))""",
    ).replace(
        "AND NOT w.capped)",
        """AND NOT w.capped)
       OR EXISTS (SELECT FROM jobs w WHERE w.queue = claimed.queue AND w.status = 'queued' AND w.dispatched_at IS NULL
                  AND w.capped)""",
    ),
)

_BEAT = Statement(
    "beat",
    """
WITH held AS (
    UPDATE jobs SET lease_until = clock_timestamp() + %(lease)s * interval '1 second',
        progress = greatest(progress, %(progress)s), stage = %(stage)s
    WHERE id = %(id)s AND lease_token = %(token)s AND status = 'processing'
    RETURNING id, cancel_requested, progress
), logged AS (
    INSERT INTO job_events (job_id, type, data, at)
    SELECT id, 'progress', jsonb_build_object('progress', progress, 'stage', %(stage)s::text), clock_timestamp()
    FROM held WHERE %(log)s
)
SELECT cancel_requested, set_config('synchronous_commit', 'off', true) FROM held
""",
)

_END = Statement(
    "end",
    """
WITH ended AS (
    UPDATE jobs SET status = %(status)s, result = %(result)s, error = %(error)s, stage = %(stage)s,
        progress = CASE WHEN %(status)s = 'completed' THEN 100 ELSE progress END,
        lease_until = NULL, finished_at = clock_timestamp(),
        expires_at = clock_timestamp() + %(keep)s * interval '1 second'
    WHERE id = %(id)s AND lease_token = %(token)s AND status = 'processing'
    RETURNING id, callback_url
), attempt AS (
    UPDATE job_attempts SET finished_at = clock_timestamp(), outcome = %(outcome)s, error = %(error)s
    FROM ended WHERE job_id = ended.id AND token = %(token)s
), logged AS (
    INSERT INTO job_events (job_id, type, data, at)
    SELECT id, %(status)s, coalesce(%(error)s::jsonb, '{}'), clock_timestamp() FROM ended
), told AS (
    INSERT INTO webhook_deliveries (job_id, event, url, tries, due_at, last_error)
    SELECT id, %(status)s, callback_url, 0, clock_timestamp(), '' FROM ended WHERE callback_url <> ''
)
SELECT EXISTS (SELECT FROM job_dependencies d WHERE d.on_id = ended.id) FROM ended
""",
)

_BACK = Statement(
    "back",
    """
WITH back AS (
    UPDATE jobs SET status = 'queued', stage = '', lease_token = NULL, lease_until = NULL, worker = '',
        dispatched_at = NULL, max_attempts = max_attempts + %(grace)s,
        available_at = clock_timestamp() + %(delay)s * interval '1 second'
    WHERE id = %(id)s AND lease_token = %(token)s AND status = 'processing'
    RETURNING id
), attempt AS (
    UPDATE job_attempts SET finished_at = clock_timestamp(), outcome = %(outcome)s, error = %(error)s
    FROM back WHERE job_id = back.id AND token = %(token)s
), logged AS (
    INSERT INTO job_events (job_id, type, data, at)
    SELECT id, 'requeued', jsonb_build_object('why', %(outcome)s::text, 'delay', %(delay)s::float), clock_timestamp()
    FROM back
)
SELECT true FROM back
""",
)


def claim(job_id: UUID, worker: str) -> Lease | None:
    """Take a waiting job for `worker`, or return None where there is nothing to take: walk away then."""
    token = uuid4()
    given = {"id": job_id, "token": token, "worker": worker, "lease": settings.MCAI_LEASE_SECONDS}
    capped = caps()
    row = _CLAIM_CAPPED.one(given | {"caps": json.dumps(capped)}) if capped else _CLAIM.one(given)
    if row is None:
        return None
    kind, queue, params, *rest, _ = row
    return Lease(job_id, token, kind, queue, json.loads(params), *rest)


def beat(lease: Lease, *, progress: int, stage: str, log: bool, using: str = "default") -> bool | None:
    """Prolong the lease and note the progress. Return whether cancel was asked for; None when the lease is lost."""
    row = _BEAT.one(
        {
            "id": lease.job_id,
            "token": lease.token,
            "lease": settings.MCAI_LEASE_SECONDS,
            "progress": progress,
            "stage": stage[:100],
            "log": log,
        },
        using,
    )
    return None if row is None else bool(row[0])


def end(
    lease: Lease,
    status: Status,
    *,
    result: Mapping[str, Any] | None = None,
    error: Mapping[str, Any] | None = None,
) -> bool | None:
    """Bring the job to a final state. Return whether others wait for it; None when the lease is lost."""
    row = _END.one(
        {
            "id": lease.job_id,
            "token": lease.token,
            "status": str(status),
            "stage": str(status),
            "result": None if result is None else json.dumps(result),
            "error": None if error is None else json.dumps(error),
            "outcome": str(Outcome(str(status))),
            "keep": settings.MCAI_RESULT_SECONDS,
        },
    )
    return None if row is None else bool(row[0])


def give_back(lease: Lease, outcome: Outcome, *, delay: float = 0.0, error: Mapping[str, Any] | None = None) -> bool:
    """Put the job back in the queue, available after `delay` seconds. Say whether the lease still held.

    A job that is released (its worker was told to stop) gets the attempt back: that was no fault of the job.
    """
    row = _BACK.one(
        {
            "id": lease.job_id,
            "token": lease.token,
            "outcome": str(outcome),
            "delay": delay,
            "grace": 1 if outcome == Outcome.RELEASED else 0,
            "error": None if error is None else json.dumps(error),
        },
    )
    return row is not None


def add_to_result(lease: Lease, extra: Mapping[str, Any]) -> None:
    """Join `extra` to the result that this lease has just written, in the same transaction."""
    if extra:
        _one(
            "UPDATE jobs SET result = result || %(extra)s WHERE id = %(id)s AND lease_token = %(token)s RETURNING true",
            {"id": lease.job_id, "token": lease.token, "extra": json.dumps(extra)},
        )


def ended_with(lease: Lease) -> str | None:
    """Return the status that this very lease brought the job to, for one who never saw its commit answered."""
    row = _one(
        "SELECT status FROM jobs WHERE id = %(id)s AND lease_token = %(token)s AND lease_until IS NULL",
        {"id": lease.job_id, "token": lease.token},
    )
    return None if row is None else str(row[0])


def _one(sql: str, params: Mapping[str, Any], using: str = "default") -> tuple[Any, ...] | None:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, params)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row
