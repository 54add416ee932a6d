"""PNG and WebP files as other programs read them."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from generation.engines.encoding import EXIF_DESCRIPTION, encode_png, encode_webp

RNG = np.random.default_rng(3)
SMOOTH = np.add.outer(np.arange(70), np.arange(90))[..., None] * np.ones(3)
PICTURES = {
    "noise": RNG.integers(0, 256, (70, 90, 3)),
    "smooth": SMOOTH,
    "flat": np.full((70, 90, 4), 200),
    "grey": SMOOTH[..., 0],
    "one_pixel": np.full((1, 1, 3), 9),
    "one_row": RNG.integers(0, 256, (1, 50, 3)),
    "two_rows": RNG.integers(0, 256, (2, 50, 4)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_png_gives_back_every_pixel_and_text(name):
    pixels = (PICTURES[name] % 256).astype(np.uint8)
    with Image.open(BytesIO(encode_png(pixels, {"parameters": "{} ü"}))) as image:
        assert np.array_equal(np.asarray(image), pixels)
        assert image.text["parameters"] == "{} ü"


def test_a_png_of_noise_is_hardly_larger_than_its_pixels():
    pixels = PICTURES["noise"].astype(np.uint8)
    assert len(encode_png(pixels)) < pixels.nbytes * 1.02 + 500


def test_a_webp_is_close_and_carries_the_longest_text():
    pixels = (SMOOTH % 256).astype(np.uint8)[:64, :64]
    with Image.open(BytesIO(encode_webp(pixels, {"Title": "x", "parameters": '{"a": 1}'}))) as image:
        assert np.abs(np.asarray(image).astype(int) - pixels).mean() < 4
        assert image.getexif()[EXIF_DESCRIPTION] == '{"a": 1}'
