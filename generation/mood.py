"""From words, or an emotion's name, to the mood that the engines take: the one place that passes it to them."""

from generation.engines.contract import NEUTRAL, Mood
from jobs.errors import InvalidParams
from knowledge.emotions import moods


def mood_named(name: str, field: str = "options.emotion") -> Mood:
    """Return the mood of an emotion of the catalogue. Raises `InvalidParams` for a name that is not in it."""
    found = moods.named(name)
    if found is None:
        near = moods.nearest(name)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise InvalidParams(field, f"{name!r} is not in the catalogue of emotions (GET /api/emotions){hint}")
    return Mood(*found)


def mood_of(text: str, emotion: str | None = None) -> Mood:
    """Return the mood of the named emotion, else the one that the text speaks of, else the neutral one."""
    if emotion is not None:
        return mood_named(emotion)
    found = moods.read(text)
    return NEUTRAL if found is None else Mood(*found)
