"""How far the models and their bases reach. Standard library only, so that a request is judged where it arrives."""

import math

from generation.engines.cymatics.bodies import Body, Circle, Liquid, Rectangle, Sheet

LARGEST_BLOCK = 1600
"""Most functions in one symmetry block of a plate: some seconds of work, once for a plate."""

LARGEST_CIRCLE = 42.0
"""Largest k R of a round body."""

MOST_MODES = 3000
"""Most modes of a body whose modes are known in closed form."""

_STEP = 8
_LEAST = 24


def basis_sizes(body: Body, wavenumber: float) -> tuple[int, int]:
    """Return the numbers of polynomials along x and y that resolve a plate's waves up to ``wavenumber`` (rad/m).

    They rise in steps, so that requests for one plate share a basis.
    """
    assert isinstance(body.shape, Rectangle)
    return _size(wavenumber * body.shape.a), _size(wavenumber * body.shape.b)


def largest_block(body: Body, wavenumber: float) -> int:
    """Return the number of functions in a plate's largest symmetry block."""
    even_x, even_y = body.edges[0] == body.edges[2], body.edges[1] == body.edges[3]
    along_x, along_y = basis_sizes(body, wavenumber)
    return math.ceil(along_x / (1 + even_x)) * math.ceil(along_y / (1 + even_y))


def finest_wavenumber(body: Body) -> float:
    """Return the largest wavenumber (rad/m) at which the model holds and the largest basis still resolves it."""
    shortest = body.medium.shortest_wavelength
    model = 2 * math.pi / shortest if shortest else math.inf
    if isinstance(body.shape, Circle):
        return min(model, LARGEST_CIRCLE / body.shape.radius)
    if isinstance(body.medium, Sheet):
        return min(model, _finest_of_plate(body))
    return min(model, wavenumber_of_count(body, MOST_MODES))


def highest_frequency(body: Body) -> float:
    """Return the highest frequency (Hz) at which the body's waves can be analysed."""
    return body.medium.omega(finest_wavenumber(body)) / (2 * math.pi)


def highest_drive(body: Body) -> float:
    """Return the highest frequency (Hz) at which the body may be driven: a dish answers at half of it."""
    return highest_frequency(body) * (2 if isinstance(body.medium, Liquid) else 1)


def wavenumber_of_count(body: Body, count: int) -> float:
    """Return a wavenumber (rad/m) below which a body has at least ``count`` modes: Weyl's law with its edge term."""
    area, edge = body.shape.area, body.shape.perimeter
    return (edge + math.sqrt(edge**2 + 16 * math.pi * area * (count + 2))) / (2 * area)


def _finest_of_plate(body: Body) -> float:
    assert isinstance(body.shape, Rectangle)
    low, high = 0.0, 1e4 / min(body.shape.a, body.shape.b)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if largest_block(body, middle) <= LARGEST_BLOCK else (low, middle)
    return low


def _size(span: float) -> int:
    """Functions along a side of ``span`` radians: half of it, and a margin for the evanescent edges."""
    half = span / 2
    needed = half + 3.0 * math.pow(half, 1 / 3) + 7
    return max(_LEAST, _STEP * math.ceil(needed / _STEP))
