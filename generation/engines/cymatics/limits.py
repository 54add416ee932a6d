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
_LEAST_ACROSS = 16


def basis_sizes(body: Body, wavenumber: float) -> tuple[int, int]:
    """Return the numbers of polynomials along x and y that resolve a plate's waves up to ``wavenumber`` (rad/m).

    They rise in steps, so that requests for one plate share a basis.
    """
    assert isinstance(body.shape, Rectangle)
    a, b = body.shape.a, body.shape.b
    return _size(wavenumber * a, _least(a, b)), _size(wavenumber * b, _least(b, a))


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


def resolves(body: Body, count: int) -> bool:
    """Tell whether the largest basis holds ``count`` modes of a body."""
    if isinstance(body.shape, Circle) or not isinstance(body.medium, Sheet):
        return True
    return largest_block(body, wavenumber_of_count(body, count + body.rigid_modes)) <= LARGEST_BLOCK


def highest_frequency(body: Body) -> float:
    """Return the highest frequency (Hz) at which the body's waves can be analysed."""
    return body.medium.omega(finest_wavenumber(body)) / (2 * math.pi)


def highest_drive(body: Body) -> float:
    """Return the highest frequency (Hz) at which the body may be driven: a dish answers at half of it."""
    return highest_frequency(body) * (2 if isinstance(body.medium, Liquid) else 1)


def wavenumber_of_count(body: Body, count: int) -> float:
    """Return a wavenumber (rad/m) below which a body has about ``count`` modes, and a margin."""
    if isinstance(body.shape, Circle):
        area, edge = body.shape.area, body.shape.perimeter
        return (edge + math.sqrt(edge**2 + 16 * math.pi * area * (count + 2))) / (2 * area)
    low, high = 0.0, 2 * math.pi * (count + 2) / min(body.shape.a, body.shape.b)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _count(body, body.shape, middle) < count else (low, middle)
    return 1.04 * high + 1 / max(body.shape.a, body.shape.b)


def _count(body: Body, shape: Rectangle, wavenumber: float) -> int:
    """Count products of beam functions up to a wavenumber: Bolotin's estimate of a rectangle's modes."""
    total, i = 0, 1
    while (across := _half_waves(body, 0, i) * math.pi / shape.a) <= wavenumber:
        rest = math.sqrt(wavenumber**2 - across**2) * shape.b / math.pi
        total += max(0, math.floor(rest - _shift(body, 1)))
        i += 1
    return total


def _half_waves(body: Body, axis: int, number: int) -> float:
    return max(0.0, number + _shift(body, axis))


def _shift(body: Body, axis: int) -> float:
    """Half waves that the two ends add to a beam's mode number: a quarter if clamped, −3/4 if free."""
    if isinstance(body.medium, Liquid):
        return -1.0
    return sum({"C": 0.25, "S": 0.0, "F": -0.75}[end] for end in body.edges[axis::2])


def _finest_of_plate(body: Body) -> float:
    assert isinstance(body.shape, Rectangle)
    low, high = 0.0, 1e4 / min(body.shape.a, body.shape.b)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if largest_block(body, middle) <= LARGEST_BLOCK else (low, middle)
    return low


def _size(span: float, least: int) -> int:
    """Functions along a side of ``span`` radians, for eigenvalues to about 1e-6: half of it, and a margin."""
    needed = 1.12 * span / 2 + 6.5
    return max(least, _STEP * math.ceil(needed / _STEP))


def _least(side: float, other: float) -> int:
    return _LEAST if 2 * side >= other else _LEAST_ACROSS
