"""Veils: a fine grid sent through a random pair of functions, seen by how closely its points fall."""

from collections.abc import Callable, Iterator

import numpy as np

from generation.engines.art.canvas import Field, Scene, Tile
from generation.engines.art.patterns import veils
from generation.engines.art.shading import look_up
from generation.engines.art.splat import Points, Print, expose, plate

GROUND = "either"

_TRIES = 24
_POINTS_A_PIXEL = 6
_MOST_POINTS = 12_000_000


def compose(scene: Scene) -> Print:
    """Choose the fullest of several pairs of functions, and expose the grid's image."""
    rng = scene.rng
    veil = max((veils.draw(rng, scene.score.energy) for _ in range(_TRIES)), key=veils.merit)
    frame = plate(scene.frame)
    view = _view(scene, veil)
    side = int(np.sqrt(min(_MOST_POINTS, _POINTS_A_PIXEL * frame.width * frame.height)))

    def points() -> Iterator[tuple[Points, Points, Points]]:
        for done, (x, y, tint) in enumerate(veils.image(veil, side, rng)):
            if done % 8 == 0:
                scene.progress(done * veils.ROWS / side)
            yield (*view(x, y), tint)

    exposure = expose(frame, points())
    full = float(np.quantile(exposure.ink[exposure.ink > 0.02], 0.99))
    return Print(exposure, lambda ink, tint: _coloured(scene, ink / full, tint))


def _view(scene: Scene, veil: veils.Veil) -> Callable[[Points, Points], tuple[Points, Points]]:
    x, y = (np.concatenate(parts) for parts in zip(*((u, v) for u, v, _ in veils.image(veil, 96, None)), strict=True))
    low = np.array([np.quantile(x, 0.002), np.quantile(y, 0.002)])
    high = np.array([np.quantile(x, 0.998), np.quantile(y, 0.998)])
    room = 0.88 * np.array([scene.frame.half_width, scene.frame.half_height])
    scale, centre = (2 * room / (high - low)).astype(np.float32), ((low + high) / 2).astype(np.float32)
    return lambda x, y: ((x - centre[0]) * scale[0], (y - centre[1]) * scale[1])


def _coloured(scene: Scene, ink: Field, tint: Field) -> Tile:
    tone = np.log1p(18 * np.minimum(ink, 1.4)) / float(np.log1p(18))
    colour = look_up(scene.palette.scale, 0.08 + 0.55 * tint + 0.4 * tone * tone)
    cover = np.clip(tone * 1.02, 0, 1) ** 1.2
    return Tile(colour * cover[..., None], cover)
