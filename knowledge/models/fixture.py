"""What the fixtures brought."""

from django.db import models

from knowledge.models.dataset import Dataset


class FixtureExample(models.Model):
    """The hash of a content that the fixtures brought to a domain once: changed or gone, it does not come again."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="+", db_index=False)
    content_hash = models.BinaryField()

    class Meta:
        db_table = "fixture_examples"
        constraints = [models.UniqueConstraint(fields=["dataset", "content_hash"], name="fixture_examples_once")]

    def __str__(self) -> str:
        return bytes(self.content_hash).hex()
