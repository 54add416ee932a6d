"""Landscapes: ridge behind ridge in the haze, a sun or a moon, clouds, and at times water."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.engines import color
from generation.engines.art.canvas import Band, Field, Scene, Shader, Tile
from generation.engines.art.palette import Palette
from generation.engines.art.patterns.skyline import PLACES, skyline, softened
from generation.engines.art.shading import edge, look_up, smoothstep
from generation.engines.art.stars import stars_of_light
from generation.engines.noise import GradientNoise, fbm

GROUND = "dark"


@dataclass(frozen=True)
class _Ridge:
    """The skyline of one range: its heights (y, downwards) at ``PLACES`` places from left to right."""

    line: NDArray[np.float64]
    body: NDArray[np.float64]
    light: Field
    mist: float


@dataclass(frozen=True)
class _View:
    sky: Field
    sun: tuple[float, float]
    size: float
    glow: Field
    ridges: tuple[_Ridge, ...]
    clouds: GradientNoise
    cloudy: float
    stars: NDArray[np.float64]
    water: float | None
    night: bool


def compose(scene: Scene) -> Shader:
    """Lay the horizon, the light and the ranges; light decides the time of day, density the number of ranges."""
    rng, frame = scene.rng, scene.frame
    night = scene.score.light < 0.4 or (scene.score.light < 0.6 and rng.random() < 0.25)
    horizon = frame.half_height * rng.uniform(-0.05, 0.25)
    water = float(frame.half_height * rng.uniform(0.5, 0.68)) if rng.random() < 0.4 else None
    view = _View(
        sky=_sky(scene.palette, night),
        sun=(
            float(rng.uniform(-0.6, 0.6) * frame.half_width),
            float(horizon - rng.uniform(0.12, 0.75) * frame.half_height),
        ),
        size=float(rng.uniform(0.07, 0.16)),
        glow=_tint(scene.palette, 0.97),
        ridges=_ranges(scene, horizon, water, night),
        clouds=GradientNoise(rng),
        cloudy=float(rng.uniform(0.15, 0.8)),
        stars=_stars(scene) if night else np.zeros((0, 4)),
        water=water,
        night=night,
    )
    return Shader(lambda band: _shade(scene, view, band))


def _lab(palette: Palette) -> list[color.Array]:
    inks = [color.linear_to_oklab(color.srgb_to_linear(color.from_hex(ink))) for ink in palette.inks]
    return sorted(inks, key=lambda lab: float(lab[0]))


def _sky(palette: Palette, night: bool) -> Field:
    inks = _lab(palette)
    if night:
        stops = [inks[0] * [0.55, 0.9, 0.9], inks[0] * [0.8, 1, 1], inks[min(1, len(inks) - 1)], inks[len(inks) // 2]]
    else:
        stops = [inks[len(inks) // 3], inks[len(inks) // 2], inks[-2], inks[-1]]
    return color.gradient(stops, 1024)


def _tint(palette: Palette, lightness: float) -> Field:
    lab = _lab(palette)[-1].copy()
    lab[0] = lightness
    return np.clip(color.oklab_to_linear(lab), 0, 1).astype(np.float32)


def _ranges(scene: Scene, horizon: float, water: float | None, night: bool) -> tuple[_Ridge, ...]:
    frame = scene.frame
    count = 4 + round(4 * scene.score.density)
    foot = frame.half_height * (0.96 if water is None else 1.0)
    foot = foot if water is None else water - 0.02
    depth = np.linspace(0, 1, count)
    place = horizon + (foot - horizon) * depth**1.25 * 0.92
    inks = _lab(scene.palette)
    far, near = inks[len(inks) // 2 if night else -2], inks[0] * [0.62, 0.8, 0.8]
    colours = color.gradient([far, inks[len(inks) // 3], near], count)
    wild = 0.35 + 0.75 * scene.score.energy
    lines = [place[i] - skyline(scene.rng, frame.half_width, depth=d, wild=wild) for i, d in enumerate(depth)]
    return tuple(_Ridge(line, softened(line), colours[i], float(0.5 * (1 - depth[i]))) for i, line in enumerate(lines))


def _stars(scene: Scene) -> NDArray[np.float64]:
    rng, frame = scene.rng, scene.frame
    count = int(260 * frame.half_width * frame.half_height)
    x, y = rng.uniform(-1, 1, (2, count))
    bright = rng.pareto(2.2, count).clip(0, 6) * 0.25 + 0.12
    return np.stack([x * frame.half_width, y * frame.half_height, bright, 0.0016 + 0.0009 * bright], axis=1)


def _shade(scene: Scene, view: _View, band: Band) -> Tile:
    light = _land(scene, view, band, band.y)
    stars_of_light(light, band, view.stars, view.glow, hidden=_covered_sky(view, band))
    if view.water is not None:
        light = _with_water(scene, view, band, light)
    if not scene.palette.transparent:
        return Tile(light)
    cover = _land_cover(view, band)
    return Tile(light * cover[..., None], cover)


def _land(scene: Scene, view: _View, band: Band, y: Field) -> Field:
    light = _heaven(scene, view, band, y)
    haze = view.sky[-1]
    for ridge in view.ridges:
        line, steep = _line_at(ridge.line, band)
        cover = edge((y - line) / steep, band)
        mist = ridge.mist * smoothstep(0.0, 0.32, y - _line_at(ridge.body, band)[0])
        colour = ridge.light + (haze - ridge.light) * mist[..., None]
        light += (colour - light) * cover[..., None]
    return light


def _heaven(scene: Scene, view: _View, band: Band, y: Field) -> Field:
    x = band.x
    top, bottom = -scene.frame.half_height, float(view.ridges[0].line.mean()) + 0.1
    t = np.clip((y - top) / (bottom - top), 0, 1) + 0 * x
    light = look_up(view.sky, t)
    away = np.hypot(x - view.sun[0], y - view.sun[1])
    strong, narrow = (0.16, 4.5) if view.night else (0.6, 2.6)
    aura = strong * np.exp(-away * narrow) + 0.35 * np.exp(-((away / (view.size * 1.7)) ** 2))
    light = light + (view.glow - light) * np.clip(aura, 0, 1)[..., None]
    disc = edge(view.size - away, band)
    light += (view.glow - light) * (disc * 0.94)[..., None]
    cloud = fbm(view.clouds, x * 0.9, y * 4.2, 4) + 0.25 * (t - 0.5)
    veil = smoothstep(0.02, 0.6, cloud) * view.cloudy
    lit = view.sky[-1] + (view.glow - view.sky[-1]) * np.clip(aura * 1.2, 0, 1)[..., None]
    return np.asarray(light + (lit * 0.9 - light) * veil[..., None])


def _line_at(profile: NDArray[np.float64], band: Band) -> tuple[Field, Field]:
    place = (band.x[0] / band.frame.half_width + 1) * ((PLACES - 1) / 2)
    line = np.interp(place, np.arange(PLACES), profile)
    slope = np.gradient(line, band.frame.pixel)
    return line.astype(np.float32)[None, :], np.hypot(1.0, slope).astype(np.float32)[None, :]


def _covered_sky(view: _View, band: Band) -> NDArray[np.bool_]:
    skyline = np.minimum.reduce([_line_at(ridge.line, band)[0] for ridge in view.ridges])
    return np.asarray(band.y > skyline - 0.004)


def _land_cover(view: _View, band: Band) -> Field:
    cover = np.zeros(band.shape, np.float32)
    for ridge in view.ridges:
        line, steep = _line_at(ridge.line, band)
        cover = np.maximum(cover, edge((band.y - line) / steep, band))
    away = np.hypot(band.x - view.sun[0], band.y - view.sun[1])
    return np.asarray(np.maximum(cover, edge(view.size - away, band)))


def _with_water(scene: Scene, view: _View, band: Band, light: Field) -> Field:
    level = view.water or 0.0
    shore = edge(band.y - level, band)
    if not shore.any():
        return light
    depth = np.maximum(band.y - level, 0)
    # Ripples are seen flatter the farther off they are.
    far = depth + 0.03
    ripple = fbm(view.clouds, band.x * 0.6 / (far + 0.12), np.log(far) * 11.0 + 0 * band.x, 2)
    mirrored = level - depth * 1.15 + ripple * far * 0.085
    water = _land(scene, view, band, mirrored) * 0.82 + view.ridges[-1].light * 0.1
    water = water * (0.86 + 0.22 * ripple[..., None]) * (1 - 0.4 * depth[..., None])
    return np.asarray(light + (water - light) * shore[..., None])
