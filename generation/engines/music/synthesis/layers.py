"""Layers beside the score: a drone, a binaural beat, isochronic pulses. Quiet, and exact in frequency."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.engines.contract import Mood
from generation.engines.music.params import Options
from generation.engines.music.spectra import Floats

_DRONE, _BEAT = 0.035, 0.03
_FADE = 1.5


@dataclass(frozen=True, slots=True)
class Layers:
    """Frequencies in Hz, each None when the layer is silent; ``carrier`` bears the beats."""

    carrier: float
    drone: float | None = None
    binaural: float | None = None
    isochronic: float | None = None

    def render(self, start: int, count: int, total: int, rate: int) -> Floats | None:
        """Return samples [start, start + count) of all layers, shape (2, count), or None when there are none."""
        if self.drone is None and self.binaural is None and self.isochronic is None:
            return None
        time = (start + np.arange(count)) / rate
        out = np.zeros((2, count))
        if self.drone is not None:
            out += _DRONE * (_sine(self.drone, time) + 0.3 * _sine(2 * self.drone, time))
        if self.binaural is not None:
            half = self.binaural / 2
            out += _BEAT * np.stack([_sine(self.carrier - half, time), _sine(self.carrier + half, time)])
        if self.isochronic is not None:
            out += _BEAT * _sine(self.carrier * 2, time) * (0.5 - 0.5 * np.cos(2 * np.pi * self.isochronic * time))
        ends = np.minimum(time, total / rate - time) / _FADE
        return np.asarray(out * np.clip(ends, 0, 1), np.float32)


def layers_of(options: Options, mood: Mood, tonic: float) -> Layers:
    """Resolve what was asked for: a number as it is, ``True`` to the emotion's own frequency or a neutral one."""
    return Layers(
        carrier=tonic,
        drone=_frequency(options.drone, mood.metaphysical_freq, tonic),
        binaural=_frequency(options.binaural, mood.neuroscience_freq, 10.0),
        isochronic=_frequency(options.isochronic, mood.neuroscience_freq, 10.0),
    )


def _frequency(asked: bool | float, own: float | None, neutral: float) -> float | None:
    if asked is False:
        return None
    return float(own or neutral) if asked is True else float(asked)


def _sine(frequency: float, time: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.sin(2 * np.pi * frequency * time))
