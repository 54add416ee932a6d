"""Samples, and charts of them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin

from monitoring import records
from monitoring.drawing import drawn
from monitoring.models import PerformanceMetric

HOURS = (1, 24, 168)


@admin.register(PerformanceMetric)
class PerformanceMetricAdmin(ModelAdmin):  # type: ignore[misc]
    """The charts first; the samples behind them can be looked through, and not be changed."""

    list_display = ("time", "name", "value", "labels")
    list_filter = ("name",)
    show_full_result_count = False
    when_empty = "A sample is taken every minute while beat runs."
    change_list_template = "monitoring/samples.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page of charts."""
        charts = path("charts/", self.admin_site.admin_view(self.charts), name="monitoring_charts")
        return [charts, *super().get_urls()]

    def charts(self, request: HttpRequest) -> HttpResponse:
        """Show latency, hit rate, queues and memory over time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        given = request.GET.get("hours", "")
        hours = int(given) if given in {str(choice) for choice in HOURS} else 24
        context = {
            **self.admin_site.each_context(request),
            "title": "Charts",
            "opts": self.opts,
            "choices": [(choice, choice == hours) for choice in HOURS],
            "charts": [(chart.title, drawn(chart)) for chart in records.charts(hours)],
        }
        return TemplateResponse(request, "monitoring/charts.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: beat takes samples."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a sample is what it was."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: they go with age."""
        return False
