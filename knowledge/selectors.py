"""Reads: pages whose cost does not grow with their depth, and what is known of one domain or example."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection
from django.db.models import Avg, Count

from knowledge.errors import KnowledgeError, NotFoundError
from knowledge.models import Dataset, DatasetStats, Example, ExampleHistory, Feedback

FIELDS = ("id", "content", "response", "metadata", "created_at", "updated_at")
ARCHIVED_FIELDS = (*FIELDS, "archived_at", "archived_by")

_PAGE = """
SELECT {columns}, created_at, id FROM {table}
WHERE dataset_id = %(dataset)s {after} ORDER BY created_at DESC, id DESC LIMIT %(limit)s"""
_AFTER = "AND (created_at, id) < (%(created_at)s, %(id)s)"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place in a domain behind which a page begins; newest first."""

    created_at: datetime
    id: int

    def encode(self) -> str:
        """Return the cursor as clients carry it."""
        return base64.urlsafe_b64encode(f"{self.created_at.isoformat()}|{self.id}".encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Return the cursor that was encoded as ``text``. Raises `KnowledgeError`."""
        try:
            moment, _, number = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
            cursor = cls(datetime.fromisoformat(moment), int(number))
        except (ValueError, binascii.Error) as error:
            raise KnowledgeError("cursor", "It is not one that this service gave.") from error
        if cursor.created_at.tzinfo is None or not 0 <= cursor.id < 1 << 63:
            raise KnowledgeError("cursor", "It is not one that this service gave.")
        return cursor


@dataclass(frozen=True, slots=True)
class Page:
    """Rows ready for orjson, and where the next page begins; None at the end."""

    rows: list[dict[str, Any]]
    next: Cursor | None


def examples_page(
    *, dataset: Dataset, limit: int, after: Cursor | None = None, fields: Sequence[str] = FIELDS, archived: bool = False
) -> Page:
    """Return up to ``limit`` examples of a domain, the newest first, by keyset over the index ``examples_by_age``."""
    table = "examples_archive" if archived else "examples"
    sql = _PAGE.format(columns=", ".join(fields), table=table, after=_AFTER if after else "")
    values = {"dataset": dataset.pk, "limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(sql, values | ({"created_at": after.created_at, "id": after.id} if after else {}))
        found = cursor.fetchall()
    rows = [_row(fields, row) for row in found[:limit]]
    return Page(rows, Cursor(*found[limit - 1][-2:]) if len(found) > limit else None)


def dataset_describe(dataset: Dataset) -> dict[str, Any]:
    """Return what is known of a domain."""
    stats = DatasetStats.objects.get(dataset=dataset)
    return {
        "domain_name": dataset.domain_name,
        "version": dataset.version,
        "example_count": stats.examples,
        "archived_count": stats.archived,
        "with_embedding": stats.with_embedding,
        "bytes": stats.bytes,
        "oldest": stats.oldest,
        "newest": stats.newest,
        "max_examples": dataset.limit,
        "rotation_exempt": dataset.rotation_exempt,
        "metadata": dataset.metadata,
        "created_at": dataset.created_at,
        "updated_at": dataset.updated_at,
    }


def example_get(example_id: int) -> Example:
    """Return one example with its domain. Raises `NotFoundError`."""
    found = Example.objects.select_related("dataset").defer("search_vector", "embedding").filter(pk=example_id).first()
    if found is None:
        raise NotFoundError("id", f"There is no example {example_id}; it may be archived or deleted.")
    return found


def example_describe(example: Example) -> dict[str, Any]:
    """Return what is known of one example."""
    rated = Feedback.objects.filter(example_id=example.pk).aggregate(count=Count("id"), average=Avg("rating"))
    return {
        "domain": example.dataset.domain_name,
        **{name: getattr(example, name) for name in FIELDS},
        "embedder": example.embedder,
        "batch": example.batch_id,
        "feedback": rated,
    }


def example_history(example_id: int) -> list[dict[str, Any]]:
    """Return the former states of one example, the latest first."""
    columns = (
        "action", "content", "response", "metadata", "updated_at", "version", "changed_at", "changed_by",
        "changed_by_batch_id",
    )  # fmt: skip
    return list(ExampleHistory.objects.filter(example_id=example_id).order_by("-until_revision").values(*columns)[:200])


def _row(fields: Sequence[str], values: tuple[Any, ...]) -> dict[str, Any]:
    row = dict(zip(fields, values, strict=False))
    if "metadata" in row:
        row["metadata"] = orjson.Fragment(row["metadata"])
    return row
