"""The past states of examples: who changed what, when, by which import."""

from django.db import models
from django.db.models.functions import Now

from knowledge.models.dataset import Dataset


class ExampleHistory(models.Model):
    """A state that an example had from ``revision`` until ``until_revision``, and the change that ended it.

    Written by statement triggers on ``examples``, kept as `knowledge.retention` says. ``version`` is the
    domain's version after the change.
    """

    class Action(models.TextChoices):
        UPDATE = "update"
        DELETE = "delete"
        ARCHIVE = "archive"

    example_id = models.BigIntegerField()
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="history", db_index=False)
    action = models.CharField(max_length=10, choices=Action)
    content = models.TextField()
    response = models.TextField()
    metadata = models.JSONField()
    created_at = models.DateTimeField(help_text="Of the example.")
    updated_at = models.DateTimeField(help_text="Of this state.")
    source_batch_id = models.BigIntegerField(null=True, help_text="The import that the example came from.")
    revision = models.BigIntegerField()
    until_revision = models.BigIntegerField()
    version = models.BigIntegerField()
    changed_at = models.DateTimeField(db_default=Now())
    changed_by = models.TextField(db_default="")
    changed_by_batch_id = models.BigIntegerField(null=True, help_text="The import, or the undoing, that changed it.")

    class Meta:
        db_table = "example_history"
        verbose_name_plural = "example history"
        indexes = [
            models.Index(fields=["example_id", "until_revision"], name="history_of_example"),
            models.Index(fields=["dataset", "until_revision"], name="history_of_domain"),
            models.Index(fields=["changed_at", "id"], name="history_by_age"),
            models.Index(
                fields=["changed_by_batch_id"],
                name="history_of_batch",
                condition=models.Q(changed_by_batch_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} of example {self.example_id}"
