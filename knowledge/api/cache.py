"""The shared cache, watched and emptied over REST."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.api.parsing import BodyParser, body_of
from jobs.api.submitting import PROBLEMS
from jobs.errors import InvalidParams
from knowledge.api.base import BODY_PROBLEMS
from knowledge.api.remembered_keys import OpenWithoutDatabase
from knowledge.cache.health import health
from knowledge.cache.invalidation import invalidate
from knowledge.cache.report import report
from knowledge.sources.breaker import Breaker
from knowledge.sources.budget import spent_today
from knowledge.sources.llm.models import configured_models
from knowledge.sources.registry import SOURCE_NAMES

_PATTERN = OpenApiParameter(
    "pattern", str, description="A glob such as `query:*`, a cache type or a domain; everything when absent."
)


class CacheStatsSerializer(serializers.Serializer[Any]):
    """The counters."""

    types = serializers.DictField(help_text="counters by cache type")
    total = serializers.DictField()
    redis = serializers.DictField(allow_null=True, help_text="null where Redis is away")


class CacheHealthSerializer(serializers.Serializer[Any]):
    """The tiers."""

    status = serializers.ChoiceField(["healthy", "degraded", "unhealthy"])
    tiers = serializers.DictField()
    breakers = serializers.DictField(help_text="of the sources of answers, and of each model")
    spent_today = serializers.FloatField(allow_null=True, help_text="dollars")


class InvalidateSerializer(serializers.Serializer[Any]):
    """What to remove."""

    pattern = serializers.CharField(required=False)


class InvalidatedSerializer(serializers.Serializer[Any]):
    """What was removed."""

    pattern = serializers.CharField()
    removed = serializers.DictField(help_text="entries by tier; null for a tier that is away")


class CacheStatsView(OpenWithoutDatabase):
    """The counters of the shared cache."""

    @extend_schema(operation_id="cache_stats", responses={200: CacheStatsSerializer, **PROBLEMS}, tags=["cache"])
    def get(self, _request: Request) -> Response:
        """Return hits, misses, stale, refreshes, evictions and saved cost, by cache type."""
        return Response(report())


class CacheHealthView(OpenWithoutDatabase):
    """The tiers of the shared cache."""

    @extend_schema(operation_id="cache_health", responses={200: CacheHealthSerializer, **PROBLEMS}, tags=["cache"])
    def get(self, _request: Request) -> Response:
        """Return whether each tier answers, and the breakers of the sources."""
        models = [f"llm:{model.name}" for model in configured_models()]
        breakers = {name: Breaker(name).state() for name in (*SOURCE_NAMES, *models)}
        return Response(health() | {"breakers": breakers, "spent_today": spent_today()})


class CacheInvalidateView(OpenWithoutDatabase):
    """Empties the shared cache, or a part of it."""

    permission_classes = (IsAdminUser,)
    parser_classes = (BodyParser,)

    @extend_schema(
        operation_id="cache_invalidate",
        parameters=[_PATTERN],
        request=InvalidateSerializer,
        responses={200: InvalidatedSerializer, **PROBLEMS, **BODY_PROBLEMS},
        tags=["cache"],
    )
    def post(self, request: Request) -> Response:
        """Remove what the pattern names; for staff."""
        given = request.query_params.get("pattern") or (body_of(request) if request.data else {}).get("pattern")
        pattern = given or "*"
        if not isinstance(pattern, str):
            raise InvalidParams("pattern", "must be text")
        try:
            return Response({"pattern": pattern, "removed": invalidate(pattern)})
        except ValueError as error:
            raise InvalidParams("pattern", str(error)) from error


@extend_schema_view(post=extend_schema(operation_id="system_cache_invalidate"))
class SystemCacheInvalidateView(CacheInvalidateView):
    """The same at the address that operators know."""
