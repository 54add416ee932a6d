"""Skylines: the outline of a range of hills, with a forest on some, and the line of the ground beneath the trees."""

import numpy as np
from numpy.typing import NDArray

from generation.engines.noise import Field, GradientNoise, fbm, ridged

PLACES = 4096
"""How many heights a skyline has, from the left edge to the right."""

Line = NDArray[np.float64]


def skyline(rng: np.random.Generator, half_width: float, *, depth: float, wild: float) -> Line:
    """Return heights over a range's foot; ``depth`` is 0 far off and 1 near, ``wild`` leads from hills to peaks."""
    x = np.linspace(-1, 1, PLACES, dtype=np.float32) * half_width
    noise, shift = GradientNoise(rng), rng.uniform(0, 99)
    scale = 1.0 + 1.5 * depth
    row = np.full_like(x, shift)
    peaks = ridged(noise, x * scale + shift, row, 6, gain=0.47) - 0.45
    hills = fbm(noise, x * scale * 0.7 - shift, row, 5, gain=0.42)
    height: Field = (peaks * wild + hills * (0.66 - 0.6 * wild)) * (0.46 * (1 - 0.45 * depth))
    if depth > 0.55 and rng.random() < 0.75:
        height = height + _forest(rng, x, depth)
    return np.asarray(height, np.float64)


def softened(line: Line) -> Line:
    """Return the line without its trees and teeth, along which mist lies."""
    window = np.hanning(PLACES // 8)
    padded = np.pad(line, len(window) // 2, mode="edge")
    return np.convolve(padded, window / window.sum(), mode="same")[len(window) // 2 : len(window) // 2 + PLACES]


def _forest(rng: np.random.Generator, x: Field, depth: float) -> Field:
    # Conifers: the upper edge of many narrow triangles of different heights.
    size = 0.02 + 0.065 * (depth - 0.55) / 0.45
    span = float(x[-1] - x[0])
    count = int(2.6 * span / (0.42 * size))
    centre, tall = rng.uniform(x[0], x[-1], count), size * rng.uniform(0.45, 1.25, count)
    trees = np.zeros(len(x))
    for c, t in zip(centre, tall, strict=True):
        low, high = np.searchsorted(x, [c - 0.24 * t, c + 0.24 * t])
        away = np.abs(x[low:high] - c) / (0.24 * t)
        # Boughs: small steps along the sides.
        trees[low:high] = np.maximum(trees[low:high], t * (1 - away + 0.07 * ((away * 5) % 1)))
    return trees.astype(np.float32)
