"""Fractal flames: an iterated function system of bent affine maps (Draves & Reckase 2003), and the chaos game."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating]
Bend = Callable[[Numbers, Numbers], tuple[Numbers, Numbers]]


def linear(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Leave the points."""
    return x, y


def sinusoidal(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Fold the plane into the square of side 2."""
    return np.sin(x), np.sin(y)


def spherical(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Invert at the unit circle."""
    inverse = 1 / (x * x + y * y + 1e-3)
    return x * inverse, y * inverse


def swirl(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Turn each point by its squared distance."""
    square = x * x + y * y
    sin, cos = np.sin(square), np.cos(square)
    return x * sin - y * cos, x * cos + y * sin


def horseshoe(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Double the angle and keep the distance."""
    inverse = 1 / np.sqrt(x * x + y * y + 1e-6)
    return (x - y) * (x + y) * inverse, 2 * x * y * inverse


def bubble(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Wrap the plane round a sphere."""
    factor = 4 / (x * x + y * y + 4)
    return x * factor, y * factor


def handkerchief(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Wave the distance with the angle."""
    angle, radius = np.arctan2(x, y), np.sqrt(x * x + y * y)
    return radius * np.sin(angle + radius), radius * np.cos(angle - radius)


def blend(first: Bend, second: Bend, share: float) -> Bend:
    """Return the bend that gives ``share`` of the second and the rest of the first."""
    rest = 1 - share

    def bend(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        (u, v), (p, q) = first(x, y), second(x, y)
        return rest * u + share * p, rest * v + share * q

    return bend


@dataclass(frozen=True)
class Branch:
    """One function of the system: the affine map ``matrix`` (2 by 3), a bend, its weight and its tint in [0, 1]."""

    matrix: NDArray[np.float32]
    bend: Bend
    weight: float
    tint: float

    def __call__(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        (a, b, c), (d, e, f) = self.matrix
        return self.bend(a * x + b * y + c, d * x + e * y + f)


def chaos_game(
    branches: Sequence[Branch], count: int, steps: int, rng: np.random.Generator, *, skip: int = 12
) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
    """Yield ``count`` points and their tints, step by step; each point takes a random branch at every step."""
    x, y = (rng.uniform(-1, 1, count).astype(np.float32) for _ in range(2))
    tint = rng.random(count, dtype=np.float32)
    shares = np.cumsum([branch.weight for branch in branches]) / sum(branch.weight for branch in branches)
    ends = np.rint(shares * count).astype(int)
    shuffles = [rng.permutation(count) for _ in range(12)]
    for step in range(skip + steps):
        # Shuffled, then cut into one run a branch: the same as a draw for each point, and quicker.
        order = np.roll(shuffles[int(rng.integers(len(shuffles)))], int(rng.integers(count)))
        x, y, tint = x[order], y[order], tint[order]
        start = 0
        for branch, end in zip(branches, ends, strict=True):
            run = slice(start, end)
            x[run], y[run] = branch(x[run], y[run])
            tint[run] = (tint[run] + branch.tint) * 0.5
            start = end
        if step >= skip:
            yield x, y, tint


def sierpinski() -> list[Branch]:
    """Return the system of the Sierpinski triangle, whose dimension is log 3 / log 2."""
    corners = [(0.0, 0.0), (1.0, 0.0), (0.5, np.sqrt(0.75))]
    return [
        Branch(np.array([[0.5, 0, u / 2], [0, 0.5, v / 2]], np.float32), linear, 1.0, i / 2)
        for i, (u, v) in enumerate(corners)
    ]
