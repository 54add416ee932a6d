"""Colour spaces against the published values of CSS Color 4."""

import numpy as np
import pytest

from generation.engines import color


@pytest.mark.parametrize(
    ("srgb", "oklch"),
    [((1, 0, 0), (0.627955, 0.257683, 29.234)), ((0, 0, 1), (0.452014, 0.313214, 264.052))],
)
def test_primaries_have_their_published_oklch(srgb, oklch):
    assert color.srgb_to_oklch(srgb) == pytest.approx(oklch, abs=5e-4)


def test_every_colour_comes_back_from_oklab():
    srgb = np.random.default_rng(0).random((1000, 3))
    lab = color.linear_to_oklab(color.srgb_to_linear(srgb))
    assert np.allclose(color.linear_to_srgb(color.oklab_to_linear(lab)), srgb, atol=1e-9)


def test_white_is_light_without_chroma():
    assert color.srgb_to_oklch([1, 1, 1])[:2] == pytest.approx((1, 0), abs=1e-6)


def test_a_colour_out_of_gamut_loses_chroma_and_keeps_its_lightness_and_hue():
    lch = color.srgb_to_oklch(color.oklch_to_srgb([0.7, 0.5, 140]))
    assert lch[0] == pytest.approx(0.7, abs=0.005)
    assert lch[2] == pytest.approx(140, abs=0.5)
    assert 0.1 < lch[1] < 0.5


def test_hex_is_read_in_both_forms_and_written_back():
    assert color.to_hex(color.from_hex("#abc")) == "#aabbcc"
    with pytest.raises(ValueError, match="no colour"):
        color.from_hex("teal")


def test_a_gradient_passes_its_stops_without_overshoot():
    stops = [color.linear_to_oklab(color.srgb_to_linear(color.from_hex(c))) for c in ("#102030", "#d06030", "#f0e0c0")]
    ramp = color.linear_to_oklab(color.gradient(stops, 201).astype(float))
    assert np.allclose(ramp[[0, 100, 200]], stops, atol=1e-3)
    assert (np.diff(ramp[:, 0]) >= -1e-6).all()
