"""Which workers serve which queue: each says so with every heartbeat, so that asking costs one round trip.

Asking the workers themselves takes as long as the slowest of them, and a busy machine would look like one without
workers. The times are those of the Redis server: no other clock counts.
"""

from typing import Any

import redis
from celery import signals
from django.conf import settings

from jobs import broker

SECONDS = 10
"""How long a worker counts as there after a heartbeat; they come every two seconds."""

_SAY = """
local now = tonumber(redis.call('TIME')[1])
for _, key in ipairs(KEYS) do
    redis.call('ZADD', key, now, ARGV[1])
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now - ARGV[2])
    redis.call('EXPIRE', key, ARGV[2])
end
"""

_COUNT = """
local now, counts = tonumber(redis.call('TIME')[1]), {}
for i, key in ipairs(KEYS) do counts[i] = redis.call('ZCOUNT', key, '(' .. now - ARGV[1], '+inf') end
return counts
"""


def workers_by_queue() -> dict[str, int]:
    """Return how many workers serve each queue. Raises `redis.RedisError` when the broker is away."""
    queues = list(settings.MCAI_QUEUES)
    counts = broker.client().eval(_COUNT, len(queues), *map(_key, queues), SECONDS)
    return dict(zip(queues, counts, strict=True))


def here(name: str, queues: list[str]) -> None:
    """Say that the worker of this name serves these queues now. Raises `redis.RedisError`."""
    broker.client().eval(_SAY, len(queues), *map(_key, queues), name, SECONDS)


def gone(name: str) -> None:
    """Say that the worker of this name serves no longer. Raises `redis.RedisError`."""
    pipe = broker.client().pipeline(transaction=False)
    for queue in settings.MCAI_QUEUES:
        pipe.zrem(_key(queue), name)
    pipe.execute()


def _key(queue: str) -> str:
    return f"mcai:workers:{queue}"


@signals.heartbeat_sent.connect
def say_here(sender: Any, **_: Any) -> None:
    """Go with each heartbeat of a worker."""
    eventer = sender.eventer
    try:
        here(eventer.hostname, list(eventer.app.amqp.queues.consume_from))
    except redis.RedisError:
        return  # the next heartbeat says it again


@signals.worker_shutdown.connect
def say_gone(sender: Any, **_: Any) -> None:
    """Go with a worker's end; one that is killed is forgotten soon."""
    try:
        gone(sender.hostname)
    except redis.RedisError:
        return
