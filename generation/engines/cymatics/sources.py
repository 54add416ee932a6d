"""Where a request's frequencies come from: a list, an emotion, or the spectral peaks of a recording."""

import math
from dataclasses import dataclass

from generation.engines.contract import Mood
from generation.engines.cymatics.bodies import Body, Liquid
from generation.engines.cymatics.cache import EigenCache
from generation.engines.cymatics.limits import highest_drive
from generation.engines.cymatics.params import Params
from generation.engines.cymatics.solve import eigenmodes
from generation.engines.errors import ParameterError


@dataclass(frozen=True, slots=True)
class Tone:
    """A frequency to analyse (Hz), the one it was asked as, and its weight in the superposition."""

    frequency: float
    requested: float
    weight: float = 1.0

    def describe(self) -> dict[str, float]:
        """Return the tone as JSON."""
        return {
            "frequency": self.frequency,
            "requested": self.requested,
            "scaled_by": self.frequency / self.requested,
            "weight": self.weight,
        }


def tones(params: Params, mood: Mood, cache: EigenCache) -> list[Tone]:
    """Return the frequencies of a request; an emotion's are moved by octaves to where the body can answer."""
    if params.frequencies:
        asked = list(zip(params.frequencies, params.weights, strict=True))
    elif params.emotion:
        asked = [(frequency, 1.0) for frequency in _of_mood(mood)]
    else:
        asked = _of_recording(params)
    if not (params.scale or params.emotion):
        return [Tone(frequency, frequency, weight) for frequency, weight in asked]
    low, high = _span(params.body, cache)
    return [Tone(by_octaves(frequency, low, high), frequency, weight) for frequency, weight in asked]


def by_octaves(frequency: float, low: float, high: float) -> float:
    """Double or halve a frequency until it lies from ``low`` to ``high`` (more than an octave apart)."""
    up = max(0, math.ceil(math.log2(low / frequency)))
    down = max(0, math.ceil(math.log2(frequency / high)))
    return float(frequency * 2.0 ** (up - down))


def _of_mood(mood: Mood) -> list[float]:
    found = [f for f in (mood.neuroscience_freq, mood.metaphysical_freq) if f is not None and 0 < f < math.inf]
    if not found:
        raise ParameterError("emotion", "has no frequency of its own; give frequencies instead.")
    return list(dict.fromkeys(found))


def _of_recording(params: Params) -> list[tuple[float, float]]:
    """Return the strongest partials that the body can answer, with their amplitudes as weights."""
    from generation.engines.spectrum import peaks

    assert params.file is not None
    found = [(peak.frequency, peak.amplitude) for peak in peaks(params.file, params.peaks, params.window)]
    highest = math.inf if params.scale else highest_drive(params.body)
    kept = [(frequency, weight) for frequency, weight in found if frequency <= highest]
    if not kept:
        raise ParameterError("file", f"has no partial from 20 Hz to {highest:.6g} Hz, the limit of this body.")
    return kept


def _span(body: Body, cache: EigenCache) -> tuple[float, float]:
    """Return the drive frequencies between which a body shows patterns: from its first mode to the model's limit."""
    modes = eigenmodes(body, 1, cache=cache)
    twice = 2 if isinstance(body.medium, Liquid) else 1
    return twice * float(modes.frequency[modes.rigid]), highest_drive(body)
