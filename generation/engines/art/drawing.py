"""Line art: shapes in layers, painted with smooth edges or written as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from generation.engines import color
from generation.engines.art.canvas import Band, Field, Frame, Painting, Tile

Points = NDArray[np.floating]

# Samples a pixel in each direction.
_FINE = 4
_MOST_COLOURS = 255
_SEEN = 0.085


@dataclass(frozen=True)
class Shape:
    """A filled polygon, points of shape (n, 2)."""

    points: Points
    colour: str


@dataclass(frozen=True)
class Layer:
    """Shapes painted one over the other, and the whole then laid down with one opacity.

    A layer holds at most 255 colours.
    """

    shapes: Sequence[Shape]
    opacity: float = 1.0


@dataclass(frozen=True)
class Drawing:
    """A painting made of layers, from the lowest to the topmost."""

    layers: Sequence[Layer]
    band_pixels: ClassVar[int] = 1 << 18

    def tile(self, band: Band) -> Tile:
        """Paint the layers over each other in linear light."""
        wide = band.grown(1)
        total: Field = np.zeros((*wide.shape, 4), np.float32)
        for layer in self._rasters:
            over = layer.tile(wide)
            total = total * (1 - over[..., 3:]) + over
        soft = _softened(total)
        return Tile(soft[..., :3], soft[..., 3])

    def svg(self, frame: Frame) -> list[str]:
        """Return the layers as SVG groups, in pixels of the frame."""
        return [_group(layer, frame) for layer in self.layers]

    @cached_property
    def _rasters(self) -> list["_Raster"]:
        return [_Raster(layer) for layer in self.layers]


@dataclass(frozen=True)
class LineArt:
    """A painting that is richer in light than lines can be, and the drawing that stands for it in SVG."""

    painting: Painting
    drawing: Drawing

    @property
    def band_pixels(self) -> int:
        """The size of band that suits the painting."""
        return self.painting.band_pixels

    def tile(self, band: Band) -> Tile:
        """Return the light of the painting."""
        return self.painting.tile(band)

    def svg(self, frame: Frame) -> list[str]:
        """Return the drawing's layers."""
        return self.drawing.svg(frame)


class _Raster:
    """A layer made ready to paint: its bounds for culling, its colours as a table."""

    def __init__(self, layer: Layer) -> None:
        self.shapes = layer.shapes
        colours = list(dict.fromkeys(shape.colour for shape in layer.shapes))
        if len(colours) > _MOST_COLOURS:
            raise ValueError(f"a layer holds at most {_MOST_COLOURS} colours, not {len(colours)}")
        table = np.zeros((len(colours) + 1, 4), np.float32)
        for i, colour in enumerate(colours, start=1):
            table[i, :3], table[i, 3] = color.srgb_to_linear(color.from_hex(colour)), 1.0
        self.table = table * (layer.opacity / _FINE**2)
        self.index = {colour: i for i, colour in enumerate(colours, start=1)}
        self.top = np.array([shape.points[:, 1].min() for shape in self.shapes])
        self.bottom = np.array([shape.points[:, 1].max() for shape in self.shapes])

    def tile(self, band: Band) -> Field:
        """Return light times cover, and cover, in one array of four channels."""
        fine = self._draw(band)
        total = np.zeros((*band.shape, 4), np.float32)
        for i in range(_FINE):
            for j in range(_FINE):
                total += self.table.take(fine[i::_FINE, j::_FINE], axis=0)
        return total

    def _draw(self, band: Band) -> NDArray[np.uint8]:
        rows, columns = band.shape
        image = Image.new("L", (columns * _FINE, rows * _FINE))
        pen = ImageDraw.Draw(image)
        scale = _FINE / band.frame.pixel
        # Pillow counts pixel centres as whole numbers.
        origin = np.array([band.frame.half_width, band.frame.half_height - band.top * band.frame.pixel])
        offset = origin * scale - 0.5
        low = band.top * band.frame.pixel - band.frame.half_height
        high = band.bottom * band.frame.pixel - band.frame.half_height
        for i in np.flatnonzero((self.bottom >= low) & (self.top <= high)).tolist():
            shape = self.shapes[i]
            corners = np.rint(shape.points * scale + offset)
            pen.polygon(corners.ravel().tolist(), fill=self.index[shape.colour])
        return np.asarray(image)


def _softened(fine: Field) -> Field:
    # A pixel that also sees a little of its neighbours has smoother edges than a mere square.
    down = fine[1:-1] * (1 - 2 * _SEEN) + (fine[:-2] + fine[2:]) * _SEEN
    padded = np.pad(down, ((0, 0), (1, 1), (0, 0)), mode="edge")
    return np.asarray(down * (1 - 2 * _SEEN) + (padded[:, :-2] + padded[:, 2:]) * _SEEN)


def ribbon(path: Points, width: Points | float) -> Points:
    """Return the outline of a stroke of the given width (one number, or one for each point of the path)."""
    along = np.gradient(path, axis=0)
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    normal /= np.maximum(np.hypot(*normal.T), 1e-9)[:, None]
    side = normal * (np.broadcast_to(width, len(path)) / 2)[:, None]
    return np.concatenate([path + side, (path - side)[::-1]])


def strokes(path: Points, width: float, colour: str, *, piece: int = 24) -> list[Shape]:
    """Return a long stroke as short overlapping ribbons, so that it may cross itself."""
    starts = range(0, max(1, len(path) - 1), piece)
    return [Shape(ribbon(path[s : s + piece + 2], width), colour) for s in starts]


def disc(centre: Points | tuple[float, float], radius: float, colour: str, *, sides: int = 48) -> Shape:
    """Return a filled circle."""
    angle = np.arange(sides) * (2 * np.pi / sides)
    return Shape(np.asarray(centre) + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1), colour)


def ring(centre: Points | tuple[float, float], radius: float, width: float, colour: str) -> list[Shape]:
    """Return a circle drawn with a pen."""
    angle = np.linspace(0, 2 * np.pi, 241)
    path = np.asarray(centre) + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return strokes(path, width, colour)


def _group(layer: Layer, frame: Frame) -> str:
    opacity = "" if layer.opacity == 1 else f' opacity="{layer.opacity:g}"'
    paths = [f'<path fill="{shape.colour}" d="{_path(shape.points, frame)}"/>' for shape in layer.shapes]
    return f"<g{opacity}>\n" + "\n".join(paths) + "\n</g>"


def _path(points: Points, frame: Frame) -> str:
    x = frame.column(points[:, 0]).round(2).tolist()
    y = frame.row(points[:, 1]).round(2).tolist()
    return "M" + "L".join(f"{a:g} {b:g}" for a, b in zip(x, y, strict=True)) + "Z"
