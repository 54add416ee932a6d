"""Round bodies: wavenumbers from Bessel functions' determinants, and the radial shapes that go with them.

A mode of n nodal diameters is w = [Jₙ(x r/R) + c Iₙ(x r/R)] cos nθ with x = k R. A plate's edge gives two conditions,
whose determinant is zero at the eigenvalues (Leissa, Vibration of Plates, ch. 2); a membrane (Jₙ = 0) and a liquid
(Jₙ' = 0) have no second term.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_STEP = 0.25
_BISECTIONS = 46


@dataclass(frozen=True, slots=True)
class CircleProblem:
    """What the eigenvalues of a round body depend on: ``kind`` is an edge F, S, C, or ``skin`` or ``liquid``."""

    kind: str
    nu: float
    largest: float


@dataclass(frozen=True)
class RadialModes:
    """Modes in rising order, rigid ones first: ``order`` nodal diameters, ``circles`` nodal circles inside, x = k R.

    ``second`` is the amount of Iₙ(x r/R) e^−x, ``norm`` the integral of w² r dr over the unit radius, and ``table``
    (radii, modes) the shapes at the distinct radii of the nodes of :func:`square`.
    """

    order: Array
    circles: Array
    x: Array
    second: Array
    norm: Array
    table: Array


@dataclass(frozen=True)
class Square:
    """Gauss nodes over the square about the circle, in units of its half side, and their polar coordinates.

    ``radii`` are the distinct ones in units of R, ``ring`` (m, m) says which of them a node has; ``transform`` (m, m)
    turns values at the nodes into Legendre coefficients.
    """

    nodes: Array
    transform: Array
    angle: Array
    radii: Array
    ring: NDArray[np.intp]


REACH = 1.02
"""Half side of the square in radii: a little beyond the rim, so that what touches the rim is seen whole."""


def square(largest: float) -> Square:
    """Return the nodes that resolve modes up to x = ``largest``."""
    nodes, weights = np.polynomial.legendre.leggauss(math.ceil(largest) + 20)
    degrees = np.arange(len(nodes))
    transform = (degrees + 0.5)[:, None] * (
        np.polynomial.legendre.legvander(nodes, len(nodes) - 1) * weights[:, None]
    ).T
    x, y = np.meshgrid(nodes, nodes, indexing="ij")
    radii, ring = np.unique(np.round(np.hypot(x, y) * REACH, 12), return_inverse=True)
    return Square(nodes, transform, np.arctan2(y, x), radii, ring.reshape(x.shape))


def conditions(kind: str, nu: float, order: Array, x: Array) -> tuple[Array, Array, Array, Array]:
    """Return the two edge conditions for Jₙ, then for Iₙ e^−x; a body without the second term gives 0 and 1."""
    from scipy import special

    value, slope = np.asarray(special.jv(order, x), float), np.asarray(special.jvp(order, x), float)
    first = _derivatives(value, slope, -1.0, order, x)
    if kind in ("skin", "liquid"):
        return first[0] if kind == "skin" else first[1], np.zeros_like(x), np.zeros_like(x), np.ones_like(x)
    grown = np.asarray(special.ive(order, x), float)
    second = _derivatives(grown, np.asarray(special.ive(order + 1, x), float) + order / x * grown, 1.0, order, x)
    return (*_edge(kind, nu, order, first), *_edge(kind, nu, order, second))


def solve(problem: CircleProblem) -> RadialModes:
    """Find every mode with x up to ``problem.largest``."""
    order, low, high = _brackets(problem)
    sign = np.sign(_determinant(problem, order, low))
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        same = np.sign(_determinant(problem, order, middle)) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return _assemble(problem, order, (low + high) / 2)


def radial(order: Array, x: Array, second: Array, r: Array) -> Array:
    """Shapes w at radii ``r`` (in units of R): (len(r), modes); x = 0 stands for the rigid shape rⁿ."""
    from scipy import special

    reach = np.outer(r, x)
    values = special.jv(order, reach)
    if second.any():
        values += second * special.ive(order, reach) * np.exp(reach - x)
    rigid = x == 0
    values[:, rigid] = r[:, None] ** order[rigid]
    return np.asarray(values)


def _derivatives(value: Array, slope: Array, sign: float, order: Array, x: Array) -> tuple[Array, Array, Array, Array]:
    """Value, w', w'' and (∇²w)' at the rim of unit radius, where ∇²w = sign x² w."""
    first = x * slope
    return value, first, -first + (sign * x * x + order * order) * value, sign * x * x * first


def _edge(kind: str, nu: float, order: Array, rim: tuple[Array, Array, Array, Array]) -> tuple[Array, Array]:
    value, first, second, third = rim
    moment = second + nu * (first - order**2 * value)
    if kind == "C":
        return value, first
    if kind == "S":
        return value, moment
    return moment, third - (1 - nu) * order**2 * (first - value)


def _determinant(problem: CircleProblem, order: Array, x: Array) -> Array:
    one_j, two_j, one_i, two_i = conditions(problem.kind, problem.nu, order, x)
    return np.asarray(one_j * two_i - two_j * one_i)


def _second(problem: CircleProblem, order: Array, x: Array) -> Array:
    """Amount of the second function that meets the edge: from the condition in which it is the larger."""
    if problem.kind in ("skin", "liquid"):
        return np.zeros_like(x)
    one_j, two_j, one_i, two_i = conditions(problem.kind, problem.nu, order, x)
    use_first = np.abs(one_i) * np.abs(two_j) >= np.abs(two_i) * np.abs(one_j)
    return np.asarray(-np.where(use_first, one_j, two_j) / np.where(use_first, one_i, two_i))


def _brackets(problem: CircleProblem) -> tuple[Array, Array, Array]:
    """Steps along x in which an order's determinant changes sign; its zeros lie well over a step apart."""
    orders = np.arange(int(1.2 * problem.largest) + 4, dtype=float)
    places = np.arange(1, int(problem.largest / _STEP) + 2) * _STEP
    order, place = (table.ravel() for table in np.meshgrid(orders, places, indexing="ij"))
    known = place > 0.7 * order - 1
    flat = np.full(len(place), np.nan)
    flat[known] = _determinant(problem, order[known], place[known])
    value = flat.reshape(len(orders), len(places))
    row, column = np.nonzero(value[:, :-1] * value[:, 1:] < 0)
    return orders[row], np.asarray(places[column], float), np.asarray(places[column + 1], float)


