"""Where a picture is drawn: coordinates without pixels, bands of rows, and tiles of linear light.

The centre is (0, 0), the shorter side runs from -1 to 1, x to the right and y down. What is composed in these
coordinates looks the same at any size.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from generation.engines.art.palette import Palette
from generation.engines.art.score import Score

Field = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture's size in pixels, and how it lies in the plane."""

    width: int
    height: int

    @property
    def pixel(self) -> float:
        """The side of a pixel."""
        return 2.0 / min(self.width, self.height)

    @property
    def half_width(self) -> float:
        """The x of the right edge."""
        return self.width * self.pixel / 2

    @property
    def half_height(self) -> float:
        """The y of the lower edge."""
        return self.height * self.pixel / 2

    @property
    def reach(self) -> float:
        """The distance of the corners from the centre."""
        return float(np.hypot(self.half_width, self.half_height))

    def bands(self, pixels: int) -> Iterator["Band"]:
        """Yield the frame from top to bottom in bands of about so many pixels."""
        rows = max(1, pixels // self.width)
        for top in range(0, self.height, rows):
            yield Band(self, top, min(top + rows, self.height))

    def column(self, x: Field) -> Field:
        """Return the pixel coordinate, counted from the left edge, of ``x``."""
        return (x + self.half_width) / self.pixel

    def row(self, y: Field) -> Field:
        """Return the pixel coordinate, counted from the upper edge, of ``y``."""
        return (y + self.half_height) / self.pixel


@dataclass(frozen=True, slots=True)
class Band:
    """The rows ``top`` to ``bottom`` (exclusive) of a frame; rows beyond the frame's edges are allowed."""

    frame: Frame
    top: int
    bottom: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top, self.frame.width

    @property
    def x(self) -> Field:
        """The x of each column's centre, shape (1, width)."""
        return self._centres(0, self.frame.width, self.frame.half_width)[None, :]

    @property
    def y(self) -> Field:
        """The y of each row's centre, shape (rows, 1)."""
        return self._centres(self.top, self.bottom, self.frame.half_height)[:, None]

    def grown(self, rows: int) -> "Band":
        """Return the band with so many rows more above and below."""
        return Band(self.frame, self.top - rows, self.bottom + rows)

    def _centres(self, start: int, stop: int, half: float) -> Field:
        return ((np.arange(start, stop) + 0.5) * self.frame.pixel - half).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Tile:
    """``light``, shape (rows, columns, 3), times how much of the ground it covers; ``cover`` None covers all."""

    light: Field
    cover: Field | None = None


class Painting(Protocol):
    """A composed picture, which can be asked for any band of itself."""

    @property
    def band_pixels(self) -> int:
        """How many pixels at once suit it."""
        ...

    def tile(self, band: Band) -> Tile:
        """Return the light of the band."""
        ...


@runtime_checkable
class Scalable(Protocol):
    """A painting that can also be written as SVG."""

    def svg(self, frame: Frame) -> list[str]:
        """Return SVG elements, in pixels of the frame."""
        ...


@dataclass(frozen=True)
class Stack:
    """Paintings laid over one another, the first at the bottom."""

    paintings: Sequence[Painting]

    @property
    def band_pixels(self) -> int:
        """The size of band that suits the pickiest."""
        return min(painting.band_pixels for painting in self.paintings)

    def tile(self, band: Band) -> Tile:
        """Return the light of all, in linear light."""
        below = self.paintings[0].tile(band)
        for painting in self.paintings[1:]:
            below = _over(painting.tile(band), below)
        return below


@dataclass(frozen=True)
class Shader:
    """A painting given by one function of the band; small bands keep its arrays in the processor's cache."""

    shade: Callable[[Band], Tile]
    band_pixels: ClassVar[int] = 1 << 16

    def tile(self, band: Band) -> Tile:
        """Return the light of the band."""
        return self.shade(band)


@dataclass(frozen=True)
class Scene:
    """What a style composes from. ``rng`` is the only source of chance."""

    frame: Frame
    score: Score
    palette: Palette
    rng: np.random.Generator
    progress: Callable[[float], None]


def shrink(tile: Tile, factor: int) -> Tile:
    """Average squares of ``factor`` by ``factor`` samples into pixels."""
    if factor == 1:
        return tile
    return Tile(_mean(tile.light, factor), None if tile.cover is None else _mean(tile.cover, factor))


def _mean(samples: Field, factor: int) -> Field:
    rows, columns = samples.shape[0] // factor, samples.shape[1] // factor
    blocks = samples.reshape(rows, factor, columns, factor, *samples.shape[2:])
    return np.asarray(blocks.mean(axis=(1, 3), dtype=np.float32))


def _over(upper: Tile, lower: Tile) -> Tile:
    if upper.cover is None:
        return upper
    through = 1 - upper.cover
    cover = None if lower.cover is None else upper.cover + lower.cover * through
    return Tile(upper.light + lower.light * through[..., None], cover)
