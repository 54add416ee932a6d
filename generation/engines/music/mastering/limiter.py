"""The gain of the whole piece: one number for the loudness, and dips where a peak would pass the ceiling."""

import numpy as np

from generation.engines.music.mastering.loudness import PER_SECOND, Array, integrated
from generation.engines.music.spectra import Floats

_AROUND = PER_SECOND // 25
"""Slices before and after a peak over which the gain goes down and comes back: 40 ms."""
_ROUNDS = 24


def limiting(peaks: Array, ceiling: float) -> Array:
    """Return a smooth gain of at most 1 for each slice, low enough at and beside each peak.

    The lowest need within reach, averaged over one slice less on each side, is never above the need of a slice or of
    its neighbours, so that gains in between, interpolated, are safe too.
    """
    need = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-12))
    if need.min() >= 1.0:
        return np.ones(len(peaks))
    reach = _AROUND + 1
    padded = np.pad(need, reach, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(axis=1)
    weights = np.hanning(2 * _AROUND + 3)[1:-1]
    smooth = np.convolve(np.pad(lowest, _AROUND, mode="edge"), weights / weights.sum(), "valid")
    return np.asarray(smooth)


def gain_curve(energies: Array, peaks: Array, target: float, ceiling: float) -> Array:
    """Return the gain of each slice that brings a piece to ``target`` LUFS with true peaks at most ``ceiling``.

    The overall gain is raised until loudness, as limited, is what was asked for. The energy of a slice is taken to
    follow the square of its gain, which holds as the gain moves slowly.
    """
    gain = 10 ** ((target - integrated(energies)) / 20)
    curve = gain * limiting(peaks * gain, ceiling)
    for _ in range(_ROUNDS):
        short = target - integrated(energies * curve**2)
        if abs(short) < 0.002:
            break
        gain *= 10 ** (short / 20)
        curve = gain * limiting(peaks * gain, ceiling)
    return np.asarray(curve)


def apply(block: Floats, start: int, curve: Array, size: int) -> Floats:
    """Multiply samples from ``start`` on by the curve, a straight line between the middles of slices."""
    middles = (np.arange(len(curve)) + 0.5) * size
    first, last = max(0, start // size - 1), (start + block.shape[1]) // size + 2
    gains = np.interp(np.arange(start, start + block.shape[1]), middles[first:last], curve[first:last])
    return np.asarray(block * gains.astype(np.float32), np.float32)
