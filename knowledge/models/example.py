"""One example: a content, perhaps a response, and what is known of them."""

from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.expressions import Func
from django.db.models.functions import Now
from django.utils.text import Truncator
from pgvector.django import HalfVectorField

from knowledge.models.dataset import Dataset

EMBEDDING_DIMENSIONS = 256


class NextRevision(Func):
    """The next number of the sequence that orders every change of every example."""

    template = "nextval('example_revision')"
    arity = 0


class Example(models.Model):
    """One example of a domain.

    ``content_hash`` is the SHA-256 of the content in Unicode NFC with white space collapsed; it is unique in a
    domain, whatever the response: the same question twice is a duplicate. ``search_vector`` covers the first
    80,000 characters of the content (weight A) and of the response (weight B). Both are computed by the database.
    ``revision`` numbers the state of the row among all changes; with ``ExampleHistory`` it gives back any past state.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="examples", db_index=False)
    content = models.TextField()
    response = models.TextField(default="", db_default="", blank=True)
    metadata = models.JSONField(default=dict, db_default={}, blank=True)
    embedding = HalfVectorField(dimensions=EMBEDDING_DIMENSIONS, null=True, blank=True, editable=False)
    embedder = models.TextField(null=True, blank=True, editable=False)
    search_vector = models.GeneratedField(
        expression=Func("content", "response", function="example_search_vector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    content_hash = models.GeneratedField(
        expression=Func("content", function="example_content_hash"), output_field=models.BinaryField(), db_persist=True
    )
    batch = models.ForeignKey(
        "knowledge.ImportBatch",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.DO_NOTHING,
        related_name="examples",
        db_constraint=False,
    )
    revision = models.BigIntegerField(db_default=NextRevision(), editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "examples"
        constraints = [
            models.UniqueConstraint(fields=["dataset", "content_hash"], name="examples_no_duplicate_in_domain"),
            models.CheckConstraint(name="examples_content_not_blank", condition=~models.Q(content="")),
        ]
        indexes = [
            models.Index(fields=["dataset", "created_at", "id"], name="examples_by_age"),
            models.Index(fields=["id"], name="examples_not_embedded", condition=models.Q(embedding__isnull=True)),
            models.Index(fields=["id"], name="examples_no_response", condition=models.Q(response="")),
            BrinIndex(fields=["created_at"], name="examples_by_date", pages_per_range=32),
            GinIndex(fields=["metadata"], name="examples_metadata", opclasses=["jsonb_path_ops"]),
            GinIndex(fields=["search_vector"], name="examples_search"),
        ]

    def __str__(self) -> str:
        return Truncator(self.content).chars(80)
