"""Answers kept in the database: what the shared cache falls back to without Redis."""

from django.db import models
from django.db.models.functions import Now

HOUR_SECONDS = 3_600


class CachedAnswer(models.Model):
    """One answer, kept ``ttl`` seconds from ``created_at``."""

    class Source(models.TextChoices):
        DATASET = "dataset"
        WIKIPEDIA = "wikipedia"
        WEB = "web"
        LLM = "llm"

    query_hash = models.CharField(max_length=64, unique=True)
    query_text = models.TextField()
    response = models.JSONField()
    source = models.CharField(max_length=10, choices=Source)
    created_at = models.DateTimeField(db_default=Now())
    accessed_at = models.DateTimeField(db_default=Now())
    access_count = models.BigIntegerField(default=0, db_default=0)
    ttl = models.PositiveIntegerField(default=HOUR_SECONDS, db_default=HOUR_SECONDS, help_text="Seconds.")

    class Meta:
        db_table = "knowledge_cache"
        verbose_name = "cached answer"
        indexes = [models.Index(fields=["created_at"], name="knowledge_cache_by_age")]

    def __str__(self) -> str:
        return self.query_text[:80]
