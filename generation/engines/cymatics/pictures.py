"""Pictures of a response: sand where the body is quiet, displacement, and phase. Drawn in bands, so that memory stays
small whatever the size."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from generation.engines.cymatics import palettes
from generation.engines.cymatics.bodies import Circle, Shape
from generation.engines.cymatics.choices import PALETTES
from generation.engines.cymatics.modal import Field, Space

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Tone = Callable[[list[Floats]], Pixels]

QUIET = 0.16
"""Sand gathers where the amplitude is below about this share of its root mean square."""

_BAND = 128
_GRAIN = 256


@dataclass(frozen=True, slots=True)
class Canvas:
    """Pixel centres over the body's bounding box: the longer side has ``resolution`` pixels, y points up."""

    shape: Shape
    resolution: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        x0, y0, x1, y1 = self.shape.box
        scale = self.resolution / max(x1 - x0, y1 - y0)
        return max(1, round((x1 - x0) * scale)), max(1, round((y1 - y0) * scale))

    def axes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x of the columns, and y of the rows from the top down, in m."""
        x0, y0, x1, y1 = self.shape.box
        width, height = self.size
        across = (np.arange(width) + 0.5) / width
        down = (np.arange(height) + 0.5) / height
        return x0 + across * (x1 - x0), y1 - down * (y1 - y0)


def sand(space: Space, table: Field, canvas: Canvas, level: float, palette: str) -> Pixels:
    """Draw the sand figure of a field of rms amplitude ``level``: (height, width, 3)."""

    def tone(parts: list[Floats]) -> Pixels:
        square = sum((part * part for part in parts[1:]), parts[0] * parts[0])
        return _bytes(np.exp(square * np.float32(-1 / max(level * QUIET, 1e-300) ** 2)))

    return _draw(space, _real_parts(table), canvas, tone, palettes.table(PALETTES[palette].sand), grain=True)


def displacement(space: Space, table: Field, canvas: Canvas, level: float, palette: str) -> Pixels:
    """Draw the displacement at one instant, (height, width, 3): the middle colour is rest."""

    def tone(parts: list[Floats]) -> Pixels:
        return _bytes(0.5 + parts[0] * np.float32(1 / (5 * max(level, 1e-300))))

    return _draw(space, [np.asarray(table.real)], canvas, tone, palettes.table(PALETTES[palette].relief))


def phase(space: Space, table: Field, canvas: Canvas) -> Pixels:
    """Draw the phase of the complex field as hue, (height, width, 3)."""

    def tone(parts: list[Floats]) -> Pixels:
        return _bytes(np.arctan2(parts[1], parts[0]) * np.float32(1 / (2 * math.pi)) + np.float32(0.5))

    return _draw(space, [np.asarray(table.real), np.asarray(table.imag)], canvas, tone, palettes.phases())


def _real_parts(table: Field) -> list[Field]:
    """Return the real fields whose squares add up to the squared amplitude; one that is negligible is left out."""
    parts = [np.asarray(table.real), np.asarray(table.imag)]
    sizes = [float(np.abs(part).max()) for part in parts]
    return [part for part, size in zip(parts, sizes, strict=True) if size > 1e-5 * max(sizes)]


def _draw(
    space: Space, tables: list[Field], canvas: Canvas, tone: Tone, colours: Pixels, *, grain: bool = False
) -> Pixels:
    x, y = canvas.axes()
    left = space.basis(1, y).astype(np.float32)
    peak = max((float(np.abs(table).max()) for table in tables), default=1.0) or 1.0
    right = [(table.T / peak @ space.basis(0, x).T).astype(np.float32) for table in tables]
    picture = np.empty((len(y), len(x), 3), np.uint8)
    for top in range(0, len(y), _BAND):
        rows = slice(top, top + _BAND)
        index = tone([np.multiply(left[rows] @ part, np.float32(peak)) for part in right])
        np.take(colours, _grained(index, top) if grain else index, axis=0, out=picture[rows], mode="clip")
    return _masked(picture, canvas)


def _bytes(values: Floats) -> Pixels:
    return np.asarray((np.clip(values, 0, 1) * np.float32(255)).astype(np.uint8))


def _grained(density: Pixels, top: int) -> Pixels:
    """Break tones into grains: sand lies at a pixel or does not, more often where it is dense."""
    noise = _noise()
    rows = (top + np.arange(len(density))) % _GRAIN
    repeats = -(-density.shape[1] // _GRAIN)
    threshold = np.tile(noise[rows], (1, repeats))[:, : density.shape[1]]
    return np.where(density > threshold, density // 2 + 127, density // 4).astype(np.uint8)


@lru_cache(maxsize=1)
def _noise() -> Pixels:
    return np.random.default_rng(20).integers(24, 250, (_GRAIN, _GRAIN), np.uint8)


def _masked(picture: Pixels, canvas: Canvas) -> Pixels:
    """Paint what lies outside a round body."""
    if isinstance(canvas.shape, Circle):
        x, y = canvas.axes()
        outside = x[None, :] ** 2 + y[:, None] ** 2 > canvas.shape.radius**2
        picture[outside] = 255
    return picture
