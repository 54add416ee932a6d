"""This process's connection to the Redis-protocol server, with time-outs short enough for a request."""

from functools import lru_cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from knowledge.cache.availability import Availability

redis_availability = Availability("redis", (redis.RedisError, OSError))


def redis_client() -> redis.Redis:
    """Return the client for the configured server; threads and forked children may share it."""
    return _client(settings.REDIS_URL, settings.SHARED_CACHE_SOCKET_TIMEOUT)


def prefixed(name: str) -> str:
    """Return ``name`` as a Redis key of this installation."""
    return f"{settings.SHARED_CACHE_PREFIX}:{name}"


def reconnect() -> None:
    """Drop the connections that a parent process made, and forget that anything was away."""
    _client.cache_clear()
    redis_availability.forget()


@lru_cache(maxsize=2)
def _client(url: str, timeout: float) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),  # the tier below is the retry
        protocol=2,
        driver_info=None,  # saves two round trips a connection
    )
