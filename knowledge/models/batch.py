"""One import: what it read, what it wrote, and whether it was undone."""

from django.db import models
from django.db.models.functions import Now


class ImportBatch(models.Model):
    """One import of one or several files.

    ``running`` → ``applied`` → ``undone``; or ``running`` → ``failed``, ``refused`` (strict, with errors) or
    ``dry_run``. ``key`` is the id of the job behind it, so that a job that runs again finds its own batch.
    """

    class Status(models.TextChoices):
        RUNNING = "running"
        APPLIED = "applied"
        FAILED = "failed"
        UNDONE = "undone"
        REFUSED = "refused", "refused (strict)"
        DRY_RUN = "dry_run", "dry run"

    key = models.UUIDField(null=True, unique=True, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    sources = models.JSONField(default=list, help_text="The names of the files.")
    domains = models.JSONField(default=list, help_text="The domains that received examples.")
    options = models.JSONField(default=dict)
    actor = models.TextField(default="", blank=True)
    read = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    replaced = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    error_count = models.BigIntegerField(default=0)
    errors = models.JSONField(default=list, help_text="The first 100: file, line, message.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    settled_at = models.DateTimeField(
        null=True, editable=False, help_text="Since when it can no longer be undone: the history it needs may be gone."
    )

    class Meta:
        db_table = "import_batches"
        ordering = ["-id"]
        verbose_name = "import"

    def __str__(self) -> str:
        return f"import {self.pk}: {', '.join(self.sources) or 'no file'}"
