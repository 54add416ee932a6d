"""From linear light to the eight bits of a file."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from generation.engines import color
from generation.engines.art.canvas import Band, Field, Tile

_STEPS = 1 << 14
_TILE = 64
Bytes = NDArray[np.uint8]


def develop(tile: Tile, ground: Field, band: Band, *, transparent: bool) -> Bytes:
    """Lay the tile on its ground, or keep its cover as alpha; encode as sRGB and dither to 8 bits."""
    grain = _grain(band)
    if tile.cover is None:
        rgb = _encode(tile.light, grain)
        return np.dstack([rgb, np.full(band.shape, 255, np.uint8)]) if transparent else rgb
    if not transparent:
        return _encode(np.asarray(tile.light + (1 - tile.cover)[..., None] * ground, np.float32), grain)
    straight = np.asarray(tile.light / np.maximum(tile.cover, 1e-4)[..., None], np.float32)
    alpha = (np.clip(tile.cover, 0, 1) * 254 + grain[..., 0]).astype(np.uint8)
    alpha += tile.cover >= 1
    return np.dstack([_encode(straight, grain), alpha])


def _encode(light: Field, grain: Field) -> Bytes:
    index = np.clip(light * (_STEPS - 1) + 0.5, 0, _STEPS - 1).astype(np.intp)
    level = _levels().take(index)
    level += grain
    return np.asarray(level.astype(np.uint8))


@lru_cache(maxsize=1)
def _levels() -> Field:
    # The sRGB level, 0 to 255, of each step of light. Black and white stay pure: no grain lifts them.
    levels = color.linear_to_srgb(np.linspace(0, 1, _STEPS)) * 255.0
    levels[0], levels[-1] = 0.0, 255.0
    return levels.astype(np.float32)


def _grain(band: Band) -> Field:
    rows, columns = band.shape
    noise = _blue_noise()
    start = band.top % _TILE
    tall = np.tile(noise, (-(-(start + rows) // _TILE), -(-columns // _TILE)))
    return tall[start : start + rows, :columns, None]


@lru_cache(maxsize=1)
def _blue_noise() -> Field:
    """Return a tile of thresholds in (0, 1), each level used once, whose spectrum is poor in low frequencies.

    White noise is high-passed and ranked, twice over; neighbours then differ, and the eye sees no clumps.
    """
    values = np.random.default_rng(20).random((_TILE, _TILE))
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(_TILE), np.fft.fftfreq(_TILE)))
    high_pass = 1 - np.exp(-((frequency / 0.3) ** 2))
    for _ in range(8):
        filtered = np.fft.ifft2(np.fft.fft2(values) * high_pass).real
        values[np.unravel_index(np.argsort(filtered, axis=None, kind="stable"), values.shape)] = np.linspace(
            0.01, 0.99, values.size
        )
    return values.astype(np.float32)
