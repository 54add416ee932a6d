"""``POST /api/knowledge/query``: a question, answered."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.authentication import caller_id
from jobs.api.parsing import BodyParser, body_of
from jobs.api.problems import MEDIA_TYPE, ProblemSerializer, problem
from jobs.api.streaming import EventStreamRenderer
from jobs.api.submitting import PROBLEMS
from knowledge.answers.asking import ask
from knowledge.answers.representation import attempts, reply_body
from knowledge.answers.searching import NoAnswer
from knowledge.api.base import BODY_PROBLEMS
from knowledge.api.query_body import parse_query
from knowledge.api.query_serializers import QuerySerializer, ReplyEventSerializer, ReplySerializer
from knowledge.api.query_stream import stream_response
from knowledge.api.remembered_keys import OpenWithoutDatabase
from knowledge.cache.errors import Unobtainable

RETRY_SECONDS = 5

_UNANSWERED = OpenApiResponse(ProblemSerializer, "Nothing was found, and the sources in `sources` failed.")
_EXAMPLES = [
    OpenApiExample("A question", {"query": "Why does minor sound sad?"}, request_only=True),
    OpenApiExample(
        "Of one domain, from the curated examples alone, made anew",
        {
            "query": "What is the veil of ignorance?",
            "domain": "ethics",
            "sources": ["dataset"],
            "task_type": "ethical_assessment",
            "use_cache": False,
        },
        request_only=True,
    ),
    OpenApiExample(
        "An answer",
        {
            "query": "Why does minor sound sad?",
            "answer": "Partly by habit: Western listeners learn the link from childhood. …",
            "source": "dataset",
            "confidence": 0.999,
            "citations": [
                {
                    "title": "Why does minor sound sad?",
                    "excerpt": "Partly by habit: …",
                    "domain": "music_theory",
                    "example_id": 402,
                }
            ],
            "model": None,
            "cached": False,
            "stale": False,
            "age": 0.0,
            "tokens": {"prompt": 0, "completion": 0, "total": 0},
            "cost": 0.0,
            "saved_cost": 0.0,
            "time_ms": 6.1,
            "query_hash": "5f0c7e9d3b1a48e6925cd7f0b4a8136e2d9f51c07a3be84619d2c5f8073ab6e4",
            "sources": [{"name": "dataset", "outcome": "answered", "detail": "", "time_ms": 4.9}],
        },
        response_only=True,
        status_codes=["200"],
        media_type="application/json",
    ),
]


class QueryView(OpenWithoutDatabase):
    """Answers from the cache, the datasets, Wikipedia, the web and language models, in that order."""

    parser_classes = (BodyParser,)
    renderer_classes = (JSONRenderer, EventStreamRenderer)

    @extend_schema(
        operation_id="knowledge_query",
        summary="Answer a question, with its source, citations and cost",
        request=QuerySerializer,
        examples=_EXAMPLES,
        responses={
            (200, "application/json"): ReplySerializer,
            (200, "text/event-stream"): ReplyEventSerializer,
            **PROBLEMS,
            **BODY_PROBLEMS,
            503: _UNANSWERED,
        },
        tags=["knowledge"],
    )
    def post(self, request: Request) -> HttpResponseBase:
        """Answer; as a stream of events for a client that accepts ``text/event-stream``."""
        asked = parse_query(body_of(request), owner=str(caller_id(request)))
        if isinstance(request.accepted_renderer, EventStreamRenderer):
            return stream_response(asked)
        try:
            return Response(reply_body(ask(asked)))
        except Unobtainable as error:
            return unanswered(error)


def unanswered(error: Unobtainable) -> Response:
    """Return the problem of a question that nobody could answer now."""
    more: dict[str, Any] = {"sources": attempts(error.answer)} if isinstance(error, NoAnswer) else {}
    body = problem(503, str(error), code="no-answer", **more)
    return Response(body, status=503, content_type=MEDIA_TYPE, headers={"Retry-After": str(RETRY_SECONDS)})
