"""Figures of the running system, for ``GET /api/system/stats``."""

from typing import Any

import psutil
import redis
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection

from jobs import broker


def stats() -> dict[str, Any]:
    """Return the figures of Redis, database, this process and the queues."""
    return {
        "redis": _redis(),
        "database": _database(),
        "performance": _performance(),
        "queues": _queues(),
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
    except DatabaseFault:
        connection.close()
        return {"enabled": False}
    return {"enabled": True, "version": version, "size_mb": round(size / 2**20, 1), "connections": connections}


def _performance() -> dict[str, Any]:
    process = psutil.Process()
    return {"memory_mb": round(process.memory_info().rss / 2**20, 1), "cpu_percent": process.cpu_percent()}


def _queues() -> dict[str, dict[str, int]]:
    """Return for each queue how many jobs wait and run."""
    found = {queue: {"queued": 0, "processing": 0} for queue in settings.MCAI_QUEUES}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queue, status, count(*) FROM jobs WHERE status IN ('queued', 'processing') GROUP BY queue, status"
        )
        for queue, status, number in cursor.fetchall():
            found.setdefault(queue, {"queued": 0, "processing": 0})[status] = number
    return found
