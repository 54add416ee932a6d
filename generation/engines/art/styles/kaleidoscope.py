"""Kaleidoscopes: a scene of coloured glass seen between mirrors, with exact n-fold symmetry."""

from dataclasses import dataclass

import numpy as np

from generation.engines.art.canvas import Band, Field, Scene, Shader, Tile
from generation.engines.art.shading import look_up, relief, slopes, smoothstep
from generation.engines.noise import GradientNoise, fbm

GROUND = "dark"


@dataclass(frozen=True)
class _Glass:
    """The scene behind the mirrors: three warped noises, and how many bands of colour each is cut into."""

    noises: tuple[GradientNoise, ...]
    shifts: Field
    scale: float
    warp: float
    bands: float
    twist: float
    rings: float


def compose(scene: Scene) -> Shader:
    """Choose what lies behind the mirrors; energy bends it, density cuts it finer."""
    rng, score = scene.rng, scene.score
    glass = _Glass(
        tuple(GradientNoise(rng) for _ in range(4)),
        rng.uniform(0, 200, 8).astype(np.float32),
        scale=rng.uniform(0.9, 1.5) + 0.9 * score.density,
        warp=rng.uniform(0.3, 0.6) + 0.6 * score.energy,
        bands=float(rng.integers(3, 6)) + round(3 * score.density),
        twist=rng.uniform(-0.6, 0.6) * (0.5 + score.motion),
        rings=rng.uniform(0.6, 1.6),
    )
    return Shader(lambda band: _shade(scene, glass, band))


def _folded(x: Field, y: Field, n: int, twist: float) -> tuple[Field, Field, Field]:
    """Return the points brought into the first mirror wedge, and their distance from the centre."""
    radius = np.hypot(x, y)
    wedge = 2 * np.pi / n
    angle = np.arctan2(x, -y) + twist * radius
    angle = np.abs((angle + wedge / 2) % wedge - wedge / 2)
    return radius * np.cos(angle), radius * np.sin(angle), radius


def _shade(scene: Scene, glass: _Glass, band: Band) -> Tile:
    wide = band.grown(1)
    u, v, radius = _folded(wide.x, wide.y, scene.score.symmetry, glass.twist)
    field, hue = _fields(glass, u, v, radius)
    inner, r = field[1:-1], radius[1:-1]
    across, down = slopes(field, band)
    steep = np.hypot(down, across)
    panes, edge = _cut(inner * glass.bands, steep * glass.bands)
    tone = (panes * 0.381966 + hue[1:-1] * 0.55) % 1
    colour = look_up(scene.palette.wheel, tone)
    # The light falls towards the centre in every wedge, which keeps the symmetry.
    outward = (down * band.y + across * band.x) / (r + 1e-4)
    shade = relief(outward, 0.45) * (0.14 + 0.86 * edge) * (1.12 - 0.32 * r)
    cover = smoothstep(1.0, 1.0 - 0.012, r) if scene.palette.transparent else None
    light = np.clip(colour * shade[..., None], 0, 1)
    return Tile(light if cover is None else light * cover[..., None], cover)


def _fields(glass: _Glass, u: Field, v: Field, radius: Field) -> tuple[Field, Field]:
    s, scale, warp = glass.shifts, glass.scale, glass.warp
    u, v = u * scale, v * scale
    qx = fbm(glass.noises[0], u + s[0], v + s[1], 2)
    qy = fbm(glass.noises[1], u + s[2], v + s[3], 2)
    field = fbm(glass.noises[2], u + warp * qx + s[4], v + warp * qy + s[5], 3, gain=0.4)
    hue = glass.noises[3](u + warp * qy + s[6], v - warp * qx + s[7])
    return field + 0.3 * np.sin(radius * (glass.rings * 2 * np.pi)), hue


def _cut(level: Field, steep: Field) -> tuple[Field, Field]:
    """Return the number of each pane, and a mask that is 0 at its borders, drawn as lines of even width."""
    whole = np.floor(level)
    part = level - whole
    away = np.minimum(part, 1 - part) / np.clip(steep * 0.018, 0.02, 0.4)
    return whole, smoothstep(0.2, 1.0, away)
