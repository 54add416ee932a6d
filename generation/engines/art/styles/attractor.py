"""Strange attractors: the trace of millions of steps of a chaotic map, chosen among many for its form."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from generation.engines.art.canvas import Field, Frame, Scene, Tile
from generation.engines.art.framing import Framing
from generation.engines.art.patterns.maps import Clifford, DeJong, PlaneMap, lyapunov, orbits
from generation.engines.art.shading import look_up
from generation.engines.art.splat import Points, Print, expose, plate

GROUND = "dark"

_CANDIDATES = 96
_PROBES = 48
_ORBITS = 1 << 15
_POINTS_A_PIXEL = 7
_MOST_POINTS = 20_000_000


def compose(scene: Scene) -> Print:
    """Choose a map, frame its attractor, and expose its orbits; energy asks for a more chaotic one."""
    rng = scene.rng
    chosen = _choose(rng, wanted=0.15 + 0.5 * scene.score.energy)
    view, towards = _framing(chosen, rng, scene.frame), rng.uniform(0, 2 * np.pi)
    frame = plate(scene.frame)
    wanted = min(_MOST_POINTS, _POINTS_A_PIXEL * frame.width * frame.height)
    steps = max(1, wanted // _ORBITS)
    x, y = (rng.uniform(-1, 1, _ORBITS).astype(np.float32) for _ in range(2))

    def points() -> Iterator[tuple[Points, Points, Points]]:
        before = x, y
        for k, (u, v) in enumerate(orbits(chosen, x, y, steps)):
            if k % 16 == 0:
                scene.progress(k / steps)
            yield (*view(u, v), _direction(u - before[0], v - before[1], towards))
            before = u, v

    exposure = expose(frame, points())
    full = float(np.quantile(exposure.ink[exposure.ink > 0.02], 0.995))
    return Print(exposure, lambda ink, tint: _coloured(scene, ink / full, tint))


def _choose(rng: np.random.Generator, wanted: float) -> PlaneMap:
    kind = Clifford if rng.random() < 0.6 else DeJong
    low, high = (1.1, 2.2) if kind is Clifford else (1.2, 2.9)
    many = rng.uniform(low, high, (4, _CANDIDATES, 1)) * rng.choice([-1, 1], (4, _CANDIDATES, 1))
    if kind is Clifford:
        many[2:] = rng.uniform(-1.6, 1.6, (2, _CANDIDATES, 1))
    candidates = kind(*many)
    x, y = rng.uniform(-1, 1, (2, _CANDIDATES, _PROBES))
    chaos = np.median(lyapunov(candidates, x, y, 120, skip=40), axis=1)
    filled = _filled(candidates, x, y)
    # Chaotic enough to fill an area, far enough from noise to keep its folds.
    score = filled - 0.8 * np.abs(chaos - wanted) - 2.0 * (chaos < 0.04)
    best = int(np.argmax(score))
    a, b, c, d = many[:, best, 0].astype(np.float32)
    return kind(a, b, c, d)


def _filled(candidates: PlaneMap, x: Points, y: Points) -> Points:
    # The share of a grid of boxes that each candidate visits, but not that of a shapeless square.
    path = [(u, v) for u, v in orbits(candidates, x, y, 60, skip=40)]
    u, v = (np.concatenate([p[i] for p in path], axis=1) for i in (0, 1))
    boxes = [_box(u), _box(v)]
    shares = [len(np.unique(i * 40 + j)) / 1600 for i, j in zip(*boxes, strict=True)]
    return np.asarray(np.minimum(shares, 0.62))


def _box(values: Points) -> NDArray[np.intp]:
    low, high = values.min(axis=1, keepdims=True), values.max(axis=1, keepdims=True)
    return np.asarray(((values - low) / np.maximum(high - low, 1e-6) * 39.999).astype(np.intp))


def _framing(chosen: PlaneMap, rng: np.random.Generator, frame: Frame) -> Framing:
    x, y = rng.uniform(-1, 1, (2, 512)).astype(np.float32)
    path = np.array(list(orbits(chosen, x, y, 60))).transpose(1, 0, 2).reshape(2, -1)
    return Framing(path, frame, angle=rng.uniform(0, 2 * np.pi), cut=0.001, room=0.9)


def _direction(dx: Points, dy: Points, towards: float) -> Points:
    """Return the direction of a step as a colour in [0, 1]: 1 where it goes ``towards`` that angle."""
    length = np.sqrt(dx * dx + dy * dy) + 1e-6
    return np.asarray(0.5 + 0.5 * (dx * math.cos(towards) + dy * math.sin(towards)) / length)


def _coloured(scene: Scene, ink: Field, tint: Field) -> Tile:
    tone = np.log1p(40 * np.minimum(ink, 1.5)) / float(np.log1p(40))
    colour = look_up(scene.palette.scale, 0.12 + 0.5 * tint + 0.42 * tone * tone)
    cover = np.clip(1 - (1 - tone * 0.98) ** 2, 0, 1)
    return Tile(colour * cover[..., None], cover)
