"""Colour spaces as arrays: sRGB, linear light, Oklab and OKLCH (CSS Color 4; Ottosson 2020), D65 throughout.

All arrays hold a colour in their last axis, of length 3. Lightness runs from 0 to 1, chroma from 0 to about
0.37 in sRGB, hue in degrees.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_LMS_FROM_LINEAR = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB_FROM_LMS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LINEAR_FROM_LMS = np.linalg.inv(_LMS_FROM_LINEAR)
_LMS_FROM_LAB = np.linalg.inv(_LAB_FROM_LMS)
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_GAMUT_SLACK = 1e-4


def srgb_to_linear(srgb: ArrayLike) -> Array:
    """Decode sRGB in [0, 1] into linear light (IEC 61966-2-1)."""
    s = np.asarray(srgb, np.float64)
    return np.where(s <= 0.04045, s / 12.92, ((np.maximum(s, 0.04045) + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(linear: ArrayLike) -> Array:
    """Encode linear light in [0, 1] as sRGB; negative light is kept on the straight part of the curve."""
    c = np.asarray(linear, np.float64)
    return np.where(c <= 0.0031308, c * 12.92, 1.055 * np.maximum(c, 0.0031308) ** (1 / 2.4) - 0.055)


def linear_to_oklab(linear: ArrayLike) -> Array:
    """Turn linear sRGB into Oklab ``(L, a, b)``."""
    return np.asarray(np.cbrt(np.asarray(linear, np.float64) @ _LMS_FROM_LINEAR.T) @ _LAB_FROM_LMS.T)


def oklab_to_linear(lab: ArrayLike) -> Array:
    """Turn Oklab into linear sRGB, which lies outside [0, 1] where the colour is out of gamut."""
    return np.asarray((np.asarray(lab, np.float64) @ _LMS_FROM_LAB.T) ** 3 @ _LINEAR_FROM_LMS.T)


def oklch_to_oklab(lch: ArrayLike) -> Array:
    """Turn ``(L, C, h)`` with the hue in degrees into ``(L, a, b)``."""
    lightness, chroma, hue = np.moveaxis(np.asarray(lch, np.float64), -1, 0)
    angle = np.radians(hue)
    return np.stack([lightness, chroma * np.cos(angle), chroma * np.sin(angle)], axis=-1)


def oklab_to_oklch(lab: ArrayLike) -> Array:
    """Turn ``(L, a, b)`` into ``(L, C, h)`` with the hue in [0, 360)."""
    lightness, a, b = np.moveaxis(np.asarray(lab, np.float64), -1, 0)
    return np.stack([lightness, np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360.0], axis=-1)


def srgb_to_oklch(srgb: ArrayLike) -> Array:
    """Turn sRGB in [0, 1] into OKLCH; pure red is (0.627955, 0.257683, 29.234)."""
    return oklab_to_oklch(linear_to_oklab(srgb_to_linear(srgb)))


def oklch_to_srgb(lch: ArrayLike) -> Array:
    """Turn OKLCH into sRGB in [0, 1], lowering chroma at constant lightness and hue until it is in gamut."""
    return np.clip(linear_to_srgb(oklab_to_linear(oklch_to_oklab(into_gamut(lch)))), 0.0, 1.0)


def into_gamut(lch: ArrayLike) -> Array:
    """Return the OKLCH colours with chroma lowered by bisection to the edge of the sRGB gamut where need be."""
    colour = np.array(lch, np.float64)
    colour[..., 0] = np.clip(colour[..., 0], 0.0, 1.0)
    low, high = np.zeros(colour.shape[:-1]), colour[..., 1].copy()
    fits = _in_gamut(colour)
    for _ in range(24):
        middle = np.where(fits, high, (low + high) / 2)
        inside = _in_gamut(np.stack([colour[..., 0], middle, colour[..., 2]], axis=-1))
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    colour[..., 1] = np.where(fits, colour[..., 1], low)
    return colour


def _in_gamut(lch: Array) -> NDArray[np.bool_]:
    linear = oklab_to_linear(oklch_to_oklab(lch))
    return np.asarray(((linear >= -_GAMUT_SLACK) & (linear <= 1 + _GAMUT_SLACK)).all(axis=-1))


def is_hex(text: str) -> bool:
    """Whether the text is a colour written ``#rgb`` or ``#rrggbb``."""
    return _HEX.fullmatch(text) is not None


def from_hex(text: str) -> Array:
    """Read ``#rgb`` or ``#rrggbb`` as sRGB in [0, 1]; raises ``ValueError`` for anything else."""
    if not is_hex(text):
        raise ValueError(f"{text!r} is no colour of the form #rrggbb")
    digits = text[1:] if len(text) == 7 else "".join(c * 2 for c in text[1:])
    return np.array([int(digits[i : i + 2], 16) for i in (0, 2, 4)]) / 255.0


def to_hex(srgb: ArrayLike) -> str:
    """Write one sRGB colour in [0, 1] as ``#rrggbb``."""
    r, g, b = (round(float(c) * 255) for c in np.clip(np.asarray(srgb, np.float64), 0, 1))
    return f"#{r:02x}{g:02x}{b:02x}"


def gradient(colours: Sequence[ArrayLike], size: int) -> NDArray[np.float32]:
    """Return ``size`` steps through the Oklab colours, evenly spaced and smooth, as linear light.

    The steps follow a monotone cubic (Fritsch & Carlson 1980), which has no kinks at the stops and no overshoot.
    """
    stops = np.asarray(colours, np.float64)
    if len(stops) == 1:
        stops = np.repeat(stops, 2, axis=0)
    place = np.linspace(0, len(stops) - 1, size)
    start = np.minimum(place.astype(np.intp), len(stops) - 2)
    t = (place - start)[:, None]
    slope = _monotone_slopes(stops)
    rise = stops[start + 1] - stops[start]
    bend = (1 - t) * (slope[start] - rise) - t * (slope[start + 1] - rise)
    return np.clip(oklab_to_linear(stops[start] + t * rise + t * (1 - t) * bend), 0, 1).astype(np.float32)


def _monotone_slopes(stops: Array) -> Array:
    # The harmonic mean of the rises on both sides, and 0 at turning points and at the ends.
    rise = np.diff(stops, axis=0)
    before, after = rise[:-1], rise[1:]
    product = before * after
    total = np.where(before + after == 0, 1.0, before + after)
    inner = np.where(product > 0, 2 * product / total, 0.0)
    return np.concatenate([rise[:1], inner, rise[-1:]])
