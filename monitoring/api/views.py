"""Probes, health and figures."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jobs.api.problems import http_problem
from jobs.api.submitting import PROBLEMS
from monitoring.api.negotiation import AsItIs
from monitoring.exposition import CONTENT_TYPE, exposition
from monitoring.health import STATUSES, UNHEALTHY, health, readiness
from monitoring.stats import stats


def livez(request: HttpRequest) -> JsonResponse:
    """Say that the process lives."""
    return JsonResponse({"status": "alive"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether the process can serve: 503 with the reasons where not."""
    reasons = readiness()
    if reasons:
        return http_problem(503, "; ".join(reasons), reasons=reasons)
    return JsonResponse({"status": "ready"})


class HealthSerializer(serializers.Serializer[Any]):
    """The health of the system."""

    status = serializers.ChoiceField(STATUSES)
    memory_mb = serializers.FloatField()
    cpu_percent = serializers.FloatField()
    worker_pid = serializers.IntegerField()
    services = serializers.JSONField()


class HealthView(APIView):
    """``GET /api/system/health``."""

    throttle_classes = ()

    @extend_schema(operation_id="health", tags=["system"], responses={200: HealthSerializer, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """Tell the health of the system."""
        body = health()
        return Response(body, status=503 if body["status"] == UNHEALTHY else 200)


class StatsView(APIView):
    """``GET /api/system/stats``."""

    @extend_schema(operation_id="stats", tags=["system"], responses={200: OpenApiTypes.OBJECT, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """Tell the figures of the system."""
        return Response(stats())


@extend_schema_view(get=extend_schema(exclude=True))
class OldHealthView(HealthView):
    """The same at the addresses of before, which the schema does not offer to anybody new."""


@extend_schema_view(get=extend_schema(exclude=True))
class OldStatsView(StatsView):
    """The same at the address of before."""


class MetricsView(APIView):
    """``GET /metrics``, for Prometheus."""

    throttle_classes = ()
    content_negotiation_class = AsItIs

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """Tell every metric."""
        return HttpResponse(exposition(), content_type=CONTENT_TYPE)
