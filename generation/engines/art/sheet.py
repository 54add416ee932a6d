"""A contact sheet: small copies of several pictures side by side."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 384
_GAP = 12
_PAPER = (24, 24, 28, 255)


def arrange(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Lay the pictures, all of one size, out in a near-square grid, each at most ``SIDE`` px long."""
    small = [np.asarray(_small(picture)) for picture in pictures]
    height, width, channels = small[0].shape
    columns = int(np.ceil(np.sqrt(len(small))))
    rows = -(-len(small) // columns)
    page = np.empty((rows * (height + _GAP) + _GAP, columns * (width + _GAP) + _GAP, channels), np.uint8)
    page[:] = _PAPER[:channels]
    for i, picture in enumerate(small):
        top, left = (_GAP + (i // columns) * (height + _GAP), _GAP + (i % columns) * (width + _GAP))
        page[top : top + height, left : left + width] = picture
    return page


def _small(picture: NDArray[np.uint8]) -> Image.Image:
    image = Image.fromarray(picture)
    scale = min(1.0, SIDE / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)
