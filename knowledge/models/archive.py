"""What was taken out of a domain, whence and when; it can be searched, exported and restored."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Now
from django.utils.text import Truncator
from pgvector.django import HalfVectorField

from knowledge.models.dataset import Dataset
from knowledge.models.example import EMBEDDING_DIMENSIONS, NextRevision


class ArchivedExample(models.Model):
    """An example in the archive, under the identifier that it had and will have again.

    The state held here was the current one from ``revision`` until ``archived_revision``.
    """

    id = models.BigIntegerField(primary_key=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="archived_examples", db_index=False)
    content = models.TextField()
    response = models.TextField(db_default="")
    metadata = models.JSONField(default=dict, db_default={})
    embedding = HalfVectorField(dimensions=EMBEDDING_DIMENSIONS, null=True, editable=False)
    embedder = models.TextField(null=True, editable=False)
    search_vector = SearchVectorField(editable=False)
    content_hash = models.BinaryField(editable=False)
    batch = models.ForeignKey(
        "knowledge.ImportBatch",
        null=True,
        editable=False,
        on_delete=models.DO_NOTHING,
        related_name="archived_examples",
        db_constraint=False,
    )
    revision = models.BigIntegerField(editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    archived_at = models.DateTimeField(db_default=Now())
    archived_by = models.TextField(db_default="", help_text="The rotation, or the person, that took it out.")
    archived_revision = models.BigIntegerField(db_default=NextRevision(), editable=False)

    class Meta:
        db_table = "examples_archive"
        indexes = [
            models.Index(fields=["dataset", "created_at", "id"], name="archive_by_age"),
            models.Index(fields=["dataset", "content_hash"], name="archive_by_content"),
            GinIndex(fields=["search_vector"], name="archive_search"),
        ]

    def __str__(self) -> str:
        return Truncator(self.content).chars(80)
