"""The gain of the whole piece: one number for the loudness, and dips where a peak would pass the ceiling."""

from functools import lru_cache

import numpy as np

from generation.engines.music.mastering.loudness import PER_SECOND, Array, integrated
from generation.engines.music.spectra import Floats

_REACHES = (PER_SECOND // 25, PER_SECOND // 75, 1)
"""Slices before and after a peak over which the gain goes down and comes back: 40 ms, 13 ms, 3 ms."""
_ROUNDS = 16
_EXACT = 0.002
"""LU within which a target counts as met."""


def limiting(peaks: Array, ceiling: float, around: int = _REACHES[0]) -> Array:
    """Return a smooth gain of at most 1 for each slice, low enough at and beside each peak.

    The lowest need within reach, averaged over one slice less on each side, is never above the need of a slice or of
    its neighbours, so that gains in between, interpolated, are safe too.
    """
    need = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-12))
    if need.min() >= 1.0:
        return np.ones(len(peaks))
    reach = around + 1
    lowest = np.lib.stride_tricks.sliding_window_view(np.pad(need, reach, mode="edge"), 2 * reach + 1).min(axis=1)
    weights = np.hanning(2 * around + 3)[1:-1]
    return np.asarray(np.convolve(np.pad(lowest, around, mode="edge"), weights / weights.sum(), "valid"))


def gain_curve(energies: Array, peaks: Array, target: float, ceiling: float) -> Array:
    """Return the gain of each slice that brings a piece to ``target`` LUFS with true peaks at most ``ceiling``.

    A target that a gentle limiter cannot reach is tried with quicker ones; where even those fall short, the result is
    as loud as the quickest can make it.
    """
    for around in _REACHES:
        curve, short = _raised(energies, peaks, target, ceiling, around)
        if abs(short) < 0.01:
            break
    return curve


def _raised(energies: Array, peaks: Array, target: float, ceiling: float, around: int) -> tuple[Array, float]:
    """Raise the overall gain until the loudness, as limited, is the target; return what is still missing, in LU.

    The energy of a slice is taken to follow the square of its gain, which holds as the gain moves slowly.
    """
    gain, curve, short = 1.0, np.ones(len(energies)), target - integrated(energies)
    for _ in range(_ROUNDS):
        gain *= 10 ** (short / 20)
        curve = gain * limiting(peaks * gain, ceiling, around)
        short = target - integrated(energies * curve**2)
        if abs(short) < _EXACT:
            break
    return np.asarray(curve), short


def apply(block: Floats, first: int, curve: Array, size: int) -> Floats:
    """Multiply whole slices by the curve, from slice ``first`` on: straight lines between the middles of slices."""
    count = block.shape[1] // size
    near = np.pad(curve, 1, mode="edge")[first : first + count + 2].astype(np.float32)
    if near.min() == near.max():
        return np.asarray(block * near[0])
    gains = np.lib.stride_tricks.sliding_window_view(near, 3) @ _between_middles(size)
    return np.asarray(block * gains.reshape(-1))


@lru_cache(4)
def _between_middles(size: int) -> Floats:
    """How much a sample gets of the gains of the slice before, of its own, and of the slice after. Shape (3, size)."""
    place = (np.arange(size, dtype=np.float32) + np.float32(0.5)) / np.float32(size) - np.float32(0.5)
    return np.stack([np.maximum(0, -place), 1 - np.abs(place), np.maximum(0, place)])
