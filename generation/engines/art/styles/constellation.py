"""Constellations: stars and lines on a chart of the sky, with a milky way behind them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.engines import color
from generation.engines.art.canvas import Band, Field, Scene, Shader, Stack, Tile
from generation.engines.art.drawing import Drawing, Layer, LineArt, Shape, disc, ribbon, ring
from generation.engines.art.palette import Palette
from generation.engines.art.shading import look_up, smoothstep
from generation.engines.art.stars import stars_of_light
from generation.engines.noise import GradientNoise, fbm

GROUND = "dark"

Points = NDArray[np.float64]
_FINE = 0.0032


@dataclass(frozen=True)
class _Sky:
    noises: tuple[GradientNoise, ...]
    band: tuple[float, float, float]
    stars: Points
    tints: Field
    scale: float


def compose(scene: Scene) -> LineArt:
    """Scatter stars, join the bright ones into figures, and lay a chart's rings over them."""
    rng = scene.rng
    bright = _spread(scene)
    size = 0.006 + 0.011 * rng.random(len(bright)) ** 2.5
    edges = _figures(rng, bright)
    chart = _chart(scene)
    lines = Layer(_lines(bright, size, edges, _pale(scene.palette, 0.86)), 0.75)
    discs = Layer([disc(p, s, _pale(scene.palette, 0.97)) for p, s in zip(bright, size, strict=True)])
    sky = _sky(scene, bright, size)
    drawing = Drawing([chart, lines, discs])
    return LineArt(Stack([Shader(lambda band: _shade(scene, sky, band)), drawing]), drawing)


def _spread(scene: Scene) -> Points:
    # Best candidates (Mitchell 1991): random, and yet apart.
    rng, frame = scene.rng, scene.frame
    count = int((22 + 34 * scene.score.density) * frame.half_width * frame.half_height)
    half = np.array([frame.half_width, frame.half_height]) * 0.92
    points = rng.uniform(-1, 1, (1, 2)) * half
    while len(points) < count:
        tries = rng.uniform(-1, 1, (9, 2)) * half
        nearest = np.hypot(*(tries[:, None] - points[None]).transpose(2, 0, 1)).min(axis=1)
        points = np.concatenate([points, tries[[int(nearest.argmax())]]])
    return points


