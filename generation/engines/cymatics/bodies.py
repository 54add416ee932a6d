"""What vibrates: a shape, the medium that carries the waves, and how the edge is held. Standard library only."""

import math
from dataclasses import dataclass

GRAVITY = 9.80665
"""Standard acceleration of gravity, m/s²."""

WAVELENGTH_IN_THICKNESSES = 6.0
"""Kirchhoff's plate is within a tenth of the true phase speed down to this wavelength (Cremer & Heckl, ch. 2)."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Sides ``a`` along x and ``b`` along y in metres; one corner is the origin."""

    a: float
    b: float

    @property
    def length(self) -> float:
        """The length that makes eigenvalues dimensionless: the first side."""
        return self.a

    @property
    def area(self) -> float:
        """Area in m²."""
        return self.a * self.b

    @property
    def perimeter(self) -> float:
        """Perimeter in m."""
        return 2 * (self.a + self.b)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Bounding box (x0, y0, x1, y1) in m."""
        return (0.0, 0.0, self.a, self.b)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies on the body, rim included."""
        return 0 <= x <= self.a and 0 <= y <= self.b


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle of ``radius`` metres about the origin."""

    radius: float

    @property
    def length(self) -> float:
        """The length that makes eigenvalues dimensionless: the radius."""
        return self.radius

    @property
    def area(self) -> float:
        """Area in m²."""
        return math.pi * self.radius**2

    @property
    def perimeter(self) -> float:
        """Perimeter in m."""
        return 2 * math.pi * self.radius

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Bounding box (x0, y0, x1, y1) in m."""
        return (-self.radius, -self.radius, self.radius, self.radius)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies on the body, rim included."""
        return math.hypot(x, y) <= self.radius * (1 + 1e-12)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A thin elastic plate (Kirchhoff): ω = k² √(D / ρh)."""

    E: float
    rho: float
    nu: float
    thickness: float

    order = 2

    @property
    def stiffness(self) -> float:
        """Bending stiffness D = E h³ / (12 (1 − ν²)) in N·m."""
        return self.E * self.thickness**3 / (12 * (1 - self.nu**2))

    @property
    def surface_density(self) -> float:
        """Mass by area ρh in kg/m²."""
        return self.rho * self.thickness

    @property
    def shortest_wavelength(self) -> float:
        """The shortest flexural wavelength, in m, for which the thin-plate model holds."""
        return WAVELENGTH_IN_THICKNESSES * self.thickness

    def omega(self, k: float) -> float:
        """Angular frequency (rad/s) of waves with wavenumber ``k`` (rad/m)."""
        return k * k * math.sqrt(self.stiffness / self.surface_density)

    def wavenumber(self, omega: float) -> float:
        """Wavenumber (rad/m) at an angular frequency (rad/s)."""
        return math.sqrt(omega * math.sqrt(self.surface_density / self.stiffness))


@dataclass(frozen=True, slots=True)
class Skin:
    """A stretched membrane: ω = c k with c = √(T / σ); ``tension`` in N/m, ``surface_density`` in kg/m²."""

    tension: float
    surface_density: float

    order = 1
    shortest_wavelength = 0.0

    @property
    def speed(self) -> float:
        """Wave speed in m/s."""
        return math.sqrt(self.tension / self.surface_density)

    def omega(self, k: float) -> float:
        """Angular frequency (rad/s) of waves with wavenumber ``k`` (rad/m)."""
        return self.speed * k

    def wavenumber(self, omega: float) -> float:
        """Wavenumber (rad/m) at an angular frequency (rad/s)."""
        return omega / self.speed


@dataclass(frozen=True, slots=True)
class Liquid:
    """A layer of liquid: ω² = (g k + σ k³ / ρ) tanh(k h); depth in m, ρ in kg/m³, σ in N/m, viscosity ν in m²/s."""

    depth: float
    rho: float = 998.2
    surface_tension: float = 0.0728
    viscosity: float = 1.0e-6

    order = 1
    shortest_wavelength = 0.0
    surface_density = 1.0

    def omega(self, k: float) -> float:
        """Angular frequency (rad/s) of surface waves with wavenumber ``k`` (rad/m)."""
        return math.sqrt((GRAVITY * k + self.surface_tension * k**3 / self.rho) * math.tanh(k * self.depth))

    def wavenumber(self, omega: float) -> float:
        """Wavenumber (rad/m) at an angular frequency (rad/s), by bisection (the relation rises with k)."""
        low, high = 0.0, 1.0
        while self.omega(high) < omega:
            high *= 2
        for _ in range(200):
            middle = (low + high) / 2
            if middle in (low, high):
                break
            low, high = (middle, high) if self.omega(middle) < omega else (low, middle)
        return high


Shape = Rectangle | Circle
Medium = Sheet | Skin | Liquid


@dataclass(frozen=True, slots=True)
class Body:
    """A shape of a medium.

    ``edges`` has a letter for each side x=0, y=0, x=a, y=b of a rectangle and one for a circle: ``F`` free,
    ``S`` simply supported (a membrane's held rim), ``C`` clamped.
    """

    shape: Shape
    medium: Medium
    edges: str

    def omega(self, lam: float) -> float:
        """Angular frequency (rad/s) of the dimensionless eigenvalue: ω a² √(ρh/D) of a plate, k a of the others."""
        return self.medium.omega(lam ** (1 / self.medium.order) / self.shape.length)

    def lam(self, omega: float) -> float:
        """Return the dimensionless eigenvalue of an angular frequency (rad/s)."""
        return float((self.medium.wavenumber(omega) * self.shape.length) ** self.medium.order)

    @property
    def rigid_modes(self) -> int:
        """How many independent motions a + b x + c y a plate's edges leave free (a liquid's mean level is fixed)."""
        if not isinstance(self.medium, Sheet) or "C" in self.edges:
            return 0
        held = self.edges.count("S")
        if isinstance(self.shape, Circle):
            return 0 if held else 3
        return {0: 3, 1: 1}.get(held, 0)
