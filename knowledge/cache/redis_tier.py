"""The first tier: entries in Redis, shared by every process."""

import time
from collections import Counter
from collections.abc import Iterator

import redis
from django.conf import settings

from knowledge.cache import scripts
from knowledge.cache.client import prefixed, redis_availability, redis_client
from knowledge.cache.entry import Entry, decode
from knowledge.cache.keys import Key
from knowledge.cache.patterns import Pattern
from knowledge.cache.policies import POLICIES, policy_for

NAME = "redis"
_SCAN_BATCH = 500


def get(key: Key) -> Entry | None:
    """Return the entry under ``key``.

    Raises
    ------
    Away, UnusableEntry
    """
    with redis_availability.watch():
        data = redis_client().get(entry_key(key))
    return None if data is None else decode(key, bytes(data))  # type: ignore[arg-type]


def put(key: Key, payload: bytes, life: float, generation: str = "") -> bool:
    """Keep ``payload`` for ``life`` seconds; False where something was invalidated since ``generation`` was read.

    Where the type has reached its bound, the entries next to expire give way. Raises ``Away``.
    """
    names = (entry_key(key), _index_key(key.cache_type), prefixed("generation"), stats_key(key.cache_type))
    life_ms = max(1, int(life * 1000))
    with redis_availability.watch():
        return bool(_run(scripts.STORE, names, payload, life_ms, _most(key), generation))


def drop(key: Key) -> None:
    """Remove the entry under ``key``. Raises ``Away``."""
    with redis_availability.watch():
        _unlink(redis_client(), [entry_key(key).encode()])


def generation() -> str:
    """Return the number of invalidations so far. Raises ``Away``."""
    with redis_availability.watch():
        return _text(redis_client().get(prefixed("generation"))) or "0"


def invalidate(pattern: Pattern) -> Counter[str]:
    """Remove every entry that ``pattern`` names, by SCAN; return how many of each type. Raises ``Away``.

    The generation rises first, so that a computation already under way cannot bring back what it began from.
    """
    with redis_availability.watch():
        client = redis_client()
        client.incr(prefixed("generation"))
        return sum((_unlink(client, names) for names in _batches(client, pattern)), Counter())


def count_entries() -> dict[str, int]:
    """Return how many live entries each type has. Raises ``Away``."""
    with redis_availability.watch():
        pipeline = redis_client().pipeline(transaction=False)
        for name in POLICIES:
            pipeline.zcount(_index_key(name), time.time() * 1000, "+inf")
        return dict(zip(POLICIES, (int(n) for n in pipeline.execute()), strict=True))


def life_of(key: Key, entry: Entry) -> float:
    """Return how many seconds the entry is kept: its own life, and the grace in which it may stand in."""
    return entry.ttl + (0.0 if entry.negative else policy_for(key.cache_type).grace)


def entry_key(key: Key) -> str:
    """Return the Redis key of the entry."""
    return prefixed(f"cache:{key.name}")


def stats_key(cache_type: str) -> str:
    """Return the Redis key of the counters of a type."""
    return prefixed(f"stats:{cache_type}")


def _most(key: Key) -> int:
    own = POLICIES[key.cache_type].most if key.cache_type in POLICIES else None
    bound: int = settings.SHARED_CACHE_MAX_ENTRIES
    return bound if own is None else min(own, bound)


def _unlink(client: redis.Redis, names: list[bytes]) -> Counter[str]:
    pipeline = client.pipeline(transaction=False)
    types = [name[len(prefixed("cache:")) :].decode().partition(":")[0] for name in names]
    for name, cache_type in zip(names, types, strict=True):
        pipeline.zrem(_index_key(cache_type), name)
        pipeline.unlink(name)
    gone = pipeline.execute()[1::2]
    return Counter(cache_type for cache_type, number in zip(types, gone, strict=True) if number)


def _batches(client: redis.Redis, pattern: Pattern) -> Iterator[list[bytes]]:
    for glob in pattern.globs:
        batch: list[bytes] = []
        for name in client.scan_iter(match=_escaped_prefix() + glob, count=_SCAN_BATCH):
            batch.append(name)
            if len(batch) == _SCAN_BATCH:
                yield batch
                batch = []
        if batch:
            yield batch


def _escaped_prefix() -> str:
    return "".join(f"\\{c}" if c in "*?[]\\" else c for c in prefixed("cache:"))


def _index_key(cache_type: str) -> str:
    return prefixed(f"index:{cache_type}")


def _run(script: str, names: tuple[str, ...], *arguments: object) -> object:
    return redis_client().register_script(script)(keys=names, args=arguments)  # type: ignore[arg-type]


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else ""
