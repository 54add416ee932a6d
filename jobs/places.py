"""Where a waiting job stands in its queue, and how long it is likely to wait there.

Most polls of a long queue ask for this, and counting who goes before costs more than reading the job. So each process
looks at a queue every so often, and counts in what it saw.
"""

import threading
import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from jobs.backlog import wait_seconds
from jobs.lanes import IN_LANE, LANE, lane_of, lane_params
from jobs.selectors import JobView

_LONGEST_COUNT = 1000
_FRESH_SECONDS = 0.5
_NEWCOMER_SECONDS = 0.05  # a job that came after the look is worth another sooner

_WAITING = f"""
    WITH {LANE}
    SELECT sort_at FROM jobs WHERE queue = %(queue)s AND status = 'queued' AND waiting_on = 0 AND {IN_LANE}
    ORDER BY sort_at LIMIT %(longest)s
"""  # noqa: S608
_FIGURES = f"""
    WITH {LANE}
    SELECT (SELECT count(*) FROM jobs WHERE queue = %(queue)s AND status = 'processing' AND {IN_LANE}),
           (SELECT seconds FROM job_run_times WHERE kind = %(of)s), clock_timestamp()
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Place:
    """Where a waiting job stands: how many go before it, itself counted, and the seconds it is likely to wait.

    Those in another lane (`jobs.lanes`), which let it pass or are passed by it, are not counted.
    """

    position: int
    estimate: float | None


@dataclass(frozen=True, slots=True)
class _Look:
    """A lane of a queue as it was: who waited where, how many ran, and how long such jobs took, in seconds."""

    waiting: Sequence[datetime]
    running: int
    mean: float | None
    taken_at: datetime
    monotonic: float


_looks: dict[tuple[str, str], _Look] = {}
_lock = threading.Lock()


def job_place(job: JobView) -> Place:
    """Return the place of a waiting job."""
    look = _look_for(job)
    ahead = min(bisect_left(look.waiting, job.sort_at), _LONGEST_COUNT)
    wait = wait_seconds(ahead, look.running, look.mean)
    return Place(ahead + 1, None if look.mean is None or wait is None else round(wait, 1))


def _look_for(job: JobView) -> _Look:
    """Return a look that is young enough; while one thread takes another, the others make do with the last."""
    name = (job.queue, job.kind)
    look = _looks.get(name)
    if look is not None:
        age = time.monotonic() - look.monotonic
        newcomer = job.created_at > look.taken_at
        if age < (_NEWCOMER_SECONDS if newcomer else _FRESH_SECONDS):
            return look
    if not _lock.acquire(blocking=look is None):
        return look  # type: ignore[return-value]  # None waits for the lock
    try:
        _looks[name] = look = _look(*name)
    finally:
        _lock.release()
    return look


def _look(queue: str, kind: str) -> _Look:
    params = lane_params(queue, lane_of(kind)) | {"of": kind, "longest": _LONGEST_COUNT}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, params)
        running, mean, now = cursor.fetchone()
        cursor.execute(_WAITING, params)
        waiting = [row[0] for row in cursor.fetchall()]
    return _Look(waiting, running, mean, now, time.monotonic())
