"""How a request's drive sets a body in motion: a shaker or a force on solids, vertical shaking of a dish."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from generation.engines.cymatics import faraday
from generation.engines.cymatics.bodies import Liquid
from generation.engines.cymatics.modal import Array, Field, Modes
from generation.engines.cymatics.params import Params
from generation.engines.cymatics.response import Drive, resonances, respond

NEAREST = 5

NARROWEST = 0.005
"""Half width of the narrowest band about a resonance that counts as resonant: materials are known no better."""


@dataclass(frozen=True)
class Excitation:
    """Modal ``amounts`` of the motion at a drive ``frequency`` (Hz).

    ``natural`` is the frequency (Hz) at which the body moves: half the drive's for a dish; ``near`` are the
    neighbouring resonances, as drive frequencies; ``extra`` is what else the analysis should say.
    """

    frequency: float
    natural: float
    amounts: Field
    near: Array
    extra: dict[str, Any]

    @property
    def resonance(self) -> float | None:
        """The nearest resonance, as a drive frequency (Hz)."""
        return float(self.near[np.abs(self.near - self.frequency).argmin()]) if len(self.near) else None

    def resonant(self, damping: float) -> bool:
        """Tell whether the drive lies in the half-power band of a resonance."""
        resonance = self.resonance
        return resonance is not None and abs(resonance / self.frequency - 1) <= max(damping / 2, NARROWEST)


def excite(params: Params, modes: Modes, frequency: float) -> Excitation:
    """Set the body of a request in motion at a drive frequency (Hz)."""
    if isinstance(params.body.medium, Liquid):
        needed = faraday.thresholds(modes, frequency, params.damping)
        motion = faraday.amounts(modes, frequency, params.damping)
        extra = {"responds_at": frequency / 2, "threshold": float(needed.min())}
        return Excitation(frequency, frequency / 2, motion, _neighbours(2 * modes.frequency, frequency), extra)
    drive = drive_of(params)
    answer = respond(modes, frequency, drive, params.damping)
    return Excitation(frequency, frequency, answer.amounts, resonances(modes, drive, frequency), {})


def table(modes: Modes, found: Excitation) -> Field:
    """Return the displacement (m) as a table of products (see :class:`Space`)."""
    return np.asarray(modes.space.coefficients(found.amounts) / np.sqrt(modes.body.medium.surface_density))


def level(modes: Modes, found: Excitation) -> float:
    """Root-mean-square displacement over the body in m: mass-normalised modes make it a sum."""
    mass = modes.body.medium.surface_density * modes.body.shape.area
    return float(np.sqrt(np.sum(np.abs(found.amounts) ** 2) / mass))


def drive_of(params: Params) -> Drive:
    """Return the drive of a request on a solid."""
    return Drive("force" if params.drive == "force" else "displacement", params.at, params.driver_radius)


def describe(params: Params, modes: Modes, found: Excitation) -> dict[str, Any]:
    """Return the nearest eigenmodes with their shares in the mean-square motion, and the resonance, as JSON."""
    energy = np.abs(found.amounts) ** 2
    shares = energy / energy.sum()
    elastic = np.arange(modes.rigid, modes.trusted)
    order = elastic[np.argsort(np.abs(modes.frequency[elastic] - found.natural), kind="stable")][:NEAREST]
    return {
        "nearest": [{**mode(modes, int(place)), "share": float(shares[place])} for place in order],
        "strongest": [
            {**mode(modes, int(place)), "share": float(shares[place])} for place in _strongest(modes, shares)
        ],
        "resonant": found.resonant(params.damping),
        "resonance": found.resonance,
        **found.extra,
    }


def mode(modes: Modes, place: int) -> dict[str, Any]:
    """Return one eigenmode as JSON; ``place`` counts rigid-body motions, ``index`` does not and starts at 1."""
    return {
        "index": place - modes.rigid + 1,
        "lambda": float(modes.lam[place]),
        "frequency": float(modes.frequency[place]),
        "symmetry": modes.labels[place],
    }


def _strongest(modes: Modes, shares: Array) -> list[int]:
    """Return the elastic modes of a hundredth of the motion or more, strongest first."""
    order = modes.rigid + np.argsort(-shares[modes.rigid :], kind="stable")[:NEAREST]
    return [int(place) for place in order if shares[place] >= 0.01]


def _neighbours(frequencies: Array, frequency: float) -> Array:
    place = int(np.searchsorted(frequencies, frequency))
    return frequencies[max(place - 2, 0) : place + 2]
