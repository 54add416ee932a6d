"""Colours by value, and light on what is seen as a relief."""

import numpy as np

from generation.engines.art.canvas import Band, Field


def look_up(ramp: Field, t: Field) -> Field:
    """Return the colours of a ramp at ``t`` in [0, 1] (values outside are clipped), shape (*t.shape, 3)."""
    last = len(ramp) - 1
    index = np.clip(t * last + 0.5, 0, last).astype(np.intp)
    return np.asarray(ramp.take(index, axis=0))


def smoothstep(low: float, high: float, t: Field) -> Field:
    """Return 0 below ``low``, 1 above ``high``, and a smooth step between."""
    s = np.clip((t - low) * (1.0 / (high - low)), 0, 1)
    return np.asarray(s * s * (3 - 2 * s))


def edge(inward: Field, band: Band) -> Field:
    """Return the share of a pixel inside a shape whose border lies ``inward`` away: 1 inside, 0 outside."""
    return np.asarray(np.clip(inward / band.frame.pixel + 0.5, 0, 1))


def slopes(height: Field, band: Band) -> tuple[Field, Field]:
    """Return the slopes of a height to the right and down; it has one row more than the band above and below."""
    step = 1 / (2 * band.frame.pixel)
    return np.gradient(height[1:-1], axis=1) * (2 * step), (height[2:] - height[:-2]) * step


def relief(slope: Field, strength: float) -> Field:
    """Return how bright a slope towards the light is, within 1 ± ``strength``."""
    return np.asarray(1 + strength * slope / (1 + np.abs(slope)))
