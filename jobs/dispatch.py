"""Which waiting jobs stand in the broker.

The order is decided in the database: only a shallow window of the best waiting jobs of each queue has messages;
whenever one is claimed, the next is published. So a premium job overtakes all that still waits in the database,
whatever was submitted before it.
"""

from django.conf import settings

from jobs import publisher
from jobs.statements import Statement

_TAKE = Statement(
    "take",
    """
UPDATE jobs SET dispatched_at = clock_timestamp(), dispatches = least(dispatches + 1, 1000)
WHERE id IN (
    SELECT id FROM jobs
    WHERE queue = %(queue)s AND status = 'queued' AND dispatched_at IS NULL
      AND waiting_on = 0 AND available_at <= clock_timestamp()
    ORDER BY sort_at
    LIMIT greatest(0, %(window)s - (
        SELECT count(*) FROM jobs WHERE queue = %(queue)s AND status = 'queued' AND dispatched_at IS NOT NULL))
    FOR UPDATE SKIP LOCKED)
RETURNING id, kind, queue, time_limit, set_config('synchronous_commit', 'off', true)
""",
)


def fill(queue: str) -> int:
    """Publish the best waiting jobs of `queue` up to the window; return how many."""
    taken = [row[:4] for row in _TAKE.all({"queue": queue, "window": settings.MCAI_DISPATCH_WINDOW})]
    if taken:
        publisher.publish(taken)
    return len(taken)
