"""Modes of a body: frequencies, and shapes as sums of products of functions of x and of y.

Every body, round ones included, gives its fields as ``basis(x) @ coefficients @ basis(y).T``: two small matrix products
whatever the size of the picture.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from generation.engines.cymatics.bodies import Body, Liquid, Sheet

Array = NDArray[np.float64]
Field = NDArray[Any]
"""Real or complex values: modal amounts, tables of products, or displacements on a grid."""


class Space(Protocol):
    """Where the shapes of a body's modes live; shapes are normalised to ∫ φ² dA = 1 (in m²)."""

    def values(self, points: Array) -> Array:
        """Shapes at ``points`` (P, 2) in metres: (P, modes)."""
        ...

    def coefficients(self, amounts: Field) -> Field:
        """Return the table (nx, ny) of Σ amountsₖ φₖ over the products of basis functions."""
        ...

    def basis(self, axis: int, coordinates: Array) -> Array:
        """Values of the functions of x (axis 0) or y (axis 1): (len(coordinates), n)."""
        ...

    def nodal_grid(self, table: Field, x: Array, y: Array) -> Field:
        """Values of a table on a grid (len(y), len(x)), divided by a positive factor that vanishes on held edges.

        The zeros inside stay where they are; a held edge is none.
        """
        ...

    def beyond(self, x: float, y: float) -> float:
        """Return ∫∫ dk / (4π² k⁴) over the wavenumbers that the modes leave out at a point, in m²."""
        ...


@dataclass(frozen=True)
class Modes:
    """Eigenmodes of a body in rising order, rigid motions first.

    ``lam`` are the dimensionless eigenvalues (see :meth:`Body.omega`), ``omega`` the angular frequencies in rad/s,
    ``labels`` the symmetry of each mode, ``trusted`` how many of them the basis resolves; those above complete the sum.
    """

    body: Body
    lam: Array
    omega: Array
    labels: tuple[str, ...]
    trusted: int
    space: Space

    @property
    def frequency(self) -> Array:
        """Eigenfrequencies in Hz."""
        return np.asarray(self.omega / (2 * np.pi))

    @property
    def rigid(self) -> int:
        """Number of rigid-body modes at the start."""
        return self.body.rigid_modes

    def at(self, points: object) -> Array:
        """Mass-normalised shapes (kg^-1/2) at ``points`` (P, 2) or one point (2,), in metres: (P, modes)."""
        places = np.atleast_2d(np.asarray(points, float))
        return np.asarray(self.space.values(places) / np.sqrt(self.body.medium.surface_density))

    def residual(self, at: tuple[float, float]) -> float:
        """Static compliance (m/N) at a point drive of a plate that the modes leave out (see :mod:`.beyond`)."""
        medium = self.body.medium
        return self.space.beyond(*at) / medium.stiffness if isinstance(medium, Sheet) else 0.0

    def field(self, amounts: Field, x: Array, y: Array) -> Field:
        """Σ amountsₖ φₖ (mass-normalised) on the grid of ``x`` and ``y``: shape (len(y), len(x))."""
        table = self.space.coefficients(amounts) / np.sqrt(self.body.medium.surface_density)
        return evaluate(self.space, table, x, y)

    def shape(self, index: int, x: Array, y: Array) -> Array:
        """Shape of elastic mode ``index`` (1 is the first, rigid motions left out) on the grid of ``x`` and ``y``."""
        amounts = np.zeros(len(self.omega))
        amounts[self.rigid + index - 1] = 1.0
        return np.asarray(self.field(amounts, x, y))


def evaluate(space: Space, table: Field, x: Array, y: Array) -> Field:
    """Values of a table of products on the grid of ``x`` and ``y``: shape (len(y), len(x))."""
    return product(space.basis(1, y), table, space.basis(0, x))


def product(up: Array, table: Field, across: Array) -> Field:
    """Return ``up @ table.T @ across.T``; a complex table as two real products, which halves the work."""
    if not np.iscomplexobj(table):
        return np.asarray(up @ table.T @ across.T)
    values = np.empty((len(up), len(across)), complex)
    part = up @ table.real.T @ across.T
    values.real = part
    values.imag = np.matmul(up @ table.imag.T, across.T, out=part)
    return values


def frequencies(body: Body, lam: Array) -> Array:
    """Angular frequencies (rad/s) of eigenvalues; all but a liquid's are proportional to them."""
    if not isinstance(body.medium, Liquid):
        return np.asarray(body.omega(1.0) * lam)
    return np.array([body.omega(value) for value in lam.tolist()])
