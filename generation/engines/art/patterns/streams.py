"""Streams that keep their distance: many paths grown at once through a current (after Jobard & Lefer 1997)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Paths = NDArray[np.float64]
Current = Callable[[Paths], Paths]
"""The unit direction of flow at points of shape (n, 2)."""

_CELLS = 360
STEP = 2.0 / _CELLS
"""The distance between two points of a path."""
_GAP = 0.006
_AROUND = np.stack([np.cos(np.arange(12) * np.pi / 6), np.sin(np.arange(12) * np.pi / 6)], axis=-1)
_DISC = np.concatenate([np.zeros((1, 2)), _AROUND[::2] * 0.5, _AROUND])


class Plane:
    """Who holds which cell of the plane, within ``half`` = (half width, half height) and a margin; 0 is nobody."""

    def __init__(self, half: tuple[float, float], margin: float = 0.12) -> None:
        self.edge = np.array(half) + margin
        self._shape = np.ceil(2 * self.edge / STEP).astype(int) + 1
        self._owner = np.zeros(int(self._shape.prod()), np.int32)
        self._streams = 0

    def grow(self, current: Current, starts: Paths, width: float, length: Paths) -> list[Paths]:
        """Grow streams both ways from the free ones of the starts, and return their paths, each of shape (n, 2).

        A stream ends at the edge, after about ``length``, or where another one lies within its width and a gap.
        """
        free = self._clear(starts, np.zeros(len(starts), np.int32), width * 0.75 + _GAP)
        starts, length = starts[free], length[free]
        first = self._streams + 1
        self._streams += len(starts)
        seeds = _Seeds(starts, np.arange(first, first + len(starts), dtype=np.int32), width / 2, length)
        forward = self._trace(current, seeds)
        backward = self._trace(lambda points: -current(points), seeds)
        return [np.concatenate([b[:0:-1], f]) for f, b in zip(forward, backward, strict=True)]

    def _trace(self, current: Current, seeds: "_Seeds") -> list[Paths]:
        steps = int(seeds.length.max(initial=0) / STEP)
        paths = np.empty((steps + 1, len(seeds.starts), 2))
        paths[0] = seeds.starts
        ends = np.ones(len(seeds.starts), np.intp)
        active = np.arange(len(seeds.starts))
        for k in range(1, steps + 1):
            there = paths[k - 1, active] + STEP * current(paths[k - 1, active])
            ok = self._inside(there) & self._clear(there, seeds.identity[active], seeds.radius * 1.25 + _GAP)
            ok &= k * STEP < seeds.length[active]
            active, there = active[ok], there[ok]
            if not len(active):
                break
            paths[k, active] = there
            ends[active] = k + 1
            self._stamp(there, seeds.identity[active], seeds.radius)
        return [paths[:end, i] for i, end in enumerate(ends)]

    def _cell(self, points: Paths) -> NDArray[np.intp]:
        cell = np.clip(((points + self.edge) / STEP).astype(np.intp), 0, self._shape - 1)
        return np.asarray(cell[..., 0] * self._shape[1] + cell[..., 1])

    def _inside(self, points: Paths) -> NDArray[np.bool_]:
        return np.asarray((np.abs(points) < self.edge).all(axis=-1))

    def _clear(self, points: Paths, identity: NDArray[np.int32], reach: float) -> NDArray[np.bool_]:
        owner = self._owner[self._cell(points[:, None, :] + _AROUND * reach)]
        return np.asarray(((owner == 0) | (owner == identity[:, None])).all(axis=1))

    def _stamp(self, points: Paths, identity: NDArray[np.int32], radius: float) -> None:
        cells = self._cell(points[:, None, :] + _DISC * radius)
        owners = np.broadcast_to(identity[:, None], cells.shape)
        free = self._owner[cells] == 0
        self._owner[cells[free]] = owners[free]


@dataclass(frozen=True)
class _Seeds:
    starts: Paths
    identity: NDArray[np.int32]
    radius: float
    length: Paths
