"""Rayleigh–Ritz for the thin rectangular plate, split by symmetry into blocks that are solved one by one.

The strain energy D/2 ∫ w_xx² + w_yy² + 2ν w_xx w_yy + 2(1 − ν) w_xy² becomes a matrix over products φᵢ(ξ) φⱼ(η) of
orthonormal functions; its eigenvalues are λ² with λ = ω a² √(ρh/D). Every Ritz value is an upper bound, and falls as
the basis grows (Leissa, Vibration of Plates, NASA SP-160, for the problem; Bardell 1991 for polynomial bases).
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.engines.cymatics import basis as one_dimensional
from generation.engines.cymatics.basis import Basis, Integrals

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class PlateProblem:
    """What the eigenvalues of a plate depend on; two plates that share it share their eigenpairs.

    ``aspect`` is a/b; ``sizes`` are the numbers of functions along x and y.
    """

    edges: str
    aspect: float
    nu: float
    sizes: tuple[int, int]

    def bases(self) -> tuple[Basis, Basis]:
        """Return the functions along x and along y."""
        return (
            one_dimensional.build(self.edges[0::2], self.sizes[0]),
            one_dimensional.build(self.edges[1::2], self.sizes[1]),
        )

    @property
    def diagonal(self) -> int:
        """1 when the plate is its own mirror image about y = x, −1 when only about y = a − x, 0 when neither."""
        left, bottom, right, top = tuple(self.edges)
        if self.aspect != 1 or self.sizes[0] != self.sizes[1]:
            return 0
        if left == bottom and right == top:
            return 1
        return -1 if left == top and right == bottom else 0


@dataclass(frozen=True, slots=True)
class Block:
    """Functions of one symmetry: φᵢ(ξ) φⱼ(η) times ``weight``, plus its diagonal image times ``swap`` × ``weight``.

    ``swap`` holds a sign (or 0) for each function; ``label`` names the symmetry.
    """

    label: str
    i: Indices
    j: Indices
    weight: Array
    swap: Array

    def tensor(self, amounts: NDArray[Any], shape: tuple[int, int]) -> NDArray[Any]:
        """Spread amounts of the block's functions over the full table of products, shape ``sizes``."""
        table = np.zeros(shape, amounts.dtype)
        np.add.at(table, (self.i, self.j), self.weight * amounts)
        if self.swap.any():
            np.add.at(table, (self.j, self.i), self.swap * self.weight * amounts)
        return table

    def gather(self, left: Array, right: Array) -> Array:
        """Values (points, functions) from the one-dimensional values along x and y, each (points, n)."""
        values = left[:, self.i] * right[:, self.j]
        if self.swap.any():
            values = values + self.swap * left[:, self.j] * right[:, self.i]
        return np.asarray(values * self.weight)


@lru_cache(maxsize=8)
def blocks(problem: PlateProblem) -> tuple[Block, ...]:
    """Split the products φᵢφⱼ by every mirror symmetry that the plate has."""
    parity = [ends[0] == ends[1] for ends in (problem.edges[0::2], problem.edges[1::2])]
    found: list[Block] = []
    for along_x, along_y in product(*(((0, 2), (1, 2)) if has else ((0, 1),) for has in parity)):
        grid = np.meshgrid(
            np.arange(along_x[0], problem.sizes[0], along_x[1]),
            np.arange(along_y[0], problem.sizes[1], along_y[1]),
            indexing="ij",
        )
        found += _split(problem, parity, (along_x[0], along_y[0]), grid[0].ravel(), grid[1].ravel())
    return tuple(found)


def stiffness(problem: PlateProblem, block: Block, along: tuple[Integrals, Integrals]) -> Array:
    """Return the block's energy matrix in units where its eigenvalues are λ²."""
    direct = _entries(problem, along, (block.i, block.j), (block.i, block.j))
    if not block.swap.any():
        return direct
    crossed = _entries(problem, along, (block.i, block.j), (block.j, block.i)) * block.swap
    return np.asarray(2 * (direct + crossed) * np.outer(block.weight, block.weight))


