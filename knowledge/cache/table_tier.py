"""The second tier: dear entries in the table ``knowledge_cache``, for when Redis is away or has lost all."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import orjson
from django.conf import settings
from django.db import DatabaseError, DataError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Func, Value
from django.db.models.fields import DurationField
from django.db.models.functions import Now

from knowledge.cache.availability import Availability
from knowledge.cache.client import redis_availability
from knowledge.cache.entry import Entry, UnusableEntry, as_body, from_body
from knowledge.cache.keys import Key
from knowledge.cache.patterns import Pattern
from knowledge.cache.policies import HOUR, policy_for
from knowledge.models import CachedAnswer

NAME = "table"
database_availability = Availability("database", (OperationalError, InterfaceError))

_GIVEN_UP = {"57014", "55P03", "40P01"}  # query_canceled, lock_not_available, deadlock_detected

_READ = """
UPDATE knowledge_cache SET accessed_at = now(), access_count = access_count + 1
WHERE query_hash = %s RETURNING response::text
"""
_INVALIDATE = """
DELETE FROM knowledge_cache WHERE response->>'key' ~ %s RETURNING split_part(response->>'key', ':', 1)
"""
_PRUNE = """
DELETE FROM knowledge_cache WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (
            PARTITION BY split_part(response->>'key', ':', 1) ORDER BY accessed_at DESC, id DESC
        ) AS place FROM knowledge_cache
    ) ranked WHERE place > %s
)
"""


class TooSlow(DatabaseError):
    """The database is there, and gave a query up: its time was over, or it would have waited for a lock."""


@contextmanager
def database() -> Iterator[None]:
    """Run a query; a connection that broke is given back, so that the next one is made anew.

    Raises
    ------
    Away, TooSlow
    """
    with database_availability.watch():
        try:
            yield
        except (OperationalError, InterfaceError) as error:
            if getattr(error.__cause__, "pgcode", None) in _GIVEN_UP:
                raise TooSlow(str(error)) from error
            if not connection.in_atomic_block:
                connection.close()
            raise


def keeps(key: Key, entry: Entry) -> bool:
    """Whether such an entry belongs in the table: dear ones that found something, others while Redis is away."""
    return may_hold(key) and not entry.negative and _source(entry) in CachedAnswer.Source.values


def may_hold(key: Key) -> bool:
    """Whether it is worth looking for ``key`` in the table."""
    policy = policy_for(key.cache_type)
    return policy.durable or (policy.standby and redis_availability.known_away)


def get(key: Key) -> Entry | None:
    """Return the entry under ``key``.

    Raises
    ------
    Away, UnusableEntry
    """
    if not may_hold(key):
        return None
    with database(), connection.cursor() as cursor:
        cursor.execute(_READ, [key.digest])
        row = cursor.fetchone()
    return None if row is None else from_body(key, orjson.loads(row[0]))


def put(key: Key, entry: Entry) -> bool:
    """Keep the entry; False where the database cannot hold such text (a NUL character). Raises ``Away``."""
    row = CachedAnswer(
        query_hash=key.digest,
        query_text=key.text.replace("\x00", ""),
        response=as_body(key, entry),
        source=_source(entry),
        ttl=round(entry.ttl),
        created_at=Now(),
    )
    try:
        with database(), transaction.atomic():
            CachedAnswer.objects.bulk_create(
                [row],
                update_conflicts=True,
                unique_fields=["query_hash"],
                update_fields=["query_text", "response", "source", "ttl", "created_at"],
            )
    except DataError:
        return False
    return True


def drop(key: Key) -> None:
    """Remove the entry under ``key``. Raises ``Away``."""
    with database():
        CachedAnswer.objects.filter(query_hash=key.digest).delete()


def invalidate(pattern: Pattern) -> Counter[str]:
    """Remove every entry that ``pattern`` names; return how many of each type. Raises ``Away``."""
    with database(), connection.cursor() as cursor:
        cursor.execute(_INVALIDATE, [pattern.regex])
        return Counter(cache_type for (cache_type,) in cursor.fetchall())


def prune() -> int:
    """Remove what is past its life and its grace, and of each type what is beyond the bound; return how many rows went.

    Those go first that were asked for longest ago. Raises ``Away``.
    """
    with database():
        old = CachedAnswer.objects.filter(created_at__lt=Now() - _life() - timedelta(seconds=24 * HOUR)).delete()[0]
        with connection.cursor() as cursor:
            cursor.execute(_PRUNE, [settings.SHARED_CACHE_MAX_ENTRIES])
            return old + int(cursor.rowcount)


def hottest(limit: int) -> list[tuple[Key, Entry]]:
    """Return live entries, those asked for most often first. Raises ``Away``."""
    with database():
        rows = CachedAnswer.objects.filter(created_at__gt=Now() - _life()).order_by("-access_count", "-accessed_at")
        return [pair for row in rows[:limit] if (pair := _pair(row)) is not None]


def _life() -> Func:
    zeros = (Value(0),) * 6
    return Func(*zeros, F("ttl"), function="make_interval", output_field=DurationField())


def _pair(row: CachedAnswer) -> tuple[Key, Entry] | None:
    name = row.response.get("key") if isinstance(row.response, dict) else None
    if not isinstance(name, str) or name.count(":") != 2:
        return None
    cache_type, scope, digest = name.split(":")
    key = Key(cache_type, scope, digest, row.query_text)
    try:
        return (key, from_body(key, row.response)) if key.digest == row.query_hash else None
    except UnusableEntry:
        return None


def _source(entry: Entry) -> str:
    return str(entry.value.get("source")) if isinstance(entry.value, dict) else ""
