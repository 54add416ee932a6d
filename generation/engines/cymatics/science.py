"""Bodies, modes and responses for whoever wants numbers rather than a job's files."""

from typing import Any

import numpy as np

from generation.engines.cymatics import body_options, response
from generation.engines.cymatics.bodies import Body
from generation.engines.cymatics.modal import Array, Modes
from generation.engines.cymatics.response import Drive


def body(model: str = "plate", **options: Any) -> Body:
    """Describe a body by the options of a request: ``body("plate", size=[0.3, 0.2], edges="CFFF", nu=0.33)``.

    Raises :class:`ParameterError` that names the option.
    """
    return body_options.body({"model": model, **options})


def elastic(modes: Modes) -> Array:
    """Dimensionless eigenvalues without those of the rigid motions."""
    return modes.lam[modes.rigid :]


def static_deflection(modes: Modes, at: tuple[float, float], read: tuple[float, float] | None = None) -> float:
    """Static deflection in m/N at ``read`` (the loaded point itself unless said) under a unit load at ``at``.

    The body must be held: one with rigid motions has no static deflection, and gives infinity.
    """
    if modes.rigid:
        return float("inf")
    shapes = modes.at([at, read or at])
    beyond = modes.residual(at) if read in (None, at) else 0.0
    return float(np.sum(shapes[0] * shapes[1] / modes.omega**2)) + beyond


def mobility(
    modes: Modes, frequency: float, drive: tuple[float, float], read: tuple[float, float], damping: float
) -> complex:
    """Velocity at ``read`` for a unit force at ``drive``, in m/(N·s); the two points may be exchanged."""
    answer = response.respond(modes, frequency, Drive("force", drive), damping)
    displacement = answer.displacement if read == drive else answer.at(read)[0]
    return complex(1j * answer.omega * displacement)
