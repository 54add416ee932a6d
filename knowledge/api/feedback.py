"""Giving feedback."""

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from jobs.api.parsing import body_of
from jobs.api.submitting import PROBLEMS
from jobs.errors import InvalidParams
from knowledge.api.base import TAGS, KnowledgeView, json_response
from knowledge.api.serializers import FeedbackSerializer
from knowledge.feedback import feedback_give
from knowledge.kinds.body import only, text, whole

FIELDS = ("example", "query_hash", "rating", "note")
MOST = (1 << 63) - 1


class FeedbackView(KnowledgeView):
    """``POST /api/feedback``."""

    @extend_schema(
        operation_id="give_feedback", tags=TAGS, request=FeedbackSerializer,
        responses={201: OpenApiTypes.OBJECT, **PROBLEMS},
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponseBase:
        """Keep a rating and a note on an example or on an answer."""
        body = body_of(request)
        only(body, FIELDS)
        rating = whole(body, "rating", 1, 5)
        if rating is None:
            raise InvalidParams("rating", "Give a rating from 1 (worst) to 5 (best).")
        given = feedback_give(
            rating=rating,
            example_id=whole(body, "example", 1, MOST),
            query_hash=text(body, "query_hash") or "",
            note=text(body, "note") or "",
            user=request.user if request.user.is_authenticated else None,
        )
        made = {name: getattr(given, name) for name in ("id", "rating", "note", "query_hash")}
        return json_response(made | {"example": given.example_id}, status=201)
