"""Is each part there, and how are we: the truth at the time of asking."""

import os
from collections.abc import Callable
from typing import Any

import psutil
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection

from jobs import broker

HEALTHY, DEGRADED, UNHEALTHY = "healthy", "degraded", "unhealthy"


def health() -> dict[str, Any]:
    """Return the state of this process and of the services that it needs."""
    database, redis = database_answers(), broker.answers()
    workers = broker.workers_by_queue() if redis else dict.fromkeys(settings.MCAI_QUEUES, 0)
    process = psutil.Process()
    return {
        "status": _status(database, redis, workers),
        "memory_mb": round(process.memory_info().rss / 2**20, 1),
        "cpu_percent": process.cpu_percent(),
        "worker_pid": os.getpid(),
        "services": {"redis": redis, "database": database, "monitor": True, "workers": workers},
    }


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
    except DatabaseFault:
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


def _status(database: bool, redis: bool, workers: dict[str, int]) -> str:
    if not database:
        return UNHEALTHY
    return HEALTHY if redis and all(workers.values()) else DEGRADED
