"""Images of a grid under random pairs of functions, ``x' = f(x, y), y' = g(x, y)``, as in generative art by plotting.

Each function is a sum of products of waves, absolute values and powers, drawn at random.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.floating]

ROWS = 64
"""Rows of the grid that are worked on at once."""

_SIDE = 40


@dataclass(frozen=True)
class Half:
    """``a x cos(b y + c |x|) + d y sin(e x² / π + f) + g sin(h x y)``, the letters being the rows of ``k``."""

    k: tuple[float, ...]

    def __call__(self, x: Points, y: Points) -> Points:
        """Return the value at the points."""
        a, b, c, d, e, f, g, h = self.k
        wave = a * x * np.cos(b * y + c * np.abs(x)) + d * y * np.sin(e * x * x * (1 / np.pi) + f)
        return np.asarray(wave + g * np.sin(h * x * y))


@dataclass(frozen=True)
class Veil:
    """The pair of functions."""

    f: Half
    g: Half


def draw(rng: np.random.Generator, energy: float = 0.5) -> Veil:
    """Draw a pair of functions; energy makes their waves shorter."""
    return Veil(*(_half(rng, 0.5 + energy) for _ in range(2)))


def image(
    veil: Veil, side: int, rng: np.random.Generator | None, *, reach: float = np.pi
) -> Iterator[tuple[Points, Points, Points]]:
    """Yield the images of a grid of ``side`` by ``side`` points over ±reach, some rows at a time, and their tints.

    With ``rng`` each point is moved at random within its cell, so that the grid itself leaves no pattern.
    """
    cell = 2 * reach / side
    across = ((np.arange(side) + 0.5) * cell - reach).astype(np.float32)
    for first in range(0, side, ROWS):
        y = np.repeat(across[first : first + ROWS], side)
        x = np.tile(across, len(y) // side)
        if rng is not None:
            x = x + (rng.random(len(x), dtype=np.float32) - 0.5) * cell
            y = y + (rng.random(len(y), dtype=np.float32) - 0.5) * cell
        tint = 0.5 + 0.5 * np.cos(np.hypot(x, y) * (1.8 * np.pi / reach))
        yield veil.f(x, y), veil.g(x, y), tint.astype(np.float32)


def merit(veil: Veil) -> float:
    """Judge by how evenly a coarse image fills its box: the entropy of the shares of its squares, nearest to 0.9."""
    x, y = (np.concatenate(parts) for parts in zip(*((u, v) for u, v, _ in image(veil, 96, None)), strict=True))
    column, row = _box(x), _box(y)
    inside = (column >= 0) & (column < _SIDE) & (row >= 0) & (row < _SIDE)
    counts = np.bincount(row[inside] * _SIDE + column[inside], minlength=_SIDE**2)
    shares = counts[counts > 0] / counts.sum()
    return -abs(-float((shares * np.log(shares)).sum()) / float(np.log(_SIDE**2)) - 0.9)


def _half(rng: np.random.Generator, pace: float) -> Half:
    a, d = rng.uniform(0.5, 1.2, 2)
    b, c, e = rng.uniform(0.5, 1.9, 3) * pace
    signs = rng.choice([-1, 1], 3)
    g, h = rng.uniform(0.3, 1.3), rng.uniform(0.2, 0.8) * pace
    k = (a * signs[0], b, c * signs[1], d * signs[2], e, rng.uniform(0, 2 * np.pi), g, h)
    return Half(tuple(float(value) for value in k))


def _box(values: Points) -> NDArray[np.intp]:
    low, high = np.quantile(values, [0.005, 0.995])
    return np.asarray(np.floor((values - low) / max(high - low, 1e-6) * _SIDE).astype(np.intp))
