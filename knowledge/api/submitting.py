"""Submitting rotations, imports and exports."""

from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.submitting import SubmitView, submit_schema
from knowledge.api.serializers import ExportSerializer, ImportSerializer, RotationSerializer


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