def _figures(rng: np.random.Generator, points: Points) -> list[tuple[int, int]]:
    """Join each star to near ones as a minimum spanning tree would, then break the longest links."""
    from scipy.spatial import Delaunay

    sides = Delaunay(points).simplices[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    sides = np.unique(np.sort(sides, axis=1), axis=0)
    length = np.hypot(*(points[sides[:, 0]] - points[sides[:, 1]]).T)
    order = np.argsort(length, kind="stable")
    group, tree = list(range(len(points))), []
    for i in order.tolist():
        a, b = (_root(group, int(end)) for end in sides[i])
        if a != b:
            group[a] = b
            tree.append(i)
    limit = np.quantile(length[tree], 0.8)
    loops = [i for i in order.tolist() if i not in tree and length[i] < limit * 0.8 and rng.random() < 0.16]
    kept = [i for i in tree if length[i] < limit] + loops
    return [(int(a), int(b)) for a, b in sides[kept]]


def _root(group: list[int], item: int) -> int:
    while group[item] != item:
        item = group[item]
    return item


def _lines(points: Points, size: Points, edges: list[tuple[int, int]], colour: str) -> list[Shape]:
    shapes = []
    for a, b in edges:
        along = (points[b] - points[a]) / np.hypot(*(points[b] - points[a]))
        # The lines leave room round the stars, as on old charts.
        start, end = points[a] + along * (size[a] + 0.014), points[b] - along * (size[b] + 0.014)
        if (end - start) @ along > 0.01:
            shapes.append(Shape(ribbon(np.array([start, end]), _FINE), colour))
    return shapes


def _chart(scene: Scene) -> Layer:
    rng, frame = scene.rng, scene.frame
    centre = rng.uniform(-0.5, 0.5, 2) * [frame.half_width, frame.half_height]
    colour = _pale(scene.palette, 0.7)
    shapes: list[Shape] = []
    step = rng.uniform(0.3, 0.42)
    for k in range(1, int(2 * frame.reach / step) + 2):
        shapes += ring(centre, step * k, _FINE * 0.7, colour)
    for angle in np.arange(12) * np.pi / 6 + rng.uniform(0, np.pi / 6):
        away = np.array([np.cos(angle), np.sin(angle)])
        ends = np.array([centre + away * step * 0.5, centre + away * 2.5 * frame.reach])
        shapes.append(Shape(ribbon(ends, _FINE * 0.7), colour))
    shapes += _ticks(centre, step, colour)
    return Layer(shapes, 0.2)


def _ticks(centre: Points, step: float, colour: str) -> list[Shape]:
    shapes = []
    for i in range(144):
        away = np.array([np.cos(i * np.pi / 72), np.sin(i * np.pi / 72)])
        length = 0.05 if i % 12 == 0 else 0.026
        ends = np.array([centre + away * step * 2, centre + away * (step * 2 + length)])
        shapes.append(Shape(ribbon(ends, _FINE), colour))
    return shapes


def _sky(scene: Scene, bright: Points, size: Points) -> _Sky:
    rng, frame = scene.rng, scene.frame
    angle, offset = rng.uniform(0, np.pi), rng.uniform(-0.35, 0.35)
    count = int((900 + 1400 * scene.score.density) * frame.half_width * frame.half_height)
    places = rng.uniform(-1, 1, (count * 2, 2)) * [frame.half_width, frame.half_height]
    across = places @ [np.cos(angle), np.sin(angle)] - offset
    # Faint stars crowd along the milky way.
    places = places[rng.random(len(places)) < 0.25 + 0.75 * np.exp(-((across / 0.35) ** 2))][:count]
    glare = 0.05 + 0.12 * rng.pareto(1.8, len(places)).clip(0, 6)
    faint = np.column_stack([places, glare, 0.0013 + 0.0012 * glare])
    halo = np.column_stack([bright, 0.1 + 18 * size, size * 2.6])
    tints = look_up(scene.palette.scale, rng.uniform(0.6, 1, len(faint) + len(halo)).astype(np.float32))
    noises = tuple(GradientNoise(rng) for _ in range(3))
    return _Sky(
        noises,
        (float(np.cos(angle)), float(np.sin(angle)), float(offset)),
        np.concatenate([faint, halo]),
        tints,
        float(rng.uniform(0.8, 1.4)),
    )


def _shade(scene: Scene, sky: _Sky, band: Band) -> Tile:
    x, y = band.x * sky.scale, band.y * sky.scale
    qx, qy = fbm(sky.noises[0], x, y, 3), fbm(sky.noises[1], x, y, 3)
    dust = fbm(sky.noises[2], x * 2 + qx, y * 2 + qy, 4) * 0.5 + 0.5
    across = band.x * sky.band[0] + band.y * sky.band[1] - sky.band[2]
    milky = np.exp(-(((across + 0.18 * qx) / 0.42) ** 2))
    lane = 1 - 0.7 * np.exp(-(((across + 0.2 * qy) / 0.1) ** 2)) * smoothstep(0.3, 0.7, dust)
    glow = np.clip(milky * dust * lane * 1.15 + 0.16 * dust, 0, 1)
    light = look_up(scene.palette.ramp, glow * 0.66) * (0.35 + 0.65 * glow)[..., None]
    light = light + scene.palette.ground_light * (1 - glow[..., None])
    cover = np.clip(glow * 1.2 - 0.1, 0, 1) if scene.palette.transparent else None
    light = light if cover is None else light * cover[..., None]
    if scene.palette.dark:
        stars_of_light(light, band, sky.stars, sky.tints)
    return Tile(light, cover)


def _pale(palette: Palette, lightness: float) -> str:
    lab = color.linear_to_oklab(color.srgb_to_linear(color.from_hex(palette.apart(0.3)[-1])))
    wanted = lightness if palette.dark else 1 - 0.7 * lightness
    hue = color.oklab_to_oklch(lab)
    return color.to_hex(color.oklch_to_srgb([wanted, min(float(hue[1]), 0.06), float(hue[2])]))
