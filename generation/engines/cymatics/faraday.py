"""Faraday waves: a dish shaken up and down answers at half the frequency, in the mode that takes the least shaking.

Each surface mode obeys a damped Mathieu equation; at half the drive's frequency it grows once the acceleration passes
4 ω₀ √(γ² + δ²) / (k tanh kh), with ω₀ half the drive's angular frequency, δ the mode's distance from it and γ its
damping (Benjamin & Ursell 1954; Kumar & Tuckerman 1994). What stands in the dish is the mode of the lowest threshold,
its degenerate partners with it.
"""

import math

import numpy as np

from generation.engines.cymatics.bodies import Liquid
from generation.engines.cymatics.modal import Array, Modes

_TOGETHER = 1e-6


def thresholds(modes: Modes, drive_frequency: float, damping: float) -> Array:
    """Acceleration (m/s²) at which each mode starts to grow; ``damping`` is a loss factor beside viscosity's 2 ν k²."""
    liquid = modes.body.medium
    assert isinstance(liquid, Liquid)
    k = modes.lam / modes.body.shape.length
    half = math.pi * drive_frequency
    loss = 2 * liquid.viscosity * k**2 + damping * modes.omega / 2
    return np.asarray(4 * half * np.hypot(loss, modes.omega - half) / (k * np.tanh(k * liquid.depth)))


def amounts(modes: Modes, drive_frequency: float, damping: float) -> Array:
    """Amplitudes of the standing pattern: equal for the modes of the lowest threshold, 0 for the rest."""
    needed = thresholds(modes, drive_frequency, damping)
    chosen = (needed <= needed.min() * (1 + _TOGETHER)) & _upright(modes)
    return np.asarray(chosen / math.sqrt(chosen.sum()))


def _upright(modes: Modes) -> Array:
    """A round dish has no preferred axis: take the cosine of each pair."""
    return np.array([" sin " not in label for label in modes.labels])
