"""True peaks: what the signal reaches between its samples, by oversampling four times (BS.1770-4, annex 2)."""

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.spectra import Floats

REACH = 17
"""Samples on each side of a sample that must be known to interpolate around it."""
_TAPS = 16
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
    magnitude = np.abs(block[:, REACH:-REACH])
    peaks = magnitude.reshape(2, -1, size).max(axis=2).max(axis=0)
    loud = np.flatnonzero(peaks > floor)
    places = (loud[:, None] * size + np.arange(size)).ravel()
    for channel in block:
        around = np.abs(channel)
        here = around[places + REACH]
        summits = (here > floor) & (here >= around[places + REACH - 1]) & (here >= around[places + REACH + 1])
        found = places[summits]
        np.maximum.at(peaks, found // size, _between(channel, found))
    return np.asarray(peaks, np.float32)


def _between(channel: Floats, places: NDArray[np.intp]) -> Floats:
    """The greatest magnitude at the quarter points around each sample."""
    around = channel[places[:, None] + np.arange(2 * REACH + 1)]
    return np.asarray(np.abs(np.einsum("nt,tq->qn", around, _KERNEL)).max(axis=0, initial=0.0), np.float32)
