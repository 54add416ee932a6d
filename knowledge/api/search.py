"""``GET /api/examples/search``."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from jobs.api.problems import Unavailable
from jobs.api.submitting import PROBLEMS
from jobs.errors import InvalidParams
from knowledge.api.base import json_response
from knowledge.api.remembered_keys import OpenWithoutDatabase
from knowledge.api.search_asked import DEFAULT_LIMIT, asked_of, cursor_at
from knowledge.cache.errors import Unobtainable
from knowledge.cache.searches import Searched, search_remembered
from knowledge.errors import KnowledgeError
from knowledge.search.asked import MOST, Asked, Mode


class FoundSerializer(serializers.Serializer[Any]):
    """A found example."""

    id = serializers.IntegerField()
    domain = serializers.CharField()
    content = serializers.CharField()
    response = serializers.CharField()
    metadata = serializers.JSONField()
    created_at = serializers.DateTimeField()
    archived = serializers.BooleanField()
    score = serializers.FloatField(help_text="comparable within one answer only")
    snippet = serializers.CharField(help_text="HTML: escaped text, the words that were found inside <mark>")


class SearchPageSerializer(serializers.Serializer[Any]):
    """A page of found examples, best first."""

    mode = serializers.ChoiceField(list(Mode), help_text="how it was searched; `text` while vectors are being made")
    results = FoundSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="the address of the next page")
    suggestion = serializers.CharField(allow_null=True, help_text="a better spelling, where nothing was found")
    stale = serializers.BooleanField(required=False, help_text="true while the database is away; absent otherwise")
    note = serializers.CharField(required=False, help_text="with `stale`: where the results come from")


def _parameter(name: str, type_: type, description: str = "", *, example: Any, **more: Any) -> OpenApiParameter:
    shown = [OpenApiExample(f"{name}={example}", value=example)]
    return OpenApiParameter(name, type_, description=description, examples=shown, **more)


_PARAMETERS = [
    _parameter("q", str, 'Words, "a phrase", one OR another, -without. Plain words rank; phrases must be there.',
               example='"circle of fifths" OR "perfect fifth" -jazz', required=True),
    _parameter("mode", str, enum=[str(mode) for mode in Mode], default=str(Mode.TEXT), example="hybrid"),
    _parameter("domain", str, example="music_theory"),
    _parameter("from", str, "Created at this date or moment (ISO 8601) or later.", example="2020-01-01"),
    _parameter("to", str, "Created at this moment, within this day, or earlier.", example="2099-12-31T23:59:59Z"),
    _parameter("emotion", str, "Naming this emotion in their metadata.", example="nervousness"),
    _parameter("min_frequency", float, "Hz: of the example, or of an emotion that it names.", example=7.5),
    _parameter("max_frequency", float, "Hz", example=432),
    _parameter("limit", int, f"Results on a page, 1 to {MOST}; {DEFAULT_LIMIT} when absent.", example=5),
    OpenApiParameter("cursor", str, description="As `next` has it."),
    _parameter("archived", bool, "Look in the archive as well.", example=True),
]  # fmt: skip


_FOUND = {
    "id": 402,
    "domain": "music_theory",
    "content": "Why does minor sound sad?",
    "response": "Partly by habit: Western listeners learn the link from childhood.",
    "metadata": {"emotions": ["sadness"]},
    "created_at": "2026-01-05T09:30:00Z",
    "archived": False,
    "score": 3.914208,
    "snippet": "Why does <mark>minor</mark> sound <mark>sad</mark>?",
}
_EXAMPLES = [
    OpenApiExample(
        "Found",
        {"mode": "text", "results": [_FOUND], "suggestion": None, "next": None},
        response_only=True,
        status_codes=["200"],
    ),
    OpenApiExample(
        "A better spelling",
        {"mode": "text", "results": [], "suggestion": "harmony", "next": None},
        response_only=True,
        status_codes=["200"],
    ),
]


class SearchView(OpenWithoutDatabase):
    """Search over the examples."""

    @extend_schema(
        operation_id="search_examples", parameters=_PARAMETERS, tags=["knowledge"], examples=_EXAMPLES,
        responses={200: SearchPageSerializer, **PROBLEMS},
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponseBase:
        """Find examples by words, by meaning, or by both."""
        query = request.query_params.dict()
        try:
            asked = asked_of(query)
            searched = search_remembered(asked)
        except KnowledgeError as error:
            raise InvalidParams(error.field, error.message) from error
        except Unobtainable as error:
            raise Unavailable from error
        return json_response(search_body(searched, next_address(request.path, query, asked, searched)))


def search_body(searched: Searched, following: str | None) -> dict[str, Any]:
    """Return the answer's body."""
    old = {"stale": True, "note": searched.note} if searched.stale else {}
    return {**searched.body, "next": following, **old}


def next_address(path: str, query: Mapping[str, str], asked: Asked, searched: Searched) -> str | None:
    """Return the address of the next page, or None where this is the last one."""
    if searched.next_offset is None:
        return None
    return f"{path}?{urlencode({**query, 'cursor': cursor_at(searched.next_offset, asked)})}"
