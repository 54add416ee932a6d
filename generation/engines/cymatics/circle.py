"""Modes of round plates, membranes and dishes.

Their shapes are smooth beyond the rim, so a table of products of Legendre polynomials over the square about the circle
holds any sum of them: a field costs two matrix products, as on a rectangle.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.engines.cymatics import bessel, beyond
from generation.engines.cymatics.basis import POWER, vandermonde
from generation.engines.cymatics.bessel import CircleProblem, RadialModes, Square
from generation.engines.cymatics.bodies import Body, Circle, Sheet, Skin
from generation.engines.cymatics.cache import EigenCache
from generation.engines.cymatics.modal import Array, Field, Modes, frequencies, product

_MARGIN = 12.0
_LEAST = 30.0
_STEP = 6.0


@dataclass(frozen=True)
class CircleSpace:
    """Modes ``radial[which]`` times cos nθ, or sin nθ where ``odd`` is 1; the rim holds as edge ``rim`` does."""

    radius: float
    rim: str
    radial: RadialModes
    square: Square
    which: NDArray[np.intp]
    odd: Array
    largest: float

    def values(self, points: Array) -> Array:
        """Shapes at ``points`` (P, 2): (P, modes)."""
        modes = self.radial
        profile = bessel.radial(modes.order, modes.x, modes.second, np.hypot(*points.T) / self.radius)
        angle = np.arctan2(points[:, 1], points[:, 0])
        waves = np.cos(np.outer(angle, modes.order[self.which]) - self.odd * (math.pi / 2))
        return np.asarray((profile * self._scale)[:, self.which] * waves)

    def coefficients(self, amounts: Field) -> Field:
        """Legendre table of Σ amountsₖ φₖ over the square."""
        values = np.zeros(self.square.ring.shape, complex)
        for odd, wave in ((0, np.cos), (1, np.sin)):
            here = self.odd == odd
            of_radial = np.zeros(len(self.radial.x), complex)
            of_radial[self.which[here]] = amounts[here]
            for order, profile in self._profiles(of_radial * self._scale):
                values += profile[self.square.ring] * wave(order * self.square.angle)
        table = self.square.transform @ values @ self.square.transform.T
        return np.asarray(table if np.iscomplexobj(amounts) else table.real)

    def basis(self, axis: int, coordinates: Array) -> Array:
        """Legendre polynomials of one coordinate."""
        return vandermonde(coordinates / (self.radius * bessel.REACH), len(self.square.nodes))

    def nodal_grid(self, table: Field, x: Array, y: Array) -> Field:
        """Values divided by what vanishes at a held rim, and changes sign there as they do."""
        values = product(self.basis(1, y), table, self.basis(0, x))
        inward = 1 - (x[None, :] ** 2 + y[:, None] ** 2) / self.radius**2
        inward = np.where(np.abs(inward) < 1e-6, 1e-6, inward)
        return np.asarray(values / inward ** POWER[self.rim])

    def beyond(self, x: float, y: float) -> float:
        """Integral over the wavenumbers above the last mode's."""
        return beyond.of_circle(self.largest / self.radius)

    def _profiles(self, of_radial: Field) -> list[tuple[float, Field]]:
        """Sum the radial shapes of each order that takes part."""
        order = self.radial.order
        present = np.unique(order[of_radial != 0])
        return [(float(n), self.radial.table[:, order == n] @ of_radial[order == n]) for n in present]

    @property
    def _scale(self) -> Array:
        """1 / √∫ φ² dA: the angle gives 2π for n = 0, else π."""
        around = np.where(self.radial.order == 0, 2 * math.pi, math.pi)
        return np.asarray(1 / (self.radius * np.sqrt(self.radial.norm * around)))


def modes(body: Body, wavenumber: float, cache: EigenCache) -> Modes:
    """Solve, or recall, the modes of a round body up to ``wavenumber`` (rad/m), and more to complete the sum."""
    assert isinstance(body.shape, Circle)
    wanted = wavenumber * body.shape.radius
    largest = max(_LEAST, _STEP * math.ceil((wanted + _MARGIN) / _STEP))
    radial = RadialModes(*cache.recall(CircleProblem(_kind(body), _nu(body), largest), _arrays))
    which = np.repeat(np.arange(len(radial.x)), np.where(radial.order == 0, 1, 2))
    odd = np.concatenate([[0.0], np.diff(which) == 0])
    lam = radial.x[which] ** body.medium.order
    space = CircleSpace(body.shape.radius, _rim(body), radial, bessel.square(largest), which, odd, largest)
    omega = frequencies(body, lam)
    return Modes(body, lam, omega, _labels(radial, which, odd), int(np.searchsorted(radial.x[which], wanted)), space)


def _arrays(problem: CircleProblem) -> list[Array]:
    found = bessel.solve(problem)
    return [found.order, found.circles, found.x, found.second, found.norm, found.table]


def _kind(body: Body) -> str:
    if isinstance(body.medium, Sheet):
        return body.edges
    return "skin" if isinstance(body.medium, Skin) else "liquid"


def _rim(body: Body) -> str:
    return "S" if isinstance(body.medium, Skin) else body.edges


def _nu(body: Body) -> float:
    return body.medium.nu if isinstance(body.medium, Sheet) else 0.0


def _labels(radial: RadialModes, which: NDArray[np.intp], odd: Array) -> tuple[str, ...]:
    """Name each mode's symmetry and its counts of nodal diameters and circles: ``E2 cos (2,0)``."""
    names = []
    for k, is_sine in zip(which, odd, strict=True):
        n, circles = int(radial.order[k]), int(radial.circles[k])
        kind = f"E{n} {'sin' if is_sine else 'cos'}" if n else "A1"
        names.append(f"{kind} ({n},{circles})")
    return tuple(names)
