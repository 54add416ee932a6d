"""Hits, misses and what they saved, by type, in counters that all processes share.

An answer does not wait for its counting: a thread adds what was counted here to Redis, every half second and at the
end. While Redis is away the counts are held.
"""

import atexit
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from knowledge.cache.availability import Away
from knowledge.cache.client import redis_availability, redis_client
from knowledge.cache.policies import POLICIES
from knowledge.cache.redis_tier import stats_key

EVENTS = ("hits", "misses", "stale", "refreshes", "evictions", "rejected", "discarded", "invalidated", "negative")
"""``rejected``: too large to keep. ``discarded``: poisoned, or written by an older version."""

TIERS = ("redis", "table", "export")
RESULTS = ("hits", "misses", "stale")
_ELSEWHERE = ("table", "flight", "process")  # where a hit was answered that was not in Redis

_MICRO = 1_000_000

_waiting: Counter[tuple[str, str]] = Counter()
_lock = threading.Lock()
_anything = threading.Event()
_teller: threading.Thread | None = None
TELL_SECONDS = 0.5


def count(cache_type: str, *events: str, saved_dollars: float = 0.0, saved_seconds: float = 0.0) -> None:
    """Add one to each of the ``events`` of a type, and what a hit saved."""
    changes = {(cache_type, event): 1 for event in events}
    if saved_dollars or saved_seconds:
        changes[cache_type, "saved_microdollars"] = round(saved_dollars * _MICRO)
        changes[cache_type, "saved_microseconds"] = round(saved_seconds * _MICRO)
    _add(changes)


def at(tier: str, event: str) -> str:
    """Return the name under which an event of one tier is counted.

    The commonest, a hit in Redis, has none: it is what is left of all hits, and so costs nothing.
    """
    return f"{event}@{tier}"


def count_exported(cache_type: str, *, found: bool) -> None:
    """Count a look into the exported files."""
    count(cache_type, *(("stale", at("export", "stale")) if found else (at("export", "misses"),)))


def count_invalidated(lost: Mapping[str, int]) -> None:
    """Add the entries that an invalidation removed, by type."""
    _add({(cache_type, "invalidated"): number for cache_type, number in lost.items()})


def _add(changes: Mapping[tuple[str, str], int]) -> None:
    global _teller  # noqa: PLW0603 - one thread a process; a forked child needs its own
    with _lock:
        for name, number in changes.items():
            _waiting[name] += number
        if _teller is None or not _teller.is_alive():
            _teller = threading.Thread(target=_tell_on, name="cache-stats", daemon=True)
            _teller.start()
    if not _anything.is_set():
        _anything.set()


def _tell_on() -> None:
    """Tell Redis every so often, as long as the process lives."""
    while _anything.wait():
        time.sleep(TELL_SECONDS)
        tell()


def tell() -> None:
    """Add what was counted here to what all processes share; where Redis is away it waits."""
    _anything.clear()
    changes = _take_waiting()
    if not changes:
        return
    try:
        with redis_availability.watch():
            pipeline = redis_client().pipeline(transaction=False)
            for (cache_type, event), number in changes.items():
                if number:
                    pipeline.hincrby(stats_key(cache_type), event, number)
            pipeline.execute()
    except Away:
        with _lock:
            _waiting.update(changes)
        _anything.set()


def _take_waiting() -> Counter[tuple[str, str]]:
    if not _waiting:
        return Counter()
    with _lock:
        taken = Counter(_waiting)
        _waiting.clear()
    return taken


atexit.register(tell)


def snapshot() -> dict[str, dict[str, Any]]:
    """Return the counters of every type; those of this process alone where Redis is away.

    ``saved_cost`` is in dollars, ``saved_seconds`` in seconds of computing, ``hit_rate`` in 0..1 or None. ``tiers`` has
    what each tier answered when it was looked into; a tier that was away missed.
    """
    return {name: _described(counts) for name, counts in _raw().items()}


def total(by_type: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sum over all types."""
    summed: dict[str, Any] = {name: sum(c[name] for c in by_type.values()) for name in EVENTS}
    summed["saved_cost"] = sum(c["saved_cost"] for c in by_type.values())
    summed["saved_seconds"] = sum(c["saved_seconds"] for c in by_type.values())
    return summed | {"hit_rate": _rate(summed)}


def forget() -> None:
    """Drop the counts that wait for Redis (in a forked child they are the parent's)."""
    _take_waiting()


def reset() -> None:
    """Set every counter to nothing. Raises ``Away``."""
    forget()
    with redis_availability.watch():
        redis_client().delete(*(stats_key(name) for name in POLICIES))


def _raw() -> dict[str, Mapping[str, int]]:
    tell()
    try:
        with redis_availability.watch():
            pipeline = redis_client().pipeline(transaction=False)
            for name in POLICIES:
                pipeline.hgetall(stats_key(name))
            found = pipeline.execute()
    except Away:
        return {name: {event: n for (t, event), n in _waiting.items() if t == name} for name in POLICIES}
    return {name: {k.decode(): int(v) for k, v in counts.items()} for name, counts in zip(POLICIES, found, strict=True)}


def _described(counts: Mapping[str, int]) -> dict[str, Any]:
    described: dict[str, Any] = {event: counts.get(event, 0) for event in EVENTS}
    described["saved_cost"] = counts.get("saved_microdollars", 0) / _MICRO
    described["saved_seconds"] = counts.get("saved_microseconds", 0) / _MICRO
    return described | {"hit_rate": _rate(described), "tiers": {tier: _of_tier(counts, tier) for tier in TIERS}}


def _of_tier(counts: Mapping[str, int], tier: str) -> dict[str, int]:
    found = {result: counts.get(at(tier, result), 0) for result in RESULTS}
    if tier == "redis":
        elsewhere = sum(counts.get(at(place, "hits"), 0) for place in _ELSEWHERE)
        found["hits"] = max(0, counts.get("hits", 0) - elsewhere)
    return found


def _rate(counts: Mapping[str, Any]) -> float | None:
    asked = counts["hits"] + counts["stale"] + counts["misses"]
    return round((counts["hits"] + counts["stale"]) / asked, 4) if asked else None
