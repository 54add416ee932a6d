"""Escape times of the quadratic map ``z² + c``: Julia sets and the Mandelbrot set."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_BAILOUT = 256.0**2
_BLOCK = 1 << 14


@dataclass(frozen=True)
class Escape:
    """For each point the smooth count of steps until it escapes, and its distance from the set.

    The count is continuous (Vepstas 1997) and ``nan`` for what did not escape; the distance follows the potential,
    ``|z| ln |z| / |z'|`` (Peitgen & Saupe 1988), true within a factor of two, and 0 for what did not escape.
    """

    count: Numbers
    distance: Numbers


def julia(x: Numbers, y: Numbers, c: complex, steps: int) -> Escape:
    """Iterate from the points with one ``c``; the points are arrays that broadcast."""
    zr, zi = np.broadcast_arrays(x, y)
    return _in_blocks(zr, zi, lambda r, i: _Orbits(r, i, np.full_like(r, c.real), np.full_like(i, c.imag), 0.0), steps)


def mandelbrot(x: Numbers, y: Numbers, steps: int) -> Escape:
    """Iterate from 0 with the points as ``c``; the points are arrays that broadcast."""
    cr, ci = np.broadcast_arrays(x, y)
    return _in_blocks(cr, ci, lambda r, i: _Orbits(r.copy(), i.copy(), r, i, 1.0), steps)


def _in_blocks(real: Numbers, imaginary: Numbers, start: Callable[[Numbers, Numbers], "_Orbits"], steps: int) -> Escape:
    count, distance = np.full(real.size, np.nan), np.zeros(real.size)
    for first in range(0, real.size, _BLOCK):
        block = slice(first, first + _BLOCK)
        begun = start(real.reshape(-1)[block].copy(), imaginary.reshape(-1)[block].copy())
        begun.run(steps, count[block], distance[block])
    return Escape(count.reshape(real.shape), distance.reshape(real.shape))


class _Orbits:
    """Orbits under way; those that have escaped rest at 0 until so many have that the arrays are packed."""

    def __init__(self, zr: Numbers, zi: Numbers, cr: Numbers, ci: Numbers, grows: float) -> None:
        self.state = [zr, zi, cr.copy(), ci.copy(), np.ones_like(zr), np.zeros_like(zr)]
        self.grows = grows
        self.place = np.arange(len(zr))
        self.resting = 0

    def run(self, steps: int, count: Numbers, distance: Numbers) -> None:
        """Take the steps, and write down what escapes."""
        for k in range(steps):
            zr, zi = self.state[:2]
            gone = np.flatnonzero(zr * zr + zi * zi > _BAILOUT)
            if len(gone):
                self._record(k, gone, count, distance)
            if self.resting > len(self.place) // 8:
                self._pack()
            if not len(self.place):
                return
            self._step()

    def _step(self) -> None:
        zr, zi, cr, ci, dr, di = self.state
        self.state[4], self.state[5] = 2 * (zr * dr - zi * di) + self.grows, 2 * (zr * di + zi * dr)
        self.state[0], self.state[1] = zr * zr - zi * zi + cr, 2 * zr * zi + ci

    def _record(self, k: int, gone: NDArray[np.intp], count: Numbers, distance: Numbers) -> None:
        zr, zi, cr, ci, dr, di = self.state
        modulus = np.hypot(zr[gone], zi[gone])
        where = self.place[gone]
        count[where] = k + 1 - np.log2(np.log(modulus) / np.log(_BAILOUT) * 2)
        distance[where] = modulus * np.log(modulus) / np.maximum(np.hypot(dr[gone], di[gone]), 1e-300)
        for values in (zr, zi, cr, ci, dr, di):
            values[gone] = 0.0
        self.place[gone] = -1
        self.resting += len(gone)

    def _pack(self) -> None:
        going = self.place >= 0
        self.state = [values[going] for values in self.state]
        self.place = self.place[going]
        self.resting = 0
