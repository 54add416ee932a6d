"""One example: reading, changing, deleting, its history."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.parsing import body_of
from jobs.api.submitting import PROBLEMS
from knowledge.api.base import TAGS, KnowledgeView, MayWrite, json_response, tagged_json
from knowledge.api.serializers import ExampleSerializer
from knowledge.api.writing import example_fields
from knowledge.examples import example_update, examples_delete
from knowledge.selectors import example_describe, example_get, example_history

OBJECT = {200: OpenApiTypes.OBJECT, **PROBLEMS}


class ExampleView(KnowledgeView):
    """``/api/examples/<id>``."""

    permission_classes = (IsAuthenticated, MayWrite)

    @property
    def write_permission(self) -> str:
        """Return the permission that the request's method needs."""
        return "knowledge.delete_example" if self.request.method == "DELETE" else "knowledge.change_example"

    @extend_schema(operation_id="example", tags=TAGS, responses=OBJECT)
    def get(self, request: Request, example_id: int) -> HttpResponseBase:
        """Answer one example with its domain, its source and a summary of its feedback."""
        return tagged_json(request, example_describe(example_get(example_id)))

    @extend_schema(operation_id="change_example", tags=TAGS, request=ExampleSerializer, responses=OBJECT)
    def patch(self, request: Request, example_id: int) -> HttpResponseBase:
        """Change content, response or metadata."""
        changes = example_fields(body_of(request))
        example_update(example_id=example_id, changes=changes, actor=request.user.get_username())
        return json_response(example_describe(example_get(example_id)))

    @extend_schema(operation_id="delete_example", tags=TAGS, responses={204: None, **PROBLEMS})
    def delete(self, request: Request, example_id: int) -> HttpResponseBase:
        """Delete an example; its history keeps it."""
        example_get(example_id)
        examples_delete(ids=[example_id], actor=request.user.get_username())
        return Response(status=204)


class ExampleHistoryView(KnowledgeView):
    """``GET /api/examples/<id>/history``."""

    @extend_schema(operation_id="example_history", tags=TAGS, responses=OBJECT)
    def get(self, request: Request, example_id: int) -> HttpResponseBase:
        """Answer the former states of an example, the latest first."""
        return tagged_json(request, {"results": example_history(example_id)})
