"""Harmonographs: the path of a pen moved by pendulums that slowly come to rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generation.engines import color
from generation.engines.art.canvas import Field, Frame, Scene, Tile
from generation.engines.art.drawing import Drawing, Layer, LineArt, Shape, strokes
from generation.engines.art.palette import RAMP
from generation.engines.art.shading import look_up, smoothstep
from generation.engines.art.splat import Exposure, Print, plate, trace

GROUND = "dark"

Numbers = NDArray[np.float64]
_WIDTH = 0.0038
# Small whole ratios make knots; the detuning lets them turn.
_RATIOS = ((1, 2), (2, 3), (3, 4), (3, 5), (4, 5), (1, 3), (5, 6), (2, 5), (1, 1), (5, 7))
_SVG_POINTS = 14400
_SHADES = 48


@dataclass(frozen=True)
class _Pendulums:
    """Four damped oscillations for each axis, the rows of ``frequency``, ``phase`` and ``size``."""

    frequency: Numbers
    phase: Numbers
    size: Numbers
    damping: float

    def at(self, t: Numbers) -> Numbers:
        """Return the pen's place at the times ``t``, shape (2, len(t))."""
        angle = self.frequency[..., None] * t + self.phase[..., None]
        return np.asarray((self.size[..., None] * np.sin(angle)).sum(axis=1) * np.exp(-self.damping * t))


def compose(scene: Scene) -> LineArt:
    """Choose ratios, phases and damping; density sets how long the pen moves."""
    rng = scene.rng
    # The fullest of a few, so that none is a mere line.
    pendulums = max((_pendulums(scene) for _ in range(6)), key=_fullness)
    end = float(2 * np.pi * rng.uniform(60, 90) * (0.7 + 0.6 * scene.score.density))
    reach = np.abs(pendulums.at(np.linspace(0, end, 6000))).max(axis=1)
    room = np.array([scene.frame.half_width, scene.frame.half_height]) * 0.88
    scale = float((room / reach).min())
    return LineArt(_thread(scene, pendulums, end, scale), _strokes(scene, pendulums, end, scale))


def _thread(scene: Scene, pendulums: _Pendulums, end: float, scale: float) -> Print:
    frame = plate(scene.frame)
    t = np.linspace(0, end, 4000)
    length = np.hypot(*np.diff(pendulums.at(t) * scale, axis=1)).sum()
    t = np.linspace(0, end, int(1.6 * length / frame.pixel))
    path = pendulums.at(t) * scale
    # A slow pen leaves more ink; the root of its speed evens that out by half.
    speed = np.hypot(*np.gradient(path, axis=1)) / frame.pixel
    exposure = trace(frame, path, t / end, np.sqrt(speed), _WIDTH)
    return Print(_glowing(exposure, frame, scene.palette.dark), lambda ink, tint: _coloured(scene, ink, tint))


def _glowing(exposure: Exposure, frame: Frame, dark: bool) -> Exposure:
    from scipy.ndimage import gaussian_filter

    thread = exposure.ink * (_WIDTH / frame.pixel / 1.6)
    glow = gaussian_filter(np.minimum(thread, 2), 0.016 / frame.pixel, truncate=2.5)
    tint = gaussian_filter(exposure.tint * np.minimum(thread, 2), 0.016 / frame.pixel, truncate=2.5)
    share = thread / (thread + 0.3 * glow + 1e-6)
    mixed = exposure.tint * share + tint / np.maximum(glow, 1e-6) * (1 - share)
    return Exposure(thread + (0.3 if dark else 0.12) * glow, np.asarray(mixed))


def _coloured(scene: Scene, ink: Field, tint: Field) -> Tile:
    cover = 1 - np.exp(-1.3 * ink)
    tone = 0.38 + 0.55 * tint + 0.2 * smoothstep(1.0, 4.0, ink)
    return Tile(look_up(scene.palette.scale, tone) * cover[..., None], cover)


def _strokes(scene: Scene, pendulums: _Pendulums, end: float, scale: float) -> Drawing:
    path = (pendulums.at(np.linspace(0, end, _SVG_POINTS)) * scale).T
    step = _SVG_POINTS // _SHADES
    shapes: list[Shape] = []
    for start in range(0, _SVG_POINTS - 1, step):
        place = int((0.38 + 0.55 * start / _SVG_POINTS) * (RAMP - 1))
        ink = color.to_hex(color.linear_to_srgb(scene.palette.scale[place]))
        shapes += strokes(path[start : start + step + 2], _WIDTH, ink)
    return Drawing([Layer(shapes, 0.85)])


def _fullness(pendulums: _Pendulums) -> float:
    x, y = pendulums.at(np.linspace(0, 300, 2500))
    across, along = np.ptp(x + y), np.ptp(x - y)
    squareness = min(across, along) / max(across, along) * min(np.ptp(x), np.ptp(y)) / max(np.ptp(x), np.ptp(y))
    return float(squareness)


def _pendulums(scene: Scene) -> _Pendulums:
    rng = scene.rng
    base = np.array(_RATIOS[int(rng.integers(len(_RATIOS)))], float)
    base = base / base.max() * rng.uniform(1.0, 1.3)
    detuned = rng.normal(0, 0.0012 + 0.0022 * scene.score.energy, (2, 2))
    frequency = np.stack([base, base[::-1]]) + detuned
    size = np.stack([[1.0, rng.uniform(0.35, 1.0)], [1.0, rng.uniform(0.35, 1.0)]])
    return _Pendulums(frequency, rng.uniform(0, 2 * np.pi, (2, 2)), size, rng.uniform(0.0022, 0.0042))
