"""Early refresh: a hot value is made anew shortly before it ends, by one of those who ask, beside its request."""

import math
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from django.db import connections

from knowledge.cache.entry import Entry

BETA = 1.0
"""Over 1 refreshes earlier, under 1 later."""

_THREADS, _MOST_WAITING = 2, 16
_pending: set[str] = set()
_lock = threading.Lock()


def is_due(entry: Entry, now: float, chance: float | None = None) -> bool:
    """Whether this reader should refresh the entry although it is fresh.

    Vattani, Chierichetti and Lowenstein, "Optimal Probabilistic Cache Stampede Prevention" (VLDB 2015): the longer
    the value takes to make, and the nearer its end, the likelier. ``chance`` in (0, 1] is drawn where not given.
    """
    drawn = 1.0 - random.random() if chance is None else chance
    return now - entry.took * BETA * math.log(drawn) >= entry.ends_at


def beside(name: str, work: Callable[[], object]) -> bool:
    """Run ``work`` in a thread beside the request; False where it is already waiting, or too much else is."""
    with _lock:
        if name in _pending or len(_pending) >= _MOST_WAITING:
            return False
        _pending.add(name)
    _pool().submit(_run, name, work)
    return True


def _run(name: str, work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        with _lock:
            _pending.discard(name)
        connections.close_all()


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="cache-refresh")


def forget_threads() -> None:
    """Begin anew in a forked child, which has none of its parent's threads."""
    _pool.cache_clear()
    _pending.clear()
