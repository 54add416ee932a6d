"""Who computes: a lock that all processes share, in Redis, or in PostgreSQL while Redis is away."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from knowledge.cache import scripts
from knowledge.cache.availability import Away
from knowledge.cache.client import prefixed, redis_availability, redis_client
from knowledge.cache.keys import Key
from knowledge.cache.table_tier import database

LEASE_SECONDS = 3.0
FAILURE_SECONDS = 2.0
_MAX_REASON = 500


@dataclass(slots=True)
class Turn:
    """What came of trying to take a lock: ``mine``, or held by ``holder``, or ``failed`` for the reason given."""

    mine: bool
    holder: str = ""
    failed: str | None = None


@contextmanager
def take(key: Key, seen_holder: str = "") -> Iterator[Turn]:
    """Try once to become the one process that computes ``key``; give the lock back at the end.

    A process that dies loses the lock within ``LEASE_SECONDS``. An exception inside is told to those who waited.
    ``seen_holder`` is whom the caller has been waiting for.
    """
    token = uuid.uuid4().hex
    try:
        held = _acquire(key, token, seen_holder)
    except Away:
        with _take_in_database(key) as turn:
            yield turn
        return
    if held == token:
        with _renewed(key, token):
            yield from _release_after(key, token)
    else:
        yield _someone_elses(held)


def _release_after(key: Key, token: str) -> Iterator[Turn]:
    try:
        yield Turn(mine=True)
    except BaseException as error:
        _release(key, token, f"{error}"[:_MAX_REASON] or type(error).__name__)
        raise
    else:
        _release(key, token, "")


def _someone_elses(held: str) -> Turn:
    if not held.startswith("!"):
        return Turn(mine=False, holder=held)
    holder, _, reason = held[1:].partition(":")
    return Turn(mine=False, holder=holder, failed=reason)


def _acquire(key: Key, token: str, seen_holder: str) -> str:
    with redis_availability.watch():
        run = redis_client().register_script(scripts.ACQUIRE)
        held = run(keys=[_lock_key(key)], args=[token, int(LEASE_SECONDS * 1000), seen_holder])
    return held.decode() if isinstance(held, bytes) else str(held)


def _release(key: Key, token: str, reason: str) -> None:
    try:
        with redis_availability.watch():
            run = redis_client().register_script(scripts.RELEASE)
            run(keys=[_lock_key(key)], args=[token, reason, int(FAILURE_SECONDS * 1000)])
    except Away:
        return  # the lease runs out by itself


@contextmanager
def _renewed(key: Key, token: str) -> Iterator[None]:
    """Keep the lease alive by a thread while the body runs, however long it takes."""
    done = threading.Event()
    thread = threading.Thread(target=_renew_until, args=(done, key, token), name="cache-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()


def _renew_until(done: threading.Event, key: Key, token: str) -> None:
    while not done.wait(LEASE_SECONDS / 3):
        try:
            with redis_availability.watch():
                run = redis_client().register_script(scripts.RENEW)
                run(keys=[_lock_key(key)], args=[token, int(LEASE_SECONDS * 1000)])
        except Away:
            continue


@contextmanager
def _take_in_database(key: Key) -> Iterator[Turn]:
    """The same by an advisory lock, which the server frees when the connection ends."""
    number = int(key.digest[:15], 16)
    try:
        mine = _ask_database("SELECT pg_try_advisory_lock(%s)", number)
    except Away:
        yield Turn(mine=True)  # nothing shared is left: each process computes for itself
        return
    try:
        yield Turn(mine=mine, holder="database")
    finally:
        if mine:
            _unlock_database(number)


def _unlock_database(number: int) -> None:
    try:
        _ask_database("SELECT pg_advisory_unlock(%s)", number)
    except Away:
        return  # the connection is gone, and the lock with it


def _ask_database(sql: str, number: int) -> bool:
    with database(), connection.cursor() as cursor:
        cursor.execute(sql, [number])
        return bool(cursor.fetchone()[0])


def _lock_key(key: Key) -> str:
    return prefixed(f"flight:{key.name}")
