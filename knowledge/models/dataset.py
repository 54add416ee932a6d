"""A domain of knowledge: its name, its limits, and counters that the database keeps true."""

from django.db import models
from django.db.models.functions import Now

DEFAULT_MAX_EXAMPLES = 1_000
"""The limit of a domain that sets none of its own."""


class Dataset(models.Model):
    """One domain.

    ``version`` rises with every statement that changes the domain's examples; it and the counters are kept by
    statement triggers (see the migrations), so that no path can forget them. Nothing else writes them.
    """

    domain_name = models.CharField(max_length=100, unique=True)
    version = models.BigIntegerField(db_default=0, editable=False)
    example_count = models.BigIntegerField(db_default=0, editable=False)
    archived_count = models.BigIntegerField(db_default=0, editable=False)
    embedded_count = models.BigIntegerField(db_default=0, editable=False)
    content_bytes = models.BigIntegerField(db_default=0, editable=False)
    max_examples = models.PositiveIntegerField(
        null=True, blank=True, help_text=f"Rotation keeps this many; {DEFAULT_MAX_EXAMPLES:,} when empty."
    )
    rotation_exempt = models.BooleanField(
        default=False, db_default=False, help_text="Rotation leaves this domain alone."
    )
    metadata = models.JSONField(default=dict, db_default={}, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "datasets"
        ordering = ["domain_name"]
        constraints = [
            models.CheckConstraint(name="datasets_counters_not_negative", condition=models.Q(example_count__gte=0))
        ]

    def __str__(self) -> str:
        return self.domain_name

    @property
    def limit(self) -> int | None:
        """Return how many examples rotation leaves in this domain; None where it is exempt."""
        if self.rotation_exempt:
            return None
        return DEFAULT_MAX_EXAMPLES if self.max_examples is None else self.max_examples


class DatasetStats(models.Model):
    """The health of one domain, from the view ``dataset_stats``; its cost does not grow with the examples."""

    dataset = models.OneToOneField(Dataset, on_delete=models.DO_NOTHING, primary_key=True, related_name="stats")
    domain_name = models.CharField(max_length=100)
    examples = models.BigIntegerField()
    archived = models.BigIntegerField()
    with_embedding = models.BigIntegerField()
    oldest = models.DateTimeField(null=True)
    newest = models.DateTimeField(null=True)
    bytes = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "dataset_stats"
        ordering = ["domain_name"]

    def __str__(self) -> str:
        return f"{self.domain_name}: {self.examples} examples"
