"""What a search knows of the store as a whole: how common each word is, and how long an example."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now


class SearchCorpus(models.Model):
    """The state of the store when its words were last counted; one row.

    ``sampled`` of its ``examples`` were looked at; ``mean_length`` is in words without stop words.
    """

    examples = models.BigIntegerField()
    sampled = models.BigIntegerField()
    mean_length = models.FloatField()
    version = models.BigIntegerField(help_text="The sum of the domains' versions.")
    counted_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "search_corpus"
        constraints = [models.CheckConstraint(name="search_corpus_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"{self.examples} examples, {self.mean_length:.1f} words each"


class SearchTerm(models.Model):
    """How many examples hold a lexeme, as far as the sample tells."""

    lexeme = models.TextField(primary_key=True)
    examples = models.BigIntegerField()

    class Meta:
        db_table = "search_terms"

    def __str__(self) -> str:
        return self.lexeme


class SearchWord(models.Model):
    """A word as it is written, with its trigrams, by which a misspelt one finds it."""

    word = models.TextField(primary_key=True)
    examples = models.BigIntegerField()
    trigrams = ArrayField(models.TextField())

    class Meta:
        db_table = "search_words"
        indexes = [GinIndex(fields=["trigrams"], name="search_words_trigrams")]

    def __str__(self) -> str:
        return self.word


class EmbedderModel(models.Model):
    """A model that an embedder was fitted to: its version, which its vectors bear, and the numbers themselves."""

    embedder = models.TextField()
    version = models.TextField()
    body = models.BinaryField()
    examples = models.BigIntegerField(help_text="How many the store held when it was fitted.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "embedder_models"
        constraints = [models.UniqueConstraint(fields=["embedder", "version"], name="embedder_models_version")]

    def __str__(self) -> str:
        return f"{self.embedder}:{self.version}"


class VectorBreadth(models.Model):
    """How broad a walk through the graph of an embedder's vectors must be, as measured on the store.

    ``vectors`` and ``revision`` are those of the store then; the recall is that of the nearest ten.
    """

    embedder = models.TextField(primary_key=True)
    breadth = models.IntegerField()
    recall = models.FloatField()
    at_least = models.FloatField(help_text="The recall's lower bound, one-sided, 95%.")
    questions = models.IntegerField()
    vectors = models.BigIntegerField()
    revision = models.BigIntegerField()
    calibrated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "vector_breadths"

    def __str__(self) -> str:
        return f"{self.embedder}: {self.breadth}"
