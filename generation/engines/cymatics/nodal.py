"""Nodal lines (marching squares) and nodal domains of a field on a grid."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.engines.cymatics.bodies import Circle, Shape

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Mask = NDArray[np.bool_]


FAINT = 1e-4
CROSSING = 0.1
"""A saddle of less than this share of the values about it is a crossing of two lines, not a narrow pass."""


@dataclass(frozen=True)
class NodalLines:
    """Lines where a field is zero: ``polylines`` of (n, 2) points in m, a closed one ending where it began."""

    polylines: list[Array]
    length: float


def trace(values: Array, x: Array, y: Array, shape: Shape) -> NodalLines:
    """Trace the zero lines of ``values`` (len(y), len(x)), kept to the body's shape."""
    ends = _segments(values >= 0, values)
    numbers, compact = np.unique(ends, return_inverse=True)
    ends = compact.reshape(-1, 2)
    points = _crossings(values, x, y, numbers)
    if isinstance(shape, Circle):
        ends, points = _clip(ends, points, shape.radius)
    length = float(np.hypot(*(points[ends[:, 0]] - points[ends[:, 1]]).T).sum())
    return NodalLines([points[chain] for chain in _chains(ends, len(points))], length)


def domains(values: Array, inside: Mask) -> int:
    """Count the connected regions of one sign.

    Where many lines meet, as in the middle of a disc, regions are narrower than the grid and the field is next to
    nothing: what is below :data:`FAINT` of the root mean square joins nothing.
    """
    from scipy import ndimage

    faint = FAINT * float(np.sqrt(np.mean(values[inside] ** 2)))
    count = 0
    for part in (values > faint, values < -faint):
        count += ndimage.label(part & inside)[1]
    return int(count)


def thinned(line: Array, tolerance: float) -> Array:
    """Drop points of a polyline that stand no further than ``tolerance`` from the chord of their neighbours."""
    for _ in range(6):
        if len(line) < 3:
            break
        start, middle, end = line[:-2:2], line[1:-1:2], line[2::2]
        start = start[: len(middle)]
        chord, offset = end - start, middle - start
        across = np.abs(chord[:, 0] * offset[:, 1] - chord[:, 1] * offset[:, 0])
        drop = across <= tolerance * np.hypot(*chord.T)
        keep = np.ones(len(line), bool)
        keep[1:-1:2] = ~drop
        line = line[keep]
    return line


def _segments(positive: Mask, values: Array) -> Indices:
    """Pairs of numbers of the grid edges that each segment joins; see :func:`_crossings` for the numbering."""
    rows, columns = positive.shape
    number = np.arange(rows * columns).reshape(rows, columns)
    cut_x, cut_y = positive[:, 1:] != positive[:, :-1], positive[1:] != positive[:-1]
    crossed = (cut_x[:-1], cut_y[:, 1:], cut_x[1:], cut_y[:, :-1])
    upright = number + number.size
    names = (number[:-1, :-1], upright[:-1, 1:], number[1:, :-1], upright[:-1, :-1])
    busy = crossed[0] | crossed[1] | crossed[2] | crossed[3]
    saddle = crossed[0] & crossed[1] & crossed[2] & crossed[3]
    crossing, first_joined = _saddles(values, saddle)
    pairs = []
    for first, second in ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)):
        here = busy & ~saddle & crossed[first] & crossed[second]
        if (first, second) in ((0, 2), (1, 3)):
            here |= crossing
        else:
            here |= saddle & ~crossing & (first_joined if (first, second) in ((0, 1), (2, 3)) else ~first_joined)
        pairs.append(np.stack([names[first][here], names[second][here]], axis=1))
    return np.concatenate(pairs)


def _saddles(values: Array, saddle: Mask) -> tuple[Mask, Mask]:
    """Tell where the lines through a saddle cell cross, and where else its first corner joins the opposite one.

    Between the corners the field is taken as bilinear, so the value at the saddle is (f00 f11 − f01 f10) / Σ ± f.
    """
    crossing, first_joined = np.zeros_like(saddle), np.zeros_like(saddle)
    f00, f01, f10, f11 = (part[saddle] for part in (values[:-1, :-1], values[:-1, 1:], values[1:, :-1], values[1:, 1:]))
    at_saddle = (f00 * f11 - f01 * f10) / (f00 + f11 - f01 - f10)
    size = (np.abs(f00) + np.abs(f01) + np.abs(f10) + np.abs(f11)) / 4
    crossing[saddle] = np.abs(at_saddle) < CROSSING * size
    first_joined[saddle] = (at_saddle >= 0) == (f00 >= 0)
    return crossing, first_joined


def _crossings(values: Array, x: Array, y: Array, numbers: Indices) -> Array:
    """Where the field crosses zero on each grid edge: first those along x, row by row, then those along y."""
    rows, columns = values.shape
    upright = numbers >= rows * columns
    row, column = np.divmod(numbers - upright * (rows * columns), columns)
    next_row, next_column = row + upright, column + ~upright
    here, there = values[row, column], values[next_row, next_column]
    part = here / (here - there)
    across = x[column] + part * (x[next_column] - x[column])
    return np.stack([across, y[row] + part * (y[next_row] - y[row])], axis=1)


def _clip(ends: Indices, points: Array, radius: float) -> tuple[Indices, Array]:
    """Cut segments at the rim of a disc."""
    inside = np.hypot(*points.T) <= radius
    ends = ends[inside[ends].any(axis=1)]
    leaving = np.flatnonzero(~inside[ends].all(axis=1))
    swapped = np.where(inside[ends[leaving, :1]], ends[leaving], ends[leaving, ::-1])
    start, step = points[swapped[:, 0]], points[swapped[:, 1]] - points[swapped[:, 0]]
    a, b, c = (step**2).sum(axis=1), (start * step).sum(axis=1), (start**2).sum(axis=1) - radius**2
    part = (-b + np.sqrt(np.maximum(b * b - a * c, 0))) / np.where(a > 0, a, 1)
    ends = ends.copy()
    ends[leaving, 0] = swapped[:, 0]
    ends[leaving, 1] = len(points) + np.arange(len(leaving))
    return ends, np.concatenate([points, start + part[:, None] * step])


def _chains(ends: Indices, count: int) -> list[list[int]]:
    """Join segments into chains of point numbers: open ones first, then closed ones."""
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for first, second in ends.tolist():
        neighbours[first].append(second)
        neighbours[second].append(first)
    tips = [point for point, around in enumerate(neighbours) if len(around) == 1]
    chains = [_walk(neighbours, start) for start in [*tips, *range(count)] if neighbours[start]]
    return [chain for chain in chains if len(chain) > 1]


def _walk(neighbours: list[list[int]], start: int) -> list[int]:
    """Follow segments from ``start``, taking up each as it goes."""
    chain = [start]
    while neighbours[chain[-1]]:
        here = chain[-1]
        following = neighbours[here].pop()
        neighbours[following].remove(here)
        chain.append(following)
    return chain
