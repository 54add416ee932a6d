"""Tell the database who acts, and take the lock that orders the writers of a domain."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.dispatch import Signal

from knowledge.models import Dataset

DIRECT, ARCHIVING = "", "archive"

examples_changed = Signal()
"""Sent when examples were written by a service, once the transaction is committed."""

_NAMES = ("mcai.actor", "mcai.batch", "mcai.action")
_READ = "SELECT " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in _NAMES)
_WRITE = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in _NAMES)


@contextmanager
def acting(actor: str, *, batch: int | None = None, action: str = DIRECT) -> Iterator[None]:
    """Name the actor of what is written inside, within a transaction; the triggers write it into the history."""
    before = _settings()
    _set(actor, "" if batch is None else str(batch), action)
    yield
    transaction.on_commit(_tell_of_change, robust=True)
    _set(*before)  # not in a finally: after an error the rollback has done it


def _tell_of_change() -> None:
    examples_changed.send(sender=None)


def _settings() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        actor, batch, action = cursor.fetchone()
    return actor, batch, action


def _set(actor: str, batch: str, action: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [actor, batch, action])


def datasets_lock(ids: Sequence[int] | None = None) -> list[Dataset]:
    """Lock these domains (all when None) until the transaction ends and return them as they are now.

    Every service that writes examples starts here, always in the order of ids, so that writers of one domain
    follow each other and never wait in a circle.
    """
    rows = Dataset.objects.select_for_update(no_key=True).order_by("id")
    return list(rows if ids is None else rows.filter(id__in=ids))
