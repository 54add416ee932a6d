"""The counters of the shared cache as the API, the command and the metrics show them."""

from typing import Any

from knowledge.cache import stats
from knowledge.cache.availability import Away
from knowledge.cache.client import redis_availability, redis_client
from knowledge.cache.health import entries


def report() -> dict[str, Any]:
    """Return ``types`` (counters by cache type), ``total``, and ``redis`` (None where it is away)."""
    by_type, counted = stats.snapshot(), entries()
    types = {name: counts | {"entries": None if counted is None else counted[name]} for name, counts in by_type.items()}
    all_entries = None if counted is None else sum(counted.values())
    return {"types": types, "total": stats.total(by_type) | {"entries": all_entries}, "redis": _redis()}


def _redis() -> dict[str, Any] | None:
    try:
        with redis_availability.watch():
            info: dict[str, Any] = redis_client().info("all")
    except Away:
        return None
    return {
        "used_memory_bytes": info["used_memory"],
        "evicted_keys": info["evicted_keys"],
        "expired_keys": info["expired_keys"],
    }
