"""The driven response of a body with structural damping, as a sum over its modes.

With stiffness K (1 + iη) and mass-normalised modes, a force F e^{iωt} at a point x₀ gives each mode the amplitude
φₖ(x₀) F / (ωₖ² (1 + iη) − ω²). A shaker imposes a displacement instead: the force is what holds that displacement, so
the resonances are those of the body held at x₀ (Skudrzyk 1980; Fahy & Gardonio, Sound and Structural Vibration).
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from generation.engines.cymatics.modal import Array, Field, Modes

Complex = NDArray[np.complex128]
DriveKind = Literal["displacement", "force"]


@dataclass(frozen=True, slots=True)
class Drive:
    """A harmonic drive at the point ``at`` (m): 1 m of displacement or 1 N of force.

    ``radius`` (m) is the width of the driver's Gaussian head; a membrane needs one, as a point drive of it is singular.
    """

    kind: DriveKind = "displacement"
    at: tuple[float, float] = (0.0, 0.0)
    radius: float = 0.0


@dataclass(frozen=True)
class Response:
    """Steady vibration: ``amounts`` (modes,) are complex modal amplitudes; at the drive ``force`` in N and
    ``displacement`` in m, which includes the static ``residual`` compliance (m/N) of what the modes leave out."""

    modes: Modes
    omega: float
    damping: float
    amounts: Complex
    force: complex
    displacement: complex
    residual: float = 0.0

    def field(self, x: Array, y: Array) -> Field:
        """Complex displacement in m on the grid of ``x`` and ``y``: (len(y), len(x))."""
        return self.modes.field(self.amounts, x, y)

    def at(self, points: object) -> Complex:
        """Complex displacement in m at ``points`` (P, 2)."""
        return np.asarray(self.modes.at(points) @ self.amounts)

    @property
    def shares(self) -> Array:
        """Share of each mode in the mean-square displacement; they sum to 1."""
        energy = np.abs(self.amounts) ** 2
        return np.asarray(energy / energy.sum())


def respond(modes: Modes, frequency: float, drive: Drive, damping: float) -> Response:
    """Compute the steady response to ``drive`` at ``frequency`` (Hz) with loss factor ``damping``."""
    omega = 2 * math.pi * frequency
    participation = participations(modes, drive)
    per_force = participation * receptance(modes, omega, damping)
    residual = 0.0 if drive.radius else modes.residual(drive.at)
    point = complex(participation @ per_force) + residual / (1 + 1j * damping)
    force = 1 / point if drive.kind == "displacement" else 1.0
    return Response(modes, omega, damping, per_force * force, force, point * force, residual)


def receptance(modes: Modes, omega: float, damping: float) -> Complex:
    """1 / (ωₖ² (1 + iη) − ω²) of each mode, in s²; kept finite where an undamped mode is met exactly."""
    squares = modes.omega**2
    denominator = squares * (1 + 1j * damping) - omega**2
    floor = 1e-12 * omega**2
    return np.asarray(1 / np.where(np.abs(denominator) < floor, floor, denominator), complex)


def participations(modes: Modes, drive: Drive) -> Array:
    """Mode shapes at the drive, averaged over the driver's head."""
    shapes = np.asarray(modes.at(drive.at)[0])
    if drive.radius == 0:
        return shapes
    wavenumbers = modes.lam ** (1 / modes.body.medium.order) / modes.body.shape.length
    return np.asarray(shapes * np.exp(-((wavenumbers * drive.radius / 2) ** 2)))


def power_balance(response: Response) -> tuple[float, float]:
    """Power fed in at the drive, ½ Re(F* V), and power lost in the body, ½ ω η × twice the peak strain energy, in W."""
    velocity = 1j * response.omega * response.displacement
    fed = 0.5 * (response.force.conjugate() * velocity).real
    twice_strain = float(np.sum(response.modes.omega**2 * np.abs(response.amounts) ** 2))
    twice_strain += response.residual * abs(response.force) ** 2 / (1 + response.damping**2)
    return fed, 0.5 * response.omega * response.damping * twice_strain


def resonances(modes: Modes, drive: Drive, frequency: float) -> Array:
    """Return the undamped resonances (Hz) of the driven body next to ``frequency``: at most two below, two above.

    A force meets the body's own modes, where they move at the drive. An imposed displacement meets those of the body
    held there, the zeros of the drive-point receptance: one between each pair of neighbouring modes.
    """
    squares, weights = _merged(modes.omega**2, participations(modes, drive) ** 2)
    if drive.kind == "displacement":
        residual = 0.0 if drive.radius else modes.residual(drive.at)
        squares = _zeros_near(squares, weights, residual, (2 * math.pi * frequency) ** 2)
    elastic = np.sqrt(squares[squares > 0]) / (2 * np.pi)
    place = int(np.searchsorted(elastic, frequency))
    return elastic[max(place - 2, 0) : place + 2]


def _merged(squares: Array, weights: Array) -> tuple[Array, Array]:
    """Modes that move at the drive, each degenerate set as one."""
    moving = weights > 1e-9 * weights.max()
    squares, weights = squares[moving], weights[moving]
    starts = np.flatnonzero(np.diff(squares, prepend=-np.inf) > 1e-7 * np.abs(squares))
    return squares[starts], np.add.reduceat(weights, starts)


def _zeros_near(squares: Array, weights: Array, residual: float, square: float) -> Array:
    """Zeros of residual + Σ weights / (squares − s) in five gaps about ``square``, by bisection: it rises in each."""
    gap = int(np.searchsorted(squares, square))
    gaps = np.arange(max(gap - 3, 0), min(gap + 2, len(squares) - 1))
    low, high = squares[gaps].copy(), squares[gaps + 1].copy()
    for _ in range(60):
        middle = (low + high) / 2
        total = residual + (weights / (squares - middle[:, None])).sum(axis=1)
        low, high = np.where(total < 0, middle, low), np.where(total < 0, high, middle)
    return (low + high) / 2
