"""Pictures made of very many points: how much ink fell into each pixel, and of what colour."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from generation.engines.art.canvas import Band, Field, Frame, Tile, shrink

Points = NDArray[np.floating]
_Fallen = tuple[NDArray[np.intp], Points]
_BATCH = 1 << 19
_LARGEST = 2048


@dataclass(frozen=True)
class Exposure:
    """How much ink fell on each pixel, on average 1 if nothing fell beside it, and its mean tint in [0, 1]."""

    ink: Field
    tint: Field


@dataclass(frozen=True)
class Print:
    """A painting that colours an exposure, band by band, enlarging it where the picture is larger than the plate."""

    exposure: Exposure
    colour: Callable[[Field, Field], Tile]
    band_pixels: ClassVar[int] = 1 << 17

    def tile(self, band: Band) -> Tile:
        """Return the colours of the band."""
        ink, tint = self.exposure.ink, self.exposure.tint
        finer = len(ink) // band.frame.height
        if finer > 1:
            rows = np.s_[band.top * finer : band.bottom * finer]
            return shrink(self.colour(ink[rows], tint[rows]), finer)
        return self.colour(_rows(ink, band), _rows(tint, band))


def gather(frame: Frame, points: Iterable[tuple[Points, Points, Points]]) -> Exposure:
    """Count batches of points ``(x, y, tint)`` by the pixel that they fall on, in points."""
    size = frame.height * frame.width
    ink, tinted = np.zeros(size, np.float32), np.zeros(size, np.float32)
    for index, tint in _batches(_indexed(frame, points)):
        ink += np.bincount(index, minlength=size)
        tinted += np.bincount(index, tint, minlength=size)
    tinted /= np.maximum(ink, 1e-6)
    shape = (frame.height, frame.width)
    return Exposure(ink.reshape(shape), tinted.reshape(shape))


def expose(frame: Frame, points: Iterable[tuple[Points, Points, Points]]) -> Exposure:
    """Gather points; blur what few of them made and scale the ink to a mean of 1."""
    raw = gather(frame, points)
    unit = raw.ink.size / max(1.0, float(raw.ink.sum(dtype=np.float64)))
    return _smoothed(raw.ink, raw.tint, unit)


def trace(frame: Frame, path: Points, tint: Points, weight: Points, width: float) -> Exposure:
    """Draw a curve of close points as a soft line of the given width, each point shared among four pixels.

    ``path`` has the shape (2, n), ``tint`` and ``weight`` have one value for each point.
    """
    from scipy.ndimage import gaussian_filter

    column, row = frame.column(path[0]) - 0.5, frame.row(path[1]) - 0.5
    left, top = np.floor(column), np.floor(row)
    dx, dy = column - left, row - top
    size = frame.width * frame.height
    ink, tinted = np.zeros(size, np.float32), np.zeros(size, np.float32)
    for across, share_x in ((0, 1 - dx), (1, dx)):
        for down, share_y in ((0, 1 - dy), (1, dy)):
            i, j = (left + across).astype(np.intp), (top + down).astype(np.intp)
            inside = (i >= 0) & (i < frame.width) & (j >= 0) & (j < frame.height)
            index, share = (j * frame.width + i)[inside], (share_x * share_y * weight)[inside]
            ink += np.bincount(index, share, minlength=size)
            tinted += np.bincount(index, share * tint[inside], minlength=size)
    # Sharing among four pixels has spread the points by a variance of a sixth already.
    sigma = np.sqrt(max((width / frame.pixel / 2) ** 2 - 1 / 6, 0.04))
    shape = (frame.height, frame.width)
    blurred = gaussian_filter(ink.reshape(shape), sigma, truncate=3, mode="constant")
    colour = gaussian_filter(tinted.reshape(shape), sigma, truncate=3, mode="constant")
    return Exposure(np.asarray(blurred), np.asarray(colour / np.maximum(blurred, 1e-9)))


def plate(frame: Frame) -> Frame:
    """Return the frame that points are gathered on: the picture's own, or one twice as fine as a small picture's.

    Where the picture is very large it is a coarser one, which is then enlarged.
    """
    longest = max(frame.width, frame.height)
    if longest <= _LARGEST // 4:
        return Frame(2 * frame.width, 2 * frame.height)
    scale = min(1.0, _LARGEST / longest)
    return Frame(max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))


def _smoothed(ink: Field, tint: Field, unit: float) -> Exposure:
    # Blur what few points made and keep what many made sharp, after the density estimation of fractal flames.
    from scipy.ndimage import gaussian_filter

    for sigma, needed in ((0.7, 14.0), (1.6, 4.0), (3.5, 1.5)):
        soft = gaussian_filter(ink, sigma, truncate=2.5)
        soft_tint = gaussian_filter(tint * ink, sigma, truncate=2.5) / np.maximum(soft, 1e-6)
        trust = np.clip(soft / needed, 0, 1)
        ink, tint = soft + (ink - soft) * trust, soft_tint + (tint - soft_tint) * trust
    return Exposure(ink * unit, tint)


def _rows(plane: Field, band: Band) -> Field:
    if plane.shape == (band.frame.height, band.frame.width):
        return plane[band.top : band.bottom]
    down = (np.arange(band.top, band.bottom) + 0.5) * (plane.shape[0] / band.frame.height) - 0.5
    across = (np.arange(band.frame.width) + 0.5) * (plane.shape[1] / band.frame.width) - 0.5
    return _between(_between(plane, down).T, across).T


def _between(plane: Field, place: NDArray[np.float64]) -> Field:
    place = np.clip(place, 0, len(plane) - 1)
    low = np.minimum(place.astype(np.intp), len(plane) - 2)
    share = (place - low).astype(np.float32)[:, None]
    return np.asarray(plane[low] * (1 - share) + plane[low + 1] * share)


def _indexed(frame: Frame, points: Iterable[tuple[Points, Points, Points]]) -> Iterator[_Fallen]:
    for x, y, tint in points:
        column, row = np.floor(frame.column(x)), np.floor(frame.row(y))
        inside = (column >= 0) & (column < frame.width) & (row >= 0) & (row < frame.height)
        yield (row * frame.width + column)[inside].astype(np.intp), tint[inside]


def _batches(fallen: Iterable[_Fallen]) -> Iterator[_Fallen]:
    held: list[_Fallen] = []
    for part in fallen:
        held.append(part)
        if sum(len(index) for index, _ in held) >= _BATCH:
            yield _joined(held)
            held = []
    if held:
        yield _joined(held)


def _joined(held: list[_Fallen]) -> _Fallen:
    index, tint = zip(*held, strict=True)
    return np.concatenate(index), np.concatenate(tint)
