"""Orthonormal polynomials on [-1, 1] that vanish at their ends as the edges demand: the Ritz basis in one direction.

Each function is an edge factor (1 + ξ)^p (1 − ξ)^q, with p and q of 0 (free), 1 (simply supported) or 2 (clamped),
times a polynomial; the whole is orthonormal in L², so that the mass matrix of the plate is the identity.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

Array = NDArray[np.float64]

POWER = {"F": 0, "S": 1, "C": 2}


@dataclass(frozen=True, slots=True)
class Basis:
    """``n`` functions of one coordinate.

    ``coefficients`` (n + p + q, n) holds the functions as Legendre series in columns; ``reduced`` (n, n) holds them
    divided by their edge factor.
    """

    edges: str
    coefficients: Array
    reduced: Array

    @property
    def size(self) -> int:
        """Number of functions."""
        return int(self.coefficients.shape[1])

    @property
    def has_parity(self) -> bool:
        """Whether function i is even or odd about the middle, as i is."""
        return self.edges[0] == self.edges[1]

    def __call__(self, xi: Array) -> Array:
        """Values at ``xi`` in [-1, 1], shape (len(xi), n)."""
        return vandermonde(xi, len(self.coefficients)) @ self.coefficients

    def without_factor(self, xi: Array) -> Array:
        """Values divided by the (positive) edge factor: the same zeros inside, and none on a held edge."""
        return vandermonde(xi, len(self.reduced)) @ self.reduced


@dataclass(frozen=True, slots=True)
class Integrals:
    """∫ φᵢ'φⱼ', ∫ φᵢ''φⱼ'' and ∫ φᵢ φⱼ'' over [-1, 1], each of shape (n, n)."""

    slope: Array
    curvature: Array
    mixed: Array


def vandermonde(xi: Array, terms: int) -> Array:
    """Legendre polynomials of degree below ``terms`` at ``xi``: shape (len(xi), terms)."""
    return np.ascontiguousarray(legendre.legvander(xi, terms - 1))


@lru_cache(maxsize=32)
def build(edges: str, size: int) -> Basis:
    """Orthonormalise edge factor × Legendre polynomials, exactly by Gauss quadrature and QR."""
    p, q = POWER[edges[0]], POWER[edges[1]]
    nodes, weights = legendre.leggauss(size + p + q + 1)
    factor = (1 + nodes) ** p * (1 - nodes) ** q
    root = np.sqrt(weights)[:, None]
    orthonormal, triangle = np.linalg.qr(root * factor[:, None] * vandermonde(nodes, size))
    sign = np.sign(np.diag(triangle))
    reduced = np.linalg.inv(triangle) * sign
    terms = size + p + q
    transform = (np.arange(terms) + 0.5)[:, None] * (vandermonde(nodes, terms) * root).T
    return _with_parity(Basis(edges, transform @ (orthonormal * sign), reduced))


def integrals(basis: Basis) -> Integrals:
    """Integrate the products of derivatives, exactly, through the Legendre series."""
    first = np.asarray(legendre.legder(basis.coefficients), float)
    second = np.asarray(legendre.legder(basis.coefficients, 2), float)
    return Integrals(_inner(first, first), _inner(second, second), _inner(basis.coefficients, second))


def _inner(left: Array, right: Array) -> Array:
    terms = min(len(left), len(right))
    norms = 2 / (2 * np.arange(terms) + 1)
    return np.asarray(left[:terms].T @ (norms[:, None] * right[:terms]))


def _with_parity(basis: Basis) -> Basis:
    """Clear what rounding leaves of the wrong parity, so that symmetric plates split exactly."""
    if basis.has_parity:
        for series in (basis.coefficients, basis.reduced):
            degrees, functions = np.indices(series.shape)
            series[(degrees + functions) % 2 == 1] = 0.0
    return basis