def _assemble(problem: CircleProblem, order: Array, x: Array) -> RadialModes:
    """Put the rigid shapes of a free plate before the elastic ones, in rising order, and tabulate them all."""
    rigid = np.arange(2.0) if problem.kind == "F" else np.arange(0.0)
    keep = np.argsort(x, kind="stable")
    order, x = order[keep], x[keep]
    circles = np.concatenate([0 * rigid, _circles(problem.kind, order)])
    second = np.concatenate([0 * rigid, _second(problem, order, x)])
    order, x = np.concatenate([rigid, order]), np.concatenate([0 * rigid, x])
    norm = _norms(problem, order, x, second)
    return RadialModes(order, circles, x, second, norm, radial(order, x, second, square(problem.largest).radii))


def _circles(kind: str, order: Array) -> Array:
    """Count nodal circles inside the rim: the first elastic mode of an order may already have one."""
    rank = np.zeros_like(order)
    for n in np.unique(order):
        here = order == n
        started = 1 if (kind == "F" and n < 2) or (kind == "liquid" and n == 0) else 0
        rank[here] = started + np.arange(here.sum())
    return rank


def _norms(problem: CircleProblem, order: Array, x: Array, second: Array) -> Array:
    nodes, weights = np.polynomial.legendre.leggauss(int(problem.largest) + 24)
    r = (nodes + 1) / 2
    return np.asarray((weights / 2 * r) @ radial(order, x, second, r) ** 2)
