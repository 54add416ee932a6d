"""Accepting a job: one INSERT, whose commit on the disk is the acceptance.

A disk takes longer over a commit than a worker over a small job, so a worker is called before the disk has answered:
the INSERT commits without waiting, the message goes out, and only then does the submitter wait. The log is written in
order: what the worker commits is on the disk only after the job is. A database that crashes in between forgets both,
and the submitter, never answered, is told of the fault.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NoReturn
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from uuid_utils.compat import uuid7

from jobs import admission, fallback, publisher, registry, signals
from jobs.backlog import Backlog
from jobs.caps import cap_of
from jobs.choices import Tier
from jobs.context import request_id_var
from jobs.errors import InvalidParams, TransientError
from jobs.statements import Statement
from jobs.tracing import trace_var


class IdempotencyConflict(InvalidParams):
    """The idempotency key was used before, for another request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A request for a job, already validated by its kind.

    One that is ``guarded`` is refused where it would wait too long; what the system submits to itself is not.
    """

    kind: str
    params: Mapping[str, Any]
    owner_id: int
    tier: int = Tier.STANDARD
    idempotency_key: str | None = None
    request_hash: bytes | None = None
    callback_url: str = ""
    deadline: datetime | None = None
    after: Sequence[UUID] = ()
    guarded: bool = False
    job_id: UUID = field(default_factory=uuid7)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The answer to a submission; ``replayed`` when an earlier one with the same key is answered again."""

    job_id: UUID
    replayed: bool = False


# A job's place among the waiting ones: now, put back by its tier, and behind what the same owner already has
# waiting there by a fixed step each. Fixed numbers, so that time alone brings every job to the front. One whose place
# would be behind the cut is not let in (`jobs.admission`).
_INSERT = Statement(
    "submit",
    """
WITH new AS (
    INSERT INTO jobs (id, kind, queue, status, owner_id, tier, params, idempotency_key, request_hash,
                      progress, stage, attempts, max_attempts, time_limit, worker, cancel_requested,
                      available_at, sort_at, dispatched_at, dispatches, waiting_on, deadline, callback_url, created_at,
                      request_id, traceparent, capped)
    SELECT %(id)s, %(kind)s, %(queue)s, 'queued', %(owner)s, %(tier)s, %(params)s, %(key)s, %(hash)s,
           0, '', 0, %(max_attempts)s, %(time_limit)s, '', false,
           now.t, now.place,
           CASE WHEN %(waiting_on)s = 0 AND (
               SELECT count(*) FROM jobs WHERE queue = %(queue)s AND status = 'queued' AND dispatched_at IS NOT NULL
               ) < %(window)s AND (%(cap)s::int IS NULL OR %(cap)s::int > (
               SELECT count(*) FROM jobs WHERE kind = %(kind)s AND status = 'processing'
               ) + (
               SELECT count(*) FROM jobs
               WHERE queue = %(queue)s AND kind = %(kind)s AND status = 'queued' AND dispatched_at IS NOT NULL
               )) THEN now.t END,
           0, %(waiting_on)s, %(deadline)s, %(callback_url)s, now.t,
           %(request_id)s, %(traceparent)s, %(cap)s::int IS NOT NULL
    FROM (
        SELECT t, greatest(t + %(penalty)s * interval '1 second',
                           (SELECT max(sort_at) + %(step)s * interval '1 second' FROM jobs
                            WHERE owner_id = %(owner)s AND queue = %(queue)s AND tier = %(tier)s
                              AND status = 'queued')) AS place
        FROM (SELECT clock_timestamp() AS t) AS clock OFFSET 0
    ) AS now
    WHERE now.place <= to_timestamp(%(cut)s)
    ON CONFLICT (owner_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING id, dispatched_at, created_at
), logged AS (
    INSERT INTO job_events (job_id, type, data, at) SELECT id, 'queued', '{}', created_at FROM new
)
SELECT dispatched_at IS NOT NULL,
       CASE WHEN %(ahead)s AND dispatched_at IS NOT NULL THEN set_config('synchronous_commit', 'off', true) END
FROM new
""",
)

# Writes a record to the log and waits, as the session's own ``synchronous_commit`` says, until the disk has it and
# so all that came before it.
_FLUSH = "SELECT pg_logical_emit_message(true, 'mcai', '')"


