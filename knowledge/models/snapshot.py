"""A named state of a domain."""

from django.db import models
from django.db.models.functions import Now

from knowledge.models.dataset import Dataset


class Snapshot(models.Model):
    """A name for the state of a domain at ``revision``; it costs one row, since the history holds the rest."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="snapshots")
    name = models.CharField(max_length=100)
    note = models.TextField(default="", blank=True)
    revision = models.BigIntegerField(editable=False)
    version = models.BigIntegerField(editable=False)
    example_count = models.BigIntegerField(editable=False)
    created_by = models.TextField(default="", editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "dataset_snapshots"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["dataset", "name"], name="snapshots_one_name_in_domain")]

    def __str__(self) -> str:
        return self.name
