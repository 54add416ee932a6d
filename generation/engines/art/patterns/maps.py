"""Maps of the plane whose orbits draw strange attractors, and the measures that tell a good one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.floating]


class PlaneMap(Protocol):
    """A map of the plane; its coefficients may be arrays, which makes it many maps at once."""

    def step(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        """Return the images of the points."""
        ...

    def jacobian(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Return the derivatives ``(x by x, x by y, y by x, y by y)`` at the points."""
        ...


@dataclass(frozen=True)
class Henon:
    """``x' = 1 - a x² + y, y' = b x`` (Hénon 1976); at the classical values its largest exponent is 0.419."""

    a: float = 1.4
    b: float = 0.3

    def step(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        """Return the images of the points."""
        return 1 - self.a * x * x + y, self.b * x

    def jacobian(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Return the derivatives at the points."""
        one = np.ones_like(x)
        return -2 * self.a * x, one, self.b * one, 0 * one


@dataclass(frozen=True)
class Clifford:
    """``x' = sin ay + c cos ax, y' = sin bx + d cos by`` (Clifford Pickover)."""

    a: Numbers
    b: Numbers
    c: Numbers
    d: Numbers

    def step(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        """Return the images of the points."""
        ax, bx, ay, by = self.a * x, self.b * x, self.a * y, self.b * y
        return np.sin(ay) + self.c * np.cos(ax), np.sin(bx) + self.d * np.cos(by)

    def jacobian(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Return the derivatives at the points."""
        ax, bx, ay, by = self.a * x, self.b * x, self.a * y, self.b * y
        return -self.a * self.c * np.sin(ax), self.a * np.cos(ay), self.b * np.cos(bx), -self.b * self.d * np.sin(by)


@dataclass(frozen=True)
class DeJong:
    """``x' = sin ay - cos bx, y' = sin cx - cos dy`` (Peter de Jong)."""

    a: Numbers
    b: Numbers
    c: Numbers
    d: Numbers

    def step(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        """Return the images of the points."""
        return np.sin(self.a * y) - np.cos(self.b * x), np.sin(self.c * x) - np.cos(self.d * y)

    def jacobian(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Return the derivatives at the points."""
        return (
            self.b * np.sin(self.b * x),
            self.a * np.cos(self.a * y),
            self.c * np.cos(self.c * x),
            self.d * np.sin(self.d * y),
        )


def orbits(
    plane_map: PlaneMap, x: Numbers, y: Numbers, steps: int, *, skip: int = 30
) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield the points of many orbits at once, step by step, after ``skip`` steps towards the attractor."""
    for k in range(skip + steps):
        x, y = plane_map.step(x, y)
        if k >= skip:
            yield x, y


def lyapunov(plane_map: PlaneMap, x: Numbers, y: Numbers, steps: int, *, skip: int = 100) -> Numbers:
    """Return the largest Lyapunov exponent of each orbit, in nats a step, by following one tangent vector.

    Orbits that leave every bound give ``nan``.
    """
    u, v = np.ones_like(x), np.zeros_like(x)
    total = np.zeros_like(x)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for k in range(skip + steps):
            xx, xy, yx, yy = plane_map.jacobian(x, y)
            u, v = xx * u + xy * v, yx * u + yy * v
            length = np.hypot(u, v)
            u, v = u / length, v / length
            x, y = plane_map.step(x, y)
            if k >= skip:
                total = total + np.log(length)
        return np.where(np.isfinite(x), total / steps, np.nan)


def box_dimension(x: Numbers, y: Numbers, *, finest: int = 8, coarsest: int = 3) -> float:
    """Return the box-counting dimension of a set of points, fitted over grids of 2^k boxes a side."""
    side = max(float(np.ptp(x)), float(np.ptp(y))) * (1 + 1e-9)
    levels = np.arange(coarsest, finest + 1)
    counts = [_occupied((x - x.min()) / side, (y - y.min()) / side, 2 ** int(level)) for level in levels]
    return float(np.polyfit(levels * np.log(2.0), np.log(counts), 1)[0])


def _occupied(x: Numbers, y: Numbers, boxes: int) -> int:
    index = (x * boxes).astype(np.intp) * boxes + (y * boxes).astype(np.intp)
    return int(np.count_nonzero(np.bincount(index, minlength=boxes * boxes)))
