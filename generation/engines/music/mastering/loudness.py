"""Programme loudness after ITU-R BS.1770-4: K-weighting and two gates, from energies gathered on the way."""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from generation.engines.music.spectra import Floats, fast_length

PER_SECOND = 300
"""Slices of energy a second: fine enough for the limiter, and 30 of them make the standard's step of 100 ms."""
_STEP, _WINDOW = PER_SECOND // 10, PER_SECOND * 4 // 10
_OFFSET = -0.691
_ABSOLUTE, _RELATIVE = -70.0, -10.0
_AT_ONCE = 16
"""Steps that are transformed together: enough for the FFT's vectors, few enough for the processor's cache."""

Array = NDArray[np.float64]


class Meter:
    """Gathers the K-weighted energy of stereo sound, whatever the blocks it comes in.

    The weighting is done on the power spectrum of each step of 100 ms (Parseval), which gives the energy of the
    filtered step but for what rings over its edges: under 0.01 LU on music. Within a step the energy is shared out as
    the plain energy is.
    """

    def __init__(self, rate: int) -> None:
        self._step = rate // 10
        self._size = fast_length(self._step)
        response = k_response(np.fft.rfftfreq(self._size, 1 / rate), rate)
        weights = np.abs(response) ** 2 * 2 / self._size / self._step
        self._weights = np.repeat(weights, 2).astype(np.float32)
        self._rest = np.zeros((2, 0), np.float32)
        self._energies: list[Array] = []

    def feed(self, block: Floats) -> None:
        """Take samples of shape (2, n)."""
        missing = -self._rest.shape[1] % self._step
        if 0 < missing <= block.shape[1]:
            self._measure(np.concatenate([self._rest, block[:, :missing]], axis=1))
            self._rest, block = self._rest[:, :0], block[:, missing:]
        whole = 0 if missing > block.shape[1] else block.shape[1] // self._step * self._step
        self._measure(block[:, :whole])
        self._rest = np.concatenate([self._rest, block[:, whole:]], axis=1)

    def _measure(self, block: Floats) -> None:
        steps = block.reshape(2, -1, self._step)
        self._energies += [self._weighted(steps[:, at : at + _AT_ONCE]) for at in range(0, steps.shape[1], _AT_ONCE)]

    def energies(self) -> Array:
        """Return the mean square of both channels together, one value a slice; the end is filled with silence."""
        if self._rest.shape[1]:
            self.feed(np.zeros((2, self._step - self._rest.shape[1]), np.float32))
        return np.concatenate(self._energies)

    def _weighted(self, steps: Floats) -> Array:
        spectrum = fft.rfft(steps, self._size).view(np.float32)
        spectrum *= spectrum
        energy = np.einsum("cnf,f->n", spectrum, self._weights)
        slices = steps.reshape(2, len(energy), _STEP, -1)
        plain = np.einsum("cnks,cnks->nk", slices, slices) + np.float32(1e-20)
        return np.asarray(energy[:, None] * plain * _STEP / plain.sum(axis=1, keepdims=True), np.float64).ravel()


def integrated(energies: Array) -> float:
    """Return the gated loudness in LUFS of slices of energy; minus infinity for silence.

    A piece shorter than the window of 400 ms is taken as one window.
    """
    windows = _windows(energies)
    loud = windows[windows > _power(_ABSOLUTE)]
    if not len(loud):
        return float("-inf")
    loud = loud[loud > loud.mean() * 10 ** (_RELATIVE / 10)]
    return float(_OFFSET + 10 * np.log10(loud.mean()))


def k_response(frequencies: NDArray[np.floating], rate: int) -> NDArray[np.complex128]:
    """Return the response of BS.1770's two biquads at frequencies in Hz, for any sample rate.

    The analogue prototypes behind the standard's table for 48 kHz: a shelf of +4 dB at 1682 Hz, a high-pass at 38 Hz.
    """
    shelf = _shelf(1681.974450955533, 3.999843853973347, 0.7071752369554196, rate)
    high_pass = _high_pass(38.13547087602444, 0.5003270373238773, rate)
    delay = np.exp(-2j * np.pi * frequencies / rate)
    above, below = (np.polymul(*pair)[::-1] for pair in zip(shelf, high_pass, strict=True))
    return np.asarray(np.polyval(above, delay) / np.polyval(below, delay))


def _windows(energies: Array) -> Array:
    """Mean energy of overlapping windows of 400 ms, every 100 ms."""
    if len(energies) < _WINDOW:
        return np.array([energies.mean()])
    sums = np.concatenate([[0.0], np.cumsum(energies)])
    return np.asarray((sums[_WINDOW:] - sums[:-_WINDOW])[::_STEP] / _WINDOW)


def _power(loudness: float) -> float:
    return float(10 ** ((loudness - _OFFSET) / 10))


def _shelf(frequency: float, gain: float, quality: float, rate: int) -> tuple[Array, Array]:
    tangent = np.tan(np.pi * frequency / rate)
    high = 10 ** (gain / 20)
    middle = high**0.4996667741545416
    b = np.array([high + middle * tangent / quality + tangent**2, 2 * (tangent**2 - high),
                  high - middle * tangent / quality + tangent**2])  # fmt: skip
    return b, _poles(tangent, quality)


def _high_pass(frequency: float, quality: float, rate: int) -> tuple[Array, Array]:
    poles = _poles(np.tan(np.pi * frequency / rate), quality)
    return np.array([1.0, -2.0, 1.0]) * poles[0], poles


def _poles(tangent: float, quality: float) -> Array:
    """The denominator of the bilinear transform, common to both filters."""
    return np.array([1 + tangent / quality + tangent**2, 2 * (tangent**2 - 1), 1 - tangent / quality + tangent**2])
