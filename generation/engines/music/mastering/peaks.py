"""True peaks: what the signal reaches between its samples, by oversampling four times (BS.1770-4, annex 2)."""

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.spectra import Floats

REACH = 17
"""Samples on each side of a sample that must be known to interpolate around it."""
_TAPS = 16
_AT_ONCE = 1 << 10
"""Summits that are interpolated together, in a product below the size at which BLAS would wake its threads."""
_QUARTERS = (-0.75, -0.5, -0.25, 0.25, 0.5, 0.75)


def _kernel() -> Floats:
    """Windowed sinc for the quarter points on both sides of a sample, shape (2 * REACH + 1, 6)."""
    offsets = np.arange(-REACH, REACH + 1)[:, None] - np.array(_QUARTERS)
    window = np.i0(7.0 * np.sqrt(np.maximum(0.0, 1 - (offsets / _TAPS) ** 2))) / np.i0(7.0)
    return np.asarray(np.sinc(offsets) * window, np.float32)


_KERNEL = _kernel()


def slice_peaks(block: Floats, size: int, floor: float) -> Floats:
    """Return the true peak of each slice of ``size`` samples, over both channels.

    Only the surroundings of local maxima above the floor are interpolated: a peak between samples has one beside it.

    Parameters
    ----------
    block
        Shape (2, REACH + n * size + REACH): n slices with their surroundings.
    floor
        Magnitude below which no true peak matters; such slices get their sample peak.
    """
    magnitude = np.abs(block[:, REACH - 1 : 1 - REACH])
    peaks = np.maximum.reduceat(magnitude[:, 1:-1], np.arange(0, magnitude.shape[1] - 2, size), axis=1).max(axis=0)
    if peaks.max() > floor:
        for channel, heights in zip(block, magnitude, strict=True):
            summits = _summits(heights, floor)
            np.maximum.at(peaks, summits // size, _between(channel, summits))
    return np.asarray(peaks, np.float32)


def _summits(magnitude: Floats, floor: float) -> NDArray[np.intp]:
    """Where a magnitude is above the floor and at least that of its neighbours; the ends are only neighbours."""
    here = magnitude[1:-1]
    return np.flatnonzero((here > floor) & (here >= magnitude[:-2]) & (here >= magnitude[2:]))


def _between(channel: Floats, places: NDArray[np.intp]) -> Floats:
    """The greatest magnitude at the quarter points around each sample."""
    around = np.lib.stride_tricks.sliding_window_view(channel, 2 * REACH + 1)
    pieces = [places[at : at + _AT_ONCE] for at in range(0, len(places), _AT_ONCE)]
    found = [np.abs(around[piece] @ _KERNEL).max(axis=1) for piece in pieces]
    return np.concatenate([np.zeros(0, np.float32), *found])
