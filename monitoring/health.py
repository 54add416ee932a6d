"""Is each part there, and how are we: the truth at the time of asking, cheap enough to be asked every second."""

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import psutil
import redis
from django.conf import settings
from django.db import DatabaseError, connection

from monitoring import presence

STATUSES = HEALTHY, DEGRADED, UNHEALTHY = "healthy", "degraded", "unhealthy"


def health() -> dict[str, Any]:
    """Return the state of this process and of the services that it needs."""
    database, workers = database_answers(), _workers()
    return {
        "status": _status(database, workers),
        **process_figures(),
        "worker_pid": os.getpid(),
        "services": {
            "redis": workers is not None,
            "database": database,
            "monitor": settings.MCAI_METRICS,
            "workers": workers or dict.fromkeys(settings.MCAI_QUEUES, 0),
        },
    }


def process_figures() -> dict[str, float]:
    """Return ``memory_mb`` (resident, MiB) and ``cpu_percent`` (since it was last asked) of this process."""
    process = _process(os.getpid())
    return {"memory_mb": round(process.memory_info().rss / 2**20, 1), "cpu_percent": process.cpu_percent()}


def readiness() -> list[str]:
    """Return the reasons why this process cannot serve; none when it can."""
    checks: list[tuple[str, Callable[[], bool]]] = [
        ("the database does not answer", database_answers),
        ("migrations are unapplied", migrations_applied),
    ]
    for reason, passes in checks:
        if not passes():
            return [reason]
    return []


def database_answers() -> bool:
    """Say whether the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return False
    return True


def migrations_applied() -> bool:
    """Say whether every migration is applied; once they are, that stays true for the life of the process."""
    global _applied  # noqa: PLW0603 - a fact that is learnt once
    if not _applied:
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        _applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _applied


_applied = False


@lru_cache(maxsize=1)
def _process(pid: int) -> psutil.Process:
    """Return one object for this process: `psutil` measures processor time between two calls of the same object."""
    process = psutil.Process(pid)
    process.cpu_percent()
    return process


def _workers() -> dict[str, int] | None:
    """Return how many workers serve each queue; None where Redis is away."""
    try:
        return presence.workers_by_queue()
    except redis.RedisError:
        return None


def _status(database: bool, workers: dict[str, int] | None) -> str:
    if not database:
        return UNHEALTHY
    return HEALTHY if workers and all(workers.values()) else DEGRADED
