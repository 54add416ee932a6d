"""From a body to its modes."""

import math

from generation.engines.cymatics import circle, limits, plate, waves
from generation.engines.cymatics.bodies import Body, Circle, Sheet
from generation.engines.cymatics.cache import EigenCache, default_folder
from generation.engines.cymatics.modal import Modes

CACHE = EigenCache(default_folder())
"""Eigenpairs that the process knows; they depend on nothing but the body, so jobs may share them."""


def eigenmodes(body: Body, count: int = 12, up_to: float = 0.0, cache: EigenCache = CACHE) -> Modes:
    """Solve for the modes of a body: at least ``count`` elastic ones, and all that matter up to ``up_to`` Hz."""
    finest = limits.wavenumber_of_count(body, count + body.rigid_modes)
    if up_to:
        finest = max(finest, body.medium.wavenumber(2 * math.pi * up_to))
    modes = _solve(body, finest, cache)
    while modes.trusted < modes.rigid + count:
        finest *= 1.05
        modes = _solve(body, finest, cache)
    return modes


def _solve(body: Body, finest: float, cache: EigenCache) -> Modes:
    if isinstance(body.shape, Circle):
        return circle.modes(body, finest, cache)
    return plate.modes(body, finest, cache) if isinstance(body.medium, Sheet) else waves.modes(body, finest)
