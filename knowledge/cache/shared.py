"""The shared cache: a value from the first tier that has it, or computed once for all who ask."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from knowledge.cache import refresh, stats, tiers
from knowledge.cache.entry import Entry
from knowledge.cache.errors import Unobtainable
from knowledge.cache.flight import Flights, alone_among_processes
from knowledge.cache.keys import Key
from knowledge.cache.locks import take
from knowledge.cache.policies import policy_for
from knowledge.cache.tiers import Hit

T = TypeVar("T")
Load = Callable[[Any], T]
"""Makes a value of what the cache held; raises ValueError, KeyError or TypeError where it is none."""

_flights = Flights()


@dataclass(frozen=True, slots=True)
class Computed:
    """What a computation gives the cache: JSON, what it cost in dollars, and whether it found nothing.

    ``keep`` is False for a makeshift that must not be answered again.
    """

    value: Any
    cost: float = 0.0
    negative: bool = False
    keep: bool = True


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value, and how it was come by: ``age`` in seconds.

    ``tier`` is ``redis``, ``table``, ``computed``, or ``flight`` where another thread's computation was shared.
    """

    value: T
    cached: bool
    stale: bool
    tier: str
    age: float
    cost: float
    negative: bool


def remember(key: Key, compute: Callable[[], Computed], load: Load[T], *, use_cached: bool = True) -> Found[T]:
    """Return the value of ``key``: cached, or from ``compute``, which one caller among all processes runs.

    ``use_cached=False`` computes in any case, and keeps the new value.

    Raises
    ------
    Unobtainable
        Where it can neither be computed nor has an older one that may stand in; likewise whatever else ``compute``
        raises.
    """
    if not use_cached:
        return _computed(key, compute, load)
    found, shared = _flights.run(key.name, lambda: _remember(key, compute, load))
    if not shared:
        return found
    stats.count(key.cache_type, "hits", stats.at("flight", "hits"), saved_dollars=found.cost)
    return replace(found, cached=True, tier="flight" if found.tier == "computed" else found.tier)


def _remember(key: Key, compute: Callable[[], Computed], load: Load[T]) -> Found[T]:
    usable = _usable(key, load)
    if usable is not None and usable[0].entry.is_fresh(time.time()):
        return _answer_hit(key, *usable, compute)
    stats.count(key.cache_type, "misses", *(stats.at(tier, "misses") for tier in tiers.asked(key)))
    try:
        return alone_among_processes(key, lambda: _made_meanwhile(key, load), lambda: _computed(key, compute, load))
    except Unobtainable:
        if usable is None or usable[0].entry.negative:
            raise
        stats.count(key.cache_type, "stale", stats.at(usable[0].tier, "stale"))
        return _as_found(*usable)


def peek(key: Key, load: Load[T]) -> Found[T] | None:
    """Return the cached value of ``key``, fresh or not, and compute nothing."""
    usable = _usable(key, load)
    return None if usable is None else _as_found(*usable)


def _usable(key: Key, load: Load[T]) -> tuple[Hit, T] | None:
    hit = tiers.look(key)
    if hit is None:
        return None
    try:
        return hit, load(hit.entry.value)
    except (ValueError, KeyError, TypeError):
        tiers.discard(key)
        return None


def _answer_hit(key: Key, hit: Hit, value: T, compute: Callable[[], Computed]) -> Found[T]:
    entry = hit.entry
    events: tuple[str, ...] = ("hits", "negative") if entry.negative else ("hits",)
    if hit.tier != tiers.TIERS[0].NAME:
        events += (stats.at(hit.tier, "hits"), stats.at(tiers.TIERS[0].NAME, "misses"))
    stats.count(key.cache_type, *events, saved_dollars=entry.cost, saved_seconds=entry.took)
    if refresh.is_due(entry, time.time()):
        refresh.beside(key.name, lambda: _refresh(key, compute))
    return _as_found(hit, value)


def _refresh(key: Key, compute: Callable[[], Computed]) -> None:
    with take(key) as turn:
        if not turn.mine:
            return
        try:
            _compute_and_keep(key, compute)
        except Unobtainable:
            return
    stats.count(key.cache_type, "refreshes")


def _made_meanwhile(key: Key, load: Load[T]) -> Found[T] | None:
    found = peek(key, load)
    return None if found is None or found.stale else found


def _computed(key: Key, compute: Callable[[], Computed], load: Load[T]) -> Found[T]:
    entry = _compute_and_keep(key, compute)
    return Found(load(entry.value), False, False, "computed", 0.0, entry.cost, entry.negative)


def _compute_and_keep(key: Key, compute: Callable[[], Computed]) -> Entry:
    policy, generation = policy_for(key.cache_type), tiers.generation()
    began = time.monotonic()
    made = compute()
    ttl = policy.negative_ttl if made.negative else policy.ttl
    entry = Entry(made.value, time.time(), ttl, time.monotonic() - began, made.cost, made.negative)
    if made.keep:
        tiers.keep(key, entry, generation)
    return entry


def _as_found(hit: Hit, value: T) -> Found[T]:
    now = time.time()
    entry = hit.entry
    age = max(0.0, now - entry.made_at)
    return Found(value, True, not entry.is_fresh(now), hit.tier, age, entry.cost, entry.negative)
