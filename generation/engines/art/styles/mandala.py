"""Mandalas: rings of petals, scallops, beads and rays, each with exact n-fold symmetry."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from generation.engines.art import outlines
from generation.engines.art.canvas import Scene
from generation.engines.art.drawing import Drawing, Layer, Points, Shape, disc, ring

GROUND = "either"

_LINE = 0.0055
Motif = Callable[["_Pen", float, float], list[Shape]]


class _Pen:
    """Draws one ring at a time: everything is repeated ``n`` times, or a multiple of it, round the centre."""

    def __init__(self, scene: Scene) -> None:
        self.rng = scene.rng
        self.n = scene.score.symmetry
        self.inks = scene.palette.apart(0.16)
        self.line = scene.palette.ground
        self.turn = int(self.rng.integers(len(self.inks)))

    def ink(self, step: int = 0) -> str:
        """Return an ink, another one for each ``step``."""
        return self.inks[(self.turn + step) % len(self.inks)]

    def repeats(self, radius: float, wanted: float) -> int:
        """Return the multiple of n that makes parts about ``wanted`` wide at the radius."""
        factor = 2 * np.pi * radius / (self.n * wanted)
        return int(self.n * max(1, 2 ** round(np.log2(max(factor, 1.0)))))

    def around(self, outline: Points, count: int, colour: str, *, half_step: bool = False) -> list[Shape]:
        """Repeat an outline drawn on the upward axis."""
        angles = (np.arange(count) + 0.5 * half_step) * (2 * np.pi / count)
        return [Shape(outlines.turned(outline, angle), colour) for angle in angles]

    def outlined(self, outline: Points, count: int, colour: str, *, half_step: bool = False) -> list[Shape]:
        """Repeat an outline, each time over a slightly larger copy in the colour of the lines."""
        # All edges before all bodies: drawn in turns, the last would overlap the first and break the symmetry.
        edges = self.around(outlines.grown(outline, _LINE), count, self.line, half_step=half_step)
        return edges + self.around(outline, count, colour, half_step=half_step)


def compose(scene: Scene) -> Drawing:
    """Build rings from the outermost inwards, so that each lies over the feet of the one outside it."""
    rng, pen = scene.rng, _Pen(scene)
    radii = _radii(scene)
    shapes: list[Shape] = []
    last: Motif | None = None
    for outer, inner in pairwise(radii):
        motif = _pick(rng, last)
        shapes += motif(pen, outer, inner)
        pen.turn += 1
        last = motif
    shapes += _heart(pen, radii[-1])
    return Drawing([Layer(_halo(scene, pen, radii[0])), Layer(shapes)])


def _radii(scene: Scene) -> list[float]:
    rings = 5 + round(4 * scene.score.density)
    steps = scene.rng.uniform(0.55, 1.6, rings)
    outer, inner = scene.rng.uniform(0.9, 0.95), scene.rng.uniform(0.08, 0.13)
    return [float(r) for r in outer - np.concatenate([[0], np.cumsum(steps)]) / steps.sum() * (outer - inner)]


def _pick(rng: np.random.Generator, last: Motif | None) -> Motif:
    others = [motif for motif in _MOTIFS if motif is not last]
    return others[int(rng.integers(len(others)))]


def _petals(pen: _Pen, outer: float, inner: float) -> list[Shape]:
    count = pen.repeats((outer + inner) / 2, pen.rng.uniform(0.9, 1.5) * (outer - inner))
    foot = max(inner - 0.35 * (outer - inner), 0.0)
    fullness = pen.rng.uniform(0.75, 1.0) * np.pi * (outer + foot) / 2 / count
    petal = outlines.petal(foot, outer, fullness)
    heart = outlines.petal(foot, foot + 0.72 * (outer - foot), fullness * 0.55)
    back = pen.outlined(petal, count, pen.ink(1), half_step=True)
    front = pen.outlined(petal, count, pen.ink()) + pen.around(heart, count, pen.ink(2))
    vein = outlines.petal(foot, foot + 0.6 * (outer - foot), fullness * 0.07)
    return back + front + pen.around(vein, count, pen.line)


def _scallops(pen: _Pen, outer: float, inner: float) -> list[Shape]:
    wide = outer - inner
    count = pen.repeats(outer, 1.7 * wide)
    radius = np.pi * outer / count * 1.02
    centre = max(outer - radius, inner)
    shapes: list[Shape] = []
    for i, share in enumerate((1.0, 0.72, 0.42)):
        shapes += pen.outlined(outlines.circle(centre, min(radius, wide) * share), count, pen.ink(i))
    return shapes + _band(pen, inner + 0.22 * wide, pen.ink(3))


def _beads(pen: _Pen, outer: float, inner: float) -> list[Shape]:
    wide = outer - inner
    middle = (outer + inner) / 2
    count = pen.repeats(middle, 0.9 * wide)
    radius = min(0.36 * wide, 0.42 * 2 * np.pi * middle / count)
    shapes = _band(pen, outer, pen.ink(1)) + _band(pen, outer - 0.1 * wide, pen.ink(3))
    shapes += pen.outlined(outlines.circle(middle, radius), count, pen.ink())
    shapes += pen.around(outlines.circle(middle + radius * 0.25, radius * 0.4), count, pen.ink(2))
    return shapes


def _rays(pen: _Pen, outer: float, inner: float) -> list[Shape]:
    count = pen.repeats(outer, 0.7 * (outer - inner))
    half = np.pi / count
    ray = np.array([outlines.polar(inner, -half), outlines.polar(outer, 0.0), outlines.polar(inner, half)])
    thin = np.array(
        [
            outlines.polar(inner, -half * 0.5),
            outlines.polar(inner + 0.75 * (outer - inner), 0.0),
            outlines.polar(inner, half * 0.5),
        ]
    )
    shapes = _band(pen, outer, pen.ink(2)) + pen.outlined(ray, count, pen.ink())
    return shapes + pen.around(thin, count, pen.ink(1))


def _lattice(pen: _Pen, outer: float, inner: float) -> list[Shape]:
    wide = outer - inner
    count = pen.repeats((outer + inner) / 2, 1.1 * wide)
    middle, half = (outer + inner) / 2, np.pi / count
    diamond = np.array(
        [
            outlines.polar(inner, 0),
            outlines.polar(middle, half * 0.96),
            outlines.polar(outer, 0),
            outlines.polar(middle, -half * 0.96),
        ]
    )
    small = (diamond - diamond.mean(axis=0)) * 0.55 + diamond.mean(axis=0)
    shapes = _band(pen, outer, pen.ink(1)) + pen.outlined(diamond, count, pen.ink())
    return (
        shapes
        + pen.around(small, count, pen.ink(2))
        + pen.around(outlines.circle(outer - 0.16 * wide, 0.1 * wide), count, pen.line, half_step=True)
    )


def _arcades(pen: _Pen, outer: float, inner: float) -> list[Shape]:
    wide = outer - inner
    count = pen.repeats(outer, 1.0 * wide)
    half = np.pi / count
    shapes = _band(pen, outer, pen.ink(3))
    for i, share in enumerate((0.94, 0.68, 0.36)):
        arch = outlines.arch(inner, inner + wide * (0.3 + 0.68 * share), half * share)
        shapes += pen.outlined(arch, count, pen.ink(i))
    return shapes


_MOTIFS: tuple[Motif, ...] = (_petals, _petals, _scallops, _beads, _rays, _lattice, _arcades)


def _heart(pen: _Pen, radius: float) -> list[Shape]:
    shapes = _band(pen, radius, pen.ink(1))
    petal = outlines.petal(0.0, radius * 0.92, radius * np.tan(np.pi / pen.n) * 0.46)
    shapes += pen.outlined(petal, pen.n, pen.ink())
    return [*shapes, disc((0, 0), radius * 0.26, pen.line), disc((0, 0), radius * 0.2, pen.ink(2))]


def _halo(scene: Scene, pen: _Pen, radius: float) -> list[Shape]:
    shapes: list[Shape] = []
    count = pen.n * (4 if pen.n < 10 else 2)
    for i in range(3):
        shapes += ring((0, 0), radius + 0.012 + 0.016 * i, 0.004 - 0.001 * i, pen.ink(1))
    reach = scene.frame.reach
    step = 0.1
    for k in range(1, int((reach - radius) / step) + 1):
        beads = outlines.circle(radius + step * k, 0.011 * (1 - 0.35 * (k % 2)))
        shapes += pen.around(beads, count * (1 + (k > 3)), pen.ink(k % 2), half_step=bool(k % 2))
    return shapes


def _band(pen: _Pen, radius: float, colour: str) -> list[Shape]:
    return [disc((0, 0), radius + _LINE, pen.line, sides=360), disc((0, 0), radius, colour, sides=360)]
