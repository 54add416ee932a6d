"""Lévy's exact solution: plates with two opposite edges simply supported, as an oracle for the Ritz method.

With w = Y(y) sin(mπx/a) the plate equation leaves Y = exp(±β₁ y) and cos, sin(β₂ y), β₁² = k² + α², β₂² = k² − α²,
α = mπ/a; two conditions at y = 0 and two at y = b give a determinant (Leissa 1973, J. Sound Vib. 31).
"""

import math

import numpy as np
from scipy.optimize import brentq


def eigenvalues(edges: str, b: float, nu: float, below: float) -> np.ndarray:
    """All λ = k² a² (a = 1) up to ``below`` of a plate S, ``edges[0]`` at y=0, S, ``edges[1]`` at y=b."""
    found: list[float] = []
    grid = np.arange(0.05, math.sqrt(below) + 0.1, 0.05)
    for m in range(1, int(math.sqrt(below) * 1.3 / math.pi) + 3):
        values = [determinant(k, m, edges, b, nu) for k in grid]
        for low, high, left, right in zip(grid, grid[1:], values, values[1:], strict=False):
            if left * right < 0:
                found.append(brentq(determinant, low, high, args=(m, edges, b, nu), xtol=1e-13) ** 2)
    return np.sort([lam for lam in found if lam <= below])


def determinant(k: float, m: int, edges: str, b: float, nu: float) -> float:
    """Determinant of the edge conditions, with functions scaled to stay near 1."""
    alpha = m * math.pi
    beta = math.sqrt(k * k + alpha * alpha)
    square = k * k - alpha * alpha
    rows = []
    for y, edge in ((0.0, edges[0]), (b, edges[1])):
        derivatives = np.array([_falling(beta, y), _rising(beta, y, b), _even(square, y, b), _odd(square, y, b)])
        rows += _conditions(edge, alpha, nu, derivatives)
    return float(np.linalg.det(np.array(rows) / np.linalg.norm(rows, axis=1)[:, None]))


def _conditions(edge: str, alpha: float, nu: float, d: np.ndarray) -> list[np.ndarray]:
    if edge == "C":
        return [d[:, 0], d[:, 1]]
    if edge == "S":
        return [d[:, 0], d[:, 2]]
    return [d[:, 2] - nu * alpha**2 * d[:, 0], d[:, 3] - (2 - nu) * alpha**2 * d[:, 1]]


def _falling(beta: float, y: float) -> list[float]:
    return [math.exp(-beta * y) * (-beta) ** n for n in range(4)]


def _rising(beta: float, y: float, b: float) -> list[float]:
    return [math.exp(beta * (y - b)) * beta**n for n in range(4)]


def _even(square: float, y: float, b: float) -> list[float]:
    """cos β₂y and its derivatives, or cosh where β₂ is imaginary."""
    root = math.sqrt(abs(square))
    if square >= 0:
        c, s = math.cos(root * y), math.sin(root * y)
        return [c, -root * s, -square * c, root**3 * s]
    scale = math.exp(-root * b)
    c, s = math.cosh(root * y) * scale, math.sinh(root * y) * scale
    return [c, root * s, -square * c, root**3 * s]


def _odd(square: float, y: float, b: float) -> list[float]:
    """sin(β₂y)/β₂ and its derivatives, or sinh."""
    root = math.sqrt(abs(square)) or 1e-12
    if square >= 0:
        c, s = math.cos(root * y), math.sin(root * y)
        return [s / root, c, -root * s, -square * c]
    scale = math.exp(-root * b)
    c, s = math.cosh(root * y) * scale, math.sinh(root * y) * scale
    return [s / root, c, root * s, -square * c]
