"""Into the archive and out of it, example by example."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from knowledge.acting import ARCHIVING, acting, datasets_lock
from knowledge.domains import dataset_get
from knowledge.models import ArchivedExample, Example

COLUMNS = (
    "id, dataset_id, content, response, metadata, embedding, embedder, search_vector, content_hash, batch_id, "
    "revision, created_at, updated_at"
)
"""What an example and its archived form have in common."""

_ARCHIVE = f"""
WITH moved AS (DELETE FROM examples WHERE id = ANY(%(ids)s) RETURNING *)
INSERT INTO examples_archive ({COLUMNS}, archived_by) SELECT {COLUMNS}, %(actor)s FROM moved"""  # noqa: S608

# Of several archived forms of one content the newest comes back; one whose content lives again stays.
_RESTORE = """
WITH wanted AS (
    SELECT DISTINCT ON (a.dataset_id, a.content_hash) a.id FROM examples_archive a
    WHERE a.dataset_id = ANY(%(datasets)s) AND (%(ids)s IS NULL OR a.id = ANY(%(ids)s))
      AND NOT EXISTS (SELECT FROM examples e WHERE e.dataset_id = a.dataset_id AND e.content_hash = a.content_hash)
    ORDER BY a.dataset_id, a.content_hash, a.archived_revision DESC
), moved AS (
    DELETE FROM examples_archive a USING wanted w WHERE a.id = w.id RETURNING a.*
)
INSERT INTO examples (
    id, dataset_id, content, response, metadata, embedding, embedder, batch_id, created_at, updated_at)
SELECT id, dataset_id, content, response, metadata, embedding, embedder, batch_id, created_at, updated_at FROM moved"""


@dataclass(frozen=True, slots=True)
class Restored:
    """How many examples came back, and how many of those asked for stay since their content lives again."""

    restored: int
    kept: int


def examples_archive(*, ids: Sequence[int], actor: str) -> int:
    """Move these examples to the archive and return how many there were."""
    with transaction.atomic():
        datasets_lock(list(Example.objects.filter(pk__in=ids).values_list("dataset_id", flat=True).distinct()))
        with acting(actor, action=ARCHIVING), connection.cursor() as cursor:
            cursor.execute(_ARCHIVE, {"ids": list(ids), "actor": actor})
            return int(cursor.rowcount)


def archive_restore(*, actor: str, domain: str | None = None, ids: Sequence[int] | None = None) -> Restored:
    """Bring back the archived examples of a domain, or those of the given ids, under the ids they had.

    The next rotation takes out again what is still over the limit.
    """
    wanted = ArchivedExample.objects.all()
    wanted = wanted if ids is None else wanted.filter(pk__in=ids)
    wanted = wanted if domain is None else wanted.filter(dataset=dataset_get(domain))
    with transaction.atomic():
        datasets = datasets_lock(list(wanted.values_list("dataset_id", flat=True).distinct()))
        asked = wanted.count()
        values = {"datasets": [d.pk for d in datasets], "ids": None if ids is None else list(ids)}
        with acting(actor), connection.cursor() as cursor:
            cursor.execute(_RESTORE, values)
            return Restored(cursor.rowcount, asked - cursor.rowcount)
