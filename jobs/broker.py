"""What the broker knows: whether it answers, how long its queues are."""

import json
from typing import Any

import redis
from django.conf import settings

_client: "redis.Redis | None" = None
_UNACKED = "unacked"  # kombu's hash of messages that were taken and not acknowledged
_PRIORITY_KEYS = ("", *(f"\x06\x16{step}" for step in (3, 6, 9)))  # kombu's lists of one queue, a priority step each


def client() -> "redis.Redis":
    """Return this process's client of the Redis-protocol server, with short time-outs."""
    global _client  # noqa: PLW0603 - one pool of connections a process
    if _client is None:
        _client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
    return _client


def answers() -> bool:
    """Say whether the broker answers a ping."""
    try:
        return bool(client().ping())
    except redis.RedisError:
        return False


def information() -> dict[str, Any]:
    """Return the server's memory, version and number of keys. Raises `redis.RedisError` when it is away."""
    info = client().info()
    return {
        "memory_used_mb": round(info["used_memory"] / 2**20, 2),
        "total_keys": client().dbsize(),
        "version": info.get("valkey_version") or info["redis_version"],
    }


def queue_lengths() -> dict[str, int]:
    """Return how many messages each queue has, of any priority, taken but unacknowledged ones counted.

    Raises `redis.RedisError` when the broker is away.
    """
    pipe = client().pipeline(transaction=False)
    for queue in settings.MCAI_QUEUES:
        for priority in _PRIORITY_KEYS:
            pipe.llen(queue + priority)
    pipe.hvals(_UNACKED)
    *lengths, unacked = pipe.execute()
    each = len(_PRIORITY_KEYS)
    counts = {queue: sum(lengths[i * each : (i + 1) * each]) for i, queue in enumerate(settings.MCAI_QUEUES)}
    for entry in unacked:
        _, _, queue = json.loads(entry)  # kombu: message, exchange, routing key, which here is the queue
        counts[queue] = counts.get(queue, 0) + 1
    return counts
