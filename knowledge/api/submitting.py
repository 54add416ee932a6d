"""Submitting rotations, imports, exports, and the corrections that need a curator."""

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.submitting import SubmitView, submit_schema
from knowledge.api.base import MayWrite
from knowledge.api.serializers import (
    ExportSerializer,
    ImportSerializer,
    RestoreArchiveSerializer,
    RestoreSnapshotSerializer,
    RotationSerializer,
    UndoSerializer,
)


class RotateView(SubmitView):
    """``POST /api/datasets/rotate-async``."""

    kind = "rotation"

    @submit_schema("rotation", RotationSerializer, "Have the oldest examples over the limit archived")
    def post(self, request: Request) -> Response:
        """Accept the job."""
        return super().post(request)


class ExportView(SubmitView):
    """``POST /api/datasets/export-async``."""

    kind = "export"

    @submit_schema("export", ExportSerializer, "Have a domain, or all, written to a file")
    def post(self, request: Request) -> Response:
        """Accept the job."""
        return super().post(request)


class ImportView(SubmitView):
    """``POST /api/datasets/import-async``."""

    kind = "import"
    accepts_file = True

    @submit_schema("import", ImportSerializer, "Have a file of examples imported")
    def post(self, request: Request) -> Response:
        """Accept the job."""
        return super().post(request)


class UndoView(SubmitView):
    """``POST /api/imports/undo-async``."""

    kind = "undo"
    permission_classes = (IsAuthenticated, MayWrite)
    write_permission = "knowledge.change_importbatch"

    @submit_schema("undo", UndoSerializer, "Have an import taken back")
    def post(self, request: Request) -> Response:
        """Accept the job."""
        return super().post(request)


class RestoreArchiveView(SubmitView):
    """``POST /api/datasets/restore-async``."""

    kind = "restore-archive"
    permission_classes = (IsAuthenticated, MayWrite)
    write_permission = "knowledge.change_archivedexample"

    @submit_schema("restore_archive", RestoreArchiveSerializer, "Have a domain's archive, or some of it, brought back")
    def post(self, request: Request) -> Response:
        """Accept the job."""
        return super().post(request)


class RestoreSnapshotView(SubmitView):
    """``POST /api/snapshots/restore-async``."""

    kind = "restore-snapshot"
    permission_classes = (IsAuthenticated, MayWrite)
    write_permission = "knowledge.change_snapshot"

    @submit_schema("restore_snapshot", RestoreSnapshotSerializer, "Have a domain brought back to a snapshot")
    def post(self, request: Request) -> Response:
        """Accept the job."""
        return super().post(request)
