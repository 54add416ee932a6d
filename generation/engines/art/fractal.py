"""What Julia and Mandelbrot pictures share: choosing a view, and colour and light from escape times."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.engines.art.canvas import Band, Field, Frame, Scene, Shader, Tile
from generation.engines.art.patterns.escape import Escape
from generation.engines.art.shading import look_up, relief, slopes, smoothstep

Numbers = NDArray[np.float64]

_PROBE = 56
_BLOCKS = 7
# A filament is drawn as wide as this, whatever the size of a pixel.
_HAIR = 0.0022


@dataclass(frozen=True)
class View:
    """A part of the complex plane: centre, half the shorter side, and turn."""

    escapes: Callable[[Numbers, Numbers], Escape]
    centre: tuple[float, float]
    half: float
    angle: float

    def at(self, x: Numbers, y: Numbers) -> Escape:
        """Return the escape at points of the picture."""
        cos, sin = np.cos(self.angle) * self.half, np.sin(self.angle) * self.half
        return self.escapes(x * cos - y * sin + self.centre[0], x * sin + y * cos + self.centre[1])


def merit(view: View, frame: Frame) -> float:
    """Judge a view on a few points: many levels of escape, forms all over, little inside, and not too slow."""
    escape = _probe(view, frame, _PROBE)
    inside = float(np.isnan(escape.count).mean())
    count = np.nan_to_num(escape.count, nan=0.0)
    spread = np.histogram(np.log1p(count), bins=24)[0] / count.size
    entropy = -float((spread[spread > 0] * np.log(spread[spread > 0])).sum())
    slow = max(0.0, float(count.mean()) - 45) / 20 + max(0.0, inside - 0.12) * 12
    near = escape.distance < 0.02 * view.half
    blocks = near.reshape(_BLOCKS, _PROBE // _BLOCKS, _BLOCKS, _PROBE // _BLOCKS).any(axis=(1, 3))
    return entropy - slow - 3.0 * max(0.0, float(near.mean()) - 0.4) + 2.0 * float(blocks.mean())


def shader(scene: Scene, view: View) -> Shader:
    """Return the painting of a view."""
    count = _probe(view, scene.frame, 128).count
    tones = _tone(count[~np.isnan(count)])
    low, high = (float(v) for v in np.quantile(tones, [0.005, 0.985])) if tones.size else (0.0, 1.0)
    cycles = scene.rng.choice([1.0, 1.5, 2.0]) + scene.score.energy
    angle = scene.rng.uniform(0, 2 * np.pi)
    light = _Light(low, max(high - low, 1e-3), float(cycles), float(np.cos(angle)), float(np.sin(angle)))
    return Shader(lambda band: _shade(scene, view, light, band))


@dataclass(frozen=True)
class _Light:
    low: float
    span: float
    cycles: float
    x: float
    y: float


def _probe(view: View, frame: Frame, side: int) -> Escape:
    x = np.linspace(-frame.half_width, frame.half_width, side)[None, :]
    y = np.linspace(-frame.half_height, frame.half_height, side)[:, None]
    return view.at(x, y)


def _tone(count: Numbers) -> Numbers:
    return np.log(np.maximum(count, 0) + 2.0)


def _shade(scene: Scene, view: View, light: _Light, band: Band) -> Tile:
    wide = band.grown(1)
    escape = view.at(wide.x.astype(np.float64), wide.y.astype(np.float64))
    outside = ~np.isnan(escape.count)
    tone = ((_tone(np.where(outside, escape.count, 0)) - light.low) / light.span).astype(np.float32)
    clear = _clear(escape.distance / view.half)
    lit = _lit(tone, clear, light, band)
    tone, clear = tone[1:-1], clear[1:-1]
    wave = 0.5 - 0.5 * np.cos(tone * (np.pi * light.cycles))
    colour = look_up(scene.palette.scale, 0.08 + 0.9 * wave)
    base = 0.35 + 0.65 * smoothstep(-0.05, 0.4, tone)
    shade = base * lit * clear
    cover = np.clip(clear * base, 0, 1)
    return Tile(
        np.clip(colour * shade[..., None], 0, 1),
        cover * smoothstep(-0.1, 0.35, tone) if scene.palette.transparent else clear,
    )


def _clear(distance: Numbers) -> Field:
    return smoothstep(0.15, 1.0, (distance / _HAIR).astype(np.float32) ** 0.5)


def _lit(tone: Field, clear: Field, light: _Light, band: Band) -> Field:
    across, down = slopes(tone, band)
    return relief((across * light.x + down * light.y) * 0.35 * clear[1:-1], 0.42)
