"""Voronoi cells: exact polygons, labels of pixels, and Lloyd's relaxation with its energy."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

HEXAGON = 5 / (18 * np.sqrt(3))
"""The energy a cell of unit area cannot go below (Fejes Tóth 1956): the second moment of a regular hexagon."""

_BLOCK = 32


def cells(seeds: Points, half: tuple[float, float]) -> list[Points]:
    """Return the cell of each seed within the rectangle of half sides ``half``, as corners in order round the seed.

    Seeds mirrored at the four sides make the sides themselves edges of cells.
    """
    from scipy.spatial import Voronoi

    diagram = Voronoi(np.concatenate([seeds, *_mirrored(seeds, half)]))
    return [_around(diagram.vertices[diagram.regions[diagram.point_region[i]]], seeds[i]) for i in range(len(seeds))]


def relax(seeds: Points, half: tuple[float, float], steps: int) -> Points:
    """Move each seed to the centroid of its cell, ``steps`` times (Lloyd 1982): the energy falls or stays."""
    for _ in range(steps):
        seeds = np.stack([_moments(cell)[1] for cell in cells(seeds, half)])
    return seeds


def energy(seeds: Points, half: tuple[float, float]) -> float:
    """Return the mean second moment of the cells about their seeds, in units of the mean area squared."""
    total = sum(_second_moment(cell, seed) for cell, seed in zip(cells(seeds, half), seeds, strict=True))
    mean_area = 4 * half[0] * half[1] / len(seeds)
    return float(total / len(seeds) / mean_area**2)


def labels(seeds: Points, x: Points, y: Points) -> NDArray[np.intp]:
    """Return the nearest seed of each point of the grid with columns ``x`` and rows ``y``."""
    return two_nearest(seeds, x, y)[0]


def two_nearest(seeds: Points, x: Points, y: Points) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the nearest seed of each point of the grid, and the next to nearest.

    Each block of points looks only at seeds that can be among its two nearest; ties go to the lower index, as
    with a search of all.
    """
    shape = (len(y), len(x))
    nearest, following = np.empty(shape, np.intp), np.empty(shape, np.intp)
    for top in range(0, shape[0], _BLOCK):
        for left in range(0, shape[1], _BLOCK):
            part = np.s_[top : top + _BLOCK, left : left + _BLOCK]
            nearest[part], following[part] = _block(seeds, x[part[1]], y[part[0]])
    return nearest, following


def edge_distance(seeds: Points, x: Points, y: Points, pair: tuple[NDArray[np.intp], NDArray[np.intp]]) -> Points:
    """Return how far each point of the grid lies from the line midway between its two nearest seeds."""
    one, two = seeds[pair[0]], seeds[pair[1]]
    middle, across = (one + two) / 2, one - two
    length = np.maximum(np.hypot(across[..., 0], across[..., 1]), 1e-12)
    along = (x[None, :] - middle[..., 0]) * across[..., 0] + (y[:, None] - middle[..., 1]) * across[..., 1]
    return np.asarray(np.abs(along) / length)


def _block(seeds: Points, x: Points, y: Points) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    near = _candidates(seeds, x, y)
    across, down = (x - seeds[near, 0, None]) ** 2, (y - seeds[near, 1, None]) ** 2
    squared = across[:, None, :] + down[:, :, None]
    best = squared.argmin(axis=0)
    np.put_along_axis(squared, best[None], np.inf, axis=0)
    return near[best], near[squared.argmin(axis=0)]


def _candidates(seeds: Points, x: Points, y: Points) -> NDArray[np.intp]:
    centre = np.array([(x[0] + x[-1]) / 2, (y[0] + y[-1]) / 2])
    radius = np.hypot(x[-1] - x[0], y[-1] - y[0]) / 2
    distance = np.hypot(*(seeds - centre).T)
    reach = np.partition(distance, min(1, len(seeds) - 1))[min(1, len(seeds) - 1)] + 2 * radius
    return np.flatnonzero(distance <= reach * (1 + 1e-9))


def _mirrored(seeds: Points, half: tuple[float, float]) -> Sequence[Points]:
    width, height = 2 * half[0], 2 * half[1]
    x, y = seeds.T
    return [np.stack(pair, axis=1) for pair in ((width - x, y), (-width - x, y), (x, height - y), (x, -height - y))]


def _around(corners: Points, seed: Points) -> Points:
    offset = corners - seed
    return np.asarray(corners[np.argsort(np.arctan2(offset[:, 1], offset[:, 0]))])


def _moments(cell: Points) -> tuple[float, Points]:
    following = np.roll(cell, -1, axis=0)
    cross = cell[:, 0] * following[:, 1] - following[:, 0] * cell[:, 1]
    area = cross.sum() / 2
    return float(area), (cell + following).T @ cross / (6 * area)


def _second_moment(cell: Points, seed: Points) -> float:
    a, b = cell - seed, np.roll(cell, -1, axis=0) - seed
    cross = a[:, 0] * b[:, 1] - b[:, 0] * a[:, 1]
    return float(abs((cross * (a * a + a * b + b * b).sum(axis=1)).sum()) / 12)
