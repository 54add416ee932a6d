"""Patterns that grow as on shells and corals: labyrinths, spots and branches, cast as a relief."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.engines.art.canvas import Band, Field, Frame, Scene, Shader, Tile
from generation.engines.art.patterns.reaction import gray_scott, swift_hohenberg
from generation.engines.art.shading import look_up, relief, slopes, smoothstep
from generation.engines.noise import GradientNoise, fbm

GROUND = "dark"

# Cells along the shorter side: the pattern is solved once, on the same grid for every size of picture.
_CELLS = 220
_MARGIN = 10
_STEPS = 2000
# (feed, kill) of Gray–Scott regimes that fill the plane: worms, mazes, spots that divide, holes, coral.
_REGIMES = ((0.046, 0.063), (0.029, 0.057), (0.035, 0.0625), (0.039, 0.058), (0.0545, 0.062))


@dataclass(frozen=True)
class _Cast:
    """The grown height in [0, 1] and the age or zone in [0, 1], on the grid."""

    height: Field
    zone: Field
    light: tuple[float, float]


def compose(scene: Scene) -> Shader:
    """Grow a pattern; where it runs from one regime to another the noise decides."""
    rng = scene.rng
    shape = _grid(scene.frame)
    grown = (shape[0] + 2 * _MARGIN, shape[1] + 2 * _MARGIN)
    # The plane is a torus, where regimes meet abruptly: the seam is cut off.
    height = (_labyrinth if rng.random() < 0.3 else _reaction)(scene, grown)[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    low, high = np.quantile(height, [0.01, 0.99])
    zone = _noise(rng, shape, rng.uniform(0.5, 1.0), 2)
    angle = rng.uniform(0, 2 * np.pi)
    cast = _Cast(
        np.clip((height - low) / max(high - low, 1e-6), 0, 1).astype(np.float32),
        np.clip(0.5 + 1.3 * zone, 0, 1).astype(np.float32),
        (float(np.cos(angle)), float(np.sin(angle))),
    )
    across = _spline(shape[1], scene.frame.width, np.arange(scene.frame.width))
    wide = _Cast(cast.height @ across.T, cast.zone @ across.T, cast.light)
    return Shader(lambda band: _shade(scene, wide, band))


def _grid(frame: Frame) -> tuple[int, int]:
    return round(_CELLS * frame.half_height), round(_CELLS * frame.half_width)


def _noise(rng: np.random.Generator, shape: tuple[int, int], scale: float, octaves: int) -> Field:
    step = 2 * scale / _CELLS
    x, y = (np.arange(n, dtype=np.float32) * step for n in (shape[1], shape[0]))
    return fbm(GradientNoise(rng), x[None, :], y[:, None], octaves)


def _reaction(scene: Scene, shape: tuple[int, int]) -> Field:
    rng = scene.rng
    here, there = (np.array(_REGIMES[i]) for i in rng.choice(len(_REGIMES), 2, replace=False))
    mix = np.clip(0.5 + _noise(rng, shape, rng.uniform(0.4, 0.9), 2), 0, 1)
    feed, kill = ((a + (b - a) * mix).astype(np.float32) for a, b in zip(here, there, strict=True))
    seeds = (_noise(rng, shape, 9.0, 1) > 0.25).astype(np.float32)
    u, v = 1 - 0.5 * seeds, 0.25 * seeds
    cells = shape[0] * shape[1]
    # A wide picture has more cells; fewer steps keep the work bounded.
    steps = int(_STEPS * min(1.0, 2 * _CELLS**2 / cells))
    return gray_scott((u, v), feed, kill, steps, scene.progress)[1]


def _labyrinth(scene: Scene, shape: tuple[int, int]) -> NDArray[np.float64]:
    rng = scene.rng
    bias = float(rng.choice([0.0, 0.0, 0.7, -0.7]))
    wavelength = rng.uniform(8.5, 13.0) * (1.2 - 0.4 * scene.score.density)
    return swift_hohenberg(shape, wavelength, 140, rng, bias=bias)


def _spline(cells: int, pixels: int, wanted: NDArray[np.intp]) -> Field:
    """Return the weights, shape (wanted, cells), that read a grid with the cubic B-spline, its edges held."""
    place = (wanted + 0.5) * (cells / pixels) - 0.5
    base = np.floor(place).astype(np.intp)
    t = place - base
    weights = ((1 - t) ** 3 / 6, (4 - 6 * t**2 + 3 * t**3) / 6, (1 + 3 * t + 3 * t**2 - 3 * t**3) / 6, t**3 / 6)
    matrix = np.zeros((len(wanted), cells), np.float32)
    for offset, weight in zip((-1, 0, 1, 2), weights, strict=True):
        np.add.at(matrix, (np.arange(len(wanted)), np.clip(base + offset, 0, cells - 1)), weight)
    return matrix


def _shade(scene: Scene, cast: _Cast, band: Band) -> Tile:
    wide = band.grown(1)
    down = _spline(len(cast.height), band.frame.height, np.arange(wide.top, wide.bottom))
    height, zone = down @ cast.height, (down[1:-1] @ cast.zone)
    inner = height[1:-1]
    across, down = slopes(height, band)
    light = (across * cast.light[0] + down * cast.light[1]) * 0.045
    gloss = smoothstep(0.55, 1.1, light) * 0.12
    body = smoothstep(0.1, 0.7, inner)
    tone = 0.05 + body * (0.3 + 0.5 * zone + 0.14 * inner)
    colour = look_up(scene.palette.ramp, tone) * relief(light, 0.7)[..., None] + gloss[..., None]
    if not scene.palette.transparent:
        return Tile(colour)
    cover = smoothstep(0.12, 0.4, inner)
    return Tile(colour * cover[..., None], cover)
