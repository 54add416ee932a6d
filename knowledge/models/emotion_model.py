"""The versions of the emotion classifier that were trained here."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class EmotionModel(models.Model):
    """One version: its file, its card and its figures.

    The active version is the one activated last; where none is, the model that ships with the package is used.
    To activate is to set ``activated_at`` and to roll back is to clear it on the active one: one statement each,
    so that every process sees the old version or the new one.
    """

    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    content = models.BinaryField()
    card = models.TextField(editable=False)
    figures = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    activated_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        db_table = "emotion_models"
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["-activated_at"],
                name="emotion_models_activated",
                condition=models.Q(activated_at__isnull=False),
                include=["sha256"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} of {self.created_at:%Y-%m-%d %H:%M}"