def submit(submission: Submission) -> Accepted:
    """Accept a job and, once its row is committed, let the workers know.

    Raises `IdempotencyConflict`, and for a guarded one `jobs.admission.QueueFull`. What was accepted before under the
    same idempotency key is answered again, however long the queue.
    """
    kind = registry.get(submission.kind)
    seen = admission.look(kind.queue, kind.name) if submission.guarded else None
    ahead = not (submission.after or connection.in_atomic_block)  # one statement, in a transaction of its own
    with transaction.atomic() if submission.after else nullcontext():
        waiting_on = _lock_unfinished(submission.after)
        dispatched = _insert(submission, kind, len(waiting_on), seen.cut if seen else math.inf, ahead)
        if dispatched is None:
            return _earlier(submission) or _not_let_in(submission, kind, seen)
        _depend(submission.job_id, waiting_on)
    transaction.on_commit(partial(signals.submitted.send_robust, None, kind=kind.name))
    if dispatched:
        message = (submission.job_id, kind.name, kind.queue, kind.time_limit)
        transaction.on_commit(partial(announce, message))
    if dispatched and ahead:
        _wait_for_disk()
    return Accepted(submission.job_id)


def announce(message: tuple[UUID, str, str, int]) -> None:
    """Tell the broker of a committed job; while it is away, let this process work."""
    if not publisher.publish([message]):
        fallback.wake()


def fingerprint(kind: str, body: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of a request in canonical JSON, by which an idempotency key knows its own."""
    canonical = json.dumps([kind, body], sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).digest()


def _insert(submission: Submission, kind: registry.Kind, waiting_on: int, cut: float, ahead: bool) -> bool | None:
    """Return whether the job has a place in the broker; None when its idempotency key was used before,
    or its place would be behind the cut.

    ``ahead`` commits the job of which a message goes out without waiting for the disk.
    """
    row = _INSERT.one(
        {
            "id": submission.job_id,
            "kind": kind.name,
            "queue": kind.queue,
            "owner": submission.owner_id,
            "tier": submission.tier,
            "params": json.dumps(submission.params),
            "key": submission.idempotency_key,
            "hash": submission.request_hash,
            "max_attempts": kind.max_attempts,
            "time_limit": kind.time_limit,
            "penalty": settings.MCAI_TIER_PENALTIES[submission.tier],
            "step": settings.MCAI_FAIRNESS_STEP,
            "window": settings.MCAI_DISPATCH_WINDOW,
            "waiting_on": waiting_on,
            "cut": cut,
            "cap": cap_of(kind.name),
            "deadline": submission.deadline,
            "callback_url": submission.callback_url,
            "request_id": request_id_var.get(),
            "traceparent": trace.header if (trace := trace_var.get()) else "",
            "ahead": ahead,
        },
    )
    return None if row is None else bool(row[0])


def _wait_for_disk() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FLUSH)


def _earlier(submission: Submission) -> Accepted | None:
    """Return the job that this key made before, if it was asked for with the same request; None if it made none."""
    if submission.idempotency_key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, request_hash FROM jobs WHERE owner_id = %s AND idempotency_key = %s",
            [submission.owner_id, submission.idempotency_key],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    job_id, request_hash = row
    if bytes(request_hash or b"") != submission.request_hash:
        raise IdempotencyConflict("Idempotency-Key", "was used before with another request; use a new key")
    _wait_for_disk()  # its first submitter may still be waiting
    return Accepted(job_id, replayed=True)


def _not_let_in(submission: Submission, kind: registry.Kind, seen: Backlog | None) -> NoReturn:
    if seen is None:
        raise TransientError("the job of this idempotency key has gone between two looks")
    admission.refuse(kind.queue, submission.tier, seen)


def _lock_unfinished(after: Sequence[UUID]) -> list[UUID]:
    """Return which of the jobs to wait for are unfinished, kept from finishing until this transaction ends."""
    if not after:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status FROM jobs WHERE id = ANY(%s) ORDER BY id FOR SHARE", [list(after)])
        status = dict(cursor.fetchall())
    for index, job_id in enumerate(after):
        if status.get(job_id) in {None, "failed", "cancelled", "expired"}:
            raise InvalidParams(f"after[{index}]", f"{job_id} is no job of yours that is waiting, running or completed")
    return [job_id for job_id in status if status[job_id] != "completed"]


def _depend(job_id: UUID, on: Sequence[UUID]) -> None:
    if not on:
        return
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO job_dependencies (job_id, on_id) SELECT %s, unnest(%s::uuid[])", [job_id, list(on)])
