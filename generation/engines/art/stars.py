"""Points of light, each a soft disc."""

import numpy as np
from numpy.typing import NDArray

from generation.engines.art.canvas import Band, Field

_REACH = 3.2


def stars_of_light(
    light: Field, band: Band, stars: NDArray[np.float64], colour: Field, *, hidden: NDArray[np.bool_] | None = None
) -> None:
    """Add stars, rows of ``(x, y, brightness, radius)``, to the light of a band, in place.

    ``colour`` is one for all, shape (3,), or one for each star; ``hidden`` marks pixels that stay as they are. A star
    smaller than a pixel keeps its total light.
    """
    frame = band.frame
    tints = np.broadcast_to(colour, (len(stars), 3))
    for (x, y, brightness, radius), tint in zip(stars, tints, strict=True):
        sigma = max(radius / frame.pixel, 0.55)
        strength = brightness * (radius / frame.pixel / sigma) ** 2
        column, row = (x + frame.half_width) / frame.pixel - 0.5, (y + frame.half_height) / frame.pixel - 0.5 - band.top
        reach = int(np.ceil(_REACH * sigma))
        top, bottom = max(0, int(row) - reach), min(light.shape[0], int(row) + reach + 2)
        left, right = max(0, int(column) - reach), min(light.shape[1], int(column) + reach + 2)
        if top >= bottom or left >= right:
            continue
        down = np.exp(-0.5 * ((np.arange(top, bottom) - row) / sigma) ** 2)
        across = np.exp(-0.5 * ((np.arange(left, right) - column) / sigma) ** 2)
        glow = (strength * down[:, None] * across[None, :]).astype(np.float32)
        if hidden is not None:
            glow[hidden[top:bottom, left:right]] = 0
        light[top:bottom, left:right] += glow[..., None] * tint
