"""Modes of the rectangular membrane, products of sines, and of a rectangular dish of liquid, products of cosines."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.engines.cymatics.bodies import Body, Rectangle, Skin
from generation.engines.cymatics.limits import wavenumber_of_count
from generation.engines.cymatics.modal import Array, Field, Modes, frequencies, product

_LEAST = 400
_BEYOND = 1.5


@dataclass(frozen=True)
class WaveSpace:
    """Mode k is the wave number ``m[k]`` along x times ``n[k]`` along y, in half waves; ``held`` edges make sines."""

    shape: Rectangle
    held: bool
    m: NDArray[np.intp]
    n: NDArray[np.intp]

    def values(self, points: Array) -> Array:
        """Shapes at ``points`` (P, 2): (P, modes)."""
        across, up = self.basis(0, points[:, 0]), self.basis(1, points[:, 1])
        return np.asarray(across[:, self.m] * up[:, self.n])

    def coefficients(self, amounts: Field) -> Field:
        """Table of Σ amountsₖ φₖ over half waves."""
        table = np.zeros((int(self.m.max()) + 1, int(self.n.max()) + 1), amounts.dtype)
        table[self.m, self.n] = amounts
        return table

    def basis(self, axis: int, coordinates: Array) -> Array:
        """Normalised half waves of one coordinate: (len(coordinates), largest number + 1)."""
        side, numbers = self._axis(axis)
        wave = np.sin if self.held else np.cos
        return np.asarray(wave(np.outer(coordinates, numbers) * (math.pi / side)) * self._norm(axis))

    def nodal_grid(self, table: Field, x: Array, y: Array) -> Field:
        """Values without the factor that vanishes on held edges."""
        return product(self._reduced(1, y), table, self._reduced(0, x))

    def beyond(self, x: float, y: float) -> float:
        """Nothing: it is a plate's measure."""
        return 0.0

    def _reduced(self, axis: int, coordinates: Array) -> Array:
        """sin mθ / sin θ, by its recurrence Uₘ₊₁ = 2 cos θ Uₘ − Uₘ₋₁; a cosine is its own."""
        if not self.held:
            return self.basis(axis, coordinates)
        side, numbers = self._axis(axis)
        cosine = np.cos(coordinates * (math.pi / side))
        columns = [np.zeros_like(cosine), np.ones_like(cosine)]
        while len(columns) < len(numbers):
            columns.append(2 * cosine * columns[-1] - columns[-2])
        return np.stack(columns, axis=1) * self._norm(axis)

    def _axis(self, axis: int) -> tuple[float, NDArray[np.intp]]:
        largest = (self.n if axis else self.m).max()
        return (self.shape.b if axis else self.shape.a), np.arange(largest + 1)

    def _norm(self, axis: int) -> Array:
        side, numbers = self._axis(axis)
        return np.sqrt(np.where(numbers == 0, 1.0, 2.0) / side)


def modes(body: Body, wavenumber: float) -> Modes:
    """Return the modes up to ``wavenumber`` (rad/m), and more to complete the sum."""
    assert isinstance(body.shape, Rectangle)
    held = isinstance(body.medium, Skin)
    largest = max(_BEYOND * wavenumber, wavenumber_of_count(body, _LEAST))
    m, n, k = _numbers(body.shape, largest, held)
    lam = k * body.shape.a
    omega = frequencies(body, lam)
    labels = tuple(_label(i, j, held) for i, j in zip(m.tolist(), n.tolist(), strict=True))
    return Modes(body, lam, omega, labels, int(np.searchsorted(k, wavenumber)), WaveSpace(body.shape, held, m, n))


def _numbers(shape: Rectangle, largest: float, held: bool) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
    """Half waves (m, n) with k = π √(m²/a² + n²/b²) up to ``largest``, in rising order."""
    counts = [np.arange(1 if held else 0, int(largest * side / math.pi) + 2) for side in (shape.a, shape.b)]
    m, n = (table.ravel() for table in np.meshgrid(*counts, indexing="ij"))
    k = math.pi * np.hypot(m / shape.a, n / shape.b)
    keep = np.flatnonzero((k <= largest) & (k > 0))
    keep = keep[np.lexsort((n[keep], m[keep], np.round(k[keep], 9)))]
    return m[keep], n[keep], k[keep]


def _label(m: int, n: int, held: bool) -> str:
    parity = ["odd" if (number + held) % 2 else "even" for number in (m, n)]
    return f"{parity[0]}-{parity[1]} ({m},{n})"
