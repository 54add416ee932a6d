"""The examples whose vectors are missing, or of another embedder than the one in use; and writing their vectors.

Where the work stands is written in the examples themselves, so that it can stop anywhere and go on later. An example
that has no direction (none of its words is known) keeps no vector, but the embedder's identity: it waits no more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from knowledge.acting import datasets_lock
from knowledge.embedders.contract import Vectors, literal
from knowledge.search.sql import Piece, rows

BATCH = 500

_COLUMNS = "id, revision, dataset_id, content, response"
_BARE = f"""
SELECT {_COLUMNS} FROM examples
WHERE embedding IS NULL AND embedder IS DISTINCT FROM %s AND id > %s ORDER BY id LIMIT %s
"""  # noqa: S608
_FOREIGN = f"""
(SELECT {_COLUMNS} FROM examples WHERE embedder < %s AND id > %s ORDER BY id LIMIT %s)
UNION ALL
(SELECT {_COLUMNS} FROM examples WHERE embedder > %s AND id > %s ORDER BY id LIMIT %s)
ORDER BY id LIMIT %s
"""  # noqa: S608
_ANY = """
SELECT EXISTS (SELECT FROM examples WHERE embedding IS NULL AND embedder IS DISTINCT FROM %s)
    OR EXISTS (SELECT FROM examples WHERE embedder < %s) OR EXISTS (SELECT FROM examples WHERE embedder > %s)
"""
_WRITE = """
UPDATE examples e SET embedding = v.embedding::halfvec, embedder = %s
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS v (id, revision, embedding)
WHERE e.id = v.id AND e.revision = v.revision
"""
_COUNT = """
SELECT (SELECT coalesce(sum(example_count), 0)::bigint FROM datasets)
     - (SELECT count(*) FROM examples WHERE embedder = %s)
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An example to be embedded, in the state that ``revision`` numbers."""

    id: int
    revision: int
    dataset_id: int
    content: str
    response: str

    @property
    def text(self) -> str:
        """Return what its vector shall stand for."""
        return f"{self.content}\n{self.response}" if self.response else self.content


def pending_count(identity: str) -> int:
    """Return how many examples wait for a vector of this embedder."""
    ((count,),) = rows(Piece(_COUNT, (identity,)))
    return max(int(count), 0)


def is_pending(identity: str | None) -> bool:
    """Return whether any example waits for a vector of this embedder; all do where it is not fitted yet."""
    told = identity or ""
    ((pending,),) = rows(Piece(_ANY, (told, told, told)))
    return bool(pending)


def pending_batches(identity: str) -> Iterator[list[Waiting]]:
    """Yield those that have no vector, then those that have another embedder's, each example once."""
    yield from _batches(Piece(_BARE), (identity,), repeat=1)
    yield from _batches(Piece(_FOREIGN), (identity,), repeat=2)


def _batches(select: Piece, first: tuple[str], repeat: int) -> Iterator[list[Waiting]]:
    last = 0
    while True:
        parameters = (*first, last, BATCH) * repeat + ((BATCH,) if repeat > 1 else ())
        batch = [Waiting(*row) for row in rows(Piece(select.sql, parameters))]
        if not batch:
            return
        yield batch
        last = batch[-1].id


def vectors_write(identity: str, batch: Sequence[Waiting], vectors: Vectors) -> int:
    """Write the vectors of a batch, all but those of examples that have changed since; return how many."""
    literals = [literal(vector) for vector in vectors]
    with transaction.atomic(), connection.cursor() as cursor:
        datasets_lock(sorted({each.dataset_id for each in batch}))
        cursor.execute(_WRITE, [identity, [each.id for each in batch], [each.revision for each in batch], literals])
        return int(cursor.rowcount)
