"""Voronoi cells as polished agates: relaxed, rounded, each with its own colour, rings and light."""

from dataclasses import dataclass

import numpy as np

from generation.engines.art.canvas import Band, Field, Scene, Shader, Tile
from generation.engines.art.patterns import voronoi
from generation.engines.art.shading import look_up, smoothstep
from generation.engines.noise import GradientNoise, fbm

GROUND = "dark"


@dataclass(frozen=True)
class _Stones:
    seeds: voronoi.Points
    tone: Field
    rings: Field
    spacing: float
    tilt: tuple[float, float]
    grain: GradientNoise


def compose(scene: Scene) -> Shader:
    """Scatter seeds, finer where the noise says so, relax them, and colour the cells by region."""
    rng, frame = scene.rng, scene.frame
    seeds = _seeds(scene)
    count = len(seeds)
    zones, place = GradientNoise(rng), (seeds * rng.uniform(0.5, 0.9)).astype(np.float32)
    tone = fbm(zones, place[:, 0], place[:, 1], 2) * 0.8 + 0.52
    angle = rng.uniform(0, 2 * np.pi)
    stones = _Stones(
        seeds,
        np.clip(tone + rng.normal(0, 0.12, count).astype(np.float32), 0, 1),
        rng.choice([0.0, 9.0, 14.0, 20.0], count).astype(np.float32),
        float(np.sqrt(4 * frame.half_width * frame.half_height / count)),
        (float(np.cos(angle)), float(np.sin(angle))),
        GradientNoise(rng),
    )
    return Shader(lambda band: _shade(scene, stones, band))


def _seeds(scene: Scene) -> voronoi.Points:
    rng, frame = scene.rng, scene.frame
    half = (frame.half_width, frame.half_height)
    count = int((70 + 260 * scene.score.density) * half[0] * half[1])
    crowd = GradientNoise(rng)
    tries = rng.uniform(-1, 1, (count * 12, 2)) * half
    x, y = (tries * rng.uniform(0.5, 0.9)).astype(np.float32).T
    weight = np.exp(4.5 * crowd(x, y).astype(np.float64))
    kept = tries[rng.choice(len(tries), count, replace=False, p=weight / weight.sum())]
    # A few steps keep the unevenness and lose the clumps.
    return voronoi.relax(kept, half, 2 + int(3 * (1 - scene.score.energy)))


def _shade(scene: Scene, stones: _Stones, band: Band) -> Tile:
    x, y = band.x.ravel().astype(np.float64), band.y.ravel().astype(np.float64)
    pair = voronoi.two_nearest(stones.seeds, x, y)
    edge = voronoi.edge_distance(stones.seeds, x, y, pair).astype(np.float32)
    seed = stones.seeds.astype(np.float32)[pair[0]]
    dx, dy = band.x - seed[..., 0], band.y - seed[..., 1]
    # How far out on the stone: 0 at the seed, 1 at the edge, which rounds the corners.
    out = 1 - edge / (edge + np.hypot(dx, dy) * 0.9 + 1e-6)
    colour = _colour(scene, stones, band, pair[0], out)
    light = -(dx * stones.tilt[0] + dy * stones.tilt[1]) / (edge + np.hypot(dx, dy) + 1e-6)
    gloss = smoothstep(0.35, 0.8, light) * smoothstep(0.95, 0.7, out) * 0.14
    gap = 0.028 * stones.spacing
    cover = smoothstep(gap, gap + max(0.006, 1.2 * band.frame.pixel), edge)
    depth = 0.3 + 0.7 * smoothstep(0.0, 0.3 * stones.spacing, edge)
    shade = (1 + 0.5 * light) * depth
    return Tile((colour * shade[..., None] + gloss[..., None]) * cover[..., None], cover)


def _colour(scene: Scene, stones: _Stones, band: Band, label: np.ndarray, out: Field) -> Field:
    wobble = stones.grain(band.x * 5.0, band.y * 5.0)
    rings = stones.rings[label]
    bands = np.sin((out + wobble * 0.12) * rings) * (rings > 0)
    tone = stones.tone[label] + 0.1 * bands + 0.05 * wobble
    return look_up(scene.palette.scale, 0.06 + 0.9 * tone)
