"""Band-limited wavetables: one period that holds exactly the harmonics below the limit at its own pitch.

It is a mip-map with a level for every note, so that reading it cannot alias but for the interpolation, which lies below
-100 dB at this size.
"""

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.spectra import Floats

Phases = NDArray[np.uint32]

SIZE = 8192
_FRACTION = 32 - 13
HIGHEST = 18_000.0
"""Hz above which no partial is made."""
MOST = 96


def harmonics(frequency: float) -> NDArray[np.float64]:
    """Return the numbers 1, 2 … of the harmonics below the limit."""
    count = max(1, min(MOST, int(HIGHEST / frequency)))
    return np.arange(1, count + 1, dtype=np.float64)


def schroeder(count: int) -> NDArray[np.float64]:
    """Return phases for so many harmonics, after Schroeder (1970), that keep the peaks of rich spectra low."""
    k = np.arange(1, count + 1)
    return np.asarray(-np.pi * k * (k - 1) / count)


def period(amplitudes: NDArray[np.float64]) -> Floats:
    """Turn the amplitudes of harmonics 1, 2 … into one period: SIZE points, and their differences, shape (2, SIZE)."""
    count = len(amplitudes)
    spectrum = np.zeros(SIZE // 2 + 1, np.complex128)
    spectrum[1 : count + 1] = -0.5j * SIZE * amplitudes * np.exp(1j * schroeder(count))
    points = np.fft.irfft(spectrum, SIZE)
    return np.stack([points, np.roll(points, -1) - points]).astype(np.float32)


def phase(frequency: float, start: int, count: int, rate: int) -> Phases:
    """Return the phase of a steady pitch, one value a sample: 2^32 is one cycle, and whole cycles wrap away."""
    return np.arange(start, start + count, dtype=np.uint32) * np.uint32(round(frequency / rate * 2**32))


def read(table: Floats, phases: Phases) -> Floats:
    """Return one sample for each phase, interpolated linearly between the points of a table."""
    index = (phases >> np.uint32(_FRACTION)).astype(np.intp)
    part = (phases & np.uint32(2**_FRACTION - 1)).astype(np.float32)
    part *= np.float32(2.0**-_FRACTION)
    out = table[1].take(index)
    out *= part
    out += table[0].take(index)
    return np.asarray(out, np.float32)
