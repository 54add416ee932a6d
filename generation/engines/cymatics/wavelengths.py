"""Dominant wavelengths of a pattern, from its two-dimensional spectrum."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generation.engines.fft import TRANSFORMS, between_bins

Array = NDArray[np.float64]

_PEAKS = 5
_FAINTEST = 0.05
_ROUNDING = 1e-9


def dominant(field: Array, spacing: tuple[float, float]) -> list[dict[str, Any]]:
    """Peaks of the spectrum, strongest first: wavelength (m), wave vector (cycles/m), share, harmonic of the first.

    ``field`` is (rows, columns) with ``spacing`` (along x, along y) in m; the window is Hann's in both directions and
    peaks are placed between bins by a parabola through the logarithms.
    """
    waves = field - field.mean()
    if np.abs(waves).max() <= _ROUNDING * np.abs(field).max():
        return []
    folded = _quadrant(np.abs(TRANSFORMS.spectrum2(waves, "hann")))
    found = [_peak(folded, row, column, field.shape, spacing) for row, column in _maxima(folded)]
    strongest = found[0]["wavelength"] if found else 1.0
    for peak in found:
        peak["harmonic"] = round(strongest / peak["wavelength"], 3)
    return found


def _quadrant(spectrum: Array) -> Array:
    """Add the waves along (kx, ky) and (kx, −ky), which are one where kx is 0: (rows // 2, columns // 2 + 1)."""
    rows = len(spectrum) // 2
    folded = spectrum[:rows].copy()
    folded[1:] += spectrum[:-rows:-1]
    folded[1:, 0] /= 2
    return folded


def _maxima(folded: Array) -> list[tuple[int, int]]:
    padded = np.pad(folded, 1, mode="reflect")
    around = [
        padded[1 + dy : padded.shape[0] - 1 + dy, 1 + dx : padded.shape[1] - 1 + dx]
        for dy in (-1, 0, 1)
        for dx in (-1, 0, 1)
        if (dx, dy) != (0, 0)
    ]
    peak = (folded >= np.max(around, axis=0)) & (folded > _FAINTEST * folded.max())
    peak[0, 0] = False
    rows, columns = np.nonzero(peak)
    order = np.argsort(-folded[rows, columns], kind="stable")[:_PEAKS]
    return [(int(rows[i]), int(columns[i])) for i in order]


def _peak(folded: Array, row: int, column: int, shape: tuple[int, ...], spacing: tuple[float, float]) -> dict[str, Any]:
    kx = between_bins(folded[row], column)[0] / (shape[1] * spacing[0])
    ky = between_bins(folded[:, column], row)[0] / (shape[0] * spacing[1])
    return {
        "wavelength": 1 / max(math.hypot(kx, ky), 1e-12),
        "wave_vector": [kx, ky],
        "share": float(folded[row, column] ** 2 / (folded**2).sum()),
    }
