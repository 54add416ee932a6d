"""Imports that were made."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from jobs.api.submitting import PROBLEMS
from knowledge.api.base import TAGS, KnowledgeView, tagged_json
from knowledge.errors import KnowledgeError, NotFoundError
from knowledge.models import ImportBatch
from knowledge.retention import undo_until

OBJECT = {200: OpenApiTypes.OBJECT, **PROBLEMS}
PAGE_ROWS = 50
SUMMARY = (
    "id", "status", "sources", "domains", "actor", "read", "added", "replaced", "duplicates", "error_count",
    "created_at", "finished_at", "undone_at", "settled_at",
)  # fmt: skip


class ImportsView(KnowledgeView):
    """``GET /api/imports``."""

    @extend_schema(operation_id="imports", tags=TAGS, parameters=[OpenApiParameter("cursor", int)], responses=OBJECT)
    def get(self, request: Request) -> HttpResponseBase:
        """List the imports, the latest first."""
        batches = ImportBatch.objects.order_by("-id")
        cursor = request.query_params.get("cursor")
        if cursor is not None:
            if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
                raise KnowledgeError("cursor", "It is not one that this service gave.")
            batches = batches.filter(pk__lt=int(cursor))
        rows: list[dict[str, Any]] = list(batches.values(*SUMMARY)[: PAGE_ROWS + 1])
        more = f"{request.path}?cursor={rows[PAGE_ROWS - 1]['id']}" if len(rows) > PAGE_ROWS else None
        return tagged_json(request, {"results": [_described(row) for row in rows[:PAGE_ROWS]], "next": more})


class ImportDetailView(KnowledgeView):
    """``GET /api/imports/<id>``."""

    @extend_schema(operation_id="import", tags=TAGS, responses=OBJECT)
    def get(self, request: Request, batch: int) -> HttpResponseBase:
        """Answer one import, with its options and its first 100 errors."""
        found = ImportBatch.objects.filter(pk=batch).values(*SUMMARY, "options", "errors").first()
        if found is None:
            raise NotFoundError("batch", f"There is no import {batch}.")
        return tagged_json(request, _described(found))


def _described(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with ``undo_until`` in place of when it was settled."""
    settled_at = row.pop("settled_at")
    until = undo_until(status=row["status"], finished_at=row["finished_at"], settled_at=settled_at)
    return row | {"undo_until": until}
