"""Making the rows come true: whatever died, each accepted job goes on or ends.

It runs as a process of its own, never as a Celery task: it must work when nothing else does. Any number may run at
once; each statement skips rows that another has locked.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection

from jobs import artifacts, dependents, dispatch, expiry, publisher, signals
from jobs.choices import Outcome, Status
from jobs.closing import close

log = logging.getLogger(__name__)

_LAPSED = """
WITH lapsed AS (
    SELECT id, lease_token FROM jobs
    WHERE status = 'processing' AND lease_until < clock_timestamp() AND attempts < max_attempts
    LIMIT 500 FOR UPDATE SKIP LOCKED
), back AS (
    UPDATE jobs SET status = 'queued', stage = '', lease_token = NULL, lease_until = NULL, worker = '',
        dispatched_at = NULL, available_at = clock_timestamp()
    FROM lapsed WHERE jobs.id = lapsed.id
    RETURNING jobs.id
), attempt AS (
    UPDATE job_attempts SET finished_at = clock_timestamp(), outcome = %(outcome)s
    FROM lapsed WHERE job_id = lapsed.id AND token = lapsed.lease_token
), logged AS (
    INSERT INTO job_events (job_id, type, data, at)
    SELECT id, 'requeued', jsonb_build_object('why', %(outcome)s::text, 'delay', 0), clock_timestamp() FROM back
)
SELECT count(*) FROM back
"""

_EXHAUSTED = """
SELECT id FROM jobs WHERE status = 'processing' AND lease_until < clock_timestamp() AND attempts >= max_attempts
LIMIT 500
"""

_OVERDUE = """
SELECT id FROM jobs WHERE status IN ('queued', 'processing') AND deadline IS NOT NULL
    AND deadline < clock_timestamp() LIMIT 500
"""

# How many messages each queue should hold, of those published long enough ago to be seen there.
_DISPATCHED = """
SELECT queue, count(*) FROM jobs
WHERE status = 'queued' AND dispatched_at < clock_timestamp() - interval '1 second' GROUP BY queue
"""

# `missing` newest-forgotten messages at once, the others after a delay that doubles with each time.
_REPUBLISH = """
UPDATE jobs SET dispatched_at = clock_timestamp(), dispatches = least(dispatches + 1, 1000)
WHERE id IN (
    SELECT id FROM jobs
    WHERE queue = %(queue)s AND status = 'queued' AND dispatched_at IS NOT NULL
      AND dispatched_at < clock_timestamp() - interval '1 second' * CASE WHEN %(short)s THEN 1
          ELSE least(600, %(patience)s * power(2, least(dispatches, 10))) END
    ORDER BY sort_at LIMIT 200 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, queue, time_limit
"""


@dataclass(slots=True)
class Pass:
    """What one pass put right."""

    requeued: int = 0
    failed: int = 0
    overdue: int = 0
    republished: int = 0
    dispatched: int = 0
    settled: int = 0
    expired: int = 0
    swept: int = 0

    def did_something(self) -> bool:
        """Say whether anything needed putting right."""
        return any((self.requeued, self.failed, self.overdue, self.republished, self.settled, self.expired, self.swept))


def reconcile() -> Pass:
    """Put right whatever is wrong now."""
    done = Pass(requeued=_requeue_lapsed(), failed=_fail_exhausted(), overdue=_end_overdue())
    if done.requeued or done.failed:
        signals.lapsed.send_robust(None, requeued=done.requeued, failed=done.failed)
    done.settled = dependents.settle_all()
    done.republished = _republish()
    dispatch.lift_caps()
    done.dispatched = sum(dispatch.fill(queue) for queue in settings.MCAI_QUEUES)
    return done


def housekeep(shards: Iterable[int] = ()) -> Pass:
    """Let go of what was kept long enough: results, files, staging folders of the dead, orphans of these shards."""
    swept = _sweep_staging() + expiry.sweep_orphans(shards)
    return Pass(expired=expiry.expire_results(), swept=swept)


def _requeue_lapsed() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_LAPSED, {"outcome": str(Outcome.LOST)})
        return int(cursor.fetchone()[0])


def _fail_exhausted() -> int:
    error = {"code": "worker_lost", "message": "its worker died or hung at every attempt"}
    closed = close(_ids(_EXHAUSTED), Status.FAILED, error, overdue=True, outcome=Outcome.LOST)
    return len(closed)


def _end_overdue() -> int:
    error = {"code": "deadline", "message": "it was not done by its deadline"}
    return len(close(_ids(_OVERDUE), Status.FAILED, error, running=True))


def _republish() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_DISPATCHED)
        expected = dict(cursor.fetchall())
    if not expected:
        return 0
    try:
        present = publisher.queue_lengths(expected)
    except ConnectionError:
        return 0
    return sum(_republish_queue(queue, present[queue] < count) for queue, count in expected.items())


def _republish_queue(queue: str, short: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_REPUBLISH, {"queue": queue, "short": short, "patience": settings.MCAI_REPUBLISH_SECONDS})
        rows = cursor.fetchall()
    if rows:
        publisher.publish(rows)
    return len(rows)


def _sweep_staging() -> int:
    if not artifacts.staged_tokens():
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT lease_token::text FROM jobs WHERE status = 'processing' AND lease_token IS NOT NULL")
        alive = {row[0] for row in cursor.fetchall()}
    return artifacts.sweep_staging(alive, time.time() - 3 * settings.MCAI_LEASE_SECONDS)


def _ids(sql: str) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]
