"""Redis before the table, as one store: a tier that is away or holds nonsense is passed over."""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from knowledge.cache import redis_tier, stats, table_tier
from knowledge.cache.availability import Away
from knowledge.cache.entry import Entry, UnusableEntry, encode
from knowledge.cache.keys import Key
from knowledge.cache.patterns import Pattern


class Tier(Protocol):
    """What both tiers can do; each call raises ``Away`` where the tier cannot be reached."""

    NAME: str

    def get(self, key: Key, /) -> Entry | None: ...

    def drop(self, key: Key, /) -> None: ...

    def invalidate(self, pattern: Pattern, /) -> Counter[str]: ...


TIERS: tuple[Tier, ...] = (redis_tier, table_tier)


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry, and the name of the tier that had it."""

    entry: Entry
    tier: str


def look(key: Key) -> Hit | None:
    """Return what the first tier that knows ``key`` holds; what the table had goes back into Redis."""
    for tier in TIERS:
        entry = _read(tier, key)
        if entry is not None:
            if tier is not TIERS[0]:
                refill(key, entry)
            return Hit(entry, tier.NAME)
    return None


def asked(key: Key) -> list[str]:
    """Return the names of the tiers that may hold ``key``."""
    return [tier.NAME for tier in TIERS if tier is not table_tier or table_tier.may_hold(key)]


def keep(key: Key, entry: Entry, generation: str = "") -> bool:
    """Write the entry to every tier that is there; False where it was not kept.

    That is so where it is larger than an entry may be, or where something was invalidated since ``generation``.
    """
    payload = encode(key, entry)
    if len(payload) > settings.SHARED_CACHE_MAX_ENTRY_BYTES:
        stats.count(key.cache_type, "rejected")
        return False
    if not _write_to_redis(key, entry, payload, generation):
        return False
    if table_tier.keeps(key, entry):
        _write_to_table(key, entry)
    return True


def refill(key: Key, entry: Entry) -> int:
    """Write an entry that the table has back into Redis, for the rest of its life; return its size in bytes."""
    payload = encode(key, entry)
    life = redis_tier.life_of(key, entry) - (time.time() - entry.made_at)
    try:
        return len(payload) if life > 0 and redis_tier.put(key, payload, life) else 0
    except Away:
        return 0


def discard(key: Key) -> None:
    """Remove what is under ``key`` from every tier that is there: it cannot be used."""
    stats.count(key.cache_type, "discarded")
    for tier in TIERS:
        _drop(tier, key)


def generation() -> str:
    """Return the number of invalidations so far, or nothing where Redis is away."""
    try:
        return redis_tier.generation()
    except Away:
        return ""


def invalidate(pattern: Pattern) -> dict[str, Counter[str] | None]:
    """Remove what ``pattern`` names; return what each tier lost, by type, None for one that is away."""
    return {tier.NAME: _invalidated(tier, pattern) for tier in TIERS}


def _read(tier: Tier, key: Key) -> Entry | None:
    try:
        return tier.get(key)
    except Away:
        return None
    except UnusableEntry:
        stats.count(key.cache_type, "discarded")
        _drop(tier, key)
        return None


def _drop(tier: Tier, key: Key) -> None:
    try:
        tier.drop(key)
    except Away:
        return


def _invalidated(tier: Tier, pattern: Pattern) -> Counter[str] | None:
    try:
        return tier.invalidate(pattern)
    except Away:
        return None


def _write_to_redis(key: Key, entry: Entry, payload: bytes, generation: str) -> bool:
    try:
        return redis_tier.put(key, payload, redis_tier.life_of(key, entry), generation)
    except Away:
        return True


def _write_to_table(key: Key, entry: Entry) -> None:
    try:
        table_tier.put(key, entry)
    except Away:
        return
