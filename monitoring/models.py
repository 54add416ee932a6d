"""Samples of how the system did, for charts that outlive any process."""

from django.db import models
from django.db.models.functions import Now


class PerformanceMetric(models.Model):
    """One figure at one time; `monitoring.records` writes and clears them."""

    name = models.CharField(max_length=60)
    value = models.FloatField()
    labels = models.JSONField(default=dict, db_default={}, blank=True)
    time = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "performance_metrics"
        ordering = ["-time"]
        indexes = [
            models.Index(fields=["name", "time"], name="performance_metrics_of_name"),
            models.Index(fields=["time"], name="performance_metrics_by_age"),
        ]
        verbose_name = "performance sample"

    def __str__(self) -> str:
        return f"{self.name} {self.value:g}"
