"""What a finite basis leaves out at a point drive.

A point force on a plate excites every wavenumber, with weight 1/k⁴. The modes stop somewhere; what lies beyond is too
fast to answer dynamically and adds the static compliance (1/D) ∫∫ dkx dky / (4π² k⁴) over the wavenumbers left out.
That turns an error of 1/n² at the drive into one of a few parts in 10⁵ (see the tests on static deflection).
"""

import math

_LAST_DEGREES = 1.3
"""By how much the highest degree of a polynomial basis overstates what it resolves; fitted once, for all edges."""


def of_circle(cutoff: float) -> float:
    """∫∫ dk / (4π² k⁴) outside |k| < ``cutoff`` (rad/m), in m²."""
    return 1 / (4 * math.pi * cutoff**2)


def of_rectangle(cutoff_x: float, cutoff_y: float) -> float:
    """∫∫ dk / (4π² k⁴) outside |kx| < ``cutoff_x`` and |ky| < ``cutoff_y`` (rad/m), in m²."""
    corner = math.atan2(cutoff_y, cutoff_x)
    shared = math.sin(2 * corner) / 4
    along_x = (corner / 2 + shared) / cutoff_x**2
    along_y = ((math.pi / 2 - corner) / 2 + shared) / cutoff_y**2
    return (along_x + along_y) / (2 * math.pi**2)


def cutoff(degree: int, xi: float, half_side: float) -> float:
    """Return the wavenumber (rad/m) that polynomials up to ``degree`` resolve at ``xi``: they crowd to the ends."""
    crowding = math.sqrt(max(1 - xi * xi, 1 / degree**2))
    return (degree - _LAST_DEGREES) / (half_side * crowding)
