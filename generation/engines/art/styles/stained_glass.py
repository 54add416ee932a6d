"""A window of stained glass: a rose of cells with exact symmetry or a free field, leaded, with light behind it."""

from dataclasses import dataclass

import numpy as np

from generation.engines import color
from generation.engines.art.canvas import Band, Field, Frame, Scene, Tile
from generation.engines.art.drawing import Drawing, Layer, Shape
from generation.engines.art.palette import RAMP
from generation.engines.art.patterns import voronoi
from generation.engines.art.shading import look_up, smoothstep
from generation.engines.noise import GradientNoise, fbm

GROUND = "dark"

_LEAD = "#0b0b0e"


def compose(scene: Scene) -> "Window":
    """Lay out panes, in rings round a centre or scattered, and colour them so that the light has a source."""
    rng = scene.rng
    rose = bool(rng.random() < 0.6)
    seeds, ring = _rose(scene) if rose else _field(scene)
    hue = _hues(scene, seeds, ring)
    lamp = (0.0, 0.0) if rose else tuple(rng.uniform(-0.5, 0.5, 2))
    spacing = float(np.sqrt(4 * scene.frame.half_width * scene.frame.half_height / len(seeds)))
    return Window(scene, seeds, hue, (float(lamp[0]), float(lamp[1])), spacing * 0.05, GradientNoise(rng))


@dataclass(frozen=True)
class Window:
    """The panes and their lead; ``hue`` is each pane's place in the palette."""

    scene: Scene
    seeds: voronoi.Points
    hue: Field
    lamp: tuple[float, float]
    lead: float
    grain: GradientNoise
    band_pixels = 1 << 16

    def tile(self, band: Band) -> Tile:
        """Return glass with the light through it, and lead with a dull shine along its middle."""
        x, y = band.x.ravel().astype(np.float64), band.y.ravel().astype(np.float64)
        pair = voronoi.two_nearest(self.seeds, x, y)
        edge = voronoi.edge_distance(self.seeds, x, y, pair).astype(np.float32)
        glass = self._glass(band, pair[0], edge)
        soft = max(0.003, 1.1 * band.frame.pixel)
        pane = smoothstep(self.lead, self.lead + soft, edge)[..., None]
        shine = smoothstep(self.lead * 0.75, 0.0, edge)[..., None] * 0.045
        light = glass * pane + (0.004 + shine) * (1 - pane)
        if not self.scene.palette.transparent:
            return Tile(light)
        cover = 0.82 + 0.18 * (1 - pane[..., 0])
        cover = cover * smoothstep(0.0, 0.02, self._inside(band))
        return Tile(light * cover[..., None], cover)

    def svg(self, frame: Frame) -> list[str]:
        """Return the panes as polygons over the lead."""
        half = (self.scene.frame.half_width, self.scene.frame.half_height)
        panes = voronoi.cells(self.seeds, half)
        back = Shape(np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half, _LEAD)
        shapes = [
            Shape(_inset(pane, seed, self.lead), self._ink(i))
            for i, (pane, seed) in enumerate(zip(panes, self.seeds, strict=True))
        ]
        return Drawing([Layer([back, *shapes])]).svg(frame)

    def _glass(self, band: Band, label: np.ndarray, edge: Field) -> Field:
        streak = fbm(self.grain, band.x * 2.2, band.y * 7.0, 3)
        hue = self.hue[label] + 0.045 * streak
        away = np.hypot(band.x - self.lamp[0], band.y - self.lamp[1])
        lamp = 0.5 + 1.05 * np.exp(-((away * 1.1) ** 2))
        depth = 0.55 + 0.45 * smoothstep(0.0, self.lead * 5, edge)
        shade = lamp * depth * (1 + 0.16 * streak)
        return np.asarray(look_up(self.scene.palette.scale, hue) * shade[..., None])

    def _inside(self, band: Band) -> Field:
        x, y = np.abs(band.x), np.abs(band.y)
        return np.asarray(np.minimum(band.frame.half_width - x, band.frame.half_height - y) - 0.03)

    def _ink(self, pane: int) -> str:
        light = self.scene.palette.scale[int(np.clip(self.hue[pane], 0, 1) * (RAMP - 1))]
        return color.to_hex(color.linear_to_srgb(light))


def _rose(scene: Scene) -> tuple[voronoi.Points, np.ndarray]:
    rng, n = scene.rng, scene.score.symmetry
    points, rings = [np.zeros((1, 2))], [np.zeros(1)]
    radius, number = 0.0, 0
    while radius < scene.frame.reach + 0.2:
        number += 1
        radius += rng.uniform(0.1, 0.24) * (1.25 - 0.5 * scene.score.density)
        repeats = n * max(1, round(2 * np.pi * radius / n / (rng.uniform(0.16, 0.34))))
        angle = (np.arange(repeats) + 0.5 * rng.integers(2)) * (2 * np.pi / repeats)
        points.append(radius * np.stack([np.sin(angle), -np.cos(angle)], axis=1))
        rings.append(np.full(repeats, number + 0.35 * (np.arange(repeats) * n * 2 // repeats % 2)))
    return np.concatenate(points), np.concatenate(rings)


def _field(scene: Scene) -> tuple[voronoi.Points, np.ndarray]:
    rng, frame = scene.rng, scene.frame
    half = (frame.half_width, frame.half_height)
    count = int((60 + 140 * scene.score.density) * half[0] * half[1])
    seeds = voronoi.relax(rng.uniform(-1, 1, (count, 2)) * half, half, 1)
    place = (seeds * rng.uniform(0.6, 1.0)).astype(np.float32)
    return seeds, 6 * fbm(GradientNoise(rng), place[:, 0], place[:, 1], 2).astype(np.float64)


def _hues(scene: Scene, seeds: voronoi.Points, ring: np.ndarray) -> Field:
    # A low-discrepancy walk through the palette: rings side by side differ, and all colours take part.
    start = scene.rng.random()
    hue = 0.12 + 0.84 * ((start + ring * 0.618034) % 1.0)
    return np.asarray(hue + 0.03 * np.sin(seeds[:, 0] * 9 + seeds[:, 1] * 7), np.float32)


def _inset(pane: voronoi.Points, seed: voronoi.Points, lead: float) -> voronoi.Points:
    offset = pane - seed
    length = np.maximum(np.hypot(*offset.T), 1e-9)[:, None]
    return np.asarray(seed + offset * np.maximum(1 - 1.3 * lead / length, 0.2))
