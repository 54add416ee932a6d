"""Modes of the rectangular plate from its Ritz eigenpairs."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.engines.cymatics import beyond, ritz
from generation.engines.cymatics.basis import Basis
from generation.engines.cymatics.bodies import Body, Rectangle, Sheet
from generation.engines.cymatics.cache import EigenCache
from generation.engines.cymatics.limits import basis_sizes
from generation.engines.cymatics.modal import Array, Field, Modes, frequencies, product


@dataclass(frozen=True)
class PlateSpace:
    """Products of edge-conforming polynomials; ``places[k]`` are where block k's modes stand in rising order."""

    shape: Rectangle
    bases: tuple[Basis, Basis]
    blocks: tuple[ritz.Block, ...]
    vectors: tuple[Array, ...]
    places: tuple[NDArray[np.intp], ...]

    def values(self, points: Array) -> Array:
        """Shapes at ``points`` (P, 2): (P, modes)."""
        left, right = self.basis(0, points[:, 0]), self.basis(1, points[:, 1])
        values = np.empty((len(points), sum(map(len, self.places))))
        for block, vectors, places in zip(self.blocks, self.vectors, self.places, strict=True):
            values[:, places] = block.gather(left, right) @ vectors
        return values * self._scale

    def coefficients(self, amounts: Field) -> Field:
        """Table of Σ amountsₖ φₖ over the products."""
        sizes = (self.bases[0].size, self.bases[1].size)
        table = np.zeros(sizes, amounts.dtype)
        for block, vectors, places in zip(self.blocks, self.vectors, self.places, strict=True):
            table += block.tensor(vectors @ amounts[places], sizes)
        return np.asarray(table * self._scale)

    def basis(self, axis: int, coordinates: Array) -> Array:
        """Values of the functions of one coordinate."""
        return self.bases[axis](self._unit(axis, coordinates))

    def nodal_grid(self, table: Field, x: Array, y: Array) -> Field:
        """Values without the edge factors."""
        across = self.bases[0].without_factor(self._unit(0, x))
        up = self.bases[1].without_factor(self._unit(1, y))
        return product(up, table, across)

    def beyond(self, x: float, y: float) -> float:
        """Integral over the wavenumbers left out, from the highest degrees along x and y."""
        cutoffs = [
            beyond.cutoff(len(basis.coefficients) - 1, 2 * place / side - 1, side / 2)
            for basis, place, side in zip(self.bases, (x, y), (self.shape.a, self.shape.b), strict=True)
        ]
        return beyond.of_rectangle(*cutoffs)

    @property
    def _scale(self) -> float:
        return 2 / math.sqrt(self.shape.area)

    def _unit(self, axis: int, coordinates: Array) -> Array:
        side = self.shape.b if axis else self.shape.a
        return np.asarray(2 * coordinates / side - 1)


def problem(body: Body, wavenumber: float) -> ritz.PlateProblem:
    """Choose the basis that resolves waves up to ``wavenumber`` (rad/m), in steps so that requests share it."""
    assert isinstance(body.shape, Rectangle) and isinstance(body.medium, Sheet)
    aspect = body.shape.a / body.shape.b
    return ritz.PlateProblem(body.edges, aspect, body.medium.nu, basis_sizes(body, wavenumber))


def modes(body: Body, wavenumber: float, cache: EigenCache) -> Modes:
    """Solve, or recall, the modes of a rectangular plate up to ``wavenumber`` (rad/m)."""
    question = problem(body, wavenumber)
    pairs = cache.recall(question, ritz.eigenpairs)
    squares = np.concatenate(pairs[0::2])
    order = np.argsort(squares, kind="stable")
    squares = np.maximum(squares[order], 0.0)
    squares[: body.rigid_modes] = 0.0
    lam = np.sqrt(squares)
    trusted = int(np.searchsorted(lam, (wavenumber * body.shape.length) ** 2 * (1 + 1e-9)))
    space, names = _space(body, question, pairs[1::2], order)
    return Modes(body, lam, frequencies(body, lam), names, trusted, space)


def _space(
    body: Body, question: ritz.PlateProblem, vectors: list[Array], order: NDArray[np.intp]
) -> tuple[PlateSpace, tuple[str, ...]]:
    """Say where each block's modes stand in rising order, and what symmetry each of them has."""
    assert isinstance(body.shape, Rectangle)
    bases = question.bases()
    parts = ritz.blocks(question)
    sizes = [len(block) for block in vectors]
    rank = np.argsort(order, kind="stable")
    places = tuple(np.split(rank, np.cumsum(sizes)[:-1]))
    labels = np.repeat([part.label for part in parts], sizes)[order]
    return PlateSpace(body.shape, bases, parts, tuple(vectors), places), tuple(labels.tolist())
