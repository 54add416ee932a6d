"""Figures of the running system, for ``GET /api/system/stats``."""

from collections.abc import Mapping
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection

from jobs import broker
from jobs.backlog import longest_wait, measure
from knowledge.cache import stats as cache_stats
from monitoring import totals
from monitoring.health import process_figures

_QUEUE_FIGURES = ("queued", "processing", "estimated_wait_seconds", "work_seconds", "longest_wait_seconds")


def stats() -> dict[str, Any]:
    """Return the figures of Redis, the database, this process and the queues."""
    return {"redis": _redis(), "database": _database(), "performance": performance(), "queues": _queues()}


def performance() -> dict[str, Any]:
    """Return this process's memory and load, and the requests of all web processes since the metrics began.

    ``avg_latency_ms`` and ``cache_hit_rate`` (0..1) are None before there was a request, or a look into the cache.
    """
    counted = totals.requests()
    return {
        **process_figures(),
        "requests_total": counted.number,
        "avg_latency_ms": counted.mean_ms,
        "cache_hit_rate": cache_stats.total(cache_stats.snapshot())["hit_rate"],
    }


def _redis() -> dict[str, Any]:
    try:
        return {"enabled": True, **broker.information()}
    except redis.RedisError:
        return {"enabled": False, "memory_used_mb": None, "total_keys": None, "version": None}


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version'), pg_database_size(current_database()),"
                " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())"
            )
            version, size, connections = cursor.fetchone()
    except DatabaseError:
        connection.close()
        return {"enabled": False, "version": None, "size_mb": None, "connections": None}
    return {"enabled": True, "version": version, "size_mb": round(size / 2**20, 1), "connections": connections}


def _queues() -> dict[str, dict[str, float | None]]:
    """Return for each queue how many jobs wait and run, and how long that will take; None where rows are away."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT queue, status, count(*) FROM jobs WHERE status IN ('queued', 'processing')"
                " GROUP BY queue, status"
            )
            counts = {(queue, status): count for queue, status, count in cursor.fetchall()}
        return {queue: _queue(queue, counts) for queue in {*settings.MCAI_QUEUES, *(queue for queue, _ in counts)}}
    except DatabaseError:
        connection.close()
        return {queue: dict.fromkeys(_QUEUE_FIGURES) for queue in settings.MCAI_QUEUES}


def _queue(queue: str, counts: Mapping[tuple[str, str], int]) -> dict[str, float | None]:
    wait, work, bound = longest_wait(queue), measure(queue).work, settings.MCAI_LONGEST_WAIT.get(queue, 0.0)
    figures = (counts.get((queue, "queued"), 0), counts.get((queue, "processing"), 0), wait, work, bound)
    return dict(zip(_QUEUE_FIGURES, figures, strict=True))
