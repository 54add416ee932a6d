"""The catalogue of emotions, each with two frequencies and the evidence behind them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now

UNIT_INTERVAL = [MinValueValidator(-1.0), MaxValueValidator(1.0)]
FREQUENCY = [MinValueValidator(0.01), MaxValueValidator(20_000.0)]


class Emotion(models.Model):
    """One emotion.

    Frequencies are in Hz: ``neuroscience_freq`` from the EEG literature, ``metaphysical_freq`` from tradition.
    ``valence`` and ``arousal`` lie in [-1, 1]. ``evidence`` says what kind of evidence each frequency rests on.
    """

    name = models.CharField(max_length=50, unique=True)
    neuroscience_freq = models.FloatField(validators=FREQUENCY, help_text="Hz")
    metaphysical_freq = models.FloatField(validators=FREQUENCY, help_text="Hz")
    valence = models.FloatField(default=0.0, validators=UNIT_INTERVAL)
    arousal = models.FloatField(default=0.0, validators=UNIT_INTERVAL)
    personality_template = models.JSONField(default=dict, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    group = models.CharField(max_length=50, default="", blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "emotions"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="emotions_valence", condition=models.Q(valence__range=(-1, 1))),
            models.CheckConstraint(name="emotions_arousal", condition=models.Q(arousal__range=(-1, 1))),
            models.CheckConstraint(
                name="emotions_frequencies",
                condition=models.Q(neuroscience_freq__gt=0, metaphysical_freq__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name
