"""Reading the catalogue of emotions."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from jobs.api.problems import Unavailable
from jobs.api.submitting import PROBLEMS
from knowledge.api.base import TAGS, KnowledgeView, tagged_json
from knowledge.cache.reads import read_emotions
from knowledge.errors import NotFoundError, nearest

OBJECT = {200: OpenApiTypes.OBJECT, **PROBLEMS}


class EmotionsView(KnowledgeView):
    """``GET /api/emotions``."""

    @extend_schema(operation_id="emotions", tags=TAGS, responses=OBJECT)
    def get(self, request: Request) -> HttpResponseBase:
        """List the emotions with their frequencies, by name."""
        read = read_emotions()
        if read.rows is None:
            raise Unavailable
        return tagged_json(request, {"results": read.rows, "next": None} | ({"stale": True} if read.stale else {}))


class EmotionDetailView(KnowledgeView):
    """``GET /api/emotions/<name>``."""

    @extend_schema(operation_id="emotion", tags=TAGS, responses=OBJECT)
    def get(self, request: Request, name: str) -> HttpResponseBase:
        """Answer one emotion."""
        rows = {row["name"]: row for row in read_emotions().rows or []}
        if name not in rows:
            raise NotFoundError("name", f"There is no emotion {name[:50]!r}.{nearest(name, rows)}")
        return tagged_json(request, rows[name])
