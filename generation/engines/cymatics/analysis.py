"""What a pattern is made of, as plain JSON: nearest modes, resonance, nodal lines, domains, symmetry, wavelengths."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.engines.cymatics import nodal, symmetry, wavelengths
from generation.engines.cymatics.bodies import Circle, Rectangle
from generation.engines.cymatics.modal import Array, Field, Modes, evaluate
from generation.engines.cymatics.nodal import NodalLines

POINTS = 252
"""Points along the longer side of the grid on which patterns are analysed: 251 steps, a prime, so that lines at simple
fractions of the side, and at its middle, run between the points."""

_RIM = 2


@dataclass(frozen=True)
class Pattern:
    """A field on the analysis grid: complex ``field``, ``nodal`` its real part without held edges, ``inside`` the body.

    Real parts are taken at the phase at which the field is largest.
    """

    modes: Modes
    x: Array
    y: Array
    field: Field
    nodal: Array
    inside: NDArray[np.bool_]
    table: Field


def pattern(modes: Modes, table: Field) -> Pattern:
    """Sample a table of products (see :class:`Space`) for analysis."""
    table = in_phase(table)
    x, y = _axes(modes)
    inside = _inside(modes, x, y)
    still = np.asarray(modes.space.nodal_grid(np.asarray(table.real), x, y))
    return Pattern(modes, x, y, evaluate(modes.space, table, x, y), still, inside, table)


def in_phase(table: Field) -> Field:
    """Turn a complex field to the phase at which its real part is largest."""
    return np.asarray(table * np.exp(-0.5j * np.angle(np.sum(table**2))))


def describe(found: Pattern, lines: NodalLines) -> dict[str, Any]:
    """Return the analysis of one pattern as JSON."""
    spread = float(max(found.x[-1] - found.x[0], found.y[-1] - found.y[0]))
    kind = symmetry_of(found)
    return {
        "nodal_length": lines.length,
        "nodal_lines": [_plain(nodal.thinned(line, spread / 1000)) for line in lines.polylines],
        "nodal_domains": nodal.domains(found.nodal, found.inside),
        "symmetry": {"group": kind.group, "deviation": kind.deviation},
        "wavelengths": wavelengths.dominant(np.where(found.inside, found.field.real, 0.0), _spacing(found)),
        "displacement": _statistics(found),
    }


def lines_of(found: Pattern) -> NodalLines:
    """Return the nodal lines of a pattern."""
    return nodal.trace(found.nodal, found.x, found.y, found.modes.body.shape)


def symmetry_of(found: Pattern) -> symmetry.Symmetry:
    """Return the symmetry of a pattern."""
    shape = found.modes.body.shape
    if isinstance(shape, Circle):
        return symmetry.of_circle(_rings(found, shape.radius))
    return symmetry.of_rectangle(np.ascontiguousarray(found.field.real), shape.a == shape.b)


def _rings(found: Pattern, radius: float) -> Field:
    """Values on 24 rings of 240 points each."""
    angle = 2 * np.pi * np.arange(240) / 240
    r = radius * (np.arange(24) + 0.5)[:, None] / 24
    x, y = (r * np.cos(angle)).ravel(), (r * np.sin(angle)).ravel()
    space = found.modes.space
    values = ((space.basis(0, x) @ found.table) * space.basis(1, y)).sum(axis=1)
    return np.asarray(values.reshape(24, 240) * np.sqrt(r))


def _axes(modes: Modes) -> tuple[Array, Array]:
    """Return coordinates of the grid: a rectangle's reach its edges, a circle's a little beyond its rim."""
    shape = modes.body.shape
    if isinstance(shape, Rectangle):
        scale = POINTS / max(shape.a, shape.b)
        counts = [_points(side * scale) for side in (shape.a, shape.b)]
        return np.linspace(0, shape.a, counts[0]), np.linspace(0, shape.b, counts[1])
    reach = shape.radius * (1 + 2 * _RIM / POINTS)
    both = np.linspace(-reach, reach, POINTS)
    return both, both


def _points(about: float) -> int:
    """Return an even number of points near ``about`` with a prime number of steps between them."""
    count = max(32, 2 * round(about / 2))
    while any((count - 1) % factor == 0 for factor in range(3, math.isqrt(count) + 1)):
        count += 2
    return count


def _inside(modes: Modes, x: Array, y: Array) -> NDArray[np.bool_]:
    if isinstance(modes.body.shape, Rectangle):
        return np.ones((len(y), len(x)), bool)
    return np.asarray(x[None, :] ** 2 + y[:, None] ** 2 <= modes.body.shape.radius**2)


def _spacing(found: Pattern) -> tuple[float, float]:
    return float(found.x[1] - found.x[0]), float(found.y[1] - found.y[0])


def _statistics(found: Pattern) -> dict[str, float]:
    size = np.abs(found.field[found.inside])
    rms = float(np.sqrt(np.mean(size**2)))
    return {
        "max": float(size.max()),
        "rms": rms,
        "mean": float(size.mean()),
        "quiet_share": float(np.mean(size < 0.1 * size.max())),
    }


def _plain(line: Array) -> list[list[float]]:
    return [[float(f"{x:.5g}"), float(f"{y:.5g}")] for x, y in line.tolist()]
