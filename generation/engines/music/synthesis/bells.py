"""Bells by frequency modulation (Chowning 1973), as the sum of its sidebands.

sin(c + I sin m) = sum over n of J_n(I) sin(c + n m). Written as that sum (Jacobi & Anger), every sideband that would
lie above the limit is simply left out, and nothing can alias.
"""

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.spectra import Floats
from generation.engines.music.synthesis.wavetable import HIGHEST

RATIO = 3.5
"""Modulator over carrier: a half-odd ratio gives the clang of a bell."""
RELEASE = 0.9
_SIDEBANDS = 6
_STEP = 256


def render(frequency: float, count: int, rate: int, brightness: float) -> Floats:
    """Render ``count`` samples of a bell whose modulation dies faster than its sound."""
    coarse = np.arange(0, count + _STEP, _STEP) / rate
    index = (0.6 + 1.4 * brightness) * np.exp(-coarse * 2.2)
    decay = np.exp(-coarse * 1.3 * (frequency / 523.0) ** 0.3)
    out = np.zeros(count)
    for order in range(-_SIDEBANDS, _SIDEBANDS + 1):
        partial = frequency * (1 + order * RATIO)
        if abs(partial) < HIGHEST:
            out += _partial(partial, _bessel(order, index) * decay, coarse, count, rate)
    rise = np.minimum(1.0, np.arange(count) / (0.002 * rate))
    return np.asarray(0.16 * out * rise, np.float32)


def _partial(
    frequency: float, strength: NDArray[np.float64], coarse: NDArray[np.float64], count: int, rate: int
) -> NDArray[np.float64]:
    time = np.arange(count) / rate
    return np.asarray(np.interp(time, coarse, strength) * np.sin(2 * np.pi * frequency * time))


def _bessel(order: int, index: NDArray[np.float64]) -> NDArray[np.float64]:
    """J_n by the integral of Bessel: the mean of cos(n t - x sin t) over a turn, exact at so many points."""
    turn = 2 * np.pi * np.arange(64) / 64
    return np.asarray(np.cos(order * turn - index[:, None] * np.sin(turn)).mean(axis=1))
