"""Noise bent by noise, twice over, lit from one side: marble, silk and smoke (after Quilez, domain warping)."""

from dataclasses import dataclass

import numpy as np

from generation.engines.art.canvas import Band, Field, Scene, Shader, Tile
from generation.engines.art.shading import look_up, relief, slopes, smoothstep
from generation.engines.noise import GradientNoise, fbm

GROUND = "dark"


@dataclass(frozen=True)
class _Form:
    scale: float
    warp: float
    twist: float
    turn: tuple[float, float]
    stretch: float
    depth: float
    octaves: int


def compose(scene: Scene) -> Shader:
    """Compose a warped field; energy bends it further, density makes it finer, motion stretches it."""
    rng, score = scene.rng, scene.score
    angle = rng.uniform(0, np.pi)
    form = _Form(
        scale=rng.uniform(0.55, 0.85) + 0.5 * score.density,
        warp=rng.uniform(0.7, 1.0) + 0.9 * score.energy,
        twist=rng.uniform(0.8, 1.4) + 0.6 * score.energy,
        turn=(float(np.cos(angle)), float(np.sin(angle))),
        stretch=1.0 + rng.uniform(0.2, 1.2) * score.motion,
        depth=rng.uniform(0.5, 0.8),
        octaves=4 + round(score.density),
    )
    noises = [GradientNoise(rng) for _ in range(5)]
    shifts = rng.uniform(0, 200, 10).astype(np.float32)
    sample = np.concatenate([f.ravel() for f in _fields(form, noises, shifts, *_probe(scene))]).reshape(2, -1)
    heights, hues = _limits(sample[0], 0.004), _limits(sample[1], 0.02)

    def shade(band: Band) -> Tile:
        wide = band.grown(1)
        height, hue = _fields(form, noises, shifts, wide.x, wide.y)
        return _lit(scene, form, band, _stretched(height, heights), _stretched(hue, hues)[1:-1])

    return Shader(shade)


def _limits(sample: Field, cut: float) -> tuple[float, float]:
    return float(np.quantile(sample, cut)), float(np.quantile(sample, 1 - cut))


def _probe(scene: Scene) -> tuple[Field, Field]:
    # A coarse look at the whole field, so that every picture uses its palette from end to end.
    frame = scene.frame
    x = np.linspace(-frame.half_width, frame.half_width, 96, dtype=np.float32)
    y = np.linspace(-frame.half_height, frame.half_height, 96, dtype=np.float32)
    return x[None, :], y[:, None]


def _fields(form: _Form, noises: list[GradientNoise], shifts: Field, x: Field, y: Field) -> tuple[Field, Field]:
    cos, sin = form.turn
    u = (x * cos + y * sin) * form.scale
    v = (y * cos - x * sin) * (form.scale * form.stretch)
    warp, twist = form.warp, form.twist
    qx = fbm(noises[0], u + shifts[0], v + shifts[1], 2)
    qy = fbm(noises[1], u + shifts[2], v + shifts[3], 2)
    u, v = u + warp * qx, v + warp * qy
    rx = fbm(noises[2], u + shifts[4], v + shifts[5], 2)
    ry = fbm(noises[3], u + shifts[6], v + shifts[7], 2)
    height = fbm(noises[4], u + twist * rx + shifts[8], v + twist * ry + shifts[9], form.octaves, gain=0.42)
    return height + 0.35 * ry, qx - 0.8 * rx


def _stretched(field: Field, limits: tuple[float, float]) -> Field:
    low, high = limits
    return np.asarray(np.clip((field - low) / (high - low), 0, 1))


def _lit(scene: Scene, form: _Form, band: Band, height: Field, hue: Field) -> Tile:
    inner = height[1:-1]
    across, down = slopes(height, band)
    shade = relief((-across * 0.6 - down * 0.8) * form.depth, 0.55)
    base = look_up(scene.palette.ramp, 0.06 + 0.94 * inner)
    other = look_up(scene.palette.scale, 1 - hue)
    mix = smoothstep(0.25, 0.8, hue) * 0.55 * smoothstep(0.1, 0.5, inner)
    colour = base + (other - base) * mix[..., None]
    return Tile(*_covered(scene, colour * shade[..., None], inner))


def _covered(scene: Scene, light: Field, height: Field) -> tuple[Field, Field | None]:
    if not scene.palette.transparent:
        return light, None
    cover = smoothstep(0.15, 0.5, height)
    return light * cover[..., None], cover
