"""Which mirrors and turns leave a pattern as it is, but for its sign, and how well."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Field = NDArray[Any]
Array = NDArray[np.float64]

TOLERANCE = 0.01
"""An operation counts as a symmetry when what it changes has less than this share of the pattern's amplitude."""

HIGHEST_TURN = 60


@dataclass(frozen=True, slots=True)
class Symmetry:
    """The point group in Schoenflies' notation, and the largest ``deviation`` among its operations (0 is perfect)."""

    group: str
    deviation: float


def of_rectangle(field: Field, square: bool) -> Symmetry:
    """Return the symmetry of a pattern on a grid that is itself symmetric about the middle of the body."""
    changed = {name: _change(field, image) for name, image in _images(field, square).items()}
    held = {name for name, deviation in changed.items() if deviation <= TOLERANCE}
    group, operations = next((group, needed) for group, needed in _GROUPS if needed <= held)
    return Symmetry(group, max((changed[name] for name in operations), default=0.0))


def of_circle(rings: Field) -> Symmetry:
    """Return the symmetry of a pattern sampled on rings about the middle: (radii, angles), angles evenly spaced."""
    spectrum = np.fft.fft(rings, axis=1)
    power = (np.abs(spectrum) ** 2).sum(axis=0)
    orders = np.fft.fftfreq(rings.shape[1], 1 / rings.shape[1]).astype(int)
    turning = float(np.sqrt(power[orders != 0].sum() / power.sum()))
    if turning <= TOLERANCE:
        return Symmetry("O(2)", turning)
    fold, turn = next(pair for pair in _turns(power, orders) if pair[1] <= TOLERANCE)
    mirror = _mirror(spectrum, orders)
    if mirror > TOLERANCE:
        return Symmetry(f"C{fold}", turn)
    return Symmetry(f"D{fold}" if fold > 1 else "Cs", max(turn, mirror))


def _images(field: Field, square: bool) -> dict[str, Field]:
    images = {"mirror x": field[:, ::-1], "mirror y": field[::-1], "half turn": field[::-1, ::-1]}
    if square:
        images |= {"diagonal": field.T, "antidiagonal": field[::-1, ::-1].T, "quarter turn": np.rot90(field)}
    return images


_GROUPS: list[tuple[str, set[str]]] = [
    ("D4", {"mirror x", "mirror y", "half turn", "diagonal", "antidiagonal", "quarter turn"}),
    ("C4", {"half turn", "quarter turn"}),
    ("D2", {"mirror x", "mirror y", "half turn"}),
    ("D2", {"diagonal", "antidiagonal", "half turn"}),
    ("C2", {"half turn"}),
    ("Cs", {"mirror x"}),
    ("Cs", {"mirror y"}),
    ("Cs", {"diagonal"}),
    ("Cs", {"antidiagonal"}),
    ("C1", set()),
]


def _change(field: Field, image: Field) -> float:
    """Relative distance of the image from the pattern or from its negative, whichever is nearer."""
    norm = float(np.linalg.norm(field)) or 1.0
    return min(float(np.linalg.norm(field - image)), float(np.linalg.norm(field + image))) / norm


def _turns(power: Array, orders: NDArray[np.int_]) -> list[tuple[int, float]]:
    """Return each turn by 2π/m, highest m first, with what it changes."""
    total = power.sum()
    found = []
    for fold in range(HIGHEST_TURN, 0, -1):
        kept = power[orders % fold == 0].sum()
        flipped = power[orders % fold == fold // 2].sum() if fold % 2 == 0 else 0.0
        found.append((fold, float(np.sqrt(max(1 - max(kept, flipped) / total, 0.0)))))
    return found


def _mirror(spectrum: Field, orders: NDArray[np.int_]) -> float:
    """Return the least change by a mirror about any axis: tried coarsely, then finely about the best."""
    opposite = spectrum[:, -np.arange(len(orders)) % len(orders)]
    overlap = (spectrum.conj() * opposite).sum(axis=0)
    axes = np.arange(720) * np.pi / 720
    for width in (np.pi / 720, np.pi / 7.2e4, np.pi / 7.2e6):
        kept = np.abs((overlap * np.exp(-2j * np.outer(axes, orders))).sum(axis=1).real)
        axes = axes[kept.argmax()] + np.linspace(-width, width, 201)
    return float(np.sqrt(max(2 - 2 * kept.max() / (np.abs(spectrum) ** 2).sum(), 0.0)))
