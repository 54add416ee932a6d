"""Addresses of monitoring."""

from django.urls import path

from monitoring.api.views import HealthView, MetricsView, OldHealthView, OldStatsView, StatsView, livez, readyz

urlpatterns = [
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
    path("metrics", MetricsView.as_view(), name="metrics"),
    path("api/system/health", HealthView.as_view(), name="system-health"),
    path("api/system/stats", StatsView.as_view(), name="system-stats"),
    path("health", OldHealthView.as_view(), name="health-old"),
    path("api/health", OldHealthView.as_view(), name="api-health-old"),
    path("api/metrics", OldStatsView.as_view(), name="api-metrics-old"),
]
