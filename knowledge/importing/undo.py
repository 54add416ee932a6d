"""Undo an import: its examples go, what it replaced comes back, what was edited since stays."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from knowledge.acting import acting, datasets_lock
from knowledge.errors import KnowledgeError, NotFoundError
from knowledge.models import Dataset, ImportBatch

# Edited since: a state that came from this import was changed by a person, not by a later import or its undoing.
_EDITED = """EXISTS (
        SELECT FROM example_history h
        WHERE h.example_id = e.id AND h.source_batch_id = %(batch)s AND h.action = 'update'
          AND h.changed_by_batch_id IS NULL
    )"""
_REPLACED = """EXISTS (
        SELECT FROM example_history h
        WHERE h.example_id = e.id AND h.changed_by_batch_id = %(batch)s AND h.action = 'update'
    )"""

_KEPT = f"SELECT count(*) FROM examples e WHERE e.batch_id = %(batch)s AND {_EDITED}"  # noqa: S608

_REMOVE = f"""
DELETE FROM examples e WHERE e.batch_id = %(batch)s AND NOT {_REPLACED} AND NOT {_EDITED}"""  # noqa: S608

_REMOVE_ARCHIVED = f"""
DELETE FROM examples_archive e WHERE e.batch_id = %(batch)s AND NOT {_REPLACED} AND NOT {_EDITED}"""  # noqa: S608

_PUT_BACK = f"""
UPDATE examples e
SET content = h.content, response = h.response, metadata = h.metadata, updated_at = h.updated_at,
    batch_id = h.source_batch_id
FROM (
    SELECT DISTINCT ON (example_id) * FROM example_history
    WHERE changed_by_batch_id = %(batch)s AND action = 'update' ORDER BY example_id, until_revision
) h
WHERE h.example_id = e.id AND e.batch_id = %(batch)s AND NOT {_EDITED}"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Undone:
    """How many examples went, how many replaced ones came back, and how many stay since they were edited."""

    removed: int
    put_back: int
    kept: int


def import_undo(*, batch: int, actor: str) -> Undone:
    """Take back an import, in one transaction.

    Raises
    ------
    NotFoundError
        There is no such import.
    KnowledgeError
        It was not applied, is undone already, or is settled.
    """
    with transaction.atomic():
        found = ImportBatch.objects.select_for_update().filter(pk=batch).first()
        if found is None:
            raise NotFoundError("batch", f"There is no import {batch}.")
        if found.status != ImportBatch.Status.APPLIED:
            raise KnowledgeError(
                "batch", f"Import {batch} is {found.get_status_display()}; only one applied can be undone."
            )
        if found.settled_at:
            raise KnowledgeError("batch", settled(found))
        datasets_lock(list(Dataset.objects.filter(domain_name__in=found.domains).values_list("pk", flat=True)))
        with acting(actor, batch=batch):
            undone = _undo(batch)
        ImportBatch.objects.filter(pk=batch).update(status=ImportBatch.Status.UNDONE, undone_at=Now())
    return undone


def settled(batch: ImportBatch) -> str:
    """Say why a settled import cannot be undone."""
    days = settings.MCAI_HISTORY_DAYS
    kept = f"are kept for {days:,} days" if days else "were not kept for ever then"
    return (
        f"Import {batch.pk} of {batch.finished_at:%Y-%m-%d} could be undone until {batch.settled_at:%Y-%m-%d %H:%M}: "
        f"former states of examples, by which an undoing tells what was edited since, {kept} (MCAI_HISTORY_DAYS)."
    )


def _undo(batch: int) -> Undone:
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"batch": batch})
        kept = cursor.fetchone()[0]
        removed = 0
        for statement in (_REMOVE, _REMOVE_ARCHIVED):
            cursor.execute(statement, {"batch": batch})
            removed += cursor.rowcount
        cursor.execute(_PUT_BACK, {"batch": batch})
        return Undone(removed, cursor.rowcount, kept)