def solve(matrix: Array, shift: float) -> tuple[Array, Array]:
    """Eigenvalues, rising, and orthonormal eigenvectors of an energy matrix, which is overwritten.

    Its spectrum spans ten orders and more, and what is wanted is the low end. The inverse of matrix + shift has that
    end on top, where an eigensolver is exact to rounding.
    """
    matrix[np.diag_indices_from(matrix)] += shift
    inverse_factor = np.linalg.inv(np.linalg.cholesky(matrix))
    reciprocal, vectors = np.linalg.eigh(np.matmul(inverse_factor.T, inverse_factor, out=matrix))
    return 1 / np.maximum(reciprocal[::-1], 1e-300) - shift, np.ascontiguousarray(vectors[:, ::-1])


def eigenpairs(problem: PlateProblem) -> list[Array]:
    """λ², then eigenvectors, of each block in the order of :func:`blocks`."""
    bases = problem.bases()
    along = one_dimensional.integrals(bases[0]), one_dimensional.integrals(bases[1])
    shift = 100.0 * min(1.0, problem.aspect**4)
    solved: dict[str, tuple[Array, Array]] = {}
    for block in blocks(problem):
        twin = solved.get("E odd-even") if block.label == "E even-odd" else None
        solved[block.label] = twin or solve(stiffness(problem, block, along), shift)
    return [array for pair in solved.values() for array in pair]


def _entries(
    problem: PlateProblem,
    along: tuple[Integrals, Integrals],
    rows: tuple[Indices, Indices],
    columns: tuple[Indices, Indices],
) -> Array:
    (ix, sx, cx, mx), (iy, sy, cy, my) = (_tables(integrals) for integrals in along)
    square = problem.aspect**2
    total = np.zeros((len(rows[0]), len(columns[0])))
    for x, y, factor in (
        (cx, iy, 1.0),
        (ix, cy, square**2),
        (mx, my.T, problem.nu * square),
        (mx.T, my, problem.nu * square),
        (sx, sy, 2 * (1 - problem.nu) * square),
    ):
        # One term at a time: a large block is tens of megabytes.
        term = x[np.ix_(rows[0], columns[0])]
        term *= y[np.ix_(rows[1], columns[1])]
        term *= 16 * factor
        total += term
    return total


def _tables(integrals: Integrals) -> tuple[Array, Array, Array, Array]:
    return np.eye(len(integrals.slope)), integrals.slope, integrals.curvature, integrals.mixed


def _split(problem: PlateProblem, parity: list[bool], odd: tuple[int, int], i: Indices, j: Indices) -> list[Block]:
    kind = problem.diagonal
    if kind == 0 or odd[0] != odd[1]:
        return [Block(_label(parity, odd, kind), *_ordered(odd, i, j), np.ones(len(i)), np.zeros(len(i)))]
    keep = i <= j
    i, j = i[keep], j[keep]
    sign = np.where((i + j) % 2 == 1, float(kind), 1.0)
    halves = []
    for swap, weight in ((1.0, np.where(i == j, 0.5, np.sqrt(0.5))), (-1.0, np.where(i == j, 0.0, np.sqrt(0.5)))):
        used = weight > 0
        label = _diagonal_label(parity, odd, swap)
        halves.append(Block(label, i[used], j[used], weight[used], swap * sign[used]))
    return halves


def _ordered(odd: tuple[int, int], i: Indices, j: Indices) -> tuple[Indices, Indices]:
    """Order an even-odd block as the image of its odd-even twin, so that one solution serves both."""
    if odd != (0, 1):
        return i, j
    order = np.lexsort((i, j))
    return i[order], j[order]


def _label(parity: list[bool], odd: tuple[int, int], diagonal: int) -> str:
    words = ["odd" if is_odd else "even" for is_odd in odd]
    if all(parity):
        return f"{'E' if diagonal else _RECTANGLE[odd]} {words[0]}-{words[1]}"
    if any(parity):
        return "A' even" if not odd[parity.index(True)] else "A'' odd"
    return "A"


def _diagonal_label(parity: list[bool], odd: tuple[int, int], swap: float) -> str:
    if not all(parity):
        return "A' even" if swap > 0 else "A'' odd"
    return _SQUARE[odd[0], swap]


_RECTANGLE = {(0, 0): "A1", (1, 1): "A2", (1, 0): "B1", (0, 1): "B2"}
_SQUARE = {(0, 1.0): "A1 even-even", (0, -1.0): "B1 even-even", (1, 1.0): "B2 odd-odd", (1, -1.0): "A2 odd-odd"}
