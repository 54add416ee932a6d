"""Named states of a domain: made, compared, restored.

A snapshot is a revision with a name. The state at a revision follows from the examples, their history and the archive
(the SQL function ``examples_at``), so making one costs a row and restoring one loses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from knowledge.acting import acting, datasets_lock
from knowledge.errors import KnowledgeError, NotFoundError, nearest
from knowledge.models import Dataset, Snapshot

NOW = "now"
FOREVER = (1 << 63) - 1
SHOWN = 100

_DIFFERENCES = """
SELECT CASE WHEN x.id IS NULL THEN 'added' WHEN y.id IS NULL THEN 'removed' ELSE 'changed' END AS change,
       id, x.content, x.response, x.metadata, y.content, y.response, y.metadata
FROM examples_at(%(dataset)s, %(before)s) x FULL JOIN examples_at(%(dataset)s, %(after)s) y USING (id)
WHERE x.revision IS DISTINCT FROM y.revision
  AND (x.content, x.response, x.metadata) IS DISTINCT FROM (y.content, y.response, y.metadata)"""

_COUNTS = f"SELECT change, count(*) FROM ({_DIFFERENCES}) d GROUP BY change"  # noqa: S608
_FIRST = f"SELECT * FROM ({_DIFFERENCES}) d ORDER BY id LIMIT %(shown)s"  # noqa: S608

_STATE = """
CREATE TEMPORARY TABLE snapshot_state ON COMMIT DROP AS SELECT * FROM examples_at(%(dataset)s, %(moment)s)"""

# What differs goes and comes back as it was, rather than being updated: so two contents may have changed places.
_REMOVE = """
DELETE FROM examples e WHERE e.dataset_id = %(dataset)s AND NOT EXISTS (
    SELECT FROM snapshot_state s
    WHERE s.id = e.id AND (s.content, s.response, s.metadata) = (e.content, e.response, e.metadata))"""

_UNARCHIVE = """
DELETE FROM examples_archive a USING snapshot_state s WHERE a.dataset_id = %(dataset)s AND a.id = s.id"""

# An id that is in use elsewhere by now (the example was moved to another domain) is given anew.
_ADD = """
INSERT INTO examples (id, dataset_id, content, response, metadata, batch_id, created_at, updated_at)
SELECT CASE WHEN EXISTS (SELECT FROM examples o WHERE o.id = s.id)
              OR EXISTS (SELECT FROM examples_archive a WHERE a.id = s.id)
            THEN nextval(pg_get_serial_sequence('examples', 'id')) ELSE s.id END,
       %(dataset)s, s.content, s.response, s.metadata, s.batch_id, s.created_at, s.updated_at
FROM snapshot_state s
WHERE NOT EXISTS (SELECT FROM examples e WHERE e.dataset_id = %(dataset)s AND e.id = s.id)"""


@dataclass(frozen=True, slots=True)
class Change:
    """How one example differs between two states; a side that has no such example is None."""

    change: str
    id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many examples were added, removed and changed, and the first 100 of them."""

    added: int
    removed: int
    changed: int
    first: list[Change]


@dataclass(frozen=True, slots=True)
class SnapshotRestored:
    """How many examples went and came, and the name under which the state before was kept."""

    removed: int
    added: int
    before: str


def snapshot_create(*, dataset: Dataset, name: str, actor: str, note: str = "") -> Snapshot:
    """Name the present state of a domain.

    Raises
    ------
    KnowledgeError
        The name is empty, too long, or taken.
    """
    if not 1 <= len(name.strip()) <= 100 or name == NOW:
        raise KnowledgeError("name", f"A snapshot's name has 1 to 100 characters and is not {NOW!r}.")
    try:
        with transaction.atomic():
            (locked,) = datasets_lock([dataset.pk])
            return Snapshot.objects.create(
                dataset=locked,
                name=name.strip(),
                note=note,
                revision=_next_revision(),
                version=locked.version,
                example_count=locked.example_count,
                created_by=actor,
            )
    except IntegrityError as error:
        raise KnowledgeError("name", f"{dataset} has a snapshot {name!r} already.") from error


def snapshot_get(*, dataset: Dataset, name: str) -> Snapshot:
    """Return the snapshot of this name. Raises `NotFoundError`."""
    found = dataset.snapshots.filter(name=name).first()
    if found is None:
        near = nearest(name, dataset.snapshots.values_list("name", flat=True))
        raise NotFoundError("snapshot", f"{dataset} has no snapshot {name!r}.{near}")
    return found


def snapshots_compare(*, dataset: Dataset, before: Snapshot | None, after: Snapshot | None = None) -> Comparison:
    """Say what became different between two states of a domain; None stands for the present one."""
    values = {"dataset": dataset.pk, "before": _moment(before), "after": _moment(after), "shown": SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, values)
        counts = dict(cursor.fetchall())
        cursor.execute(_FIRST, values)
        first = [Change(row[0], row[1], _side(row[2:5]), _side(row[5:])) for row in cursor.fetchall()]
    return Comparison(counts.get("added", 0), counts.get("removed", 0), counts.get("changed", 0), first)


def snapshot_restore(*, snapshot: Snapshot, actor: str) -> SnapshotRestored:
    """Bring a domain back to the state of a snapshot, under the identifiers and dates of then.

    The state before is kept as a snapshot of its own, so that restoring can be undone.
    """
    with transaction.atomic():
        datasets_lock([snapshot.dataset_id])
        stamp = f"before restoring · {timezone.now():%Y-%m-%d %H:%M:%S.%f}"
        kept = snapshot_create(dataset=snapshot.dataset, name=stamp, actor=actor, note=f"before {snapshot.name!r}")
        with acting(actor):
            removed, added = _restore(snapshot)
    return SnapshotRestored(removed, added, kept.name)


def _restore(snapshot: Snapshot) -> tuple[int, int]:
    values = {"dataset": snapshot.dataset_id, "moment": snapshot.revision}
    counts = []
    with connection.cursor() as cursor:
        cursor.execute(_STATE, values)
        cursor.execute("CREATE INDEX ON snapshot_state (id)")
        cursor.execute("ANALYZE snapshot_state")
        for statement in (_REMOVE, _UNARCHIVE, _ADD):
            cursor.execute(statement, values)
            counts.append(cursor.rowcount)
        cursor.execute("DROP TABLE snapshot_state")
    removed, _, added = counts
    return removed, added


def _next_revision() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('example_revision')")
        return int(cursor.fetchone()[0])


def _moment(snapshot: Snapshot | None) -> int:
    return FOREVER if snapshot is None else snapshot.revision


def _side(values: Sequence[Any]) -> dict[str, Any] | None:
    return None if values[0] is None else dict(zip(("content", "response", "metadata"), values, strict=True))
