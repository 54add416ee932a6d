"""Fills the shared cache before anybody asks, up to a bound of bytes, and brings the exported files up to date."""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson
from django.conf import settings
from django.db import DatabaseError, connection

from knowledge.cache import table_tier, tiers
from knowledge.cache.availability import Away
from knowledge.cache.client import redis_availability, redis_client
from knowledge.cache.exports.writing import write_exports
from knowledge.cache.reads import Read, read_datasets, read_emotions, read_examples

_HOTTEST = 1_000


@dataclass(frozen=True, slots=True)
class Warmed:
    """What a warm-up did: entries read or refilled, their bytes, domains exported, and what was away."""

    entries: int
    bytes: int
    exported: int
    away: tuple[str, ...]


def warm_up(*, export: bool = True) -> Warmed:
    """Read the catalogue and the first pages into the cache, refill the dearest answers, write the exported files.

    Never raises for a service that is away: the cache then fills as it is used.
    """
    away = tuple(
        name for name, there in (("redis", _redis_is_there()), ("database", _database_is_there())) if not there
    )
    if "database" in away:
        return Warmed(0, 0, 0, away)
    entries = size = 0
    for bytes_more in _steps():
        entries, size = entries + 1, size + bytes_more
        if size >= settings.SHARED_CACHE_WARM_BYTES:
            break
    return Warmed(entries, size, _export() if export else 0, away)


def _steps() -> Iterator[int]:
    """Warm one entry after the other, those asked for most often first; yield the size of each."""
    datasets = read_datasets()
    yield _size(datasets)
    yield _size(read_emotions())
    yield from _refilled()
    for row in datasets.rows or []:
        yield _size(read_examples(row["domain_name"]))


def _refilled() -> Iterator[int]:
    try:
        hottest = table_tier.hottest(_HOTTEST)
    except Away:
        return
    for key, entry in hottest:
        yield tiers.refill(key, entry)


def _size(read: Read) -> int:
    return len(orjson.dumps(read.rows))


def _export() -> int:
    try:
        return len(write_exports().domains)
    except (DatabaseError, OSError):
        return 0


def _redis_is_there() -> bool:
    try:
        with redis_availability.watch():
            return bool(redis_client().ping())
    except Away:
        return False


def _database_is_there() -> bool:
    try:
        with table_tier.database():
            connection.ensure_connection()
    except Away:
        return False
    return True
