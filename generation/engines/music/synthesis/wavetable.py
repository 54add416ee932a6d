"""Band-limited wavetables that change over time: one period for each moment, with no harmonic above the limit.

A table holds exactly the harmonics that fit below the limit at its own pitch (a mip-map with a level for every
note), so that reading it cannot alias but for the interpolation, which lies below -100 dB at this size.
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


def tables(amplitudes: NDArray[np.float64]) -> Floats:
    """Turn amplitudes of shape (moments, harmonics) into periods of shape (moments, SIZE + 1), the last point wrapped.

    Phases follow Schroeder (1970), -pi k (k - 1) / K, which keeps the peaks of rich spectra low.
    """
    moments, count = amplitudes.shape
    k = np.arange(1, count + 1)
    spectrum = np.zeros((moments, SIZE // 2 + 1), np.complex128)
    spectrum[:, 1 : count + 1] = -0.5j * SIZE * amplitudes * np.exp(-1j * np.pi * k * (k - 1) / count)
    period = np.fft.irfft(spectrum, SIZE)
    return np.concatenate([period, period[:, :1]], axis=1).astype(np.float32)


def read(periods: Floats, moments: NDArray[np.float64], phase: NDArray[np.float64], rate: int) -> Floats:
    """Read tables at a phase in cycles, going over from one moment (in seconds) to the next.

    Parameters
    ----------
    periods
        From :func:`tables`, shape (moments, SIZE + 1).
    phase
        Cycles since the start, one value a sample.
    """
    out = np.empty(len(phase), np.float32)
    edges = np.minimum((moments * rate).astype(np.int64), len(phase))
    for index, (start, stop) in enumerate(zip(edges, [*edges[1:], len(phase)], strict=True)):
        if start < stop:
            here = _look_up(periods[index], phase[start:stop])
            if index + 1 < len(periods):
                there = _look_up(periods[index + 1], phase[start:stop])
                span = (moments[index + 1] - moments[index]) * rate
                here += (there - here) * np.arange(stop - start, dtype=np.float32) / np.float32(span)
            out[start:stop] = here
    return out


def _look_up(period: Floats, phase: NDArray[np.float64]) -> Floats:
    """Interpolate linearly between the points of one period."""
    place = (phase - np.floor(phase)) * SIZE
    index = place.astype(np.int32)
    fraction = (place - index).astype(np.float32)
    low = period[index]
    low += (period[index + 1] - low) * fraction
    return low
