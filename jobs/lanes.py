"""Which of a queue's waiting jobs stand in whose way.

Jobs of a capped kind that wait because of their cap go at their own pace, and let the others pass: they are a lane of
their own. All other kinds of the queue share one, the common lane.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from jobs import registry
from jobs.caps import caps

# A cap is what holds a kind back where jobs of it wait in the database although the broker would take more, or although
# only the cap's number are on their way. Without `kind` the whole queue is looked at as one lane.
LANE = """lane AS (
    SELECT coalesce(array_agg(kind), '{}') AS held, coalesce(bool_or(kind = %(kind)s), false) AS own
    FROM jsonb_each_text(%(caps)s::jsonb) AS cap (kind, most), LATERAL (
        SELECT count(*) AS busy FROM jobs
        WHERE jobs.kind = cap.kind
          AND (status = 'processing' OR status = 'queued' AND queue = %(queue)s AND dispatched_at IS NOT NULL)) AS mine
    WHERE EXISTS (
            SELECT FROM jobs WHERE queue = %(queue)s AND jobs.kind = cap.kind
                AND status = 'queued' AND dispatched_at IS NULL AND capped AND waiting_on = 0)
      AND (busy >= most::int OR %(window)s > (
            SELECT count(*) FROM jobs WHERE queue = %(queue)s AND status = 'queued' AND dispatched_at IS NOT NULL))
)"""
IN_LANE = (
    "(CASE WHEN (SELECT own FROM lane) THEN kind = %(kind)s ELSE kind <> ALL((SELECT held FROM lane)::text[]) END)"
)

COMMON = ""  # no kind has this name


def lane_params(queue: str, kind: str | None) -> dict[str, Any]:
    """Return what `LANE` and `IN_LANE` take: of a kind, of `COMMON`, or of the whole queue for None."""
    capped = dict(_capped(queue)) if kind is not None else {}
    return {"queue": queue, "kind": kind, "caps": json.dumps(capped), "window": settings.MCAI_DISPATCH_WINDOW}


def lanes_of(queue: str) -> list[str]:
    """Return the lanes that the queue can have: `COMMON`, and the kinds that have a cap."""
    return [COMMON, *(kind for kind, _ in _capped(queue))]


def lane_of(kind: str) -> str:
    """Return the lane that a job of the kind can be in."""
    return kind if kind in caps() else COMMON


def _capped(queue: str) -> Iterator[tuple[str, int]]:
    return ((kind, most) for kind, most in caps().items() if registry.get(kind).queue == queue)
