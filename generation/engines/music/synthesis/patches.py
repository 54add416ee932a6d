"""What each instrument sounds like, as the strength of its harmonics and how they grow and die."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Patch:
    """A timbre.

    Attributes
    ----------
    spectrum
        Strengths of the harmonics with these numbers.
    tilt
        How many dB an octave the brightness cue takes from the spectrum when it is 0.
    attack, release
        Seconds.
    decay
        Rate of the fundamental, 1/s at middle C; 0 for a sound that is held.
    damping
        How much faster each higher harmonic dies, as a multiple of ``decay`` a harmonic.
    vibrato
        Depth in cents.
    spread
        Cents between two detuned copies.
    gain
        Level beside the other instruments.
    """

    spectrum: Callable[[Array], Array]
    tilt: float = 6.0
    attack: float = 0.004
    release: float = 0.12
    decay: float = 0.0
    damping: float = 0.0
    vibrato: float = 0.0
    spread: float = 0.0
    gain: float = 1.0


def _power(exponent: float) -> Callable[[Array], Array]:
    return lambda k: k**-exponent


def _drawbars(**strengths: float) -> Callable[[Array], Array]:
    """Build a spectrum of a few named harmonics (``h1``, ``h4`` …)."""
    table = {int(name[1:]): value for name, value in strengths.items()}
    return lambda k: np.array([table.get(int(n), 0.0) for n in k])


def _plucked(place: float, exponent: float) -> Callable[[Array], Array]:
    """Build the spectrum of a string plucked at a fraction of its length: no harmonic has a node there."""
    return lambda k: np.abs(np.sin(np.pi * k * place)) * k**-exponent + 1e-4 * k**-1.0


def _odd(even: float, exponent: float) -> Callable[[Array], Array]:
    """Build the spectrum of a cylindrical reed pipe, whose even harmonics are weak."""
    return lambda k: np.where(k % 2 == 1, 1.0, even) * k**-exponent


PATCHES = {
    "piano": Patch(_plucked(1 / 8, 1.1), 7, 0.003, 0.16, 0.9, 0.30, gain=1.25),
    "electric_piano": Patch(_drawbars(h1=1, h2=0.35, h3=0.10, h4=0.22, h7=0.05), 4, 0.003, 0.14, 1.0, 0.5, gain=1.1),
    "celesta": Patch(_drawbars(h1=1, h2=0.08, h4=0.30, h8=0.06), 3, 0.002, 0.5, 1.6, 0.35, gain=1.15),
    "marimba": Patch(_drawbars(h1=1, h4=0.35, h10=0.10), 3, 0.002, 0.15, 3.2, 0.55, gain=1.5),
    "organ": Patch(_drawbars(h1=1, h2=0.7, h3=0.35, h4=0.4, h6=0.18, h8=0.2), 3, 0.012, 0.12, gain=0.75),
    "guitar": Patch(_plucked(1 / 5, 1.15), 6, 0.002, 0.10, 1.3, 0.22, gain=1.3),
    "bass": Patch(_plucked(1 / 4, 1.6), 6, 0.004, 0.08, 0.9, 0.35, gain=1.5),
    "synth_bass": Patch(_power(1.15), 8, 0.004, 0.06, 0.7, 0.5, gain=1.1),
    "strings": Patch(_power(1.25), 7, 0.035, 0.22, vibrato=5, spread=5, gain=0.8),
    "harp": Patch(_plucked(1 / 3, 1.5), 5, 0.002, 0.45, 1.1, 0.30, gain=1.35),
    "flute": Patch(_drawbars(h1=1, h2=0.42, h3=0.16, h4=0.05, h5=0.02), 4, 0.025, 0.10, vibrato=6, gain=0.95),
    "clarinet": Patch(_odd(0.06, 1.2), 6, 0.02, 0.10, vibrato=2, gain=0.8),
    "lead": Patch(_power(1.05), 8, 0.006, 0.09, vibrato=3, spread=4, gain=0.7),
    "pad": Patch(_power(1.6), 8, 0.06, 0.6, vibrato=2, spread=7, gain=0.8),
}
