"""Whether each tier of the shared cache answers, and how quickly."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from knowledge.cache import redis_tier
from knowledge.cache.availability import Away
from knowledge.cache.client import redis_availability, redis_client
from knowledge.cache.exports.manifest import read_manifest
from knowledge.cache.table_tier import database


def health() -> dict[str, Any]:
    """Return the tiers, and ``status``: ``healthy``, ``degraded`` (one is away) or ``unhealthy`` (none is left)."""
    tiers = {"redis": _timed(_ping_redis), "table": _timed(_ping_table), "exports": _exports()}
    there = [tier["available"] for tier in tiers.values()]
    shared = tiers["redis"]["available"] or tiers["table"]["available"]
    status = "healthy" if all(there[:2]) else "degraded" if shared or there[2] else "unhealthy"
    return {"status": status, "tiers": tiers}


def entries() -> dict[str, int] | None:
    """Return how many entries of each type Redis holds; None where it is away."""
    try:
        return redis_tier.count_entries()
    except Away:
        return None


def _timed(ping: Callable[[], None]) -> dict[str, Any]:
    began = time.perf_counter()
    try:
        ping()
    except Away:
        return {"available": False, "latency_ms": None}
    return {"available": True, "latency_ms": round((time.perf_counter() - began) * 1000, 2)}


def _ping_redis() -> None:
    with redis_availability.watch():
        redis_client().ping()


def _ping_table() -> None:
    with database(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM knowledge_cache LIMIT 1")


def _exports() -> dict[str, Any]:
    manifest = read_manifest()
    age = round(time.time() - manifest.written_at, 1) if manifest.written_at else None
    return {"available": bool(manifest.written_at), "domains": len(manifest.domains), "age_seconds": age}
