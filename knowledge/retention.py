"""How long former states of examples are kept.

A state that is older than ``MCAI_HISTORY_DAYS`` goes, unless a snapshot holds it. Imports that ended before then are
settled first: from that moment they cannot be undone, since what tells an edit from an import is about to go. That
they are is written in their rows, so a longer time set later does not bring back an undoing that would lose edits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from knowledge.models import ImportBatch

WINDOW_ROWS = 5_000
MOST_WINDOWS = 100
_BEGINNING = datetime.min.replace(tzinfo=timezone.get_fixed_timezone(0))

_NEEDED = """(
    EXISTS (SELECT FROM dataset_snapshots s
            WHERE s.dataset_id = h.dataset_id AND s.revision >= h.revision AND s.revision < h.until_revision)
    OR EXISTS (SELECT FROM import_batches b
               WHERE b.id IN (h.source_batch_id, h.changed_by_batch_id)
                 AND b.status = 'applied' AND b.finished_at >= %(horizon)s))"""

_COUNT = f"SELECT count(*) FROM example_history h WHERE h.changed_at < %(horizon)s AND NOT {_NEEDED}"  # noqa: S608

# A window of the oldest at a time, each its own transaction; what is kept is not looked at twice in a run.
_PRUNE = f"""
WITH looked_at AS (
    SELECT id, changed_at FROM example_history
    WHERE (changed_at, id) > (%(at)s, %(id)s) AND changed_at < %(horizon)s
    ORDER BY changed_at, id LIMIT %(rows)s
), removed AS (
    DELETE FROM example_history h USING looked_at l WHERE h.id = l.id AND NOT {_NEEDED} RETURNING h.id
)
SELECT l.changed_at, l.id, (SELECT count(*) FROM removed), count(*) OVER ()
FROM looked_at l ORDER BY l.changed_at DESC, l.id DESC LIMIT 1"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many imports were settled, how many states went, and whether older ones are left for the next run."""

    settled: int
    removed: int
    more: bool


def history_prune(*, days: int | None = None, windows: int = MOST_WINDOWS) -> Pruned:
    """Remove former states older than ``days`` (``MCAI_HISTORY_DAYS`` when None; 0 keeps all), so many windows at most.

    Call it outside of a transaction: each window is one.
    """
    horizon = _horizon(days)
    if horizon is None:
        return Pruned(0, 0, more=False)
    settled = _unsettled(horizon).update(settled_at=Now())
    removed, place = 0, {"at": _BEGINNING, "id": 0}
    for _ in range(windows):
        last = _one(_PRUNE, {"horizon": horizon, "rows": WINDOW_ROWS, **place})
        if last is None:
            return Pruned(settled, removed, more=False)
        place = {"at": last[0], "id": last[1]}
        removed += last[2]
        if last[3] < WINDOW_ROWS:
            return Pruned(settled, removed, more=False)
    return Pruned(settled, removed, more=True)


def history_foresee(*, days: int | None = None) -> Pruned:
    """Return what pruning to the end would do."""
    horizon = _horizon(days)
    if horizon is None:
        return Pruned(0, 0, more=False)
    return Pruned(_unsettled(horizon).count(), int(_one(_COUNT, {"horizon": horizon})[0]), more=False)


def undo_until(*, status: str, finished_at: datetime | None, settled_at: datetime | None) -> datetime | None:
    """Return when an applied import can no longer be undone, or could not any more; None: never, or it is not one."""
    days = settings.MCAI_HISTORY_DAYS
    if status != ImportBatch.Status.APPLIED or finished_at is None or settled_at or not days:
        return settled_at
    return finished_at + timedelta(days=days)


def _horizon(days: int | None) -> datetime | None:
    days = settings.MCAI_HISTORY_DAYS if days is None else days
    return timezone.now() - timedelta(days=days) if days else None


def _unsettled(horizon: datetime) -> Any:
    return ImportBatch.objects.filter(
        status=ImportBatch.Status.APPLIED, settled_at__isnull=True, finished_at__lt=horizon
    )


def _one(sql: str, values: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()
