"""Art, music and cymatics as kinds of job."""

from collections.abc import Mapping
from typing import Any

from generation.engine_kind import engine_kind
from generation.engines.contract import NEUTRAL, Mood
from generation.mood import mood_named, mood_of


def prompted(body: Mapping[str, Any]) -> Mood:
    """Return the mood of a body with a prompt: of the emotion it names, else of its words."""
    return mood_of(str(body.get("prompt", "")), (body.get("options") or {}).get("emotion"))


def sounded(body: Mapping[str, Any]) -> Mood:
    """Return the mood of a body that may name an emotion whose frequencies shall be heard."""
    name = body.get("emotion")
    return NEUTRAL if name is None else mood_named(str(name), "emotion")


ART = engine_kind("art", "art", mood_of=prompted)
MUSIC = engine_kind("music", "music", mood_of=prompted)
CYMATIC = engine_kind("cymatic", "cymatics", mood_of=sounded)

ALL = (ART, MUSIC, CYMATIC)
