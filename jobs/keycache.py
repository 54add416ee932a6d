"""API keys that this process has just seen, so that not every request asks the database who it is.

A change to any key or user raises an epoch in Redis, which the rate limit's own round trip brings along: so a revoked
key is refused at its next request, or, where it does no more than poll, within a second. An entry lives for half a
minute, and for two seconds while Redis has no news to bring.
"""

import contextlib
import threading
import time
from typing import Any

import redis

from jobs import broker
from jobs.models import ApiKey

EPOCH = "mcai:keys:epoch"
_SECONDS = 30.0
_ALONE_SECONDS = 2.0
_MOST = 10_000

_lock = threading.Lock()
_seen: dict[str, tuple[float, ApiKey]] = {}
_epoch: Any = None
_told = False


def get(key_hash: str) -> ApiKey | None:
    """Return the key's row if it was seen a moment ago."""
    found = _seen.get(key_hash)
    longest = _SECONDS if _told else _ALONE_SECONDS
    return found[1] if found is not None and time.monotonic() - found[0] < longest else None


def put(row: ApiKey) -> None:
    """Remember a row for a moment."""
    with _lock:
        if len(_seen) >= _MOST:
            _seen.clear()
        _seen[row.key_hash] = (time.monotonic(), row)


def heed(epoch: Any) -> None:
    """Forget everything if some key or user was changed since we last heard."""
    global _epoch, _told  # noqa: PLW0603 - what this process knows
    _told = True
    if epoch != _epoch:
        with _lock:
            _seen.clear()
            _epoch = epoch


def unheard() -> None:
    """Take note that Redis could not tell whether some key or user was changed."""
    global _told  # noqa: PLW0603 - what this process knows
    _told = False


def changed(**_: Any) -> None:
    """Tell every process that keys or users were changed. Without Redis the seconds have to run out."""
    with _lock:
        _seen.clear()
    with contextlib.suppress(redis.RedisError):
        broker.client().incr(EPOCH)
