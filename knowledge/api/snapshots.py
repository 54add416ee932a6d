"""Named states of a domain."""

from dataclasses import asdict
from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from jobs.api.parsing import body_of
from jobs.api.submitting import PROBLEMS
from knowledge.api.base import TAGS, KnowledgeView, MayWrite, json_response, tagged_json
from knowledge.api.serializers import SnapshotSerializer
from knowledge.domains import dataset_get
from knowledge.kinds.body import only, text
from knowledge.models import Snapshot
from knowledge.snapshots import NOW, snapshot_create, snapshot_get, snapshots_compare

OBJECT = {200: OpenApiTypes.OBJECT, **PROBLEMS}
COLUMNS = ("name", "note", "version", "example_count", "created_by", "created_at")


class SnapshotsView(KnowledgeView):
    """``/api/datasets/<domain>/snapshots``."""

    permission_classes = (IsAuthenticated, MayWrite)
    write_permission = "knowledge.add_snapshot"

    @extend_schema(operation_id="snapshots", tags=TAGS, responses=OBJECT)
    def get(self, request: Request, domain: str) -> HttpResponseBase:
        """List the snapshots of a domain, the latest first."""
        return tagged_json(request, {"results": [_described(s) for s in dataset_get(domain).snapshots.all()]})

    @extend_schema(
        operation_id="create_snapshot", tags=TAGS, request=SnapshotSerializer,
        responses={201: OpenApiTypes.OBJECT, **PROBLEMS},
    )  # fmt: skip
    def post(self, request: Request, domain: str) -> HttpResponseBase:
        """Name the present state of a domain."""
        body = body_of(request)
        only(body, ("name", "note"))
        made = snapshot_create(
            dataset=dataset_get(domain), name=text(body, "name") or "", note=text(body, "note") or "",
            actor=request.user.get_username(),
        )  # fmt: skip
        made.refresh_from_db()
        return json_response(_described(made), status=201)


class SnapshotChangesView(KnowledgeView):
    """``GET /api/datasets/<domain>/snapshots/<name>/changes``."""

    @extend_schema(
        operation_id="snapshot_changes", tags=TAGS, responses=OBJECT,
        parameters=[OpenApiParameter("until", str, description=f"another snapshot, or {NOW} (the default)")],
    )  # fmt: skip
    def get(self, request: Request, domain: str, name: str) -> HttpResponseBase:
        """Say what was added, removed and changed since a snapshot."""
        dataset, until = dataset_get(domain), request.query_params.get("until", NOW)
        after = None if until == NOW else snapshot_get(dataset=dataset, name=until)
        compared = snapshots_compare(dataset=dataset, before=snapshot_get(dataset=dataset, name=name), after=after)
        return tagged_json(request, asdict(compared))


def _described(snapshot: Snapshot) -> dict[str, Any]:
    return {name: getattr(snapshot, name) for name in COLUMNS}
