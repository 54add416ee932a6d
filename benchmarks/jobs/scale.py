"""Does a table full of finished jobs slow a claim, a reconcile pass or a poll?"""

import json

import psycopg2

from benchmarks.jobs.arena import Arena
from benchmarks.report import Row

_FILL = """
INSERT INTO jobs (id, kind, queue, status, owner_id, tier, params, progress, stage, attempts, max_attempts, time_limit,
    worker, cancel_requested, available_at, sort_at, dispatches, waiting_on, callback_url, created_at, started_at,
    finished_at, expires_at, result)
SELECT gen_random_uuid(), 'test-noop', 'data', 'completed', (SELECT min(id) FROM auth_user), 1, '{}', 100, 'completed',
    1, 3, 300, 'w:1', false, t, t, 0, 0, '', t, t, t, now() + interval '7 days', '{"files": []}'
FROM (SELECT now() - interval '1 second' * n AS t FROM generate_series(1, %s) AS n) AS times
"""


def rows(place: Arena, jobs: int) -> list[Row]:
    """Return the cost of each step with the full table over that with an empty one."""
    _execute(place, "TRUNCATE jobs CASCADE")
    few = _measure(place)
    for _ in range(10):
        _execute(place, _FILL, [jobs // 10])
    _execute(place, "VACUUM ANALYZE jobs")
    many = _measure(place)
    return [
        Row(
            f"{step} with {jobs:,} finished jobs", f"{many[step] * 1000:.2f} ms",
            f"at most 1.5× of {few[step] * 1000:.2f} ms: {many[step] / few[step]:.2f}×", many[step] <= 1.5 * few[step],
        )
        for step in few
    ]  # fmt: skip


def _measure(place: Arena) -> dict[str, float]:
    found: dict[str, float] = json.loads(place.run("-m", "benchmarks.jobs.steps"))
    return found


def _execute(place: Arena, sql: str, params: list[int] | None = None) -> None:
    connection = psycopg2.connect(place.state.database_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    connection.close()
