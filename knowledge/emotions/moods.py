"""Moods, for the rooms that make things from feelings: by the catalogue, and by reading a text."""

import difflib
from typing import NamedTuple

from knowledge.models import Emotion


class Reading(NamedTuple):
    """An emotion with its place in the circumplex (valence and arousal, -1 to 1) and its frequencies in Hz."""

    emotion: str
    valence: float
    arousal: float
    neuroscience_freq: float | None
    metaphysical_freq: float | None


def named(name: str) -> Reading | None:
    """Return the emotion of that name, whatever its case; None where the catalogue has none."""
    row = Emotion.objects.filter(name__iexact=name.strip()).first()
    if row is None:
        return None
    return Reading(row.name, row.valence, row.arousal, row.neuroscience_freq, row.metaphysical_freq)


def nearest(name: str) -> list[str]:
    """Return names of the catalogue that look like `name`."""
    names = Emotion.objects.values_list("name", flat=True)
    return difflib.get_close_matches(name.strip().lower(), names, 3)


def read(text: str) -> Reading | None:
    """Return the emotion that the text speaks of; None where it gives no evidence of any."""
    words = {word.strip(".,;:!?\"'()").lower() for word in text.split()}
    row = Emotion.objects.filter(name__in=words).order_by("name").first()
    return None if row is None else named(row.name)
