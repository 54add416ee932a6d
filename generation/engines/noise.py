"""Gradient noise (Perlin 1985, with the quintic fade of 2002) and the sums of octaves made from it."""

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.floating]
"""Single precision in practice: numpy keeps it through arithmetic with plain numbers."""

_PERIOD = 256
# A unit gradient lattice reaches ±√½; this brings a single octave to about ±1.
_GAIN = np.float32(np.sqrt(2.0))


class GradientNoise:
    """A smooth random field of two variables, with features of about one unit and a period of 256 units.

    Parameters
    ----------
    rng
        Draws the gradient of each lattice point, once.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        angle = rng.random((_PERIOD, _PERIOD), dtype=np.float32) * np.float32(2 * np.pi)
        self._gx = (np.cos(angle) * _GAIN).ravel()
        self._gy = (np.sin(angle) * _GAIN).ravel()

    def __call__(self, x: Field, y: Field) -> Field:
        """Return the noise, about in [-1, 1], at the points ``(x, y)``, which broadcast against each other."""
        column, dx = _cell(x)
        row, dy = _cell(y)
        u, v = _fade(dx), _fade(dy)
        right, below = (column + 1) % _PERIOD, ((row + 1) % _PERIOD) * _PERIOD
        row = row * _PERIOD
        top = _mix(self._corner(row + column, dx, dy), self._corner(row + right, dx - 1, dy), u)
        bottom = _mix(self._corner(below + column, dx, dy - 1), self._corner(below + right, dx - 1, dy - 1), u)
        return _mix(top, bottom, v)

    def _corner(self, index: NDArray[np.intp], dx: Field, dy: Field) -> Field:
        total: Field = self._gx.take(index)
        total *= dx
        other: Field = self._gy.take(index)
        other *= dy
        total += other
        return total


def fbm(noise: GradientNoise, x: Field, y: Field, octaves: int, *, gain: float = 0.5) -> Field:
    """Sum octaves of noise, each twice as fine and ``gain`` times as strong, scaled to about [-1, 1]."""
    total = noise(x, y)
    weight, scale = 1.0, 1.0
    for octave in range(1, octaves):
        weight, scale = weight * gain, scale * 2.0
        shift = 17.17 * octave
        total += weight * noise(x * scale + shift, y * scale - shift)
    return total / _norm(octaves, gain)


def ridged(noise: GradientNoise, x: Field, y: Field, octaves: int, *, gain: float = 0.5) -> Field:
    """Sum octaves of ``1 - |noise|``, which makes sharp crests; scaled to [0, 1] (Musgrave 1994)."""
    total = np.zeros(np.broadcast(x, y).shape, np.float32)
    weight, scale, sum_of_weights = 1.0, 1.0, 0.0
    for octave in range(octaves):
        shift = 31.7 * octave
        crest = 1 - np.abs(noise(x * scale + shift, y * scale - shift))
        total += weight * crest * crest
        sum_of_weights += weight
        weight, scale = weight * gain, scale * 2.0
    return total / sum_of_weights


def _norm(octaves: int, gain: float) -> float:
    # Octaves are independent, so their sum grows as the root of the sum of squares.
    return float(np.sqrt(sum(gain ** (2 * k) for k in range(octaves))))


def _cell(coordinate: Field) -> tuple[NDArray[np.intp], Field]:
    floor = np.floor(coordinate)
    return floor.astype(np.intp) % _PERIOD, (coordinate - floor).astype(np.float32, copy=False)


def _fade(t: Field) -> Field:
    return t * t * t * (t * (t * 6 - 15) + 10)


def _mix(a: Field, b: Field, weight: Field) -> Field:
    b -= a
    b *= weight
    b += a
    return b
