"""Webhook deliveries that are due or done."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jobs.models.job import Job


class Delivery(models.Model):
    """One message to a client's ``callback_url``, sent until it is accepted or given up."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=20)
    url = models.URLField(max_length=2000)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        """The sender asks for what is due."""

        db_table = "webhook_deliveries"
        verbose_name_plural = "deliveries"
        indexes: ClassVar = [models.Index("due_at", condition=Q(due_at__isnull=False), name="webhook_deliveries_due")]

    def __str__(self) -> str:
        return f"{self.event} of {self.job_id}"
