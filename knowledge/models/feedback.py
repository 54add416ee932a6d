"""What a user thought of an example or of an answer."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from knowledge.models.example import Example

WORST, BEST = 1, 5


class Feedback(models.Model):
    """A rating from 1 (worst) to 5 (best) and a note, on an example or on the answer to a query.

    The example may be in the archive: its feedback stays and is there again when it is restored.
    """

    example = models.ForeignKey(
        Example, null=True, blank=True, on_delete=models.DO_NOTHING, related_name="feedback", db_constraint=False
    )
    query_hash = models.CharField(max_length=64, default="", blank=True, help_text="Of the answer that is rated.")
    rating = models.SmallIntegerField(validators=[MinValueValidator(WORST), MaxValueValidator(BEST)])
    note = models.TextField(default="", blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "feedback"
        ordering = ["-id"]
        verbose_name_plural = "feedback"
        constraints = [
            models.CheckConstraint(name="feedback_rating", condition=Q(rating__range=(WORST, BEST))),
            models.CheckConstraint(
                name="feedback_on_one_thing",
                condition=Q(example__isnull=False, query_hash="") | (Q(example__isnull=True) & ~Q(query_hash="")),
            ),
        ]
        indexes = [models.Index(fields=["rating", "example"], name="feedback_by_rating")]

    def __str__(self) -> str:
        return f"{self.rating} of {BEST}"
