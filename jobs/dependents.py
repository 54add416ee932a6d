"""Jobs that come after others: let go when those are completed, ended alike when they are not."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from jobs import dispatch
from jobs.choices import Status
from jobs.closing import close

_LET_GO = """
WITH done AS (
    DELETE FROM job_dependencies d USING jobs j
    WHERE d.on_id = %(id)s AND j.id = d.on_id AND j.status = 'completed' RETURNING d.job_id
), freed AS (
    UPDATE jobs SET waiting_on = waiting_on - 1 FROM done WHERE jobs.id = done.job_id
    RETURNING jobs.queue, jobs.waiting_on
)
SELECT DISTINCT queue FROM freed WHERE waiting_on = 0
"""

_DOOMED = """
DELETE FROM job_dependencies d USING jobs j
WHERE d.on_id = %(id)s AND j.id = d.on_id AND j.status IN ('failed', 'cancelled', 'expired')
RETURNING d.job_id, j.status
"""

_UNSETTLED = """
SELECT DISTINCT d.on_id FROM job_dependencies d JOIN jobs j ON j.id = d.on_id
WHERE j.status IN ('completed', 'failed', 'cancelled', 'expired') LIMIT 200
"""


def settle(job_id: UUID) -> None:
    """Let go, or end, whatever waits for the finished job, and in turn what waits for those."""
    pending = [job_id]
    while pending:
        pending += _settle_one(pending.pop())


def settle_all() -> int:
    """Settle what a worker that died between its finish and this step left behind; return how many were settled."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSETTLED)
        ids = [row[0] for row in cursor.fetchall()]
    for job_id in ids:
        settle(job_id)
    return len(ids)


def _settle_one(job_id: UUID) -> list[UUID]:
    with transaction.atomic():
        freed = [row[0] for row in _rows(_LET_GO, {"id": job_id})]
        doomed = _rows(_DOOMED, {"id": job_id})
        ended = close([row[0] for row in doomed], *_verdict(job_id, doomed[0][1])) if doomed else []
    for queue in freed:
        dispatch.fill(queue)
    return ended


def _verdict(job_id: UUID, status: str) -> tuple[Status, dict[str, Any]]:
    ending = Status.CANCELLED if status == Status.CANCELLED else Status.FAILED
    return ending, {"code": "dependency", "message": f"job {job_id}, which this one comes after, is {status}"}


def _rows(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
