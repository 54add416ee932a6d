"""From words and mood to how a picture should behave: energy, density, motion, light and symmetry."""

import re
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from generation.engines.contract import Mood

_DIMENSIONS = ("energy", "density", "motion", "light")

# word stems → what they add to energy, density, motion, light
_WORDS: dict[str, tuple[float, float, float, float]] = {
    "calm|quiet|serene|still|peace|silen|rest|sleep|gentle|soft|slow|tranquil": (-0.25, -0.12, -0.2, 0.05),
    "wild|storm|rag|chao|explo|fierce|furious|violent|electric|frenz|thunder": (0.3, 0.15, 0.25, -0.05),
    "fire|flame|burn|lava|ember|volcan|inferno": (0.25, 0.1, 0.2, 0.0),
    "joy|happ|danc|play|festiv|laugh|celebrat|party|carnival": (0.2, 0.1, 0.2, 0.2),
    "sad|grief|lonel|melanchol|mourn|sorrow|lost|empty": (-0.2, -0.2, -0.1, -0.2),
    "dark|night|shadow|deep|midnight|gloom|black|abyss|noir": (0.0, 0.0, 0.0, -0.3),
    "bright|light|sun|day|dawn|morning|glow|radian|white|paper": (0.05, 0.0, 0.0, 0.3),
    "dense|crowd|forest|jungle|city|rich|intricate|detail|ornate|lush|tangl": (0.05, 0.3, 0.0, 0.0),
    "sparse|minimal|simple|bare|desert|void|space|few|clean|zen": (-0.1, -0.3, -0.05, 0.05),
    "flow|river|wind|wave|water|stream|swirl|spiral|drift|curl|ocean|sea": (0.05, 0.0, 0.3, 0.0),
    "stone|mountain|crystal|ice|rock|frozen|statue|monument": (-0.05, 0.05, -0.25, 0.0),
    "fast|rush|speed|race|run|fly|whirl|vortex": (0.25, 0.0, 0.3, 0.0),
}
_COUNTS = {
    "three": 3, "triangle": 3, "four": 4, "square": 4, "five": 5, "pentagon": 5, "star": 5, "starfish": 5, "six": 6,
    "hexagon": 6, "snowflake": 6, "honeycomb": 6, "seven": 7, "eight": 8, "octagon": 8, "nine": 9, "ten": 10,
    "twelve": 12, "clock": 12, "zodiac": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """How the picture behaves; all but ``symmetry`` (a count of repeats around the centre) lie in [0, 1]."""

    energy: float
    density: float
    motion: float
    light: float
    symmetry: int
    why: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """Return the score as plain JSON."""
        return asdict(self) | {"why": list(self.why)}


def read(prompt: str, mood: Mood, *, complexity: float, symmetry: int | None, rng: np.random.Generator) -> Score:
    """Read the prompt and the mood as a score; ``why`` lists what had a say in it.

    Arousal gives energy and motion, valence gives light (after Russell's circumplex, 1980); words add to that.
    """
    values = np.array([0.5 + 0.35 * mood.arousal, complexity, 0.5 + 0.25 * mood.arousal, 0.5 + 0.3 * mood.valence])
    why = (
        []
        if mood.emotion is None
        else [f"emotion {mood.emotion}: valence {mood.valence:+g}, arousal {mood.arousal:+g}"]
    )
    for word, change in _moved_by(prompt):
        values += change
        why.append(f"word {word}: " + ", ".join(f"{n} {c:+g}" for n, c in zip(_DIMENSIONS, change, strict=True) if c))
    repeats, reason = _symmetry(prompt, symmetry, rng)
    energy, density, motion, light = (round(float(v), 4) for v in np.clip(values, 0.0, 1.0))
    return Score(energy, density, motion, light, repeats, (*why, *reason))


def _moved_by(prompt: str) -> list[tuple[str, tuple[float, float, float, float]]]:
    return [
        (word, change)
        for word in dict.fromkeys(words(prompt))
        for stems, change in _WORDS.items()
        if word.startswith(tuple(stems.split("|")))
    ]


def _symmetry(prompt: str, wanted: int | None, rng: np.random.Generator) -> tuple[int, tuple[str, ...]]:
    drawn = int(rng.choice([5, 6, 6, 7, 8, 8, 9, 10, 12]))
    if wanted is not None:
        return wanted, ("option symmetry",)
    for word in words(prompt):
        if word in _COUNTS:
            return _COUNTS[word], (f"word {word}: symmetry {_COUNTS[word]}",)
    return drawn, ()


def words(prompt: str) -> list[str]:
    """Return the words of a prompt in lower case, in order."""
    return re.findall(r"[^\W\d_]+", prompt.lower())
