"""Bells by frequency modulation (Chowning 1973), as the sum of its sidebands.

sin(c + I sin m) = sum over n of J_n(I) sin(c + n m). Written as that sum (Jacobi & Anger), every sideband that would
lie above the limit is simply left out, and nothing can alias.
"""

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.spectra import Floats
from generation.engines.music.synthesis import partials
from generation.engines.music.synthesis.wavetable import HIGHEST

RATIO = 3.5
"""Modulator over carrier: a half-odd ratio gives the clang of a bell."""
RELEASE = 0.9
_SIDEBANDS = 6


def render(frequency: float, count: int, rate: int, brightness: float) -> Floats:
    """Render ``count`` samples of a bell whose modulation dies faster than its sound."""
    moments = np.arange(partials.rows_of(count) + 1) * partials.ROW / rate
    index = (0.6 + 1.4 * brightness) * np.exp(-moments * 2.2)
    decay = 0.16 * np.exp(-moments * 1.3 * (frequency / 523.0) ** 0.3)
    orders = np.arange(-_SIDEBANDS, _SIDEBANDS + 1)
    orders = orders[np.abs(frequency * (1 + orders * RATIO)) < HIGHEST]
    rates = 2j * np.pi * frequency * (1 + orders * RATIO) / rate
    strengths = _bessel(orders, index) * decay[:, None]
    bell = partials.render(rates, strengths, count)
    rise = np.minimum(np.float32(1), np.arange(len(bell), dtype=np.float32) / np.float32(0.002 * rate))
    bell *= rise
    return bell


def _bessel(orders: NDArray[np.int_], index: NDArray[np.float64]) -> NDArray[np.float64]:
    """J_n by the integral of Bessel, exact at so many points: the mean of exp(i (n t - x sin t)) over a turn.

    Shape (len(index), len(orders)).
    """
    turn = 2 * np.pi * np.arange(32) / 32
    waves = np.exp(-1j * index[:, None] * np.sin(turn)).astype(np.complex64)
    return np.asarray(np.einsum("xt,tn->xn", waves, np.exp(1j * turn[:, None] * orders) / 32).real)
