"""Examining an installation: each check says what it found, and what to do where that is not well."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection

from jobs import broker
from knowledge.models import VectorBreadth
from knowledge.retention import history_foresee
from knowledge.search.calibrating import RECALL
from monitoring import presence
from monitoring.health import migrations_applied

FREE_BYTES = 2 * 2**30
CLOCK_SECONDS = 2.0
LATE_DAYS = 2  # that states may stay beyond their time: they go by night, a bounded number each
OLDEST_POSTGRES = 140_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; ``advice`` is empty where all is well."""

    what: str
    advice: str = ""


def examine() -> Iterator[Finding]:
    """Run every check; those that need a service that is away say so."""
    for check in CHECKS:
        try:
            yield from check()
        except DatabaseError as error:
            connection.close()
            yield Finding(f"{check.__name__}: the database does not answer", f"Is DATABASE_URL right? {error}".strip())
        except redis.RedisError as error:
            yield Finding(f"{check.__name__}: Redis does not answer", f"Is REDIS_URL right? {error}".strip())


def database() -> Iterator[Finding]:
    """Version and extension."""
    number = int(_value("SELECT current_setting('server_version_num')"))
    advice = "" if number >= OLDEST_POSTGRES else "PostgreSQL 14 or newer is needed."
    yield Finding(f"PostgreSQL {number // 10_000}", advice)
    vector = _value("SELECT coalesce(max(extversion), '') FROM pg_extension WHERE extname = 'vector'")
    yield Finding(f"pgvector {vector or 'is missing'}", "" if vector else "Install pgvector, then `manage.py migrate`.")


def migrations() -> Iterator[Finding]:
    """Is the schema that of the program?"""
    if migrations_applied():
        yield Finding("every migration is applied")
    else:
        yield Finding("migrations are unapplied", "Run `manage.py migrate`.")


def server() -> Iterator[Finding]:
    """Redis."""
    known = broker.information()
    yield Finding(f"Redis protocol {known['version']}, {known['memory_used_mb']} MB, {known['total_keys']} keys")


def workers() -> Iterator[Finding]:
    """Does each queue have a worker, and do jobs move?"""
    for queue, count in presence.workers_by_queue().items():
        advice = "" if count else f"Start one: `celery -A mcai_project worker -Q {queue} -n {queue}@%h`, or `make run`."
        yield Finding(f"queue {queue}: {count} worker{'s' * (count != 1)}", advice)
    stuck = int(
        _value(
            "SELECT count(*) FROM jobs WHERE status = 'processing'"
            " AND lease_until < clock_timestamp() - interval '1 minute'"
        )
    )
    yield Finding(f"{stuck} stuck jobs", "Start the reconciler: `manage.py reconcile`." if stuck else "")


def history() -> Iterator[Finding]:
    """Do former states of examples go when their time is over?"""
    days = settings.MCAI_HISTORY_DAYS
    size = int(_value("SELECT pg_total_relation_size('example_history')"))
    late = history_foresee(days=days + LATE_DAYS).removed if days else 0
    advice = "Is beat running? `manage.py prune_history` removes them." if late else ""
    kept = f"kept for {days:,} days; {late:,} are older" if days else "kept for ever (MCAI_HISTORY_DAYS)"
    yield Finding(f"former states of examples: {size / 2**20:.1f} MiB, {kept}", advice)


def meaning() -> Iterator[Finding]:
    """Does a search by meaning find what is nearest?"""
    if not int(_value("SELECT count(*) FROM vector_breadths")):
        yield Finding("search by meaning: not measured, as for any small store")
    for found in VectorBreadth.objects.all():
        recall = f"recall@10 {found.recall:.3f} (at least {found.at_least:.3f}) with breadth {found.breadth}"
        # By the bound that chose it: what the questions foretell alone, the graph may miss.
        advice = "" if found.at_least >= RECALL else "Try `manage.py embed_examples --rebuild-index`."
        yield Finding(f"search by meaning: {recall}, measured among {found.vectors:,} vectors", advice)


def clock() -> Iterator[Finding]:
    """Leases and rates go by the servers' clocks; a machine that is far off misreads them."""
    away = abs(time.time() - float(_value("SELECT extract(epoch FROM clock_timestamp())")))
    advice = "" if away < CLOCK_SECONDS else "Let both machines keep time (chrony, systemd-timesyncd)."
    yield Finding(f"our clock and the database's differ by {away:.1f} s", advice)


def disk() -> Iterator[Finding]:
    """Room for results."""
    place = _existing(Path(settings.MCAI_FILES))
    free = shutil.disk_usage(place).free
    advice = "" if free > FREE_BYTES else "Make room, or keep results a shorter time (MCAI_RESULT_SECONDS)."
    yield Finding(f"{free / 2**30:.1f} GiB free for files in {place}", advice)


def permissions() -> Iterator[Finding]:
    """May we write, and may others read what is secret?"""
    for folder in (Path(settings.MCAI_HOME), Path(settings.MCAI_FILES)):
        writable = os.access(_existing(folder), os.W_OK | os.X_OK)
        yield Finding(f"{folder} {'can' if writable else 'cannot'} be written", "" if writable else "Change its owner.")
    for path in (Path(settings.MCAI_HOME) / name for name in ("secret_key", "run.json", "admin_password", "api_key")):
        if path.exists() and path.stat().st_mode & 0o077:
            yield Finding(f"{path} can be read by others", f"Run `chmod 600 {path}`.")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    database, migrations, server, workers, history, meaning, clock, disk, permissions,
)  # fmt: skip


def _existing(path: Path) -> Path:
    """Return the path, or the nearest folder above it that is there."""
    return path if path.exists() else _existing(path.parent)


def _value(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return str(cursor.fetchone()[0])
