"""How a cloud of points is brought into the picture."""

import math

import numpy as np
from numpy.typing import NDArray

from generation.engines.art.canvas import Frame

Points = NDArray[np.floating]


class Framing:
    """Turns points by an angle, and scales and moves them so that the sample fits the frame.

    Parameters
    ----------
    sample
        Points of shape (2, n) that show how far the cloud reaches.
    cut
        The share of the sample, at each end of each axis, that need not fit.
    room
        The share of the frame to fill.
    """

    def __init__(self, sample: Points, frame: Frame, *, angle: float, cut: float, room: float) -> None:
        self._cos, self._sin = math.cos(angle), math.sin(angle)
        turned = np.stack(self._turned(*sample))
        low, high = np.quantile(turned, [cut, 1 - cut], axis=1)
        half = room * np.array([frame.half_width, frame.half_height])
        self._scale = float((2 * half / np.maximum(high - low, 1e-3)).min())
        self._x, self._y = ((low + high) / 2).tolist()

    def __call__(self, x: Points, y: Points) -> tuple[Points, Points]:
        """Return where the points lie in the picture."""
        u, v = self._turned(x, y)
        return (u - self._x) * self._scale, (v - self._y) * self._scale

    def _turned(self, x: Points, y: Points) -> tuple[Points, Points]:
        return x * self._cos - y * self._sin, x * self._sin + y * self._cos
