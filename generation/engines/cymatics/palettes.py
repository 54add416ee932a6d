"""Colours of the pictures: a sand figure runs from bare plate to sand, a displacement view from trough to crest."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_PHASES = ((214, 92, 92), (196, 164, 60), (76, 172, 92), (52, 170, 186), (92, 112, 214), (190, 88, 190), (214, 92, 92))


@lru_cache(maxsize=32)
def table(stops: tuple[tuple[int, int, int], ...]) -> Pixels:
    """Return 256 colours through ``stops``, evenly spaced and linear between: (256, 3)."""
    places = np.linspace(0, 255, len(stops))
    channels = [np.interp(np.arange(256), places, channel) for channel in zip(*stops, strict=True)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


@lru_cache(maxsize=1)
def phases() -> Pixels:
    """Return 256 colours in a closed circle, of about one lightness."""
    return table(_PHASES)
