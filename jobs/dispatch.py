"""Which waiting jobs stand in the broker.

The order is decided in the database: only a shallow window of the best waiting jobs of each queue has messages;
whenever one is claimed, the next is published. So a premium job overtakes all that still waits in the database,
whatever was submitted before it.
"""

import json
from uuid import UUID

from django.conf import settings
from django.db import connection

from jobs import publisher, registry
from jobs.caps import caps as caps_now
from jobs.statements import Statement

_TAKE = Statement(
    "take",
    """
UPDATE jobs SET dispatched_at = clock_timestamp(), dispatches = least(dispatches + 1, 1000)
WHERE id IN (
    SELECT id FROM jobs
    WHERE queue = %(queue)s AND status = 'queued' AND dispatched_at IS NULL AND NOT capped
      AND waiting_on = 0 AND available_at <= clock_timestamp()
    ORDER BY sort_at
    LIMIT greatest(0, %(window)s - (
        SELECT count(*) FROM jobs WHERE queue = %(queue)s AND status = 'queued' AND dispatched_at IS NOT NULL))
    FOR UPDATE SKIP LOCKED)
RETURNING id, kind, queue, time_limit, set_config('synchronous_commit', 'off', true)
""",
)

# The same where kinds of the queue have caps: of those, no more than there are free slots.
_TAKE_CAPPED = Statement(
    "take_capped",
    """
WITH room AS (
    SELECT greatest(0, %(window)s - count(*)) AS n FROM jobs
    WHERE queue = %(queue)s AND status = 'queued' AND dispatched_at IS NOT NULL
), best AS (
    (SELECT id, sort_at FROM jobs
     WHERE queue = %(queue)s AND status = 'queued' AND dispatched_at IS NULL AND NOT capped
       AND waiting_on = 0 AND available_at <= clock_timestamp()
     ORDER BY sort_at LIMIT (SELECT n FROM room))
    UNION ALL
    SELECT lane.id, lane.sort_at FROM jsonb_each_text(%(caps)s::jsonb) AS cap (kind, most), LATERAL (
        SELECT id, sort_at FROM jobs
        WHERE queue = %(queue)s AND kind = cap.kind AND status = 'queued' AND dispatched_at IS NULL AND capped
          AND waiting_on = 0 AND available_at <= clock_timestamp()
        ORDER BY sort_at
        LIMIT least((SELECT n FROM room), greatest(0, cap.most::int
            - (SELECT count(*) FROM jobs WHERE kind = cap.kind AND status = 'processing')
            - (SELECT count(*) FROM jobs WHERE queue = %(queue)s AND kind = cap.kind AND status = 'queued'
                   AND dispatched_at IS NOT NULL)))) AS lane
)
UPDATE jobs SET dispatched_at = clock_timestamp(), dispatches = least(dispatches + 1, 1000)
WHERE id IN (
    SELECT id FROM jobs
    WHERE id IN (SELECT id FROM best ORDER BY sort_at LIMIT (SELECT n FROM room))
      AND status = 'queued' AND dispatched_at IS NULL
    FOR UPDATE SKIP LOCKED)
RETURNING id, kind, queue, time_limit, set_config('synchronous_commit', 'off', true)
""",
)

_SET_ASIDE = """
UPDATE jobs SET dispatched_at = NULL, capped = true
WHERE id = %(id)s AND status = 'queued' AND kind = ANY(%(kinds)s) AND waiting_on = 0
  AND available_at <= clock_timestamp()
RETURNING queue
"""

# Jobs that were submitted while their kind had a cap, and that has been lifted.
_LIFT = """
UPDATE jobs SET capped = false
WHERE status = 'queued' AND dispatched_at IS NULL AND capped AND kind <> ALL(%(kinds)s::text[])
"""


def fill(queue: str) -> int:
    """Publish the best waiting jobs of `queue` up to the window; return how many."""
    caps = {kind: most for kind, most in caps_now().items() if registry.get(kind).queue == queue}
    given = {"queue": queue, "window": settings.MCAI_DISPATCH_WINDOW}
    rows = _TAKE_CAPPED.all(given | {"caps": json.dumps(caps)}) if caps else _TAKE.all(given)
    taken = [row[:4] for row in rows]
    if taken:
        publisher.publish(taken)
    return len(taken)


def set_aside(job_id: UUID) -> None:
    """Take a job that could not be claimed because its kind is at its cap out of the window, and let the next come."""
    kinds = list(caps_now())
    if not kinds:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SET_ASIDE, {"id": job_id, "kinds": kinds})
        row: tuple[str] | None = cursor.fetchone()
    if row is not None:
        fill(row[0])


def lift_caps() -> None:
    """Put the jobs of kinds that have no cap any more among the others."""
    with connection.cursor() as cursor:
        cursor.execute(_LIFT, {"kinds": list(caps_now())})
