"""Moods, for the rooms that make things from feelings: by the catalogue, and by reading a text."""

import difflib
from typing import Any, NamedTuple

from knowledge.emotions.catalogue import NEUTRAL
from knowledge.emotions.text import tokens
from knowledge.models import Emotion

LONGEST_READ = 10_000


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
    """Return the emotion that the text speaks of; None where it gives no evidence of any.

    A text that reads as neutral, or that the model cannot read, still speaks of an emotion that it names.
    """
    from knowledge.emotions.reading import texts_read  # numpy: the web process names moods, and reads none

    (found,) = texts_read([text[:LONGEST_READ]], top=1, arc=False)["texts"]
    if found["labels"][:1] in ([], [NEUTRAL]):
        return _first_named(text) or (_as_reading(found) if found["labels"] else None)
    return _as_reading(found)


def _as_reading(found: dict[str, Any]) -> Reading:
    frequencies = found["neuroscience_freq"], found["metaphysical_freq"]
    return Reading(found["labels"][0], found["valence"], found["arousal"], *frequencies)


def _first_named(text: str) -> Reading | None:
    words = dict.fromkeys(tokens(text[:LONGEST_READ]))
    by_name = {row.name.lower(): row for row in Emotion.objects.filter(name__in=words)}
    row = next((by_name[word] for word in words if word in by_name), None)
    return None if row is None or row.name == NEUTRAL else named(row.name)
