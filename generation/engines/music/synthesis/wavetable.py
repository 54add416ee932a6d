"""Band-limited wavetables: one period that holds exactly the harmonics below the limit at its own pitch.

It is a mip-map with a level for every note, so that reading it cannot alias but for the interpolation, which lies below
-100 dB at this size.
"""

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.spectra import Floats

SIZE = 8192
HIGHEST = 18_000.0
"""Hz above which no partial is made."""
MOST = 96


def harmonics(frequency: float) -> NDArray[np.float64]:
    """Return the numbers 1, 2 … of the harmonics below the limit."""
    count = max(1, min(MOST, int(HIGHEST / frequency)))
    return np.arange(1, count + 1, dtype=np.float64)


def period(amplitudes: NDArray[np.float64]) -> Floats:
    """Turn the amplitudes of harmonics 1, 2 … into one period of SIZE + 1 points, the last equal to the first.

    Phases follow Schroeder (1970), -pi k (k - 1) / K, which keeps the peaks of rich spectra low.
    """
    count = len(amplitudes)
    k = np.arange(1, count + 1)
    spectrum = np.zeros(SIZE // 2 + 1, np.complex128)
    spectrum[1 : count + 1] = -0.5j * SIZE * amplitudes * np.exp(-1j * np.pi * k * (k - 1) / count)
    points = np.fft.irfft(spectrum, SIZE)
    return np.append(points, points[0]).astype(np.float32)


class Reader:
    """Reads any number of tables at one course of phase, given in cycles since the start, one value a sample."""

    def __init__(self, phase: NDArray[np.float64]) -> None:
        place = (phase - np.floor(phase)) * SIZE
        self._index = place.astype(np.int32)
        self._fraction = (place - self._index).astype(np.float32)

    def read(self, table: Floats, count: int) -> Floats:
        """Return the first ``count`` samples, interpolated linearly between the points of a table."""
        index = self._index[:count]
        low = table[index]
        low += (table[index + 1] - low) * self._fraction[:count]
        return low
