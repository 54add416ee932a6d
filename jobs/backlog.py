"""How long a queue is, in seconds: what waits in it, times how long such jobs took of late, by how many run at once."""

from dataclasses import dataclass

from django.db import connection

from jobs.lanes import IN_LANE, LANE, lane_params, lanes_of

_LONGEST_COUNT = 100_000

# The kinds in hand (those that run, and the first 200 that wait) by their shares, and their run times. `fits` is
# how many may wait before the wait is longer than the bound; whatever would stand behind the cut waits longer. The
# messages in the broker go before everything else. One may always wait, however short the bound.
_MEASURE = f"""
WITH {LANE}, waiting AS (
    SELECT kind, sort_at FROM (
        (SELECT kind, sort_at FROM jobs
         WHERE queue = %(queue)s AND status = 'queued' AND dispatched_at IS NULL AND NOT capped AND waiting_on = 0
           AND {IN_LANE}
         ORDER BY sort_at LIMIT %(longest)s)
        UNION ALL
        (SELECT kind, sort_at FROM jobs
         WHERE queue = %(queue)s AND status = 'queued' AND dispatched_at IS NULL AND capped AND waiting_on = 0
           AND {IN_LANE}
         ORDER BY sort_at LIMIT %(longest)s)) AS lanes
    ORDER BY sort_at LIMIT %(longest)s
), sent AS (
    SELECT kind FROM jobs WHERE queue = %(queue)s AND status = 'queued' AND dispatched_at IS NOT NULL AND {IN_LANE}
), running AS (
    SELECT kind FROM jobs WHERE queue = %(queue)s AND status = 'processing' AND {IN_LANE}
), known AS (
    SELECT sum(share * greatest(0.0001, seconds)) / sum(share) AS mean FROM (
        SELECT kind, count(*) AS share FROM (
            (SELECT kind FROM waiting ORDER BY sort_at LIMIT 200)
            UNION ALL SELECT kind FROM sent UNION ALL SELECT kind FROM running) AS first
        GROUP BY kind) AS mix
    JOIN job_run_times USING (kind) WHERE seconds IS NOT NULL
), counted AS (
    SELECT (SELECT count(*) FROM waiting) AS undispatched, (SELECT count(*) FROM sent) AS dispatched,
           (SELECT count(*) FROM running) AS running
), figures AS (
    SELECT *, CASE WHEN %(bound)s > 0 AND mean IS NOT NULL THEN
        greatest(0, floor(%(bound)s * greatest(1, running) / mean - running / 2.0))::bigint END AS fits
    FROM counted, known
)
SELECT undispatched + dispatched, running, mean, fits, extract(epoch FROM clock_timestamp())::float,
       CASE WHEN fits IS NULL THEN 'infinity'
            WHEN dispatched > fits THEN '-infinity'
            WHEN undispatched + dispatched <= fits THEN 'infinity'
            ELSE (SELECT extract(epoch FROM sort_at) FROM waiting ORDER BY sort_at OFFSET fits - dispatched LIMIT 1)
       END::float
FROM figures
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Backlog:
    """What stands in a queue, or in a lane of it, at the time ``now`` (seconds since 1970, by the database's clock).

    ``mean`` is the run time in seconds of the kinds in hand; None while none of them was ever completed. ``cut`` is
    the place (as ``sort_at``, in seconds since 1970) behind which a job would wait longer than the bound; ``fits``
    how many may wait before there is such a place, None where there is no bound to tell.
    """

    waiting: int
    running: int
    mean: float | None
    fits: int | None
    now: float
    cut: float

    @property
    def wait(self) -> float | None:
        """Return the seconds that a job behind all others would wait; None where nothing is known of run times."""
        return wait_seconds(self.waiting, self.running, self.mean)

    @property
    def work(self) -> float | None:
        """Return the seconds that one worker child would take for all that waits and the half of what runs."""
        return wait_seconds(self.waiting + self.running / 2, 0, self.mean)


def measure(queue: str, *, kind: str | None = None, bound: float = 0.0) -> Backlog:
    """Return the backlog of a queue, and where a wait of `bound` seconds (0: no bound) would be exceeded.

    With a `kind` only what is in the way of such a job counts: its lane (`jobs.lanes`).
    """
    with connection.cursor() as cursor:
        cursor.execute(_MEASURE, lane_params(queue, kind) | {"bound": bound, "longest": _LONGEST_COUNT})
        return Backlog(*cursor.fetchone())


def longest_wait(queue: str) -> float | None:
    """Return the seconds that a job behind all others of the slowest lane would wait; None where nothing is known."""
    waits = [measure(queue, kind=lane).wait for lane in lanes_of(queue)]
    return max((wait for wait in waits if wait is not None), default=None)


def wait_seconds(ahead: float, running: int, mean: float | None) -> float | None:
    """Return how long `ahead` jobs will keep another waiting, where `running` are worked on, half done, at once."""
    if ahead == 0 and running == 0:
        return 0.0
    return None if mean is None else mean * (ahead + running / 2) / max(1, running)
