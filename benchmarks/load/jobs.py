"""The jobs as the database has them: asked there, since asking the web server would be load of our own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg2

_WAITS = """
    SELECT queue, count(*), count(*) FILTER (WHERE status = 'completed'), count(*) FILTER (WHERE status = 'failed'),
           coalesce(percentile_cont(%s) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - created_at)), '{}'),
           coalesce(percentile_cont(%s) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at)), '{}')
    FROM jobs WHERE created_at >= %s GROUP BY queue ORDER BY queue
"""
_SHARES = [0.5, 0.95, 0.99]


@dataclass(frozen=True, slots=True)
class Waits:
    """The jobs of one queue; the times are p50, p95 and p99 in seconds."""

    queue: str
    jobs: int
    completed: int
    failed: int
    waited: Sequence[float]
    ran: Sequence[float]


class Jobs:
    """Reads of the table of jobs."""

    def __init__(self, database_url: str) -> None:
        self._connection = psycopg2.connect(database_url)
        self._connection.autocommit = True

    def now(self) -> datetime:
        """Return the database's time."""
        moment: datetime = self._rows("SELECT now()")[0][0]
        return moment

    def states(self, ids: Sequence[str]) -> Counter[str]:
        """Return how many of these jobs are in each state."""
        return Counter(dict(self._rows("SELECT status, count(*) FROM jobs WHERE id = ANY(%s::uuid[]) GROUP BY 1", ids)))

    def unfinished(self) -> dict[str, int]:
        """Return how many jobs of each queue wait or run."""
        sql = "SELECT queue, count(*) FROM jobs WHERE status IN ('queued', 'processing') GROUP BY 1"
        return {queue: int(count) for queue, count in self._rows(sql)}

    def waits(self, since: datetime) -> list[Waits]:
        """Return how long the jobs submitted since then waited and ran."""
        return [Waits(*row) for row in self._rows(_WAITS, _SHARES, _SHARES, since)]

    def _rows(self, sql: str, *parameters: object) -> list[tuple]:  # type: ignore[type-arg]  # whatever is asked for
        with self._connection.cursor() as cursor:
            cursor.execute(
                sql, [list(p) if isinstance(p, Sequence) and not isinstance(p, str) else p for p in parameters]
            )
            return cursor.fetchall()
