"""How loud a note is: the section, the arch of its phrase, the beat it falls on, and a little chance."""

import math
from collections.abc import Sequence
from random import Random

from generation.engines.music.composing.score import Section
from generation.engines.music.cues import Cues
from generation.engines.music.theory import BEAT, Meter


class Dynamics:
    """Velocities for one part of a piece."""

    def __init__(self, sections: Sequence[Section], meter: Meter, cues: Cues, rng: Random) -> None:
        self._meter, self._mean, self._rng = meter, cues.velocity, rng
        self._bars = [
            (section.intensity, (bar + 0.5) / phrase.bars)
            for section in sections
            for phrase in section.phrases
            for bar in range(phrase.bars)
        ]

    def velocity(self, tick: int, weight: float = 1.0) -> int:
        """Return the velocity of a note that starts at a tick; ``weight`` scales its part."""
        intensity, place = self._bars[min(tick // self._meter.bar, len(self._bars) - 1)]
        arch = 0.94 + 0.1 * math.sin(math.pi * place)
        value = self._mean * intensity * arch * self._accent(tick) * weight + self._rng.uniform(-2.5, 2.5)
        return max(12, min(127, round(value)))

    def _accent(self, tick: int) -> float:
        inside = tick % self._meter.bar
        if inside == 0:
            return 1.08
        return 1.0 if inside % BEAT == 0 else 0.92
