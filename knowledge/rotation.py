"""Rotation: the oldest examples of a domain over its limit move to the archive, and back when asked."""

from dataclasses import dataclass

from django.db import connection, transaction

from knowledge.acting import ARCHIVING, acting, datasets_lock
from knowledge.domains import dataset_get
from knowledge.errors import KnowledgeError
from knowledge.models.dataset import DEFAULT_MAX_EXAMPLES

ACTOR = "rotation"

# Whoever writes examples holds the domain's row (see acting.datasets_lock), so the counter is exact here.
_SURPLUS = """
WITH surplus AS (
    SELECT id, domain_name, example_count,
           CASE WHEN rotation_exempt THEN 0
                ELSE greatest(example_count - coalesce(%(max)s, max_examples, %(default)s), 0) END AS excess
    FROM datasets WHERE id = ANY(%(ids)s)
)"""

_PREVIEW = f"{_SURPLUS} SELECT domain_name, excess, example_count - excess FROM surplus ORDER BY domain_name"  # noqa: S608

_ROTATE = f"""{_SURPLUS}, oldest AS (
    SELECT e.id FROM surplus s CROSS JOIN LATERAL (
        SELECT id FROM examples WHERE dataset_id = s.id ORDER BY created_at, id LIMIT s.excess
    ) e WHERE s.excess > 0
), moved AS (
    DELETE FROM examples e USING oldest o WHERE e.id = o.id RETURNING e.*
), archived AS (
    INSERT INTO examples_archive (
        id, dataset_id, content, response, metadata, embedding, embedder, search_vector, content_hash, batch_id,
        revision, created_at, updated_at, archived_by)
    SELECT id, dataset_id, content, response, metadata, embedding, embedder, search_vector, content_hash, batch_id,
           revision, created_at, updated_at, %(actor)s
    FROM moved RETURNING dataset_id
), counts AS (
    SELECT dataset_id, count(*) AS moved FROM archived GROUP BY dataset_id
)
SELECT s.domain_name, coalesce(c.moved, 0), s.example_count - coalesce(c.moved, 0)
FROM surplus s LEFT JOIN counts c ON c.dataset_id = s.id ORDER BY s.domain_name"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Rotated:
    """What rotation did, or with a dry run would do, to one domain."""

    domain: str
    moved: int
    left: int


def rotation_run(
    *, domain: str | None = None, max_examples: int | None = None, dry_run: bool = False, actor: str = ACTOR
) -> list[Rotated]:
    """Move what is over the limit of one domain, or of all, to the archive: one statement in one transaction.

    ``max_examples`` takes the place of every limit for this run; exempt domains stay whole all the same.

    Raises
    ------
    KnowledgeError
        There is no such domain, or ``max_examples`` is negative.
    """
    if max_examples is not None and max_examples < 0:
        raise KnowledgeError("max_examples", f"It must be 0 or more; it is {max_examples}.")
    only = None if domain is None else [dataset_get(domain).pk]
    with transaction.atomic():
        ids = [dataset.pk for dataset in datasets_lock(only)]
        with acting(actor, action=ARCHIVING):
            return _execute(_PREVIEW if dry_run else _ROTATE, ids, max_examples, actor)


def _execute(sql: str, ids: list[int], max_examples: int | None, actor: str) -> list[Rotated]:
    values = {"ids": ids, "max": max_examples, "default": DEFAULT_MAX_EXAMPLES, "actor": actor}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Rotated(*row) for row in cursor.fetchall()]
